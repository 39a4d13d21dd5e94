"""What a ledger's topic has to be, word for word, with the commands that mend it."""

import pytest

from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.ledger import topic as ledger
from kafka_gitops.ledger.topic import Topic

NAME = "_kafka_gitops.payments.prod"


def made(brokers: int, *, partitions: int = 1, **otherwise: str) -> Topic:
    """A topic as `ledger init` makes it, with some configs otherwise (`_` for a dot)."""
    copies, configs = ledger.wanted(brokers)
    return Topic(
        NAME, partitions, copies, brokers, {**configs, **{key.replace("_", "."): one for key, one in otherwise.items()}}
    )


@pytest.mark.parametrize("brokers", [1, 2, 3, 9])
def test_what_is_made_is_as_it_must_be(brokers: int) -> None:
    assert ledger.faults(made(brokers)) == []
    ledger.refuse(NAME, [])


def test_replicas_and_those_in_sync_follow_the_brokers() -> None:
    found = {brokers: ledger.wanted(brokers) for brokers in (1, 2, 3, 30)}
    assert {brokers: (copies, one["min.insync.replicas"]) for brokers, (copies, one) in found.items()} == {
        1: (1, "1"),
        2: (2, "1"),
        3: (3, "2"),
        30: (3, "2"),
    }


def test_each_fault_has_its_sentence_and_one_command_mends_all_configs() -> None:
    bad = Topic(
        NAME,
        6,
        1,
        3,
        {
            "cleanup.policy": "delete",
            "message.timestamp.type": "CreateTime",
            "unclean.leader.election.enable": "true",
            "min.compaction.lag.ms": "0",
            "max.message.bytes": "1000",
        },
    )
    with pytest.raises(KafkaGitopsError) as caught:
        ledger.refuse(NAME, ledger.faults(bad))
    assert caught.value.message.split("; ") == [
        f"The ledger's topic {NAME} cannot be relied on: it has 6 partitions, expected 1: only one has an order",
        "it has 1 replica, expected 3: a broker can be lost",
        "cleanup.policy is delete, expected compact: with any other, records go by age or size",
        "message.timestamp.type is CreateTime, expected LogAppendTime: the time that counts is the broker's",
        "unclean.leader.election.enable is true, expected false: a replica that lags must not become the leader",
        "min.compaction.lag.ms is 0, expected 3600000 or more: what was written in the last hour stays whole",
        "max.message.bytes is 1000, expected 1048588 or more: a record has up to 900 kB",
        "min.insync.replicas is not told, expected 2 or more: what is acknowledged is on two brokers.",
    ]
    assert (caught.value.help or "").splitlines() == [
        f"kafka-configs --bootstrap-server HOST:PORT --alter --topic {NAME} --add-config cleanup.policy=compact,"
        "message.timestamp.type=LogAppendTime,unclean.leader.election.enable=false,min.compaction.lag.ms=3600000,"
        "max.message.bytes=1048588,min.insync.replicas=2",
        "A topic never loses partitions: delete it, or choose another `owner`, and make it anew.",
        "kafka-reassign-partitions adds replicas, or the platform's own tool does.",
    ]


def test_a_policy_that_also_deletes_is_none() -> None:
    (fault,) = ledger.faults(made(3, cleanup_policy="compact,delete"))
    assert fault.config == ("cleanup.policy", "compact")


def test_what_a_platform_runs() -> None:
    assert ledger.creating(NAME, 3) == (
        f"kafka-topics --bootstrap-server HOST:PORT --create --topic {NAME} --partitions 1 --replication-factor 3 "
        "--config cleanup.policy=compact --config message.timestamp.type=LogAppendTime "
        "--config unclean.leader.election.enable=false --config min.compaction.lag.ms=3600000 "
        "--config max.message.bytes=1048588 --config min.insync.replicas=2 --config max.compaction.lag.ms=604800000"
    )
    assert ledger.granting(NAME, "User:ci") == (
        "kafka-acls --add --allow-principal User:ci --operation Read --operation Write --operation DescribeConfigs "
        f"--topic {NAME}",
        "kafka-acls --add --allow-principal User:ci --operation Read --resource-pattern-type prefixed "
        "--topic _kafka_gitops.",
    )
