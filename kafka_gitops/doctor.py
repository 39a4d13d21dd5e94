"""Examines a connection step by step, and what its principal may do: a plain verdict for each."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from kafka_gitops.clients import acls, topics
from kafka_gitops.clients.kafka import attempt, steps
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.reasons import FAILURES, STEPS, reason
from kafka_gitops.clients.refusals import grant, who
from kafka_gitops.clients.translate import Login, login
from kafka_gitops.errors import KafkaGitopsError, MissingRight, NoAuthorizer

UNREACHABLE, LACKING = 5, 1
_TITLES = {
    "name": "name resolves",
    "port": "port answers",
    "tls": "TLS",
    "kafka": "speaks Kafka",
    "login": "login",
    "cluster": "cluster",
}
_RIGHTS = (
    "brokers answer",
    "may read topics",
    "may read configs",
    "may create topics",
    "may read ACLs",
    "may alter ACLs",
)
# metadata.version (org.apache.kafka.server.common.MetadataVersion): the first level of each release
_RELEASES = (
    *((1, "3.0"), (2, "3.1"), (3, "3.2"), (4, "3.3"), (8, "3.4"), (9, "3.5"), (12, "3.6"), (15, "3.7")),
    *((20, "3.8"), (21, "3.9"), (22, "4.0"), (26, "4.1"), (28, "4.2"), (30, "4.3")),
)


class Verdict(NamedTuple):
    """One line: `status` is ok, note, FAIL or - (not tried); `code` the exit code of a failure."""

    status: str
    step: str
    found: str = ""
    help: str = ""
    code: int = 0


def examine(
    client: Mapping[str, str], *, timeout: float, env: Mapping[str, str] | None = None
) -> Iterator[tuple[str, list[Verdict]]]:
    """A title and the verdicts for each bootstrap server; the rights are looked at once. ConfigError for bad keys."""
    who_logs_in = login(client, env)
    sections = []
    for host, port in who_logs_in.servers:
        verdicts = list(_reach(host, port, who_logs_in, timeout))
        sections.append((f"{host}:{port}", verdicts))
    good = [verdicts for _, verdicts in sections if verdicts[-1].status == "ok"]
    for title, verdicts in sections:
        if good and verdicts is good[0]:
            yield title, verdicts + _rights(who_logs_in, timeout)
        elif good:
            yield title, [_milder(verdict) for verdict in verdicts]
        else:
            yield title, verdicts + [Verdict("-", step, "not tried") for step in _RIGHTS]


def _milder(verdict: Verdict) -> Verdict:
    """A note in place of a failure: one dead bootstrap server of several does no harm."""
    return verdict._replace(status="note", code=0) if verdict.status == "FAIL" else verdict


def exit_code(verdicts: list[Verdict]) -> int:
    """5 when the cluster cannot be reached, 1 when a right is missing, else 0."""
    return max((verdict.code for verdict in verdicts), default=0)


def _reach(host: str, port: int, who_logs_in: Login, timeout: float) -> Iterator[Verdict]:
    began = time.monotonic()
    done = 0
    version = "n/a"
    try:
        for step in steps(host, port, who_logs_in, timeout=timeout):
            if step.name == "kafka":
                version = release(step.answer)
            yield Verdict("ok", _TITLES[step.name], _found(step, who_logs_in, began, version, host))
            done += 1
            began = time.monotonic()
            if step.name == STEPS[-1] and step.wire is not None:
                step.wire.close()
    except FAILURES as failure:
        why = reason(failure, STEPS[done], who_logs_in, host)
        yield Verdict("FAIL", _TITLES[STEPS[done]], why.text, why.help, UNREACHABLE)
        for name in STEPS[done + 1 :]:
            yield Verdict("-", _TITLES[name], "not tried")


def _found(step: Any, who_logs_in: Login, began: float, version: str, host: str) -> str:
    if step.name == "name":
        import socket

        return ", ".join(sorted({str(place[4][0]) for place in socket.getaddrinfo(host, None)}))
    if step.name == "port":
        return f"{max(1, round((time.monotonic() - began) * 1000))} ms"
    if step.name == "tls":
        return str(step.wire.cipher()) if who_logs_in.uses_tls else "not used"
    if step.name == "login":
        return f"{who_logs_in.mechanism} as {who_logs_in.principal}" if who_logs_in.uses_sasl else "not used"
    if step.name == "cluster":
        count = len(step.answer.brokers)
        return f"{step.answer.cluster_id}, Kafka {version}, {count} broker{'' if count == 1 else 's'}"
    return f"{len(step.wire.versions)} request types"


def release(answer: Any) -> str:
    """The brokers' release by the newest metadata.version that they support, `n/a` without one (ZooKeeper)."""
    features = {feature.name: feature.max_version for feature in answer.supported_features or ()}
    level = features.get("metadata.version")
    if level is None:
        return "n/a"
    return next((name for first, name in reversed(_RELEASES) if level >= first), "n/a")


