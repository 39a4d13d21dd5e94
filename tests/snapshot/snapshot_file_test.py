"""The file of a snapshot: the same contents give the same bytes, and what is no snapshot has one clear error."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds.cluster import LiveTopic
from kafka_gitops.kinds.connector.live import Live, Plugin, Task
from kafka_gitops.kinds.schema.live import Level, Version
from kafka_gitops.kinds.schema.spec import Reference
from kafka_gitops.model import Acl
from kafka_gitops.snapshot import file
from kafka_gitops.snapshot.contents import (
    Defaults,
    Gone,
    Kafka,
    Registry,
    Snapshot,
    Subject,
    TopicThere,
    Unknown,
    VersionThere,
    Workers,
)
from kafka_gitops.snapshot.schema import document

AVRO = '{"type": "record", "name": "A", "fields": []}'
KAFKA = Kafka(
    "cluster-1",
    {
        "orders": TopicThere(LiveTopic(6, 3, topic_id="AAAA", fewest=2, leader=1), {"retention.ms": "1"}, {"x": None}),
        "__offsets": TopicThere(LiveTopic(50, 1, internal=True, fewest=1), configs=False),
    },
    {1: Defaults({"retention.ms": "604800000"}, {"retention.ms": "604800000"}), None: Defaults({}, {})},
    "User:ci",
    3,
    {"Metadata": (0, 12)},
    {"retention.ms": {1: "1", 2: "2"}},
    frozenset({"orders"}),
    {"allow.everyone.if.no.acl.found": None},
    (Acl("User:a b,c", "*", "READ", "ALLOW", "TOPIC", "LITERAL", "orders*"),),
    {(("client-id", None), ("user", "a b")): {"producer_byte_rate": "1024"}},
    {"orders": {"SCRAM-SHA-256": 4096}},
)
REGISTRY = Registry(
    {
        "orders-value": Subject(
            (
                VersionThere(Version(1, 7, "AVRO", AVRO), True, ()),
                VersionThere(Version(2, 8, "AVRO", AVRO, (Reference("B", "b", 1),)), False, ("c version 1",)),
            ),
            Level(None, "BACKWARD"),
        )
    },
    {"old": Gone((1, 2), Level("FULL", "FULL"))},
    "BACKWARD",
)
CONNECT = Workers(
    "cluster-1",
    (Plugin("x.Sink", True), Plugin("x.Source", False)),
    {"x.Sink": frozenset({"pw"})},
    {"out": Live({"topics": "orders"}, "PAUSED", (Task(0, "FAILED"),), "", 1, True), "new": Live({}, "UNASSIGNED")},
)
FULL = Snapshot("2026-11-20T10:00:00Z", "prod", KAFKA, REGISTRY, {"main": CONNECT, "b": Unknown("MissingRight", "no")})
REFUSED = KAFKA._replace(acls=Unknown("NoAuthorizer", "there is none", "help"), quotas=None, users=None, moving=None)


@pytest.mark.parametrize(
    "snapshot", (FULL, Snapshot("2026-11-20T10:00:00Z", None, REFUSED), FULL._replace(topics_only=True))
)
def test_what_is_written_is_read_again(snapshot: Snapshot) -> None:
    assert file.loads(file.dumps(snapshot), "x") == snapshot


@pytest.mark.parametrize("snapshot", (FULL, Snapshot("2026-11-20T10:00:00Z", None, REFUSED)))
def test_what_is_written_is_as_the_published_schema_has_it(snapshot: Snapshot) -> None:
    body = json.loads(gzip.decompress(file.dumps(snapshot)))
    jsonschema.Draft202012Validator.check_schema(document())
    jsonschema.validate(body, document())
    body["kafka"]["topics"]["orders"]["odd"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(body, document())


def test_the_same_contents_are_the_same_bytes_in_whatever_order(tmp_path: Path) -> None:
    turned = KAFKA._replace(topics=dict(reversed(list(KAFKA.topics.items()))))
    assert file.dumps(FULL._replace(kafka=turned)) == file.dumps(FULL)
    assert file.dumps(FULL)[4:8] == b"\0\0\0\0"  # no time of the compression


def edited(change: Callable[[dict[str, object]], object], *, sign: bool = False) -> bytes:
    """The bytes of a snapshot that somebody edited; `sign`: with a digest that fits."""
    body = json.loads(gzip.decompress(file.dumps(FULL)))
    change(body)
    if sign:
        body.pop("digest")
        body["digest"] = file._digest(body)
    return gzip.compress(json.dumps(body).encode())


def of(topic: dict[str, object]) -> Callable[[dict[str, object]], object]:
    """An edit of a topic."""
    return lambda body: body["kafka"]["topics"].update(t=topic)  # type: ignore[index]


WHOLE = file.dumps(FULL)
BROKEN = (
    (b"", "x is not a snapshot: it is not compressed by gzip."),
    (b"topics: []", "x is not a snapshot: it is not compressed by gzip."),
    (WHOLE[:-20], "x is cut off: its end is missing."),
    (WHOLE[:200] + b"\0\0\0\0" + WHOLE[204:], "x is damaged: "),
    (gzip.compress(b"{"), "x is not a snapshot: it holds no JSON."),
    (gzip.compress(b"[" * 100_000), "x is not a snapshot: it holds no JSON."),
    (gzip.compress(b"[]"), "x is not a snapshot: it holds other JSON."),
    (gzip.compress(b'{"changes": []}'), "x is not a snapshot: it holds other JSON."),
    (
        edited(lambda body: body.update(format=2)),
        "x has snapshot format 2, expected 1: another version of kafka-gitops made it.",
    ),
    (
        edited(lambda body: body.update(environment="dev")),
        "x was edited or damaged after it was made: its digest is not that of its content.",
    ),
    (
        edited(of({"partitions": "3", "replication": 1}), sign=True),
        "x is not a snapshot: TypeError '3' is a str, expected int.",
    ),
    (edited(of({"partitions": True, "replication": 1}), sign=True), "x is not a snapshot: TypeError True is a bool"),
    (edited(lambda body: body.pop("made"), sign=True), "x is not a snapshot: KeyError 'made'."),
)


@pytest.mark.parametrize(("data", "said"), BROKEN, ids=[said for _, said in BROKEN])
def test_what_is_no_snapshot_has_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(KafkaGitopsError) as caught:
        file.loads(data, "x")
    assert caught.value.message.startswith(said)
    assert caught.value.help == "Make a new one: kafka-gitops snapshot -o FILE"


def test_of_a_file_that_unpacks_to_very_much_no_more_is_held_than_a_snapshot_may_have(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(file, "MOST", 1024 * 1024)
    path = tmp_path / "big"
    path.write_bytes(gzip.compress(b" " * 50 * 1024 * 1024))
    with pytest.raises(KafkaGitopsError, match="holds more than 1 MB, which no snapshot has"):
        file.read(str(path))
    monkeypatch.setattr(file, "MOST_PACKED", 1024)
    with pytest.raises(KafkaGitopsError, match="has more than 0 MB"):
        file.read(str(path))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KafkaGitopsError, match="cannot be read: No such file or directory"):
        file.read(str(tmp_path / "nowhere"))
