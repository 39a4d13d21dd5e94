"""`lint --base` in real git repositories: what a change does, who approved it, what it touches."""

import os
import subprocess
from pathlib import Path

import pytest
from desk import Desk, Result

TOPIC = "context: acme\nprojects:\n- name: {0}\n  topics:\n  - name: {1}\n    config: {{retention.ms: '{2}'}}\n"
SHRINK = (
    "topologies/pay.yaml:6:28: error change-retention-shrink retention.ms 604800000 (7 days) -> 86400000 (1 day): "
    "records older than 1 day are deleted"
)
Repo = Desk


def git(*arguments: str, at: Path, name: str = "Ann Doe") -> str:
    """Run git with an identity of its own."""
    identity = ["-c", f"user.name={name}", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    command = ["git", "-C", str(at), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout.strip()


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository whose main branch has two topology files, with a branch checked out."""
    desk = Desk(tmp_path / "repo")
    desk.write("topologies/pay.yaml", TOPIC.format("pay", "orders", "604800000"))
    desk.write("topologies/risk.yaml", TOPIC.format("risk", "scores", "604800000"))
    git("init", "-q", at=desk.home)
    commit(desk, "one")
    git("checkout", "-qb", "change", at=desk.home)
    return desk


def commit(repo: Repo, message: str, *, name: str = "Ann Doe") -> str:
    """Commit everything; the short id."""
    git("add", "-A", at=repo.home)
    git("commit", "-qm", message, at=repo.home, name=name)
    return git("rev-parse", "--short", "HEAD", at=repo.home)


def lint(repo: Repo, *words: str) -> Result:
    """Lint, a line each."""
    return repo.run("lint", "--format", "concise", *words)


def shrink(repo: Repo) -> None:
    """Keep orders for a day only."""
    repo.write("topologies/pay.yaml", TOPIC.format("pay", "orders", "86400000"))


def test_no_change_no_finding(repo: Repo) -> None:
    assert lint(repo, "--base", "main")[:2] == (0, "")
    shrink(repo)
    assert lint(repo)[:2] == (0, "")


def test_a_change_is_judged_committed_or_not(repo: Repo) -> None:
    shrink(repo)
    assert lint(repo, "--base", "main")[:2] == (1, SHRINK + "\n")
    commit(repo, "two")
    assert lint(repo, "--base", "main")[:2] == (1, SHRINK + "\n")
    assert lint(repo, "--base", "HEAD")[:2] == (0, "")


def test_what_others_did_since_is_not_this_change(repo: Repo) -> None:
    git("checkout", "-q", "main", at=repo.home)
    repo.write("topologies/new.yaml", TOPIC.format("new", "t", "1"))
    commit(repo, "meanwhile")
    git("checkout", "-q", "change", at=repo.home)
    assert lint(repo, "--base", "main")[:2] == (0, "")


@pytest.mark.parametrize(
    ("words", "by"),
    [
        (["--accept", "change-retention-shrink"], "--accept"),
        (["--accept", "change-retention-shrink:acme.pay.orders"], "--accept"),
    ],
)
def test_accepted_on_the_command_line(repo: Repo, words: list[str], by: str) -> None:
    shrink(repo)
    expected = SHRINK.replace("error", "info", 1) + f"; accepted by {by}\n"
    assert lint(repo, "--base", "main", *words)[:2] == (0, expected)
    assert lint(repo, "--base", "main", "--accept", "change-retention-shrink:acme.pay.other").code == 1


@pytest.mark.parametrize(
    "value", ["change-retention-shrink acme.pay.orders", "change-retention-shrink", "retention-shrink acme.pay.orders"]
)
def test_accepted_by_a_trailer_with_the_name_of_its_author(repo: Repo, value: str) -> None:
    shrink(repo)
    short = commit(repo, f"Keep less\n\nWhy not.\n\nKafka-Gitops-Accept: {value}", name="Zo\u00eb \u0141")
    repo.write("README.md", "later\n")
    commit(repo, "three")
    expected = SHRINK.replace("error", "info", 1) + f"; accepted by Zo\u00eb \u0141 (commit {short})\n"
    assert lint(repo, "--base", "main")[:2] == (0, expected)


def test_a_trailer_for_another_resource_or_of_the_base_does_not_count(repo: Repo) -> None:
    shrink(repo)
    commit(repo, "x\n\nKafka-Gitops-Accept: change-retention-shrink acme.pay.other")
    assert lint(repo, "--base", "main").code == 1
    repo.write("README.md", "x")
    commit(repo, "y\n\nKafka-Gitops-Accept: change-retention-shrink acme.pay.orders")
    assert lint(repo, "--base", "main").code == 0
    repo.write("topologies/pay.yaml", TOPIC.format("pay", "orders", "1000"))
    assert lint(repo, "--base", "HEAD").code == 1


def test_a_trailer_that_names_no_rule_is_said(repo: Repo) -> None:
    repo.write("README.md", "x")
    short = commit(repo, "x\n\nKafka-Gitops-Accept: shrink\nKafka-Gitops-Accept: last-grant User:x")
    said = f'Kafka-Gitops-Accept of commit {short}: there is no rule over the change called "shrink"'
    err = lint(repo, "--base", "main").err
    assert f"note: {said}\n" in err
    assert "last-grant" not in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--base", "main", "--accept", "change-retention-shrnk"],
            '--accept change-retention-shrnk: there is no rule over the change called "change-retention-shrnk"\n'
            '  Did you mean "change-retention-shrink"?',
        ),
        (["--accept", "change-name"], "--accept is about a change, so it needs --base."),
        (["--changed-only"], "--changed-only is about a change, so it needs --base."),
        (["--base", "nowhere"], 'git does not know the commit "nowhere".'),
        (["--base", "--all"], "Argument --base: expected one argument"),
        (
            ["--base", "main", "topologies/pay.yaml"],
            "With --base the whole topology is compared (topologies), not topologies/pay.yaml.",
        ),
    ],
)
def test_wrong_usage(repo: Repo, words: list[str], said: str) -> None:
    found = lint(repo, *words)
    assert (found.code, found.out) == (64, "")
    assert f"error: {said}" in found.err


def test_renamed_and_moved_files_are_no_findings(repo: Repo) -> None:
    git("mv", "topologies/pay.yaml", "topologies/pay new \u00e4.yaml", at=repo.home)
    assert lint(repo, "--base", "main")[:2] == (0, "")
    git("mv", "topologies", "kafka", at=repo.home)
    commit(repo, "moved")
    assert lint(repo, "--base", "main", "kafka")[:2] == (0, "")
    path = "kafka/pay new \u00e4.yaml"
    repo.write(path, TOPIC.format("pay", "orders", "86400000"))
    assert lint(repo, "--base", "main", "kafka")[:2] == (1, SHRINK.replace("topologies/pay.yaml", path) + "\n")


def test_a_file_named_alone_is_followed_to_its_old_name(repo: Repo) -> None:
    git("mv", "topologies/pay.yaml", "topology.yaml", at=repo.home)
    git("rm", "-qr", "topologies", at=repo.home)
    commit(repo, "moved")
    assert lint(repo, "--base", "main", "topology.yaml")[:2] == (0, "")
    repo.write("topology.yaml", TOPIC.format("pay", "orders", "86400000"))
    assert lint(repo, "--base", "main").out == SHRINK.replace("topologies/pay.yaml", "topology.yaml") + "\n"


def test_a_deleted_file_is_told_where_something_is_left(repo: Repo) -> None:
    git("rm", "-q", "topologies/risk.yaml", at=repo.home)
    found = repo.run("lint", "--base", "main")
    assert found.code == 1
    assert found.out.startswith(
        'topologies/pay.yaml:1:1: error[change-topic-absent]: the topic "acme.risk.scores" is no longer declared, and no '
        "`removed:` says what to do with it\n"
    )


def test_below_a_directory_of_the_repository(repo: Repo) -> None:
    nested = Desk(repo.home / "with blank" / "\u00fc")
    nested.write("topologies/pay.yaml", TOPIC.format("pay", "orders", "604800000"))
    commit(repo, "nested")
    nested.write("topologies/pay.yaml", TOPIC.format("pay", "orders", "86400000"))
    assert lint(nested, "--base", "HEAD")[:2] == (1, SHRINK + "\n")
    assert lint(nested, "--base", "HEAD", "--changed-only")[:2] == (1, SHRINK + "\n")


def test_a_shallow_clone_is_compared_with_what_it_has_or_told_how_to_fetch(repo: Repo, tmp_path: Path) -> None:
    shrink(repo)
    commit(repo, "two")
    url = f"file://{repo.home}"
    git("clone", "-q", "--depth=1", "--branch=change", url, str(tmp_path / "clone"), at=tmp_path)
    clone = Desk(tmp_path / "clone")
    missing = lint(clone, "--base", "origin/main")
    assert missing.code == 64 and "fetch-depth: 0" in missing.err
    git("fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main", at=clone.home)
    found = lint(clone, "--base", "origin/main")
    assert found[:2] == (1, SHRINK + "\n")
    assert "note: this clone is too shallow to find where HEAD left origin/main (set fetch-depth: 0 in CI)" in found.err


def test_outside_git(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("topologies/pay.yaml", TOPIC.format("pay", "orders", "1"))
    assert "This is not a git repository." in lint(desk, "--base", "main").err


def test_without_base_git_is_never_called(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repo.home))
    assert lint(repo)[:2] == (0, "")


BAD = "context: acme\nprojects:\n- name: {0}\n  topics:\n  - name: {1}\n    config: {{num.partitions: '60'}}\n"


def test_changed_only_reports_changed_files_and_what_they_touch(repo: Repo) -> None:
    repo.write("topologies/old.yaml", BAD.format("old", "t"))
    repo.write("topologies/touched.yaml", BAD.format("touched", "t"))
    commit(repo, "two")
    reads = "acls:\n- {principals: [User:a], allow: [READ], topics: [acme.touched.t]}\n"
    repo.write("topologies/new.yaml", "context: acme\n" + reads)
    repo.write("topologies/pay.yaml", BAD.format("pay", "orders"))

    def places(*words: str) -> list[str]:
        return [line.partition(":")[0] for line in lint(repo, *words).out.splitlines() if "topic-partitions" in line]

    assert places() == ["topologies/old.yaml", "topologies/pay.yaml", "topologies/touched.yaml"]
    assert places("--base", "HEAD", "--changed-only") == ["topologies/pay.yaml", "topologies/touched.yaml"]
    repo.write("kafka-gitops.yaml", "rules: {topic-partitions: {max: 40}}\n")
    assert len(places("--base", "HEAD", "--changed-only")) == 3


def test_a_waiver_and_an_override_can_turn_a_rule_over_the_change_down(repo: Repo) -> None:
    shrink(repo)
    repo.write(
        "kafka-gitops.yaml", "overrides:\n- {paths: ['topologies/**'], rules: {change-retention-shrink: info}}\n"
    )
    assert lint(repo, "--base", "main")[:2] == (0, SHRINK.replace("error", "info", 1) + "\n")


def test_a_last_right_that_is_not_revoked_is_not_said_to_be_lost(repo: Repo) -> None:
    reader = "  consumers:\n  - {principal: User:app, group: g}\n"
    repo.write("topologies/pay.yaml", TOPIC.format("pay", "orders", "604800000") + reader)
    commit(repo, "two")
    repo.write("topologies/pay.yaml", TOPIC.format("pay", "orders", "604800000"))
    at = "topologies/pay.yaml:3:9: warning change-principal-loses-all"
    rights = "may DESCRIBE topic acme.pay.orders, may READ topic acme.pay.orders, may READ group g"
    kept = f"{at} the files give User:app no right any more; its bindings stay while `prune` names no acls: {rights}\n"
    assert lint(repo, "--base", "HEAD").out == kept
    repo.write("kafka-gitops.yaml", "prune: [acls]\n")
    assert lint(repo, "--base", "HEAD").out == f"{at} User:app loses its last right: {rights}\n"


def test_an_unreadable_file_hides_nothing_that_would_seem_gone(repo: Repo) -> None:
    repo.write("topologies/risk.yaml", "context: [\n")
    rules = {line.split(" ")[2] for line in lint(repo, "--base", "main").out.splitlines()}
    assert rules == {"yaml-syntax"}


def test_hooks_of_the_repository_do_not_run(repo: Repo) -> None:
    hook = repo.home / ".git" / "hooks" / "post-index-change"
    hook.write_text(f"#!/bin/sh\ntouch {repo.home}/ran\n")
    os.chmod(hook, 0o755)  # noqa: PTH101
    assert lint(repo, "--base", "main").code == 0
    assert not (repo.home / "ran").exists()


def test_another_name_format_renames_every_topic(repo: Repo) -> None:
    repo.write("kafka-gitops.yaml", "naming: {separator: '_'}\n")
    found = [line.split(" ")[2] for line in lint(repo, "--base", "main").out.splitlines()]
    assert found == [*("change-topic-absent", "change-name") * 2]
    commit(repo, "two")
    repo.write("kafka-gitops.yaml", "naming: {separator: '_'}\nlimits: {topics: 1}\n")
    assert lint(repo, "--base", "HEAD")[:2] == (0, "")


def test_a_config_of_then_that_cannot_be_read_is_said(repo: Repo) -> None:
    repo.write("kafka-gitops.yaml", "nameing: {}\n")
    short = commit(repo, "two")
    repo.write("kafka-gitops.yaml", "limits: {topics: 1}\n")
    found = lint(repo, "--base", "HEAD")
    assert found[:2] == (0, "")
    assert f"note: kafka-gitops.yaml of {short} cannot be read: its files are read with today's instead" in found.err


def test_a_repository_without_commits_says_so(tmp_path: Path) -> None:
    git("init", "-q", at=tmp_path)
    desk = Desk(tmp_path)
    desk.write("topologies/pay.yaml", TOPIC.format("pay", "orders", "604800000"))
    for base in ("HEAD", "main"):
        result = desk.run("lint", "--base", base)
        assert (result.code, result.err) == (
            64,
            "error: There is no commit yet in this repository, so none to compare with.\n"
            "  Commit first (git add, git commit), or run without --base.\n",
        )
