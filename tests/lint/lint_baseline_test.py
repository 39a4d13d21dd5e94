"""Baselines: what is known is not reported, what is new is; the same file wherever a run starts."""

import json
from pathlib import Path

import pytest
from desk import Desk, Result

TOPIC = "  - name: {0}\n    config: {{num.partitions: '60'}}\n"
HEAD = "context: acme\nprojects:\n- name: pay\n  topics:\n"
FILE = "kafka-gitops-baseline.json"
SAID = "60 partitions; more than 50 are seldom needed"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A repository with two topics of too many partitions."""
    (tmp_path / ".git").mkdir()
    found = Desk(tmp_path)
    found.write("topologies/pay.yaml", HEAD + TOPIC.format("a") + TOPIC.format("b"))
    return found


def lint(desk: Desk, *words: str) -> Result:
    """Lint, a line each."""
    return desk.run("lint", "--format", "concise", *words)


def test_a_baseline_holds_no_lines_and_hides_what_it_holds(desk: Desk) -> None:
    written = lint(desk, "--write-baseline")
    assert written[:2] == (0, "")
    assert f"2 findings written to {FILE}. From now on: --baseline {FILE}\n" in written.err
    body = json.loads((desk.home / FILE).read_text())
    assert body["format"] == 1
    assert [(row["rule"], row["path"], row["address"]) for row in body["findings"]] == [
        ("topic-partitions", "topologies/pay.yaml", "/projects/pay/topics/a/config/num.partitions"),
        ("topic-partitions", "topologies/pay.yaml", "/projects/pay/topics/b/config/num.partitions"),
    ]
    found = lint(desk, "--baseline", FILE, "--fail-on", "warning")
    assert found[:2] == (0, "")
    assert f"note: 2 known, in {FILE}\n" in found.err


def test_only_what_is_new_is_reported_wherever_it_stands(desk: Desk) -> None:
    lint(desk, "--write-baseline")
    desk.write("topologies/pay.yaml", "# more\n\n" + HEAD + TOPIC.format("new") + TOPIC.format("b") + TOPIC.format("a"))
    found = lint(desk, "--baseline", FILE)
    assert found.out == f"topologies/pay.yaml:8:30: warning topic-partitions {SAID}\n"


def test_what_is_found_no_more_is_told(desk: Desk) -> None:
    lint(desk, "--write-baseline")
    desk.write("topologies/pay.yaml", HEAD + TOPIC.format("a"))
    said = (
        f"note: 1 of {FILE} no longer found: topic-partitions at topologies/pay.yaml/projects/pay/topics/b/config/"
        f"num.partitions; write it anew: kafka-gitops lint --write-baseline={FILE}\n"
    )
    assert said in lint(desk, "--baseline", FILE).err


def test_a_file_that_is_not_read_is_not_stale(desk: Desk) -> None:
    desk.write("topologies/other.yaml", HEAD.replace("pay", "other") + TOPIC.format("c"))
    lint(desk, "--write-baseline")
    assert "no longer found" not in lint(desk, "--baseline", FILE, "topologies/other.yaml").err


def test_the_config_can_name_it_and_a_run_may_start_below(desk: Desk) -> None:
    lint(desk, "--write-baseline=ci/known.json")
    desk.write("kafka-gitops.yaml", "baseline: ci/known.json\ntopology: topologies/\n")
    assert lint(desk).out == ""
    assert lint(Desk(desk.home / "topologies")).out == ""
    assert lint(Desk(desk.home / "topologies"), "pay.yaml").out == ""


def test_the_same_findings_are_the_same_bytes(desk: Desk) -> None:
    lint(desk, "--write-baseline=one.json", "topologies")
    lint(desk, "--write-baseline=two.json", "./topologies/pay.yaml")
    assert (desk.home / "one.json").read_bytes() == (desk.home / "two.json").read_bytes()


def test_what_a_policy_demands_and_waivers_are_never_known(desk: Desk) -> None:
    desk.write("policy.yaml", "rules: {topic-partitions: warning}\n")
    desk.write("topologies/w.yaml", "context: acme\n# kafka-gitops: allow topic-owner\nprojects: []\n")
    written = lint(desk, "--policy", "policy.yaml", "--write-baseline")
    assert f"0 findings written to {FILE}; 3 cannot be in a baseline (a change, a waiver, a policy)." in written.err
    lint(desk, "--write-baseline")
    found = lint(desk, "--policy", "policy.yaml", "--baseline", FILE)
    assert [line.split(" ")[2] for line in found.out.splitlines()] == [
        *("topic-partitions", "topic-partitions", "waiver-without-reason"),
    ]


@pytest.mark.parametrize(
    "text", ["", "[" * 100_000, "[]", '{"format": 1}', '{"format": 1, "findings": [{"rule": "x"}]}', "\x00"]
)
def test_what_is_no_baseline_is_refused(desk: Desk, text: str) -> None:
    desk.write("b.json", text)
    found = lint(desk, "--baseline", "b.json")
    assert found[:2] == (78, "")
    assert "b.json: this is not a baseline\n  Write it anew: kafka-gitops lint --write-baseline=b.json" in found.err


def test_other_refusals(desk: Desk) -> None:
    assert "There is no baseline b.json." in lint(desk, "--baseline", "b.json").err
    desk.write("b.json", '{"format": 9, "findings": []}')
    assert "b.json: a baseline of format 9, expected 1" in lint(desk, "--baseline", "b.json").err
    eaten = lint(desk, "--write-baseline", "topologies")
    assert eaten.code == 64
    assert "--write-baseline topologies: a baseline cannot be written there." in eaten.err


def test_a_plan_does_not_stop_at_what_is_known(desk: Desk) -> None:
    desk.write("topologies/pay.yaml", HEAD + "  - name: new orders\n")
    connect = ("-X", "bootstrap.servers=localhost:1", "--timeout", "1")
    assert "1 error in the files, nothing was planned." in desk.run("plan", *connect).err
    lint(desk, "--write-baseline")
    desk.write("kafka-gitops.yaml", f"baseline: {FILE}\n")
    assert desk.run("plan", *connect).code == 5  # on to the cluster, which is not there
