"""What keeps a login from seeing all ledgers, and what is no reason to say so: a server that does not tell its denials."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kafka_gitops.clients import unseen
from kafka_gitops.clients.acls import topic_denials
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.unseen import unseen as asked
from kafka_gitops.model import Acl

PREFIX = "_kafka_gitops."


class Broker:
    """A link to one that refuses to describe topics whose names begin so."""

    login = SimpleNamespace(principal="User:ci")
    last = None

    def __init__(self, *hidden: str) -> None:
        self.hidden, self.names = hidden, list[str]()

    def exchange(self, requests: Iterator[Any]) -> Iterator[Any]:
        for request in requests:
            found = [(topic.name, 29 if topic.name.startswith(self.hidden) else 3) for topic in request.topics]
            self.names += [name for name, _ in found]
            told = SimpleNamespace(topics=[SimpleNamespace(name=name, error_code=code) for name, code in found])
            yield SimpleNamespace(decode=lambda told=told: told)


def denial(operation: str, name: str, pattern: str = "LITERAL") -> Acl:
    return Acl("User:anyone", "*", operation, "DENY", "TOPIC", pattern, name)


def told(monkeypatch: pytest.MonkeyPatch, broker: Broker, *denials: Acl) -> str:
    monkeypatch.setattr(unseen, "topic_denials", lambda _link: [*denials])
    missing = asked(cast(Link, broker), PREFIX)
    return "" if missing is None else f"{missing.message}\n{missing.help}"


def test_who_may_describe_the_prefix_sees_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, Broker("other")) == ""


def test_without_the_prefix_the_right_and_its_command_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said, _, help = told(monkeypatch, Broker(PREFIX)).partition("\n")
    assert said == "User:ci may not see all ledgers (it needs Read on the topics whose names begin with _kafka_gitops.)"
    grant = "kafka-acls --add --allow-principal User:ci --operation Read --resource-pattern-type prefixed --topic"
    assert help == f"Grant it:\n  {grant} _kafka_gitops."


def test_a_denial_counts_where_it_is_about_this_login(monkeypatch: pytest.MonkeyPatch) -> None:
    hidden, whole = denial("DESCRIBE", f"{PREFIX}pay.prod"), denial("ALL", f"{PREFIX}shop", "PREFIXED")
    others = (denial("READ", f"{PREFIX}read.prod"), denial("DESCRIBE", "orders"))
    assert told(monkeypatch, Broker("other"), hidden, whole, *others) == ""
    broker = Broker(f"{PREFIX}pay")
    assert told(monkeypatch, broker, hidden, *others).startswith(
        f"User:ci may not see all ledgers (Describe on topic {PREFIX}pay.prod is denied)\n"
    )
    assert len(broker.names) == 2
    assert f"(Describe on topic {PREFIX}shop" in told(monkeypatch, Broker(f"{PREFIX}shop"), hidden, whole)


@pytest.mark.parametrize(("known", "code"), [(False, 0), (True, 31), (True, 35), (True, 42), (True, 54)])
def test_a_server_that_does_not_tell_denials_ends_nothing(
    monkeypatch: pytest.MonkeyPatch, known: bool, code: int
) -> None:
    monkeypatch.setattr("kafka_gitops.clients.acls._decoded", lambda _answer: (code, None, ()))
    link = SimpleNamespace(versions=lambda: {29: (0, 3)} if known else {}, ask=lambda _request: None, last=None)
    assert topic_denials(cast(Link, link)) == []
