"""A real broker with a ledger: what an apply did is in the history, and `undo` shows how it is taken back."""

import re
from pathlib import Path

import pytest
from desk import Desk
from merging import Repo, repo

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.ledger.log import PREFIX
from kafka_gitops.model import Topic
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
CONFIG = """\
owner: {owner}
rules: {{topic-owner: off}}
prune: [topics]
environments:
  prod:
    bootstrap: {bootstrap}
    ledger: required
    brokers: 1
    broker_defaults: {{default.replication.factor: "1", min.insync.replicas: "1"}}
    client: {{security.protocol: SASL_PLAINTEXT, sasl.mechanism: PLAIN, sasl.username: admin, sasl.password: "${{PASSWORD}}"}}
"""
FILE = "topologies/a.yaml"
_RUN = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")


def topology(prefix: str, **retentions: int) -> str:
    lines = ["context: unused", "special_topics:"]
    for name, days in retentions.items():
        lines += [f"- name: {prefix}{name}", f'  config: {{retention.ms: "{days * 86400000}"}}']
    return "\n".join([*lines, ""])


@pytest.fixture
def acme(tmp_path: Path, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """Two commits that were applied: a topic; then, by a merge, a shorter retention and another topic."""
    monkeypatch.setenv("PASSWORD", kafka.admin_password)
    owner = f"{prefix.rstrip('.')}-undo"
    settings = {
        "cleanup.policy": "compact",
        "message.timestamp.type": "LogAppendTime",
        "min.compaction.lag.ms": "3600000",
    }
    with open_cluster(kafka.client()) as cluster:
        assert not any(cluster.create_topics({f"{PREFIX}{owner}.prod": Topic(1, 1, settings)}).values())
    made = repo(tmp_path / "acme")
    config = CONFIG.format(owner=owner, bootstrap=kafka.sasl_bootstrap)
    ignored = "kafka-gitops-*.json\n"
    made.commit("Begin", **{"kafka-gitops.yaml": config, FILE: topology(prefix, a=7), ".gitignore": ignored})
    made.desk.ok("apply", "--yes")
    made.git("checkout", "-q", "-b", "more")
    made.commit("Shorter, and one more", **{FILE: topology(prefix, a=3, b=7)})
    made.git("checkout", "-q", "main")
    made.merge("more", "Merge pull request #7 from acme/more")
    made.desk.ok("apply", "--yes", "--accept", "retention-shrink")
    return made


def run_of(desk: Desk, name: str) -> str:
    """The newest run that touched a resource."""
    out = desk.ok("history", f"topic {name}")
    return str(_RUN.findall(out)[0])


def test_what_was_applied_is_told_and_undone_by_a_revert(acme: Repo, prefix: str) -> None:
    out = acme.desk.ok("history", f"topic {prefix}b")
    assert re.search(rf"applied  \w+  apply: 2 changes\n(  .*\n)*  \+ topic {re.escape(prefix)}b", out)
    assert "  change request  #7: git (unproved)\n" in out
    run = run_of(acme.desk, f"{prefix}a")
    shown = acme.desk.ok("undo", run, "--accept", "topic-delete")
    merge = acme.git("rev-parse", "HEAD")
    assert f"1 commit to revert, newest first:\n  git revert --no-edit -m 1 {merge}\n" in shown
    assert f"topic {prefix}a  retention-shrink: " in shown
    assert re.search(r"retention\.ms +259200000 \(3 days\) -> 604800000 \(7 days\)", shown)
    assert f"- topic {prefix}b" in shown
    assert acme.git("status", "--porcelain") == ""
    assert acme.git("worktree", "list").count("\n") == 0
    assert acme.desk.run("plan", "--exit-code").code == 0
    result = acme.desk.run("undo", f"{run[:-1]}z")
    assert (result.code, result.out) == (64, "")
    assert f'The ledger has no run "{run[:-1]}z". Did you mean "{run}"?' in result.err
    acme.commit("Other", **{FILE: topology(prefix, a=2, b=7)})
    result = acme.desk.run("undo", run)
    assert result.code == 1
    assert "cannot be reverted by itself: newer commits changed topologies/a.yaml too." in result.err


def test_an_emergency_is_undone_now_and_held_until_the_revert_is_merged(acme: Repo, prefix: str) -> None:
    a, b = f"{prefix}a", f"{prefix}b"
    run = run_of(acme.desk, a)
    undo = ("undo", run, "--now", "--yes")
    assert acme.desk.run(*undo).code == 64
    acme.commit("Longer, planned before", **{FILE: topology(prefix, a=4, b=7)})
    assert acme.desk.run("plan", "-o", "kafka-gitops-plan.json").code == 0
    acme.git("reset", "-q", "--hard", "HEAD~1")
    result = acme.desk.run(*undo, "--reason", "records went too early, OPS-12")
    assert result.code == 0, result
    assert re.search(r"On hold until \S+ \S+ UTC, or until an apply finds the revert merged: ", result.err)
    assert acme.git("status", "--porcelain") == ""

    refused = acme.desk.run("apply", "kafka-gitops-plan.json", "--yes")
    assert refused.code == 3 and "is held since it was made" in refused.err, refused
    plan = acme.desk.run("plan", "--exit-code")
    assert plan.code == 0, plan
    assert f"topic {b}  held until " in plan.out
    acme.desk.ok("apply", "--yes")
    assert acme.desk.run("drift").code == 0
    shown = acme.desk.ok("history", f"topic {a}")
    assert re.search(r"undone  \w+  undo: 2 changes\n(  .*\n)*  reason +records went too early, OPS-12\n", shown)
    assert f"hold  topic {a} is left as it is until" in shown

    acme.git("revert", "--no-edit", "-m", "1", "HEAD")
    acme.desk.ok("apply", "--yes")
    acme.commit("Anew", **{FILE: topology(prefix, a=9)})
    acme.desk.ok("apply", "--yes")
    last = acme.desk.ok("history", f"topic {a}").partition("\n\n")[2]
    assert re.match(
        r".* applied  \w+  apply: 1 change\n(  .*\n)*      retention.ms  604800000 \(7 days\) -> 777600000", last
    )
