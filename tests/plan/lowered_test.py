"""Resets that lower what is in effect block; the same written in a file is told; what is in effect is shown."""

from pathlib import Path

import pytest
from altering import eventually, set_broker
from desk import Desk
from desk import topology as text
from linting import lint_text
from making import declared, topology
from recording import Recording

from kafka_gitops.changes import Change
from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.translate import login
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Topic
from kafka_gitops.plan.make import make
from kafka_gitops.report.words import edit_text
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.settings import Settings

CASES = [  # the key, its override, what the brokers give, the other configs, the risk and its sentence
    (
        "max.message.bytes", "8000096", "1048588", {},
        "message-size-shrink", "max.message.bytes 8000096 (about 7.6 MiB) -> 1048588 (about 1 MiB): "
        "record batches of more than 1048588 bytes are refused",
    ),
    (
        "min.insync.replicas", "2", "1", {},
        "min-isr-shrink", "min.insync.replicas 2 -> 1: "
        "writes with acks=all are acknowledged by 1 instead of 2 replicas",
    ),
    (
        "delete.retention.ms", "604800000", "86400000", {"cleanup.policy": "compact"},
        "compaction-shrink", "delete.retention.ms 604800000 (7 days) -> 86400000 (1 day): "
        "readers that are more than 1 day behind miss deletions of keys",
    ),
    (
        "min.compaction.lag.ms", "86400000", "0", {"cleanup.policy": "compact,delete"},
        "compaction-shrink", "min.compaction.lag.ms 86400000 (1 day) -> 0: "
        "readers that are more than 0 ms behind miss values of keys",
    ),
    (
        "message.timestamp.after.max.ms", "9223372036854775807", "3600000", {},
        "timestamp-shrink", "message.timestamp.after.max.ms 9223372036854775807 (no limit) -> 3600000 (1 hour): "
        "records whose timestamp is more than 1 hour ahead of the broker's clock are refused",
    ),
    (
        "unclean.leader.election.enable", "false", "true", {},
        "unclean-election", "a replica that lags may become leader: acknowledged records can be lost",
    ),
    (
        "remote.storage.enable", "true", "false", {"remote.log.delete.on.disable": "true"},
        "retention-shrink", "remote.storage.enable true -> false with remote.log.delete.on.disable: "
        "what tiered storage keeps is deleted; it keeps nothing now",
    ),
]  # fmt: skip


def change(override: dict[str, str], wanted: dict[str, str], defaults: dict[str, str]) -> Change:
    """The one change of a topic with an override to what a file wants."""
    cluster = Recording(topics={"a": Topic(1, 1, override)}, defaults=defaults)
    (found,) = make(Wish(topology(declared("a", Topic(1, 1, wanted)))), Settings(), cluster).changes
    return found


@pytest.mark.parametrize(("key", "high", "low", "other", "name", "sentence"), CASES, ids=lambda case: str(case)[:30])
def test_a_reset_that_lowers_blocks_and_a_file_that_does_is_told(
    key: str, high: str, low: str, other: dict[str, str], name: str, sentence: str
) -> None:
    reset = change({key: high, **other}, other, {key: low})
    assert tuple(reset.risks[0]) == (name, sentence, True)
    said = change({key: high, **other}, {key: low, **other}, {key: low})
    assert tuple(said.risks[0]) == (name, sentence, name == "retention-shrink")  # data that goes blocks always


@pytest.mark.parametrize(("key", "high", "low", "other", "name", "sentence"), CASES, ids=lambda case: str(case)[:30])
def test_a_reset_that_raises_or_changes_nothing_has_no_such_risk(
    key: str, high: str, low: str, other: dict[str, str], name: str, sentence: str
) -> None:
    for override, default in ((low, high), (high, high)):
        raised = change({key: override, **other}, other, {key: default})
        assert name not in [risk.name for risk in raised.risks]


