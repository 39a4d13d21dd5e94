"""The REST servers of an environment: whether each answers, and what it lets the login read."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kafka_gitops.clients.http import ApiError, Denied
from kafka_gitops.clients.rest import open_service
from kafka_gitops.doctor.verdict import LACKING, UNREACHABLE, Verdict
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.parts import Right
from kafka_gitops.settings import Rest, Settings

ANSWERS = "server answers"
_UNASKED = "nothing tells that without doing it"


class Server(NamedTuple):
    """A server: which of `Systems` it is, what it is called in sentences, how it is reached."""

    system: str
    what: str
    rest: Rest


def servers(settings: Settings) -> Iterator[Server]:
    """Those that the environment names besides Kafka."""
    if settings.registry is not None:
        yield Server("registry", "the schema registry", settings.registry)
    for label, rest in settings.connect.items():
        yield Server("connect", f"the Connect cluster {label}", rest)


def examine(server: Server, env: Mapping[str, str], *, seconds: float) -> tuple[str, list[Verdict]]:
    """A title and the verdicts: that it answers, then a line for each right that the kinds say a run needs there."""
    rights = [right for kind in KINDS.values() for right in kind.RIGHTS if right.system == server.system]
    first, *others = rights or [Right("plan", "GET", "/", "", "may read")]  # the first one lists what there is
    title = f"{server.what} at {', '.join(server.rest.urls)}"
    try:
        service = open_service(server.what, server.rest, env, seconds=seconds)
        found = service.ask(first.operation, first.resource.split()[0].lstrip("/"))
    except (ApiError, KafkaGitopsError) as failure:
        denied = isinstance(failure, Denied)
        step, code = (first.look, LACKING) if denied else (ANSWERS, UNREACHABLE)
        verdict = Verdict("FAIL", step, failure.message, failure.help or "", code)
        return title, [*([Verdict("ok", ANSWERS)] if denied else []), verdict]
    seen = Verdict("ok", first.look, f"{len(found)} visible")
    return title, [Verdict("ok", ANSWERS), seen, *(Verdict("-", right.look, _UNASKED) for right in others)]
