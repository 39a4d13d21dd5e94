"""`kafka-gitops ci` where no platform is known: one command from the plan to the approved apply, on a real broker."""

import json
from pathlib import Path

import pytest
from desk import ONE_CLUSTER, Desk, topology
from hooking import git, head, write

from kafka_gitops import ci
from kafka_gitops.ci import plain
from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.model import Acl
from kafka_gitops.sandbox import Sandbox

CONFIG = f"prune: [topics]\n{ONE_CLUSTER}"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A repository without a cluster."""
    made = Desk(tmp_path)
    made.write("kafka-gitops.yaml", CONFIG)
    made.write("topologies/a.yaml", topology("acme.", "orders"))
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "all")
    return made


@pytest.fixture
def live(desk: Desk, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The same with a broker, and one new topic `a`."""
    monkeypatch.setenv("PASSWORD", kafka.admin_password)
    desk.write("kafka-gitops.yaml", CONFIG.replace("127.0.0.1:9", kafka.sasl_bootstrap))
    desk.write("topologies/a.yaml", topology(prefix, "a"))
    return desk


def topics(kafka: Sandbox, prefix: str) -> list[str]:
    with open_cluster(kafka.client()) as cluster:
        return sorted(name for name in cluster.list_topics() if name.startswith(prefix))


