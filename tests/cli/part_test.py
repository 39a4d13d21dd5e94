"""What an apply of a part of the files, and a look that nobody may record, leave as they are in the ledger."""

import json
from dataclasses import replace
from pathlib import Path

import memory_logs
import pytest
from acting import repository
from desk import ONE_CLUSTER, Desk
from hooking import git, head
from making import topic
from memory_logs import CLUSTER, MemoryLogs, WithLedgers, apply
from recording import stand_in

from kafka_gitops.changes import Change
from kafka_gitops.cli import closing
from kafka_gitops.clients.link import Lost
from kafka_gitops.ledger import records, state
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Asked, Hold, Open, Owner, Run, Step
from kafka_gitops.ledger.state import State
from kafka_gitops.model import Key, topic_key
from kafka_gitops.plan import retold

MINE = "_kafka_gitops.pay.prod"
OWNER = Owner(
    CLUSTER, "pay", "prod", "github.com/acme/streams", "kafka-gitops.yaml", None, run="20261128-091122-0a1b2c"
)
CONFIG = f"owner: pay\nprune: [topics]\nlimits: {{topics: 9, percent: 100}}\n{ONE_CLUSTER}    ledger: required\n"
TOPIC = '- name: {}\n  config: {{num.partitions: "1", replication.factor: "1"}}\n'
BEGIN = "context: unused\nspecial_topics:\n"
HOLD = Hold(CLUSTER, "topic", "acme.orders", 4_000_000_000, "too early", "20261128-100000-dddddd")
OPEN = Open("topic", "acme.later", "failed: policy")


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> WithLedgers:
    made = WithLedgers(topics={"acme.kept": topic(1, 1)})
    made.log.made(MINE)
    stand_in(monkeypatch, made)
    monkeypatch.setenv("PASSWORD", "secret-of-admin")
    monkeypatch.setattr(closing, "LOOK_SECONDS", 0.0)
    return made


@pytest.fixture
def desk(tmp_path: Path, cluster: WithLedgers) -> Desk:
    """A repository whose last commit adds a topic."""
    made = Desk(tmp_path / "repo")
    repository(made.home, CONFIG)
    for name, topics in (("a", ("acme.orders", "acme.kept")), ("b", ("acme.two",))):
        made.write(f"topologies/{name}.yaml", BEGIN + "".join(map(TOPIC.format, topics)))
        git(made.home, "add", "-A")
        git(made.home, "commit", "-qm", name)
    return made


def ledger(logs: MemoryLogs) -> State:
    return state.read(logs.made(MINE))


def test_a_hold_and_what_is_open_outlive_an_apply_of_the_change_alone(desk: Desk, cluster: WithLedgers) -> None:
    before = git(desk.home, "rev-parse", "HEAD~1").strip()
    mine = cluster.log.made(MINE)
    mine.append([Entry(HOLD.key, records.encode(HOLD))])
    apply(mine, replace(OWNER, commit=before, holds=(HOLD,), open=(OPEN,)))
    desk.ok("apply", "--only-change", "--base", "HEAD~1", "--yes")
    found = ledger(cluster.log)
    assert sorted(cluster.topics) == ["acme.kept", "acme.two"]
    assert [*found.holds(0)] == [Key("topic", "acme.orders")]
    assert found.owner is not None
    assert (found.owner.commit, found.owner.open) == (head(desk.home), (OPEN,))


@pytest.mark.parametrize("words", [("--only", "topics"), ("topologies/b.yaml",)])
def test_so_do_they_one_of_some_kinds_or_files(desk: Desk, cluster: WithLedgers, words: tuple[str, ...]) -> None:
    mine = cluster.log.made(MINE)
    mine.append([Entry(HOLD.key, records.encode(HOLD))])
    apply(mine, replace(OWNER, commit=head(desk.home), holds=(HOLD,), open=(OPEN,)))
    desk.ok("apply", *words, "--yes")
    found = ledger(cluster.log)
    assert [*found.holds(0)] == [Key("topic", "acme.orders")]
    assert found.owner is not None
    assert found.owner.open == (OPEN,)


