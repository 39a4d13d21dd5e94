"""Changes from forks, which have no credentials: planned only where main says so, topics alone, against a snapshot."""

import json
from pathlib import Path

import pytest
from ci_trust_test import CANARY, Site, lint_only, site
from desk import ONE_CLUSTER, Result, topology
from hooking import head

from kafka_gitops.kinds.cluster import LiveTopic
from kafka_gitops.model import Acl
from kafka_gitops.snapshot import file
from kafka_gitops.snapshot.contents import Defaults, Kafka, Snapshot, TopicThere

__all__ = ("site",)
ON = "ci: {snapshot_for_forks: true, snapshot: topics.snapshot}\n"
TOPICS = Kafka(
    None,
    {"acme.orders": TopicThere(LiveTopic(1, 1), {"retention.ms": "1"})},
    {None: Defaults({"retention.ms": "604800000"}, {"retention.ms": "604800000"})},
)
FILE = file.dumps(Snapshot("2026-11-20T10:00:00Z", "prod", TOPICS, topics_only=True))
WHOLE = file.dumps(Snapshot("2026-11-20T10:00:00Z", "prod", TOPICS._replace(acls=(Acl("User:x", "*", *["READ"] * 5),))))
MADE = "Only topics are planned, against a snapshot and without credentials: it comes from a fork."


def main_has(site: Site, config: str = ON, snapshot: bytes | None = FILE) -> None:
    """A commit of main with this config and this snapshot."""
    if snapshot is not None:
        (site.home / "topics.snapshot").write_bytes(snapshot)
    site.commit(("kafka-gitops.yaml", config + ONE_CLUSTER))
    site.base = head(site.home)


def proposed(site: Site, *files: tuple[str, str], words: tuple[str, ...] = ()) -> Result:
    """`ci plan` of a fork's change, which has no password."""
    more = files or (("topologies/a.yaml", topology("acme.", "orders retention.ms=2", "new")),)
    site.commit(*more)
    return site.pull("plan", "--no-comment", *words, fork=True)


@pytest.fixture(autouse=True)
def no_password(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PASSWORD")


def test_with_both_keys_on_main_its_topics_are_planned_and_no_server_is_called(site: Site) -> None:
    main_has(site)
    result = proposed(site)
    assert MADE in result.out
    assert "Against a snapshot, made 2026-11-20T10:00:00Z (" in result.out
    assert "+ topic acme.new" in result.out
    assert "retention.ms        1 (1 ms) -> 2 (2 ms)" in result.out
    assert "not asked: the brokers: what they or their policies refuse of 2 changes" in result.out
    plan = json.loads((site.home / "kafka-gitops-reports" / "plan.json").read_text(encoding="utf-8"))
    assert plan["snapshot"]["topics_only"] is True
    assert {change["kind"] for change in plan["changes"]} == {"topic"}
    assert result.code == 0, result


def test_rights_of_the_same_change_are_not_planned_and_it_says_so(site: Site) -> None:
    main_has(site)
    extra = "acls: [{principals: ['User:acme-app'], allow: [READ], topics: [acme.orders]}]"
    result = proposed(site, ("topologies/a.yaml", topology("acme.", "orders retention.ms=1", extra=extra)))
    assert "Only topics were planned; one that the main branch does not declare counts as absent." in result.out
    assert "may READ" not in result.out.split("Against a snapshot")[1]


def test_it_is_off_by_default(site: Site) -> None:
    main_has(site, "")
    lint_only(proposed(site), "it comes from a fork.")


@pytest.mark.parametrize("config", (ON, "ci: {snapshot_for_forks: true, snapshot: mine.snapshot}\n"))
def test_a_fork_cannot_switch_it_on(site: Site, config: str) -> None:
    main_has(site, "")
    (site.home / "mine.snapshot").write_bytes(FILE)
    lint_only(proposed(site, ("kafka-gitops.yaml", config + ONE_CLUSTER)), "it comes from a fork.")


def test_a_config_that_is_edited_is_linted_whatever_main_says(site: Site) -> None:
    main_has(site)
    lint_only(proposed(site, ("kafka-gitops.yaml", ON + ONE_CLUSTER + "# edited\n")), "it comes from a fork.")


def test_the_snapshot_is_that_of_main_and_not_the_forks(site: Site) -> None:
    main_has(site)
    other = TOPICS._replace(topics={"acme.new": TopicThere(LiveTopic(1, 1))})
    mine = Snapshot("2030-01-01T00:00:00Z", "prod", other, topics_only=True)
    (site.home / "topics.snapshot").write_bytes(file.dumps(mine))
    result = proposed(site)
    assert "+ topic acme.new" in result.out and "2026-11-20T10:00:00Z" in result.out, result


@pytest.mark.parametrize(
    ("config", "snapshot", "why"),
    (
        (ON, WHOLE, "topics.snapshot holds more than the declared topics"),
        (ON, b"odd", "is not a snapshot: it is not compressed by gzip"),
        (ON, None, "topics.snapshot cannot be read: No such file or directory"),
        ("ci: {snapshot_for_forks: true}\n", FILE, "`ci.snapshot` names no file"),
    ),
)
def test_what_cannot_be_used_is_told_and_the_change_linted(
    site: Site, config: str, snapshot: bytes | None, why: str
) -> None:
    main_has(site, config, snapshot)
    result = proposed(site)
    lint_only(result, "it comes from a fork (")
    assert why in result.out and result.code == 0, result


def test_a_snapshot_that_only_the_fork_has_is_refused(site: Site) -> None:
    main_has(site, ON, None)
    (site.home / "topics.snapshot").write_bytes(FILE)
    result = proposed(site)
    lint_only(result, "it comes from a fork (")
    assert "topics.snapshot: the target branch has no such file" in result.out


def test_one_that_the_pipeline_brought_and_nobody_committed_counts(site: Site) -> None:
    main_has(site, ON, None)
    site.commit(("topologies/a.yaml", topology("acme.", "orders retention.ms=1", "new")))
    (site.home / "topics.snapshot").write_bytes(FILE)
    result = site.pull("plan", "--no-comment", fork=True)
    assert "+ topic acme.new" in result.out, result


def test_the_repositorys_own_changes_are_planned_on_the_cluster(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    main_has(site)
    monkeypatch.setenv("PASSWORD", CANARY)
    site.commit(("topologies/a.yaml", topology("acme.", "orders", "new")))
    assert site.pull("plan", "--no-comment").code == 5


def test_such_a_plan_never_merges_by_itself(site: Site) -> None:
    main_has(site)
    result = proposed(site, words=("--auto-approve",))
    assert result.code == 4, result
    assert "it was planned against a snapshot" in result.err


def test_nothing_but_topics_can_be_asked_for(site: Site) -> None:
    main_has(site)
    result = proposed(site, words=("--only", "acls"))
    lint_only(result, "it comes from a fork (the pipeline plans no topics (--only))")


def test_an_apply_of_a_fork_is_refused_as_ever(site: Site) -> None:
    main_has(site)
    site.commit(("topologies/a.yaml", topology("acme.", "orders", "new")))
    result = site.pull("apply", "--yes", "--no-comment", fork=True)
    assert result.code == 1 and "Nothing was applied" in result.err


def test_the_comment_says_only_topics(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main_has(site)
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    proposed(site)
    said = summary.read_text(encoding="utf-8")
    assert f"> **Note:** {MADE}" in said
    assert "> Only topics were planned; one that the main branch does not declare counts as absent.<br>" in said
