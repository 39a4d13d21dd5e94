"""Connectors on a real worker: planned, judged, applied, watched, and their secrets kept."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from connecting import Desk, both, desk, item, lines, risks, until

from kafka_gitops.kinds.connector.live import Asked, Offset
from kafka_gitops.sandbox import Sandbox, connect
from kafka_gitops.sandbox.rest import Server

pytestmark = pytest.mark.kafka
CANARY = "canary-5d1f9e"
_NUMBERS = itertools.count(1)


@pytest.fixture
def name() -> str:
    return f"kind-{os.getpid()}-{next(_NUMBERS)}"


@pytest.fixture
def box(kafka: Sandbox, worker: Server, name: str) -> Iterator[Desk]:
    with desk(kafka, main=worker.url) as found:
        yield found
        for one in found.clusters["main"].connectors():
            if one.startswith(name):
                assert found.clusters["main"].delete(one) is None


@pytest.fixture
def topic(box: Desk, name: str) -> str:
    from kafka_gitops.model import Topic

    assert box.servers.kafka.create_topics({name: Topic(1, 1, {})}) == {name: None}
    return name


def source(topic: str, file: object) -> dict[str, str]:
    cls = "org.apache.kafka.connect.file.FileStreamSourceConnector"
    return {"connector.class": cls, "tasks.max": "1", "topic": topic, "file": str(file)}


def sink(topic: str, file: object) -> dict[str, str]:
    cls = "org.apache.kafka.connect.file.FileStreamSinkConnector"
    return {"connector.class": cls, "tasks.max": "1", "topics": topic, "file": str(file)}


def statuses(desk: Desk, text: str, *, base: str | None = None) -> list[str]:
    return [outcome.status for outcome in desk.apply(desk.plan(text, base=base))]


def test_a_source_and_a_sink_move_records_after_the_apply(box: Desk, name: str, topic: str, tmp_path: Path) -> None:
    (tmp_path / "in").write_text("a\nb\n")
    text = both(
        {"name": f"{name}-in", "config": source(topic, tmp_path / "in")},
        {"name": f"{name}-out", "config": sink(topic, tmp_path / "out")},
    )
    plan = box.plan(text)
    assert [(str(change.key), change.action) for change in plan.changes] == [
        (f"connector main/{name}-in", "create"),
        (f"connector main/{name}-out", "create"),
    ]
    assert [outcome.status for outcome in box.apply(plan)] == ["done", "done"]
    assert lines(tmp_path / "out", 2) == ["a", "b"]
    assert not box.plan(text).differs


def test_each_change_of_a_config_is_seen_and_an_equal_one_sends_nothing(
    box: Desk, name: str, topic: str, tmp_path: Path
) -> None:
    config = sink(topic, tmp_path / "out")
    assert statuses(box, item(name, config)) == ["done"]
    puts: list[str] = []
    workers = box.clusters["main"]
    told = workers._service.api.call

    def heard(method: str, path: str, *args: object, **more: object) -> object:
        puts.append(f"{method} {path}")
        return told(method, path, *args, **more)  # type: ignore[arg-type]

    object.__setattr__(workers._service.api, "call", heard)
    alias = item(name, {**config, "connector.class": "FileStreamSink"})
    assert not box.plan(alias).differs and statuses(box, alias) == []
    assert set(puts) == {"GET connectors?expand=info&expand=status", "GET connectors"}
    changed = item(name, {**config, "tasks.max": "2"})
    plan = box.plan(changed)
    (change,) = plan.changes
    assert [tuple(edit) for edit in change.edits()] == [("tasks.max", "1", "2")]
    assert "restarts the connector and its 1 task; tasks.max 1 -> 2" in risks(change)["connector-tasks"].sentence
    assert [outcome.status for outcome in box.apply(plan)] == ["done"]
    assert sum(one.startswith("PUT connectors/") for one in puts) == 1
    assert box.apply(plan)[0].status == "already"


def test_a_change_by_hand_is_drift(box: Desk, name: str, topic: str, tmp_path: Path) -> None:
    text = item(name, sink(topic, tmp_path / "out"))
    assert statuses(box, text) == ["done"]
    assert box.clusters["main"].put(name, {**sink(topic, tmp_path / "other"), "x": "1"}) is None
    (change,) = box.plan(text).changes
    assert [edit.field for edit in change.edits()] == ["file", "x"]


def test_a_state_is_brought_and_left_alone_where_nobody_declares_it(
    box: Desk, name: str, topic: str, tmp_path: Path
) -> None:
    config, workers = sink(topic, tmp_path / "out"), box.clusters["main"]
    assert statuses(box, item(name, config, state="stopped")) == ["done"]
    assert workers.connectors()[name].state == "STOPPED"
    assert not box.plan(item(name, config)).differs
    assert statuses(box, item(name, {**config, "x": "1"})) == ["done"]
    assert workers.connectors()[name].state == "STOPPED"
    for state in ("running", "paused", "running"):
        assert statuses(box, item(name, {**config, "x": "1"}, state=state)) == ["done"]
        assert workers.connectors()[name].target == state
        assert not box.plan(item(name, {**config, "x": "1"}, state=state)).differs


def test_what_the_worker_says_stands_at_our_lines(box: Desk, name: str) -> None:
    text = f"""\