def test_a_file_that_lowers_below_a_broker_default_is_told_too() -> None:
    found = change({}, {"max.message.bytes": "1048588"}, {"max.message.bytes": "8000096"})
    assert [risk[::2] for risk in found.risks] == [("message-size-shrink", False)]
    (edit,) = found.edits()
    assert edit_text(found, edit) == ("default 8000096 (about 7.6 MiB) -> 1048588 (about 1 MiB)", "")


def test_readers_of_tombstones_are_only_those_of_compacted_topics() -> None:
    found = change({"delete.retention.ms": "604800000"}, {}, {"delete.retention.ms": "1", "cleanup.policy": "delete"})
    assert [risk.name for risk in found.risks] == ["undeclared-reset"]


@pytest.mark.parametrize(("old", "new"), [("delete", ""), ("", "delete"), ("compact", "")])
def test_an_empty_cleanup_policy_is_another_one(old: str, new: str) -> None:
    found = change({"cleanup.policy": old}, {"cleanup.policy": new}, {"cleanup.policy": "delete"})
    assert found.risks[0].name == "cleanup-policy"
    assert found.risks[0].sentence.startswith(f"{old or 'none'} -> {new or 'none'}: ")


def test_without_cleanup_nothing_is_kept_shorter() -> None:
    empty = {"cleanup.policy": ""}
    found = change({"retention.ms": "9", **empty}, {"retention.ms": "5", **empty}, {})
    assert found.risks == ()


@pytest.mark.kafka
def test_what_a_dynamic_broker_config_gives_is_shown_and_counts(tmp_path: Path, kafka: Sandbox, prefix: str) -> None:
    desk = Desk(tmp_path, ["-X", f"bootstrap.servers={kafka.bootstrap}", "--timeout", "20"])
    desk.write("t.yaml", text(prefix, "a min.insync.replicas=3 max.message.bytes=9000000"))
    desk.ok("apply", "t.yaml", "--yes")
    link = Link(login(kafka.client()), timeout=10)
    assert set_broker(link, "message.max.bytes", "8000096") == 0
    try:
        with open_cluster(kafka.client()) as cluster:
            key, name = "max.message.bytes", f"{prefix}a"
            eventually(lambda: cluster.topic_defaults([name], [key])[name][key] == "8000096")
        desk.write("t.yaml", text(prefix, "a"))
        blocked = desk.run("plan", "t.yaml")
        assert blocked.code == 4
        for sentence in (
            "9000000 (about 8.6 MiB) -> default 8000096 (about 7.6 MiB)    not in the file",
            f"! message-size-shrink  topic {prefix}a  max.message.bytes 9000000 (about 8.6 MiB) -> 8000096",
            f"! min-isr-shrink  topic {prefix}a  min.insync.replicas 3 -> 1: writes with acks=all",
            f"blocks until accepted: --accept min-isr-shrink:{prefix}a",
        ):
            assert sentence in blocked.out
        desk.ok("apply", "t.yaml", "--yes", "--accept", "min-isr-shrink", "--accept", "message-size-shrink")
        desk.write("t.yaml", text(prefix, "a max.message.bytes=1048588"))
        told = desk.ok("plan", "t.yaml")
        assert "max.message.bytes   default 8000096 (about 7.6 MiB) -> 1048588 (about 1 MiB)" in told
        assert "note: message-size-shrink: max.message.bytes 8000096" in told
    finally:
        assert set_broker(link, "message.max.bytes", None) == 0
        link.close()


def test_an_empty_cleanup_policy_says_what_it_means() -> None:
    head = "context: c\nprojects:\n- name: p\n  topics:\n  - name: t\n    config: {cleanup.policy: '', retention.ms: '1000'}\n"
    said = [(str(one.span), one.message) for one in lint_text(head) if one.rule == "topic-retention-incoherent"]
    meaning = "cleanup.policy is empty: nothing is deleted or compacted, the topic grows for ever"
    assert said == [("t.yaml:6:30", f"{meaning}, and retention.ms has no effect")]
