"""Client quotas as a real broker reads and writes them."""

import time
from collections.abc import Iterator

import pytest

from kafka_gitops.clients.link import Link
from kafka_gitops.clients.quotas import Entity, KafkaQuotas
from kafka_gitops.clients.translate import login
from kafka_gitops.errors import KafkaGitopsError, MissingRight
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka


def user(name: str | None, client: str | None = "") -> Entity:
    """The entity of a user, and of one of its client ids."""
    both = (("client-id", client), ("user", name)) if client != "" else (("user", name),)
    return tuple(both)


@pytest.fixture
def quotas(kafka: Sandbox) -> Iterator[KafkaQuotas]:
    """Those of the shared broker; whatever a test leaves is removed."""
    link = Link(login(kafka.client()), timeout=10)
    opened = KafkaQuotas(link)
    yield opened
    left = opened.list_quotas()
    opened.alter_quotas({entity: dict.fromkeys(values) for entity, values in left.items()})
    until_shown(opened, {})
    link.close()


def until_shown(quotas: KafkaQuotas, wanted: dict[Entity, dict[str, float]]) -> None:
    """Wait until the broker shows exactly this."""
    until = time.monotonic() + 60
    while (found := quotas.list_quotas()) != wanted:
        assert time.monotonic() < until, found


def test_every_form_of_an_entity_is_written_read_and_removed(quotas: KafkaQuotas) -> None:
    wanted: dict[Entity, dict[str, float]] = {
        user("a b%c/ü"): {"producer_byte_rate": 1000.0, "request_percentage": 0.5},
        user(None): {"consumer_byte_rate": 2000.0},
        user("a", "batch"): {"controller_mutation_rate": 0.25},
        user("a", None): {"producer_byte_rate": 1.0},
        user(None, None): {"producer_byte_rate": 2.0},
        (("client-id", "x"),): {"producer_byte_rate": 3.0},
        (("client-id", None),): {"producer_byte_rate": 4.0},
        (("ip", "10.1.2.3"),): {"connection_creation_rate": 20.0},
        (("ip", None),): {"connection_creation_rate": 30.0},
    }
    assert quotas.alter_quotas(wanted) == dict.fromkeys(wanted)
    until_shown(quotas, wanted)
    assert quotas.alter_quotas({user("a b%c/ü"): {"producer_byte_rate": None, "consumer_byte_rate": 5.0}}) == {
        user("a b%c/ü"): None
    }
    until_shown(quotas, {**wanted, user("a b%c/ü"): {"consumer_byte_rate": 5.0, "request_percentage": 0.5}})


def test_a_refused_entity_leaves_the_others_of_its_request(quotas: KafkaQuotas) -> None:
    answers = quotas.alter_quotas({user("a"): {"consumer_byte_rate": 1024.5}, user("b"): {"consumer_byte_rate": 10.0}})
    assert answers == {
        user("a"): Problem("INVALID_REQUEST", "consumer_byte_rate cannot be a fractional value."),
        user("b"): None,
    }
    until_shown(quotas, {user("b"): {"consumer_byte_rate": 10.0}})


def test_what_is_only_asked_is_not_done(quotas: KafkaQuotas) -> None:
    ip: Entity = (("ip", "no such host.invalid"),)
    answers = quotas.alter_quotas(
        {user("a"): {"consumer_byte_rate": 10.0}, ip: {"connection_creation_rate": 1.0}}, validate_only=True
    )
    assert answers[user("a")] is None
    assert str(answers[ip]).startswith("INVALID_REQUEST: no such host.invalid is not a valid IP")
    assert quotas.list_quotas() == {}


def test_a_thousand_and_one_take_two_requests(quotas: KafkaQuotas) -> None:
    wanted: dict[Entity, dict[str, float]] = {
        user(f"u{number}"): {"producer_byte_rate": 1.0 + number} for number in range(1001)
    }
    assert quotas.alter_quotas(wanted) == dict.fromkeys(wanted)
    until_shown(quotas, wanted)


def test_without_the_rights_both_are_told(kafka: Sandbox) -> None:
    link = Link(login(kafka.client("alice")), timeout=10)
    with pytest.raises(MissingRight) as caught:
        KafkaQuotas(link).list_quotas()
    assert caught.value.message == (
        "User:alice may not read the cluster's quotas, so a plan would be blind to them. "
        "Grant it, or plan topics and acls only: --only topics,acls"
    )
    assert caught.value.help == "  kafka-acls --add --allow-principal User:alice --operation DescribeConfigs --cluster"
    answers = KafkaQuotas(link).alter_quotas({user("a"): {"producer_byte_rate": 1.0}})
    assert answers == {
        user("a"): Problem(
            "CLUSTER_AUTHORIZATION_FAILED",
            "User:alice lacks AlterConfigs on the cluster",
            help="Grant AlterConfigs:\n"
            "  kafka-acls --add --allow-principal User:alice --operation AlterConfigs --cluster",
        )
    }
    link.close()


def test_a_broker_that_knows_no_quotas(kafka: Sandbox) -> None:
    link = Link(login(kafka.client()), timeout=10)
    wire = link._wire(-1)
    wire.versions = {key: span for key, span in wire.versions.items() if key not in (48, 49)}
    with pytest.raises(KafkaGitopsError) as caught:
        KafkaQuotas(link).list_quotas()
    assert caught.value.message == (
        f"The broker {kafka.sasl_bootstrap} does not know DescribeClientQuotas, which this run needs."
    )
    answer = KafkaQuotas(link).alter_quotas({user("a"): {"producer_byte_rate": 1.0}})[user("a")]
    assert answer is not None and (answer.code, answer.fate) == ("UNSUPPORTED_VERSION", "unsent")
    link.close()
