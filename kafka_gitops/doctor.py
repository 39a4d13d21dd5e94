"""Examines a connection step by step, and what its principal may do: a plain verdict for each."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from kafka_gitops.clients import acls, configs, needs, topics
from kafka_gitops.clients.identity import certificate, identified
from kafka_gitops.clients.kafka import attempt, steps
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.reasons import FAILURES, STEPS, reason
from kafka_gitops.clients.refusals import grant, who
from kafka_gitops.clients.releases import release
from kafka_gitops.clients.translate import Login, login
from kafka_gitops.errors import KafkaGitopsError, MissingRight, NoAuthorizer, listed

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
    "knows all requests",
)
_UNTOLD = "this server does not tell what a principal may do"
_PRINCIPAL = "principal"
_ASK = "Say it in the environment, so that no plan takes rights from the run itself:\n  principal: User:NAME"
_OPEN = "no authorizer is configured on the brokers"


class Verdict(NamedTuple):
    """One line: `status` is ok, note, FAIL or - (not tried); `code` the exit code of a failure."""

    status: str
    step: str
    found: str = ""
    help: str = ""
    code: int = 0


def examine(
    client: Mapping[str, str], *, timeout: float, env: Mapping[str, str] | None = None, principal: str | None = None
) -> Iterator[tuple[str, list[Verdict]]]:
    """A title and the verdicts for each bootstrap server; the rights are looked at once. ConfigError for bad keys.

    `principal` is who the settings say that the run is.
    """
    who_logs_in = login(client, env, principal=principal)
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
    version = ""
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
        return _login(who_logs_in)
    if step.name == "cluster":
        count = len(step.answer.brokers)
        return f"{step.answer.cluster_id}, {version}, {count} broker{'' if count == 1 else 's'}"
    return f"{len(step.wire.versions)} request types"


def _login(who_logs_in: Login) -> str:
    if who_logs_in.uses_sasl:
        return f"{who_logs_in.mechanism} as {who_logs_in.principal}"
    own = certificate(who_logs_in)
    return f"certificate {own.subject}, until {own.ends}" if own else "not used"


def _rights(who_logs_in: Login, timeout: float) -> list[Verdict]:
    """What the principal may do."""
    link = Link(who_logs_in, timeout=timeout)
    try:
        link.login = identified(link)
        return [*_principal(link.login, who_logs_in), *(look(link) for look in _LOOKS)]
    except KafkaGitopsError as failure:
        return [Verdict("FAIL", "connection", failure.message, failure.help or "", failure.exit_code)]
    finally:
        link.close()


def _principal(found: Login, given: Login) -> Iterator[Verdict]:
    """Who the run is, where no login tells it: without that no plan can keep the run from losing its own rights."""
    own = certificate(found)
    if given.known is not None:
        yield Verdict("ok", _PRINCIPAL, f"{given.known}, as `principal` of the environment says")
    elif own is not None and not found.uses_sasl and found.known is not None:
        yield Verdict("ok", _PRINCIPAL, f"{found.known}: the brokers map no names of certificates")
    elif own is not None and not found.uses_sasl:
        text = f"not known: the brokers may give {own.subject} another name (ssl.principal.mapping.rules)"
        yield Verdict("note", _PRINCIPAL, text, _ASK)


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
    lacks = f"none visible: there are none, or {who(link.login.principal)} may DESCRIBE none"
    return Verdict("note", _RIGHTS[1], lacks, grant(link.login.principal, "Describe", "--topic", "NAME"))


def _configs(link: Link) -> Verdict:
    """By what the broker tells of each topic; where it does not tell (below 2.3, other servers) by asking for one."""
    names = sorted(topics.list_topics(link))
    told = topics.topic_operations(link, names)
    if names and not told:
        return _asked(link, names[0])
    readable = sum("DESCRIBE_CONFIGS" in may for may in told.values())
    found = f"of {readable} of the {len(names)} visible topics"
    if readable == len(names):
        return Verdict("ok", _RIGHTS[2], found if names else "no topic to look at")
    help_ = grant(link.login.principal, "DescribeConfigs", "--topic", "NAME")
    return Verdict("note", _RIGHTS[2], found, help_) if readable else Verdict("FAIL", _RIGHTS[2], found, help_, LACKING)


def _asked(link: Link, name: str) -> Verdict:
    try:
        configs.topic_configs(link, [name], [])
    except MissingRight as lacking:
        return Verdict("FAIL", _RIGHTS[2], lacking.message, lacking.help or "", LACKING)
    return Verdict("ok", _RIGHTS[2], f"of {name}; this server does not tell of the others")


def _creation(link: Link) -> Verdict:
    may = topics.cluster_operations(link)
    if may is None:
        return Verdict("note", _RIGHTS[3], _UNTOLD)
    if "CREATE" in may:
        return Verdict("ok", _RIGHTS[3], "of any name")
    return Verdict("note", _RIGHTS[3], "not of any name; rights on single names or prefixes cannot be asked for")


def _acls(link: Link) -> Verdict:
    try:
        return Verdict("ok", _RIGHTS[4], f"{len(acls.list_acls(link))} bindings")
    except MissingRight:
        lacks = f"{who(link.login.principal)} lacks DESCRIBE on the cluster"
        return Verdict("FAIL", _RIGHTS[4], lacks, grant(link.login.principal, "Describe", "--cluster"), LACKING)
    except NoAuthorizer:
        return Verdict("note", _RIGHTS[4], _OPEN, "Plan topics only: --only topics")


def _acl_changes(link: Link) -> Verdict:
    try:
        acls.list_acls(link)
    except NoAuthorizer:  # which answers that everybody may do all
        return Verdict("note", _RIGHTS[5], _OPEN)
    except MissingRight:
        pass
    may = topics.cluster_operations(link)
    if may is None:
        return Verdict("note", _RIGHTS[5], _UNTOLD)
    if "ALTER" in may:
        return Verdict("ok", _RIGHTS[5])
    lacks = f"{who(link.login.principal)} lacks ALTER on the cluster, which an apply of ACLs needs"
    return Verdict("note", _RIGHTS[5], lacks, grant(link.login.principal, "Alter", "--cluster"))


def _requests(link: Link) -> Verdict:
    lacks = needs.lacking(link)
    if not lacks:
        return Verdict("ok", _RIGHTS[6])
    said = f"lacks {listed(lacks, most=9)}"
    return Verdict("note", _RIGHTS[6], said, "What needs them cannot be applied. Kafka 2.8 and newer have them all.")


_LOOKS: tuple[Callable[[Link], Verdict], ...] = (
    *(_brokers, _topics, _configs, _creation),
    *(_acls, _acl_changes, _requests),
)
