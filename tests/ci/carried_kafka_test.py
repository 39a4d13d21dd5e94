"""Two merges that were approved go to a real broker without another approval, by the platform's API; a push does not."""

import json
from pathlib import Path

import merging
import pytest
from desk import topology
from forge import Answer, Asked, forge

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
CONFIG = """\
owner: OWNER
rules: {topic-owner: off}
environments:
  prod:
    bootstrap: HOST
    brokers: 1
    broker_defaults: {default.replication.factor: "1", min.insync.replicas: "1"}
    ledger: required
"""
ANNA, BEN = ({"login": name, "id": number, "type": "User"} for number, name in enumerate(("anna", "ben"), 1))


def _pull(number: int, merged: str, head: str) -> object:
    base = {"ref": "main", "repo": {"full_name": "acme/streams"}}
    more = {"merged_at": "2026-01-01T00:00:00Z", "merge_commit_sha": merged, "user": BEN, "base": base}
    return {"number": number, "head": {"sha": head}, **more}


def _at_github(monkeypatch: pytest.MonkeyPatch, home: Path, api: str, commit: str) -> None:
    event = home.parent / "event.json"
    event.write_text(json.dumps({"ref": "refs/heads/main", "repository": {"default_branch": "main"}}))
    found = {"ACTIONS": "true", "EVENT_NAME": "push", "EVENT_PATH": str(event), "REF": "refs/heads/main"}
    found |= {"SHA": commit, "REPOSITORY": "acme/streams", "TOKEN": "secret-token", "API_URL": api}
    for name, value in found.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)


def test_two_merges_and_a_push(tmp_path: Path, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = merging.repo(tmp_path / "repo")
    config = CONFIG.replace("HOST", kafka.bootstrap).replace("OWNER", prefix.strip("."))
    first = {"kafka-gitops.yaml": config, ".gitignore": "out/\nplan.json\n*-record.json\n"}
    repo.commit("Begin", **first, **{"topologies/a.yaml": topology(prefix, "a")})
    repo.desk.ok("ledger", "init")
    repo.desk.ok("apply", "--yes")
    repo.desk.ok("plan", "-o", "plan.json")
    repo.git("checkout", "-q", "-b", "change")
    head = repo.commit("One more", **{"topologies/b.yaml": topology(prefix, "b")})
    repo.git("checkout", "-q", "main")
    merged = repo.merge("change", "Merge pull request #12 from acme/change")
    squashed = repo.commit("Another (#13)", **{"topologies/c.yaml": topology(prefix, "c")})
    pulls = {merged: [_pull(12, merged, head)], squashed: [_pull(13, squashed, "f" * 40)]}
    reviews = {"12": (ANNA, head), "13": (ANNA, "f" * 40)}

    def answer(asked: Asked) -> Answer:
        words = asked.path.split("/")
        if words[-1] == "events":
            return Answer(body=[{"event": "merged"}])
        if words[-1] == "commits":
            return Answer(body=[{"author": BEN, "committer": BEN}])
        if words[4] == "commits":
            return Answer(body=pulls.get(words[5], []))
        if words[-1] == "reviews":
            who, commit = reviews[words[5]]
            told = {"user": who, "state": "APPROVED", "author_association": "MEMBER", "commit_id": commit}
            return Answer(body=[told])
        return Answer(404, {})

    with forge(answer) as hub:
        _at_github(monkeypatch, repo.desk.home, hub.url, squashed)
        words = ("ci", "apply", "--approved", "plan.json", "--reports", "out", "--no-comment")
        done = repo.desk.unread(*words)
        assert done.code == 0, done.out + done.err
        assert "2 changes come with change requests that were approved: #12 by anna, #13 by anna" in done.out
        pushed = repo.commit("Push", **{"topologies/d.yaml": topology(prefix, "d")})
        _at_github(monkeypatch, repo.desk.home, hub.url, pushed)
        listed = repo.desk.unread(*words)
    assert listed.code == 3, listed.out + listed.err
    why = f"commit {pushed[:7]}: no change request brought it to this branch: create topic {prefix}d"
    assert why in listed.err
    assert "secret-token" not in done.out + done.err + listed.out + listed.err
    with open_cluster(kafka.client()) as cluster:
        names = [name for name in cluster.list_topics() if name.startswith(prefix)]
    assert sorted(names) == [f"{prefix}{name}" for name in "abc"]