def _rights(who_logs_in: Login, timeout: float) -> list[Verdict]:
    """What the principal may do."""
    link = Link(who_logs_in, timeout=timeout)
    try:
        looks: tuple[Callable[[Link], Verdict], ...] = (_brokers, _topics, _configs, _creation, _acls, _acl_changes)
        return [look(link) for look in looks]
    except KafkaGitopsError as failure:
        return [Verdict("FAIL", "connection", failure.message, failure.help or "", failure.exit_code)]
    finally:
        link.close()


def _brokers(link: Link) -> Verdict:
    """Whether the addresses that the brokers give themselves can be reached."""
    for node, (host, port) in sorted(link.brokers.items()):
        step, why = attempt(host, port, link.login, timeout=5)
        if step and step.wire:
            step.wire.close()
        elif why:
            text = f"broker {node} calls itself {host}:{port} (advertised.listeners): {why.text}"
            return Verdict("FAIL", _RIGHTS[0], text, why.help, UNREACHABLE)
    return Verdict("ok", _RIGHTS[0], ", ".join(f"{host}:{port}" for host, port in link.brokers.values()))


def _topics(link: Link) -> Verdict:
    visible = len(topics.list_topics(link))
    if visible:
        return Verdict("ok", _RIGHTS[1], f"{visible} visible")
    lacks = f"none visible: there is none, or {who(link.login.principal)} may DESCRIBE none"
    return Verdict("note", _RIGHTS[1], lacks, grant(link.login.principal, "Describe", "--topic NAME"))


def _configs(link: Link) -> Verdict:
    names = sorted(topics.list_topics(link))
    readable = sum("DESCRIBE_CONFIGS" in may for may in topics.topic_operations(link, names).values())
    found = f"of {readable} of the {len(names)} visible topics"
    if readable == len(names):
        return Verdict("ok", _RIGHTS[2], found if names else "no topic to look at")
    help_ = grant(link.login.principal, "DescribeConfigs", "--topic NAME")
    return Verdict("note", _RIGHTS[2], found, help_) if readable else Verdict("FAIL", _RIGHTS[2], found, help_, LACKING)


def _creation(link: Link) -> Verdict:
    may = topics.cluster_operations(link)
    if may is not None and "CREATE" in may:
        return Verdict("ok", _RIGHTS[3], "of any name")
    return Verdict("note", _RIGHTS[3], "not of any name; rights on single names or prefixes cannot be asked for")


def _acls(link: Link) -> Verdict:
    try:
        return Verdict("ok", _RIGHTS[4], f"{len(acls.list_acls(link))} bindings")
    except MissingRight:
        lacks = f"{who(link.login.principal)} lacks DESCRIBE on the cluster"
        return Verdict("FAIL", _RIGHTS[4], lacks, grant(link.login.principal, "Describe", "--cluster"), LACKING)
    except NoAuthorizer:
        return Verdict(
            "note", _RIGHTS[4], "no authorizer is configured on the brokers", "Plan topics only: --only topics"
        )


def _acl_changes(link: Link) -> Verdict:
    may = topics.cluster_operations(link)
    if may is not None and "ALTER" in may:
        return Verdict("ok", _RIGHTS[5])
    lacks = f"{who(link.login.principal)} lacks ALTER on the cluster, which an apply of ACLs needs"
    return Verdict("note", _RIGHTS[5], lacks, grant(link.login.principal, "Alter", "--cluster"))
