"""Examines a connection step by step, and what its principal may do: a plain verdict for each."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from kafka_gitops.clients.identity import certificate, identified
from kafka_gitops.clients.kafka import attempt, steps
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.reasons import FAILURES, STEPS, reason
from kafka_gitops.clients.releases import release
from kafka_gitops.clients.translate import Login, login
from kafka_gitops.doctor import rights
from kafka_gitops.doctor.verdict import UNREACHABLE, Verdict
from kafka_gitops.errors import KafkaGitopsError

_BROKERS = "brokers answer"
_TITLES = {
    "name": "name resolves",
    "port": "port answers",
    "tls": "TLS",
    "kafka": "speaks Kafka",
    "login": "login",
    "cluster": "cluster",
}
_PRINCIPAL = "principal"
_ASK = "Say it in the environment, so that no plan takes rights from the run itself:\n  principal: User:NAME"


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
            yield title, verdicts + [Verdict("-", step, "not tried") for step in _later()]


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


def _later() -> list[str]:
    """What is looked at once a broker answers."""
    return [_BROKERS, *(right.look for right in rights.of_kafka()), rights.REQUESTS]


def _rights(who_logs_in: Login, timeout: float) -> list[Verdict]:
    """What the principal may do."""
    link = Link(who_logs_in, timeout=timeout)
    try:
        link.login = identified(link)
        return [*_principal(link.login, who_logs_in), _brokers(link), *rights.examine(link)]
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
            return Verdict("FAIL", _BROKERS, text, why.help, UNREACHABLE)
    return Verdict("ok", _BROKERS, ", ".join(f"{host}:{port}" for host, port in link.brokers.values()))
