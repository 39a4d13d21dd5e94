"""`bitbucket-pipelines.example.yml`: what a push leaves alone, and what a pipeline by hand does about it."""

from pathlib import Path

import pytest
from bitbucket_runs import EXAMPLE, PROXY, Ran, main, pipeline
from hooking import write
from pipelines import Estate, estate

from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
ALL = [("Lint", 0), ("Plan", 0), ("Apply", 0)]
WEEK, MONTH = "604800000", "2592000000"


@pytest.fixture
def site(tmp_path: Path, prefix: str, kafka: Sandbox) -> Estate:
    """A repository with the example as its pipeline."""
    return estate(tmp_path / "repo", prefix, kafka, EXAMPLE.name, "bitbucket-pipelines.yml")


def by_hand(site: Estate, name: str = "apply", options: str = "") -> Ran:
    """A custom pipeline on the main branch, with the value of its field."""
    told = {PROXY: "http://127.0.0.1:9", "BITBUCKET_BRANCH": "main", "KAFKA_GITOPS_OPTIONS": options}
    return pipeline(site, "custom", name, {**told, **site.login()})


def test_a_push_leaves_an_incidents_mitigation_alone_and_a_run_by_hand_repairs_it(site: Estate) -> None:
    site.commit(f"old retention.ms={WEEK}")
    assert main(site)[0].steps == ALL
    site.alter("old", retention_ms=MONTH)
    site.commit(f"old retention.ms={WEEK}", "new")
    pushed, _ = main(site)
    assert pushed.steps == ALL, pushed.out
    assert site.state() == {"old": {"retention.ms": MONTH}, "new": {}}
    assert by_hand(site, "drift").steps == [("Drift", 2)]
    asked = by_hand(site)
    assert (asked.steps, site.state()["old"]) == ([("Plan", 4)], {"retention.ms": MONTH}), asked.out
    repaired = by_hand(site, options=f"--accept retention-shrink:{site.prefix}old")
    assert repaired.steps == [("Plan", 0), ("Apply", 0)], repaired.out
    assert site.state() == {"old": {"retention.ms": WEEK}, "new": {}}
    assert by_hand(site, "drift").steps == [("Drift", 0)]


def test_what_nobody_applied_is_drift_until_a_run_by_hand_does_it(site: Estate) -> None:
    assert main(site)[0].steps == ALL
    before = site.commit("old", "gone")
    site.make("gone")
    site.commit("old", "first", accept="change-topic-absent")
    assert main(site, manual=False)[0].steps == ALL[:2]
    site.commit("old", "first", "second")
    pushed, _ = main(site)
    assert (pushed.steps, site.topics()) == (ALL, ["gone", "old", "second"]), pushed.out
    drift = by_hand(site, "drift")
    assert (drift.steps, f"+ topic {site.prefix}first" in drift.out) == ([("Drift", 2)], True), drift.out
    done = by_hand(site, options=f"--base {before}")
    assert (done.steps, site.topics()) == ([("Plan", 0), ("Apply", 0)], ["first", "old", "second"]), done.out


def test_a_run_by_hand_accepts_what_has_blanks_and_may_be_about_the_change_alone(site: Estate) -> None:
    assert main(site)[0].steps == ALL
    rule = f"- principals: ['User:{site.prefix}reader']\n  deny: [WRITE]\n  topics: ['{site.prefix}old']\n"
    site.alter("old", retention_ms=MONTH)
    write(site.home / "topologies" / "rights.yaml", f"context: unused\nacls:\n{rule}")
    site.commit("old")
    assert main(site)[0].steps == [("Lint", 0), ("Plan", 4)]
    risk = f"deny-added:User:{site.prefix}reader must not WRITE topic {site.prefix}old"
    accepted = by_hand(site, options=f"--only-change --accept '{risk}'")
    assert accepted.steps == [("Plan", 0), ("Apply", 0)], accepted.out
    assert (site.principals(), site.state()) == ({"reader"}, {"old": {"retention.ms": MONTH}})
