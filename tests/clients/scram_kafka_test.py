"""SCRAM credentials as a real broker reads and writes them, and what a login says of them."""

import time
from collections.abc import Iterator

import pytest

from kafka_gitops.clients.link import Link
from kafka_gitops.clients.scram import KafkaUsers
from kafka_gitops.clients.translate import login
from kafka_gitops.errors import MissingRight
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
SMALL, LARGE = "SCRAM-SHA-256", "SCRAM-SHA-512"


@pytest.fixture
def users(kafka: Sandbox) -> Iterator[KafkaUsers]:
    """Those of the shared broker."""
    link = Link(login(kafka.client()), timeout=10)
    yield KafkaUsers(link)
    link.close()


def until_shown(users: KafkaUsers, name: str, wanted: dict[str, int]) -> None:
    """Wait until the broker shows exactly these credentials of a user."""
    until = time.monotonic() + 60
    while (found := users.list_users().get(name, {})) != wanted:
        assert time.monotonic() < until, found


def test_a_user_is_written_read_and_removed(users: KafkaUsers, prefix: str) -> None:
    name = prefix + "ü"
    both = {(name, SMALL): (4096, "first"), (name, LARGE): (8192, "second")}
    assert users.write_users(both) == dict.fromkeys(both)
    until_shown(users, name, {SMALL: 4096, LARGE: 8192})
    assert users.write_users({(name, SMALL): None}) == {(name, SMALL): None}
    until_shown(users, name, {LARGE: 8192})
    gone = {(name, SMALL): None, (name, LARGE): None}
    assert users.write_users(gone) == gone
    until_shown(users, name, {})


def test_only_the_new_password_logs_in(users: KafkaUsers, prefix: str) -> None:
    name, old, new = prefix + "app", "first-pässword", "second"
    for password in (old, new):
        assert users.write_users({(name, LARGE): (4096, password)}) == {(name, LARGE): None}
        assert users.logs_in(name, LARGE, password, patience=15) is True
    assert users.logs_in(name, LARGE, old, patience=0) is False
    assert users.write_users({(name, LARGE): None}) == {(name, LARGE): None}


def test_iterations_out_of_bounds_are_refused_for_this_user_only(users: KafkaUsers, prefix: str) -> None:
    few, good = prefix + "few", prefix + "good"
    answers = users.write_users({(few, SMALL): (4095, "x"), (good, SMALL): (16384, "x")})
    assert answers == {(few, SMALL): Problem("UNACCEPTABLE_CREDENTIAL", "Too few iterations"), (good, SMALL): None}
    assert users.write_users({(good, SMALL): None}) == {(good, SMALL): None}


def test_without_the_rights_both_are_told(kafka: Sandbox) -> None:
    link = Link(login(kafka.client("alice")), timeout=10)
    with pytest.raises(MissingRight) as caught:
        KafkaUsers(link).list_users()
    assert caught.value.message == (
        "User:alice may not read the cluster's users, so a plan would be blind to them. "
        "Grant it, or plan topics and acls only: --only topics,acls"
    )
    assert caught.value.help == "  kafka-acls --add --allow-principal User:alice --operation Describe --cluster"
    answers = KafkaUsers(link).write_users({("x", SMALL): (4096, "x")})
    help = "Grant Alter:\n  kafka-acls --add --allow-principal User:alice --operation Alter --cluster"
    said = "User:alice lacks Alter on the cluster"
    assert answers == {("x", SMALL): Problem("CLUSTER_AUTHORIZATION_FAILED", said, help=help)}
    link.close()


def test_a_listener_without_a_login_cannot_tell(kafka: Sandbox) -> None:
    link = Link(login({"bootstrap.servers": kafka.bootstrap}), timeout=10)
    assert KafkaUsers(link).logs_in("admin", SMALL, "wrong", patience=0) is None
    link.close()