def merge_request(monkeypatch: pytest.MonkeyPatch, home: Path, base: str) -> None:
    """From now on the runs are those of a merge request that began with this commit."""
    git(home, "update-ref", "refs/remotes/origin/main", base)
    variables = {"GITLAB_CI": "true", "CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
    variables |= {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_DEFAULT_BRANCH": "main"}
    for name, value in {**variables, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1", "CI_PROJECT_ID": "1"}.items():
        monkeypatch.setenv(name, value)


def change(desk: Desk, why: str, text: str) -> None:
    """Commit another topology."""
    desk.write("topologies/a.yaml", text)
    git(desk.home, "add", "-A")
    git(desk.home, "commit", "-qm", why)


def approve(desk: Desk) -> str:
    """Plan, and give the plan's digest; the plan itself is in approved.json."""
    desk.ok("ci", "plan")
    text = (desk.home / "kafka-gitops-reports" / "plan.json").read_text()
    desk.write("approved.json", text)
    digest = json.loads(text)["approval"]
    assert isinstance(digest, str)
    return digest


def test_every_platform_is_there_and_plain_is_the_last() -> None:
    modules = [ci.module(name) for name in ci.PLATFORMS]
    assert [one.NAME for one in modules] == list(ci.PLATFORMS)
    found, context = ci.detect({"KAFKA_GITOPS_BASE": "main"})
    assert (found.NAME, context) == ("plain", plain.detect({"KAFKA_GITOPS_BASE": "main"}))
    assert context.base == "main"
    assert all(one.detect({}) is None for one in modules[:-1])


def test_a_pipeline_adds_options_quoted_as_in_a_shell(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_GITOPS_OPTIONS", "--accept 'deny-added:User:a must not READ topic b' --timeout=9")
    desk.ok("ci", "lint")
    summary = (desk.home / "kafka-gitops-reports" / "summary.md").read_text()
    assert "--accept=deny-added:User:a must not READ topic b" in summary.replace("\\", "")
    monkeypatch.setenv("KAFKA_GITOPS_OPTIONS", "--accept 'deny-added:User:a must not")
    result = desk.run("ci", "lint")
    assert (result.code, "KAFKA_GITOPS_OPTIONS cannot be read: No closing quotation" in result.err) == (64, True)
    monkeypatch.setenv("KAFKA_GITOPS_OPTIONS", "--no-such")
    desk.ok("lint")


def test_what_a_pipeline_accepts_is_accepted_in_lint_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    change(desk, "before", topology("acme.", "orders retention.ms=604800000"))
    base = head(desk.home)
    change(desk, "shorter", topology("acme.", "orders retention.ms=86400000"))
    assert desk.run("ci", "lint", "--base", base).code == 1
    monkeypatch.setenv("KAFKA_GITOPS_OPTIONS", "--accept retention-shrink:acme.orders --accept first-acl")
    assert "accepted by --accept" in desk.ok("ci", "lint", "--base", base)
    desk.ok("ci", "lint")  # without a commit to compare with there is nothing to accept
    monkeypatch.setenv("KAFKA_GITOPS_OPTIONS", "--accept retention-shrunk")
    assert 'Did you mean "change-retention-shrink"?' in desk.run("ci", "lint", "--base", base).err


def test_a_push_whose_first_commit_is_gone_is_looked_at_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITLAB_CI", "true")
    monkeypatch.setenv("CI_COMMIT_BEFORE_SHA", "1" * 40)
    result = desk.run("ci", "lint", "--only-change")
    assert result.code == 0
    assert "Git has no commit 111111111111, which was there before this push: all that differs is" in result.out
    assert desk.run("ci", "lint", "--base", "1" * 40).code == 64


def test_lint_writes_its_files_and_the_log(desk: Desk) -> None:
    desk.write("topologies/a.yaml", topology("acme.", "orders retention.mss=1"))
    result = desk.run("ci", "lint", "--reports", "out")
    assert result.code == 1
    assert "1 problem (1 error) in 1 file, 1 topic" in result.out
    assert sorted(path.name for path in (desk.home / "out").iterdir()) == [
        "lint.json",
        "lint.junit.xml",
        "lint.sarif",
        "summary.md",
    ]


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("never", 0)])
def test_lint_fails_from_the_severity_that_is_asked_for(desk: Desk, fail_on: str, code: int) -> None:
    desk.write("kafka-gitops.yaml", CONFIG.replace("topic-owner: off", "topic-unclean-election: warning"))
    desk.write("topologies/a.yaml", topology("acme.", "orders unclean.leader.election.enable=true"))
    assert desk.run("ci", "lint", "--fail-on", fail_on).code == code


def test_a_missing_password_is_an_error_where_nobody_proposes_anything(desk: Desk) -> None:
    result = desk.run("ci", "plan")
    assert result.code == 78
    assert "the variable PASSWORD is not set" in result.err


@pytest.mark.kafka
def test_the_approved_plan_is_applied(live: Desk, kafka: Sandbox, prefix: str) -> None:
    approve(live)
    assert topics(kafka, prefix) == []
    out = live.ok("ci", "apply", "--approved", "approved.json")
    assert "1 applied, 0 failed, 0 skipped" in out
    assert topics(kafka, prefix) == [f"{prefix}a"]
    report = json.loads((live.home / "kafka-gitops-reports" / "apply.json").read_text())
    assert report["summary"]["done"] == 1
    assert "No changes" in live.ok("ci", "apply", "--approved", "approved.json")


@pytest.mark.kafka
def test_a_user_whose_name_is_part_of_others_is_no_secret(
    live: Desk, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = (live.home / "kafka-gitops.yaml").read_text()
    live.write("kafka-gitops.yaml", config.replace("sasl.username: admin", 'sasl.username: "${KAFKA_USERNAME}"'))
    monkeypatch.setenv("KAFKA_USERNAME", "reporting")
    monkeypatch.setenv("PASSWORD", kafka.users["reporting"])
    rights = ("DESCRIBE", "DESCRIBE_CONFIGS", "CREATE", "ALTER", "ALTER_CONFIGS")
    with open_cluster(kafka.client()) as admin:
        admin.create_acls([Acl("User:reporting", "*", right, "ALLOW", "TOPIC", "PREFIXED", prefix) for right in rights])
    live.write("topologies/a.yaml", topology(prefix, "reporting"))
    approve(live)
    assert f"topic {prefix}reporting" in live.ok("ci", "apply", "--approved", "approved.json")


@pytest.mark.kafka
def test_by_its_digest_it_must_be_equal(live: Desk, kafka: Sandbox, prefix: str) -> None:
    digest = approve(live)
    live.write("topologies/a.yaml", topology(prefix, "a", "b"))
    assert live.run("ci", "apply", "--approved", digest).code == 3
    assert topics(kafka, prefix) == []
    live.write("topologies/a.yaml", topology(prefix, "a"))
    live.ok("ci", "apply", "--approved", digest)
    assert topics(kafka, prefix) == [f"{prefix}a"]


@pytest.mark.kafka
def test_a_subset_is_applied_and_what_is_new_is_named(live: Desk, kafka: Sandbox, prefix: str) -> None:
    live.write("topologies/a.yaml", topology(prefix, "a", "b"))
    approve(live)
    live.write("topologies/a.yaml", topology(prefix, "a", "c"))
    result = live.run("ci", "apply", "--approved", "approved.json")
    assert result.code == 3
    assert f"changes that nobody approved: create topic {prefix}c" in result.err
    summary = (live.home / "kafka-gitops-reports" / "summary.md").read_text()
    assert f"**Not in the approved plan:**\n\n* create `topic {prefix}c`" in summary
    assert topics(kafka, prefix) == []
    live.write("topologies/a.yaml", topology(prefix, "a"))
    live.ok("ci", "apply", "--approved", "approved.json")
    assert topics(kafka, prefix) == [f"{prefix}a"]


@pytest.mark.kafka
def test_without_an_approval_nothing_is_applied(live: Desk, kafka: Sandbox, prefix: str) -> None:
    result = live.run("ci", "apply")
    assert result.code == 64
    assert "Nothing was applied: no plan was approved" in result.err
    assert topics(kafka, prefix) == []
    live.ok("ci", "apply", "--yes")
    assert topics(kafka, prefix) == [f"{prefix}a"]


@pytest.mark.kafka
def test_a_plan_file_that_cannot_be_the_approved_one(live: Desk, kafka: Sandbox, prefix: str) -> None:
    approve(live)
    text = (live.home / "approved.json").read_text()
    live.write("edited.json", text.replace(f"{prefix}a", f"{prefix}b"))
    for name, said in (("edited.json", "was edited"), ("absent.json", "cannot be read")):
        result = live.run("ci", "apply", "--approved", name)
        assert (result.code, said in result.err) == (1, True), result
    config = (live.home / "kafka-gitops.yaml").read_text()
    live.write("kafka-gitops.yaml", config.replace("  prod:", "  dev:"))
    result = live.run("ci", "apply", "--approved", "approved.json")
    assert (result.code, "is for environment prod, not for dev" in result.err) == (1, True), result
    assert topics(kafka, prefix) == []


@pytest.mark.kafka
def test_a_blocking_risk_stops_an_approved_plan_too(live: Desk, kafka: Sandbox, prefix: str) -> None:
    live.ok("ci", "apply", "--yes")
    write(live.home / "topologies" / "a.yaml", topology(prefix, "a retention.ms=1000"))
    assert live.run("ci", "plan").code == 4
    plan = live.home / "kafka-gitops-reports" / "plan.json"
    live.write("approved.json", plan.read_text())
    assert live.run("ci", "apply", "--approved", "approved.json").code == 4
    live.ok("ci", "apply", "--approved", "approved.json", "--accept", "retention-shrink")


@pytest.mark.kafka
def test_a_commit_accepts_the_risk_of_one_resource(live: Desk, kafka: Sandbox, prefix: str) -> None:
    live.write("topologies/a.yaml", topology(prefix, "a", "b"))
    live.ok("ci", "apply", "--yes")
    git(live.home, "add", "-A")
    git(live.home, "commit", "-qm", "before")
    base = head(live.home)
    live.write("topologies/a.yaml", topology(prefix, "a retention.ms=1000", "b retention.ms=1000"))
    trailers = ("retention-shrink", f"retention-shrink {prefix}b", "no-such-risk x")
    message = "\n".join(["shorter", "", *(f"Kafka-Gitops-Accept: {text}" for text in trailers)])
    git(live.home, "commit", "-qam", message)
    result = live.run("ci", "plan", "--base", base)
    assert result.code == 4
    assert f"note: risk retention-shrink on {prefix}b is accepted by t (commit " in result.err
    assert f"risk retention-shrink on topic {prefix}a is not accepted" in result.err
    git(live.home, "commit", "-q", "--allow-empty", "-m", f"ok\n\nKafka-Gitops-Accept: retention-shrink {prefix}a")
    assert live.ok("ci", "plan", "--base", base).count("  accepted by t (commit ") == 2
    assert "| accepted by t \\(commit " in (live.home / "kafka-gitops-reports" / "summary.md").read_text()


@pytest.mark.kafka
def test_what_was_pending_before_a_change_request_does_not_stop_it(
    live: Desk, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.ok("ci", "apply", "--yes")
    change(live, "pending", topology(prefix, "a retention.ms=1000"))
    merge_request(monkeypatch, live.home, head(live.home))
    change(live, "one more", topology(prefix, "a retention.ms=1000", "b"))
    told = live.ok("ci", "plan")
    assert "  1 topic to create, 0 to update, 0 to delete\n" in told
    assert f"not applied): 1 to update: topic {prefix}a\n" in told
    assert "retention-shrink" not in told
    reports = live.home / "kafka-gitops-reports"
    assert json.loads((reports / "terraform.json").read_text()) == {"create": 1, "update": 0, "delete": 0}
    assert "not applied): 1 to update; 1 risk</summary>" in (reports / "summary.md").read_text()
    assert len(json.loads((reports / "plan.json").read_text())["changes"]) == 2


@pytest.mark.kafka
def test_a_change_request_names_the_line_that_accepts_its_risk(
    live: Desk, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(live, "two seconds", topology(prefix, "a retention.ms=2000"))
    live.ok("ci", "apply", "--yes")
    merge_request(monkeypatch, live.home, head(live.home))
    change(live, "one second", topology(prefix, "a retention.ms=1000"))
    refused = live.run("ci", "plan", "--fail-on", "never")
    line = f"Kafka-Gitops-Accept: retention-shrink {prefix}a"
    assert (refused.code, refused.err.splitlines()[-2:]) == (
        4,
        ["  To accept, end the message of a commit with:", f"  {line}"],
    )
    git(live.home, "commit", "-q", "--allow-empty", "-m", f"ok\n\n{line}")
    assert "info[change-retention-shrink]" in live.ok("ci", "plan")


@pytest.mark.kafka
def test_drift_is_exit_2_whatever_the_base(live: Desk, kafka: Sandbox, prefix: str) -> None:
    base = head(live.home)
    result = live.run("ci", "drift", "--base", base, "--only-change")
    assert result.code == 2
    assert "1 topic to create" in result.out
    live.ok("ci", "apply", "--yes")
    assert live.run("ci", "drift").code == 0
