"""Connects to a cluster: the first bootstrap server that answers, or one sentence about why none does."""

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from kafka_gitops.clients.library import load
from kafka_gitops.clients.reasons import FAILURES, Reason, passing, reason
from kafka_gitops.clients.sasl import authenticate
from kafka_gitops.clients.translate import Login
from kafka_gitops.clients.wire import PROVOKE, Wire, readable
from kafka_gitops.errors import Unreachable

REQUEST_TIMEOUT = 90.0  # seconds; brokers get 60 s to carry out a request
_PAUSE = 1.0  # seconds between two rounds over the servers
_SHARE = 2.0  # seconds for one of several servers, so that a dead one does not use up the time


class Step(NamedTuple):
    """A step of connecting that was done: its name (reasons.STEPS), the wire, and the broker's answer if any."""

    name: str
    wire: Wire | None
    answer: Any = None


def steps(host: str, port: int, login: Login, *, timeout: float) -> Iterator[Step]:
    """Connect step by step; what fails raises one of reasons.FAILURES and closes the socket."""
    import socket

    until = time.monotonic() + timeout
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:  # no name can be like that
        raise socket.gaierror from None
    yield Step("name", None)
    wire = Wire(host, port, login, timeout=max(0.1, until - time.monotonic()))
    try:
        yield Step("port", wire)
        wire.timeout(until - time.monotonic() - PROVOKE)
        if login.uses_tls:
            wire.encrypt()
        yield Step("tls", wire)
        yield Step("kafka", wire, wire.greet())
        if login.uses_sasl:
            with readable(wire.server, "SaslAuthenticate"):
                authenticate(wire, login)
        yield Step("login", wire)
        request = load("protocol.metadata.metadata").MetadataRequest
        answer = wire.ask(request(topics=[], allow_auto_topic_creation=False))
        with readable(wire.server, "Metadata"):
            assert answer.brokers, "a cluster has brokers"
        wire.timeout(REQUEST_TIMEOUT)
        yield Step("cluster", wire, answer)
    except BaseException:
        wire.close()
        raise


class Attempt(NamedTuple):
    """What came of connecting to one server: its last step, or the reason why not."""

    step: Step | None
    reason: Reason | None


def attempt(host: str, port: int, login: Login, *, timeout: float, met: bool = False) -> Attempt:
    """Connect to one server; `met`: this login has worked in this run, so that no setting of it is to blame."""
    last: Step | None = None
    following = {None: "name", "name": "port", "port": "tls", "tls": "kafka", "kafka": "login", "login": "cluster"}
    try:
        for step in steps(host, port, login, timeout=timeout):
            last = step
    except FAILURES as failure:
        why = reason(failure, following[last.name if last else None], login, host)
        return Attempt(None, passing(why, failure) if met else why)
    return Attempt(last, None)


def connect(login: Login, *, timeout: float, met: bool = False) -> Step:
    """The wire to the first server that answers, with its metadata; Unreachable within `timeout` seconds.

    `met`: the run was connected before.
    """
    began = time.monotonic()
    left = dict.fromkeys(login.servers)
    told: dict[tuple[str, int], Reason] = {}
    rounds = 0
    while left:
        rounds += 1
        for server in list(left):
            rest = began + timeout - time.monotonic()
            if rest <= 0:
                break
            limit = rest if len(left) == 1 else min(rest, _SHARE * rounds)
            step, why = attempt(*server, login, timeout=limit, met=met)
            if step:
                return step
            assert why is not None
            told[server] = why
            if why.final:
                del left[server]
        if rounds == 2 or not left or time.monotonic() + _PAUSE > began + timeout:
            break
        time.sleep(_PAUSE)
    raise unreachable(told, rounds, time.monotonic() - began)


def unreachable(told: dict[tuple[str, int], Reason], rounds: int, seconds: float) -> Unreachable:
    """The error for servers that did not answer: each with its reason, the first one's help."""
    why = "; ".join(f"{host}:{port}: {reason.text}" for (host, port), reason in told.items())
    tries = f" ({rounds} attempts, {seconds:.0f} s)" if rounds > 1 else ""
    return Unreachable(f"Cannot reach {why}{tries}.", help=next(iter(told.values())).help)
