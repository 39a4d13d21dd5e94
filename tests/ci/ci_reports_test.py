"""`kafka-gitops ci` where its reports cannot be written: said before anything is done, or afterwards as a warning."""

from pathlib import Path

import pytest
from desk import ONE_CLUSTER, Desk, topology

from kafka_gitops.sandbox import Sandbox

PLATFORMS = {
    "plain": {},
    "github": {"GITHUB_ACTIONS": "true"},
    "gitlab": {"GITLAB_CI": "true"},
    "jenkins": {"JENKINS_URL": "https://ci.example"},
    "bitbucket": {"BITBUCKET_BUILD_NUMBER": "7"},
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A topology and an environment."""
    made = Desk(tmp_path)
    made.write("kafka-gitops.yaml", ONE_CLUSTER)
    made.write("topologies/a.yaml", topology("acme.", "orders"))
    return made


@pytest.mark.parametrize("command", ["lint", "plan", "apply", "drift"])
def test_a_file_in_the_way_stops_a_run_before_it_does_anything(desk: Desk, command: str) -> None:
    desk.write("kafka-gitops-reports", "a file\n")
    result = desk.run("ci", command)
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "error: No report can be written into kafka-gitops-reports: File exists.\n"
        "  Remove what is there or make it writable, or name another directory: --reports DIR\n"
    )


def test_a_directory_below_a_file_is_named(desk: Desk) -> None:
    result = desk.run("ci", "lint", "--reports", "kafka-gitops.yaml/out")
    assert result.code == 1
    assert "No report can be written into kafka-gitops.yaml/out: Not a directory." in result.err


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_was_found_is_told_though_a_report_cannot_be_written(
    desk: Desk, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in PLATFORMS[platform].items():
        monkeypatch.setenv(name, value)
    (desk.home / "kafka-gitops-reports" / "summary.md").mkdir(parents=True)
    result = desk.run("ci", "lint")
    assert result.code == 0
    assert "No problems in 1 file, 1 topic" in result.out or platform == "github"  # which says nothing of it
    assert "warning: Not everything was reported: kafka-gitops-reports/summary.md cannot be written" in result.err


@pytest.mark.kafka
def test_what_was_applied_is_told_though_a_report_cannot_be_written(
    desk: Desk, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD", kafka.admin_password)
    desk.write("kafka-gitops.yaml", ONE_CLUSTER.replace("127.0.0.1:9", kafka.sasl_bootstrap))
    desk.write("topologies/a.yaml", topology(prefix, "a"))
    (desk.home / "kafka-gitops-reports" / "apply.json").mkdir(parents=True)
    result = desk.run("ci", "apply", "--yes")
    assert result.code == 0
    assert "1 applied, 0 failed, 0 skipped" in result.out
    assert "warning: Not everything was reported: kafka-gitops-reports/apply.json cannot be written" in result.err
    written = {path.name for path in (desk.home / "kafka-gitops-reports").iterdir() if path.is_file()}
    assert {"plan.json", "summary.md"} <= written


@pytest.mark.parametrize("name", ["apply.json", "plan.json", "summary.md"])
def test_a_report_that_cannot_be_written_takes_no_other_with_it(desk: Desk, name: str) -> None:
    (desk.home / "kafka-gitops-reports" / name).mkdir(parents=True)
    (desk.home / "kafka-gitops-reports" / "lint.json").mkdir(parents=True)
    desk.run("ci", "lint")
    written = {path.name for path in (desk.home / "kafka-gitops-reports").iterdir() if path.is_file()}
    assert {"lint.sarif", "lint.junit.xml", "summary.md"} - {name} == written


def test_a_platform_that_answers_oddly_ends_no_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def odd(*_: object) -> None:
        raise KeyError("id")

    monkeypatch.setattr("kafka_gitops.ci.plain.report", odd)
    result = desk.run("ci", "lint")
    assert (result.code, result.err) == (
        0,
        "warning: Not everything was reported: an answer of plain is not as expected (KeyError 'id')\n",
    )
