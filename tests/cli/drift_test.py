"""`kafka-gitops drift`: what it offers, and that it tells of a difference whatever a repair would need."""

from pathlib import Path

import pytest
from desk import ONE_CLUSTER, Desk, topology

from kafka_gitops.cli.main import parser_of
from kafka_gitops.sandbox import Sandbox


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty directory."""
    return Desk(tmp_path)


def test_it_offers_nothing_about_a_change_or_its_consent(desk: Desk) -> None:
    told = parser_of("drift").format_help()
    for option in ("--base", "--only-change", "--prune", "--accept", "--max-deletes", "--exit-code"):
        assert option not in told
        assert desk.run("drift", option).code == 64
    for option in ("--format", "--report", "--only", "--recursive", "--undeclared-configs"):
        assert option in told


@pytest.mark.kafka
@pytest.mark.parametrize("command", [["drift"], ["ci", "drift"]])
def test_a_repair_with_a_risk_is_a_difference_like_any_other(
    desk: Desk, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("PASSWORD", kafka.admin_password)
    desk.write("kafka-gitops.yaml", ONE_CLUSTER.replace("127.0.0.1:9", kafka.sasl_bootstrap))
    desk.write("topologies/a.yaml", topology(prefix, "a retention.ms=2000"))
    desk.ok("apply", "--yes")
    assert desk.run(*command).code == 0
    desk.write("topologies/a.yaml", topology(prefix, "a retention.ms=1000"))
    assert desk.run("plan", "--exit-code").code == 4
    result = desk.run(*command)
    assert result.code == 2
    assert "! retention-shrink" in result.out


@pytest.mark.kafka
def test_what_cannot_be_repaired_is_a_difference_and_nobody_is_asked(
    desk: Desk, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD", kafka.admin_password)
    desk.write("kafka-gitops.yaml", ONE_CLUSTER.replace("127.0.0.1:9", kafka.sasl_bootstrap))
    desk.write("topologies/a.yaml", topology(prefix, "a num.partitions=3"))
    desk.ok("apply", "--yes")
    desk.write("topologies/a.yaml", topology(prefix, "a num.partitions=1"))
    assert desk.run("drift").code == 2
    monkeypatch.setenv("JENKINS_URL", "https://ci.example")
    said = "Nothing can be applied: 1 difference cannot be done, see below why."
    assert said in desk.ok("ci", "plan", "--merged")
    reports = desk.home / "kafka-gitops-reports"
    assert (reports / "has-changes").read_text(encoding="utf-8") == "false\n"
    assert said in (reports / "summary.md").read_text(encoding="utf-8")