context: acme
connectors:
- name: {name}
  config:
    connector.class: org.apache.kafka.connect.file.FileStreamSinkConnector
    tasks.max: none
    topics: x
    errors.tolerance: sometimes
"""
    plan = box.plan(text)
    assert not plan.changes
    found = [(str(entry.origin), entry.reason.partition(" for configuration")[0]) for entry in plan.refused]
    assert ("a.yaml:6", "tasks.max: Invalid value none") in found
    assert ("a.yaml:8", "errors.tolerance: Invalid value sometimes") in found


@pytest.mark.parametrize(
    ("more", "place", "said"),
    [
        ({"connector.class": "com.acme.FileStreamSinkConnector"}, "connector.class", "it has org.apache.kafka.connect"),
        ({"connector.class": "com.acme.Nope"}, "connector.class", "no worker has the plugin com.acme.Nope"),
        ({"producer.override.linger.ms": "abc", "errors.deadletterqueue.topic.name": "x"}, "", "linger.ms"),
        ({"value.converter": "com.acme.Nope"}, "value.converter", "com.acme.Nope"),
    ],
)
def test_what_no_worker_takes_is_refused(
    box: Desk, name: str, more: dict[str, str], place: str, said: str, tmp_path: Path
) -> None:
    plan = box.plan(item(name, {**sink("x", tmp_path / "out"), **more}))
    assert not plan.changes
    assert any(said in entry.reason and entry.reason.startswith(place) for entry in plan.refused), plan.refused


def test_topics_that_would_fail_later_are_refused_before(box: Desk, name: str, tmp_path: Path) -> None:
    config = {**source("x", tmp_path / "in"), "topic.creation.default.partitions": "1"}
    (refused,) = box.plan(item(name, config)).refused
    assert "topic.creation.default.replication.factor" in refused.reason


def test_a_key_that_the_plugin_does_not_declare_is_told(box: Desk, name: str, tmp_path: Path) -> None:
    (change,) = box.plan(item(name, {**sink("x", tmp_path / "out"), "fille": "y"})).changes
    assert 'fille (did you mean "file"?)' in risks(change)["connector-unknown-key"].sentence


def test_a_failed_task_is_a_failed_change_and_a_restart_is_an_act(
    box: Desk, name: str, topic: str, tmp_path: Path
) -> None:
    text = item(name, sink(topic, tmp_path / "no" / "out"), restart="failed")
    (outcome,) = box.apply(box.plan(text))
    assert outcome.status == "failed" and outcome.wrote
    assert "TASK_FAILED: task 0 has failed" in (outcome.detail or "") and "\n" not in (outcome.detail or "")
    (change,) = box.plan(text).changes
    assert (change.act, change.before) == ("restart", change.after)
    assert box.apply(box.plan(text))[0].status == "failed"
    (tmp_path / "no").mkdir()
    assert box.apply(box.plan(text))[0].status == "done"
    assert not box.plan(text).changes
    assert until(box.clusters["main"], name, lambda live: not live.failures).tasks[0].state == "RUNNING"


def test_without_a_word_of_a_restart_a_failure_is_left(box: Desk, name: str, topic: str, tmp_path: Path) -> None:
    text = item(name, sink(topic, tmp_path / "no" / "out"))
    assert statuses(box, text) == ["failed"]
    assert not box.plan(text).changes


def test_a_deletion_blocks_and_says_what_stays(box: Desk, name: str, topic: str, tmp_path: Path) -> None:
    assert statuses(box, item(name, sink(topic, tmp_path / "out"))) == ["done"]
    text = f"context: acme\nprojects: []\nremoved:\n- {{connector: main/{name}, because: over}}\n"
    plan = box.plan(text)
    (change,) = plan.changes
    risk = risks(change)["connector-delete"]
    assert risk.blocks and f"group connect-{name}" in risk.sentence and topic in risk.sentence
    assert [outcome.status for outcome in box.apply(plan)] == ["done"]
    assert name not in box.clusters["main"].connectors()
    assert not box.plan(text).changes


def test_another_class_and_other_topics_block(box: Desk, name: str, topic: str, tmp_path: Path) -> None:
    assert statuses(box, item(name, sink(topic, tmp_path / "out"))) == ["done"]
    (change,) = box.plan(item(name, source("other", tmp_path / "in"))).changes
    assert risks(change)["connector-class"].blocks
    assert risks(change)["connector-topics"].sentence == f"topics: other added, {topic} left"


def test_taking_over_blocks_where_the_base_is_known(box: Desk, name: str, topic: str, tmp_path: Path) -> None:
    text, empty = item(name, sink(topic, tmp_path / "out")), "context: acme\nprojects: []\n"
    assert box.clusters["main"].put(name, {**sink(topic, tmp_path / "out"), "x": "1"}) is None
    until(box.clusters["main"], name, lambda live: live.state == "RUNNING")
    assert not risks(box.plan(text).changes[0])["taken-over"].blocks
    assert risks(box.plan(text, base=empty).changes[0])["taken-over"].blocks
    assert "taken-over" not in risks(box.plan(text, base=text).changes[0])


def test_what_leaves_the_files_stays_on_the_worker(box: Desk, name: str, topic: str, tmp_path: Path) -> None:
    text, empty = item(name, sink(topic, tmp_path / "out")), "context: acme\nprojects: []\n"
    assert statuses(box, text) == ["done"]
    plan = box.plan(empty, base=text)
    assert not plan.changes
    assert f"connector main/{name}" in [str(entry.key) for entry in plan.stays]


def test_a_renamed_source_and_sink_lose_and_double_nothing(box: Desk, name: str, topic: str, tmp_path: Path) -> None:
    file = tmp_path / "in"
    file.write_text("a\nb\n")
    old = both(
        {"name": f"{name}-in", "config": source(topic, file)},
        {"name": f"{name}-out", "config": sink(topic, tmp_path / "out")},
    )
    assert statuses(box, old) == ["done", "done"]
    assert lines(tmp_path / "out", 2) == ["a", "b"]
    until_committed(box, f"{name}-in", f"{name}-out")
    new = both(
        {"name": f"{name}-in2", "config": source(topic, file), "replaces": f"{name}-in"},
        {"name": f"{name}-out2", "config": sink(topic, tmp_path / "out"), "replaces": f"main/{name}-out"},
    )
    plan = box.plan(new, base=old)
    assert [change.action for change in plan.changes] == ["create", "create"]
    assert all(not risk.blocks for change in plan.changes for risk in change.risks)
    outcomes = box.apply(plan)
    assert [(outcome.status, outcome.detail) for outcome in outcomes] == [("done", None)] * 2
    with file.open("a") as more:
        more.write("c\n")
    assert lines(tmp_path / "out", 3) == ["a", "b", "c"]
    assert {one for one in box.clusters["main"].connectors() if one.startswith(name)} == {f"{name}-in2", f"{name}-out2"}
    assert not box.plan(new).differs


def until_committed(box: Desk, *names: str) -> None:
    import time

    end = time.monotonic() + 60
    while not all(box.clusters["main"].offsets(name) for name in names):
        assert time.monotonic() < end
        time.sleep(0.3)


def test_a_replacement_that_was_cut_short_is_finished_by_the_next_run(
    box: Desk, name: str, topic: str, tmp_path: Path
) -> None:
    file, workers = tmp_path / "in", box.clusters["main"]
    file.write_text("a\nb\n")
    old = item(f"{name}-in", source(topic, file))
    assert statuses(box, old) == ["done"]
    until_committed(box, f"{name}-in")
    new = item(f"{name}-in2", source(topic, file), replaces=f"{name}-in")
    assert workers.turn(f"{name}-in", "stopped") is None
    assert workers.create(f"{name}-in2", source(topic, file), "stopped") is None
    until(workers, f"{name}-in2", lambda live: live.state == "STOPPED")
    (change,) = box.plan(new).changes
    assert [tuple(edit) for edit in change.edits()] == [("replaces", None, f"main/{name}-in")]
    assert statuses(box, new) == ["done"]
    assert workers.connectors()[f"{name}-in2"].state == "RUNNING"
    assert f"{name}-in" not in workers.connectors()
    until_committed(box, f"{name}-in2")
    assert workers.offsets(f"{name}-in2")[0].offset == '{"position": 4}'


def test_offsets_beyond_the_end_are_not_copied(box: Desk, name: str, topic: str, tmp_path: Path) -> None:
    workers = box.clusters["main"]
    assert statuses(box, item(f"{name}-out", sink(topic, tmp_path / "out"), state="stopped")) == ["done"]
    beyond = Offset(f'{{"kafka_topic": "{topic}", "kafka_partition": 0}}', '{"kafka_offset": 99}')
    assert workers.set_offsets(f"{name}-out", [beyond]) is None
    new = item(f"{name}-out2", sink(topic, tmp_path / "out"), replaces=f"{name}-out")
    (outcome,) = box.apply(box.plan(new))
    assert outcome.status == "failed"
    assert f"offset 99 of topic {topic}, partition 0 is beyond its end, 0" in (outcome.detail or "")
    assert {f"{name}-out", f"{name}-out2"} <= workers.connectors().keys()


def test_a_rename_without_a_word_blocks(box: Desk, name: str, topic: str, tmp_path: Path) -> None:
    old, new = item(f"{name}-a", sink(topic, tmp_path / "out")), item(f"{name}-b", sink(topic, tmp_path / "out"))
    assert statuses(box, old) == ["done"]
    (change,) = box.plan(new, base=old).changes
    risk = risks(change)["connector-offsets"]
    assert risk.blocks and f"`replaces: main/{name}-a`" in risk.sentence


def test_what_only_the_worker_has_is_kept_and_never_shown(box: Desk, name: str, topic: str, tmp_path: Path) -> None:
    config, workers = sink(topic, tmp_path / "out"), box.clusters["main"]
    (refused,) = box.plan(item(name, config, keep=["db.password"])).refused
    assert "nothing is there to keep" in refused.reason
    assert workers.put(name, {**config, "db.password": CANARY}) is None
    until(workers, name, lambda live: live.state == "RUNNING")
    assert not box.plan(item(name, config, keep=["db.password"])).differs
    assert statuses(box, item(name, {**config, "x": "1"}, keep=["db.password"])) == ["done"]
    assert workers.connectors()[name].config["db.password"] == CANARY
    plan = box.plan(item(name, config))
    assert CANARY not in str(plan)
    assert ("db.password", "(secret)", None) in [tuple(edit) for edit in plan.changes[0].edits()]


def test_scope_closes_names_classes_secrets_overrides_and_topics(box: Desk, name: str, tmp_path: Path) -> None:
    config = {
        **sink("acme.a", tmp_path / "out"),
        "x.password": "${file:/etc/pay:x}",
        "consumer.override.fetch.min.bytes": "1",
    }
    cls = config["connector.class"]
    whole = {
        "topics": ("acme.*",), "connectors": ("kind-*",), "connector_classes": (cls,), "secrets": ("file:/etc/pay*",),
        "connector_overrides": ("consumer.override.*",),
    }  # fmt: skip
    assert not box.within(**whole).plan(item(name, config)).nevers
    for closed in whole:
        lists = {key: patterns for key, patterns in whole.items() if key != closed or key == "topics"}
        lists = {**lists, "topics": ("pay.*",)} if closed == "topics" else lists
        (never,) = box.within(**lists).plan(item(name, config)).nevers
        assert f"`manage.{closed}`" in never.reason


@pytest.mark.parametrize("pattern", [".*", "a|b", r"acme.*"])
def test_what_cannot_be_bounded_blocks_where_topics_are(box: Desk, name: str, tmp_path: Path, pattern: str) -> None:
    config = {"connector.class": "FileStreamSink", "topics.regex": pattern, "file": str(tmp_path / "out")}
    lists = {"topics": ("acme.*",), "connectors": ("*",), "connector_classes": (config["connector.class"],)}
    (change,) = box.within(**lists).plan(item(name, config)).changes
    assert risks(change)["connector-reach"].blocks
    assert "connector-reach" not in risks(box.plan(item(name, config)).changes[0])
    (change,) = box.within(**lists).plan(item(name, {**config, "topics.regex": r"acme\.x.*"})).changes
    assert "connector-reach" not in risks(change)
    assert box.within(**{**lists, "topics": ("pay.*",)}).plan(item(name, {**config, "topics.regex": "acme"})).nevers


def test_mirror_heartbeat_runs(box: Desk, kafka: Sandbox, name: str) -> None:
    config = {
        "connector.class": "org.apache.kafka.connect.mirror.MirrorHeartbeatConnector",
        "source.cluster.alias": "a",
        "target.cluster.alias": "b",
        "source.cluster.bootstrap.servers": kafka.bootstrap,
        "target.cluster.bootstrap.servers": kafka.bootstrap,
        "heartbeats.topic.replication.factor": "1",
    }
    text = item(name, config)
    (outcome,) = box.apply(box.plan(text))
    assert (outcome.status, outcome.detail) == ("done", None)
    assert not box.plan(text).differs


def test_a_connector_that_moves_to_another_cluster_goes_on_there(
    kafka: Sandbox, worker: Server, name: str, box: Desk, topic: str, tmp_path: Path
) -> None:
    file = tmp_path / "in"
    file.write_text("a\nb\n")
    own = connect.apart(name)
    with (
        connect.running(kafka.bootstrap, properties=own) as second,
        desk(kafka, main=worker.url, other=second.url) as two,
    ):
        old = item(f"{name}-in", source(topic, file), cluster="main")
        assert statuses(two, old) == ["done"]
        until_committed(two, f"{name}-in")
        new = item(f"{name}-in", source(topic, file), cluster="other", replaces=f"main/{name}-in")
        (outcome,) = two.apply(two.plan(new, base=old))
        assert (outcome.status, outcome.detail) == ("done", None)
        assert f"{name}-in" not in two.clusters["main"].connectors()
        assert two.clusters["other"].connectors()[f"{name}-in"].state == "RUNNING"
        assert two.clusters["other"].offsets(f"{name}-in")[0].offset == '{"position": 4}'
        assert not two.plan(new).differs


def test_topics_that_we_refuse_are_those_that_the_worker_takes_and_fails_on(
    box: Desk, name: str, tmp_path: Path
) -> None:
    """The other half of `test_topics_that_would_fail_later_are_refused_before`: why it is refused."""
    workers, config = box.clusters["main"], {**source("x", "/dev/null"), "topic.creation.default.partitions": "1"}
    assert (
        workers.validate([Asked("FileStreamSource", name, {**config, "connector.class": "FileStreamSource"})])[
            0
        ].messages
        == ()
    )
    assert workers.put(name, config) is None
    assert until(workers, name, lambda live: bool(live.failures)).failures
