"""The verdicts on Avro changes, which need no registry, are those of a real one, on generated pairs of schemas."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from avro_pairs import CHANGES, Pair, pairs

from kafka_gitops import schemas
from kafka_gitops.sandbox.rest import Server
from kafka_gitops.schemas.levels import Version, clashes

pytestmark = pytest.mark.kafka
LEVELS = ("BACKWARD", "FORWARD", "FULL", "BACKWARD")
COUNT = 3_000 if os.environ.get("KAFKA_GITOPS_LONG") else 320
SEED = 12


Ask = Callable[[str, str, object], tuple[int, dict[str, object]]]


@contextmanager
def asking(url: str) -> Iterator[Ask]:
    """A function from method, path and body to the status and the JSON of an answer, over one connection."""
    parts = urlsplit(url)
    with closing(HTTPConnection(str(parts.hostname), parts.port, timeout=60)) as connection:

        def ask(method: str, path: str, body: object) -> tuple[int, dict[str, object]]:
            connection.request(method, parts.path + path, json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")

        yield ask


def of_registry(ask: Ask, subject: str, pair: Pair, level: str) -> bool:
    """Whether the registry takes the new schema after the old one; what it calls invalid it does not take."""
    assert ask("PUT", f"/config/{subject}", {"compatibility": level})[0] == 200
    body = {"schema": pair.new, "schemaType": "AVRO"}
    status, answer = ask("POST", f"/compatibility/subjects/{subject}/versions/latest", body)
    assert status in (200, 422), (status, answer)
    return status == 200 and answer["is_compatible"] is True


def of_ours(pair: Pair, level: str) -> bool:
    """Our verdict: no problem that makes it no schema, and no reason against the level."""
    bad = any(problem.kind in ("syntax", "reference") for problem in schemas.parse(schemas.AVRO, pair.new).problems)
    found = clashes(level, pair.new, {}, [Version(pair.old, {})])
    assert (found is None) == bad
    return found == []


def compared(url: str, numbered: list[tuple[int, Pair]]) -> list[tuple[Pair, str, bool, bool]]:
    """Each pair with each level, the registry's verdict and ours."""
    found = []
    with asking(url) as ask:
        for number, pair in numbered:
            subject = f"pair-{SEED}-{number}"
            status, answer = ask("POST", f"/subjects/{subject}/versions", {"schema": pair.old})
            assert status == 200, (answer, pair.old)
            for level in LEVELS[number % 3 :][:2]:
                found.append((pair, level, of_registry(ask, subject, pair, level), of_ours(pair, level)))
    return found


def test_the_verdicts_are_those_of_a_registry(registry: Server) -> None:
    numbered = list(enumerate(pairs(SEED, COUNT)))
    shares = [numbered[start::4] for start in range(4)]
    with ThreadPoolExecutor(4) as pool:
        found = [one for share in pool.map(lambda share: compared(registry.url, share), shares) for one in share]
    different = [one for one in found if one[2] is not one[3]]
    assert different == []
    changes = Counter(change for _, pair in numbered for change in pair.changes)
    assert set(changes) == set(CHANGES)  # none of them was left out
    verdicts = Counter(one[2] for one in found)
    assert len(numbered) >= 300 and min(verdicts.values()) > len(found) // 4, verdicts
