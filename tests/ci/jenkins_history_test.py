"""What one build of `Jenkinsfile.example` leaves to the next: what nobody applied is planned until somebody does."""

from pathlib import Path
from typing import Any

import pytest
from hooking import write
from jenkins_runs import MAIN, Ran, brought_to, run
from pipelines import Estate, estate

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.sandbox import Sandbox

pytestmark = [pytest.mark.kafka, pytest.mark.ci]
OPTIONS = "KAFKA_GITOPS_OPTIONS"
DAY, WEEK, MONTH = "86400000", "604800000", "2592000000"


@pytest.fixture
def site(tmp_path: Path, prefix: str, kafka: Sandbox) -> Estate:
    """A repository with the example as its Jenkinsfile, which revokes rights too."""
    made = estate(tmp_path / "repo", prefix, kafka, "Jenkinsfile.example", "Jenkinsfile")
    config = made.home / "kafka-gitops.yaml"
    write(config, config.read_text(encoding="utf-8").replace("prune: [topics]", "prune: [topics, acls]"))
    return made


def rights(site: Estate, **operations: str) -> None:
    """A file of rights (`allow="READ"`, `deny="WRITE"`) for the next commit."""
    rules = [
        f"- principals: ['User:{site.prefix}reader']\n  {what}: [{named}]\n  topics: ['{site.prefix}old']\n"
        for what, named in operations.items()
    ]
    write(site.home / "topologies" / "rights.yaml", f"context: unused\nacls:\n{''.join(rules)}")


def granted(site: Estate) -> set[str]:
    """The operations that the cluster has rights for."""
    with open_cluster(site.kafka.client()) as cluster:
        return {one.operation for one in cluster.list_acls() if one.principal == f"User:{site.prefix}reader"}


def builds(site: Estate, past: list[Ran], **scenario: Any) -> Ran:
    """The next build of the main branch, which `past` gets."""
    past.append(run(site, MAIN, after=past, **scenario))
    return past[-1]


def test_a_revocation_that_nobody_approved_is_planned_until_it_is_done(site: Estate) -> None:
    rights(site, allow="READ, WRITE")
    first = site.commit("old")
    past: list[Ran] = []
    assert builds(site, past, input="granted").result == "SUCCESS"
    rights(site, allow="READ")
    site.commit("old")
    assert builds(site, past, input="aborted").result == "ABORTED"
    assert builds(site, past).result == "ABORTED"  # nobody answers until the time is out
    timer = builds(site, past, cause="TimerTrigger")
    assert (timer.result, timer.stages(), timer.exits()) == ("SUCCESS", ["Lint", "Drift"], [0, 0]), timer.shells()
    narrow = builds(site, past, parameters={OPTIONS: "--only topics"})
    assert (narrow.result, narrow.stages()) == ("SUCCESS", ["Lint", "Plan"]), narrow.shells()
    assert {one.variables["KAFKA_GITOPS_BASE"] for one in past} == {first}
    assert granted(site) == {"READ", "WRITE"}
    done = builds(site, past, input="granted")
    assert (done.result, done.exits(), granted(site)) == ("SUCCESS", [0, 0, 0], {"READ"}), done.shells()
    again = builds(site, past)
    assert (again.result, again.stages()) == ("SUCCESS", ["Lint", "Plan"]), again.shells()
    assert done.variables["KAFKA_GITOPS_BASE"] == again.variables["KAFKA_GITOPS_BASE"] == site.head()


def test_a_build_by_hand_repairs_what_others_leave_alone(site: Estate) -> None:
    site.commit(f"old retention.ms={WEEK}")
    past = [run(site, MAIN, input="granted")]
    site.alter("old", retention_ms=MONTH)
    site.commit(f"old retention.ms={WEEK}", "new")
    usual = builds(site, past, input="granted")
    assert (usual.result, site.state()) == ("SUCCESS", {"old": {"retention.ms": MONTH}, "new": {}}), usual.shells()
    assert builds(site, past).stages() == ["Lint", "Plan"]
    whole = f"--no-only-change --accept retention-shrink:{site.prefix}old"
    repair = builds(site, past, input="granted", parameters={OPTIONS: whole})
    assert (repair.result, repair.exits()) == ("SUCCESS", [0, 0, 0]), repair.shells()
    assert site.state() == {"old": {"retention.ms": WEEK}, "new": {}}


def test_a_build_by_hand_accepts_a_risk_in_lint_plan_and_apply(site: Estate) -> None:
    rights(site, allow="READ")
    site.commit(f"old retention.ms={WEEK}")
    past = [run(site, MAIN, input="granted")]
    rights(site, allow="READ", deny="WRITE")
    site.commit(f"old retention.ms={DAY}")
    assert builds(site, past).exits() == [1]
    shrink, deny = f"retention-shrink:{site.prefix}old", f"deny-added:User:{site.prefix}reader must not WRITE topic"
    accepted = f"--accept {shrink} --accept '{deny} {site.prefix}old'"
    done = builds(site, past, input="granted", parameters={OPTIONS: accepted})
    assert (done.result, done.exits()) == ("SUCCESS", [0, 0, 0]), done.shells()
    assert site.state() == {"old": {"retention.ms": DAY}}
    after = builds(site, past)
    assert (after.result, after.exits()) == ("SUCCESS", [0, 0]), after.shells()


def test_where_history_was_rewritten_all_that_differs_is_planned(site: Estate) -> None:
    ran = run(site, MAIN, after=[brought_to("0123456789" * 4)], input="granted")
    assert (ran.result, ran.exits(), site.state()) == ("SUCCESS", [0, 0, 0], {"old": {}}), ran.shells()
    assert "0123456789" in ran.shells()