def test_drift_of_a_change_request_is_not_recorded(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kafka_gitops.cli.pipeline.twice.PAUSE", 0)
    apply(cluster.log.made(MINE), replace(OWNER, commit=head(desk.home)))
    request = {"GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "7"}
    request |= {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_DEFAULT_BRANCH": "main"}
    request |= {"CI_MERGE_REQUEST_PROJECT_ID": "1", "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1", "CI_PROJECT_ID": "1"}
    request |= {"CI_MERGE_REQUEST_DIFF_BASE_SHA": head(desk.home), "CI_COMMIT_SHA": head(desk.home)}
    for name, value in request.items():
        monkeypatch.setenv(name, value)
    ran = desk.run("ci", "drift", "--record-drift", "--no-comment")
    assert ran.code == 1
    assert "Nothing was looked at: this is a change request that nobody has merged." in ran.err
    assert [*ledger(cluster.log).values] == ["owner"]


def died(logs: MemoryLogs, commit: str, *, before: str | None, asked: tuple[Asked, ...], held: bool = False) -> None:
    """A run of this commit asked for all this and never told its end."""
    run = Run("20261128-100000-dddddd", 2, "sha256:x", CLUSTER, "pay", "prod", "running", commit=commit, base=before)
    step = Step(CLUSTER, run.run, 1, "asked", asked)
    mine = logs.made(MINE)
    apply(mine, replace(OWNER, commit=before, number=1, digest="sha256:x"))
    mine.append([Entry(one.key, records.encode(one)) for one in (run, step)])
    if held:
        mine.append([Entry(HOLD.key, records.encode(HOLD))])


BLIND = Asked("topic", "acme.huge", "create")  # what was wanted had no room in the journal


def asked(action: str, name: str) -> Asked:
    """What a journal says of a topic that is to be made or to go."""
    one = topic(1, 1)
    change = Change(topic_key(name), None if action == "create" else one, None if action == "delete" else one)
    return Asked("topic", name, action, change=retold.text(change))


def came(logs: MemoryLogs) -> dict[str, str]:
    """What is recorded of it, by name."""
    return {one.name: one.status for one in ledger(logs).run("20261128-100000-dddddd").outcomes}


@pytest.mark.parametrize("words", [("--only", "topics"), ("topologies/b.yaml",), ("plan.json",)])
def test_what_has_no_answer_is_looked_at_whatever_is_applied(
    desk: Desk, cluster: WithLedgers, words: tuple[str, ...]
) -> None:
    cluster.topics["acme.gone"] = topic(1, 1)
    apply(cluster.log.made(MINE), replace(OWNER, commit=head(desk.home)))
    desk.ok("plan", "-o", "plan.json")
    died(cluster.log, head(desk.home), before=head(desk.home), asked=(asked("delete", "acme.gone"), BLIND))
    ran = desk.run("apply", *words, "--yes")
    assert ran.code == 0, ran
    assert (
        "  asked for, and not done: topic acme.gone\n  asked for, and not to be read now: topic acme.huge\n" in ran.err
    )
    assert came(cluster.log) == {"acme.gone": "failed", "acme.huge": "unknown"}


def test_what_is_there_is_not_done_be_it_that_nothing_is_asked_for_again(desk: Desk, cluster: WithLedgers) -> None:
    cluster.topics |= {"acme.gone": topic(1, 1)}
    no_answer = (asked("delete", "acme.gone"), *(asked("create", name) for name in ("acme.orders", "acme.kept")))
    died(cluster.log, head(desk.home), before=head(desk.home), asked=no_answer, held=True)
    desk.ok("apply", "--yes")
    assert came(cluster.log) == {"acme.gone": "failed", "acme.orders": "failed", "acme.kept": "done"}
    assert "acme.orders" not in cluster.topics


@pytest.mark.parametrize("text", ['{"after": {"config": {}}}', None, "{", '{"before": 7}'])
def test_servers_that_are_gone_and_words_of_others_stop_nothing(
    desk: Desk, cluster: WithLedgers, text: str | None
) -> None:
    no_answer = (Asked("connector", "gone/sink", "create", change=text), asked("create", "acme.kept"))
    died(cluster.log, head(desk.home), before=head(desk.home), asked=no_answer)
    desk.ok("apply", "--yes")
    assert came(cluster.log) == {"gone/sink": "unknown", "acme.kept": "done"}


def test_no_known_secret_is_in_a_ledger(desk: Desk, cluster: WithLedgers) -> None:
    first = desk.ok("apply", "--yes").splitlines()[0].removeprefix("Run ")
    why = "rotate secret-of-admin"
    desk.ok("undo", first, "--now", "--reason", why, "--accept", "topic-delete", "--yes", "--record", "r.json")
    found = ledger(cluster.log)
    (undone,) = (name for name in found.run_ids if name != first)
    assert (found.run(undone).command, found.run(undone).reason) == ("undo", "rotate [redacted]")
    assert [one.reason for one in found.holds(0).values()] == ["rotate [redacted]"]
    written = b"".join(one.value or b"" for one in cluster.log.partitions[MINE].records)
    assert b"secret-of-admin" not in written
    assert json.loads((desk.home / "r.json").read_text(encoding="utf-8")) == found.run_data(undone)


def test_drift_that_may_be_written_or_not_is_a_warning(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_log: object, _entries: object) -> None:
        raise Lost("REQUEST_TIMED_OUT", "no answer. It may or may not be done")

    monkeypatch.setattr("kafka_gitops.cli.pipeline.twice.PAUSE", 0)
    apply(cluster.log.made(MINE), replace(OWNER, commit=head(desk.home)))
    monkeypatch.setattr(memory_logs._Log, "append", lost)
    ran = desk.run("ci", "drift", "--record-drift", "--no-comment")
    assert "warning: drift was not written into the ledger: no answer. It may or may not be done\n" in ran.err
    assert ran.code == 2
