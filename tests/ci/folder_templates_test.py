"""The pages' recipes for one directory of a bigger repository: Jenkins' and Bitbucket's examples with them, executed."""

import re
from collections.abc import Mapping
from pathlib import Path

import bitbucket_runs
import jenkins_runs
import pytest
from forge import forge
from hooking import git
from pipelines import Estate, estate

from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
PATH = "streams/topologies/a.yaml"


@pytest.fixture
def streams(tmp_path: Path, prefix: str, kafka: Sandbox) -> Estate:
    """The directory `streams` of a repository."""
    whole = estate(tmp_path / "repo", prefix, kafka, "Jenkinsfile.example", "Jenkinsfile")
    (whole.home / "streams").mkdir()
    git(whole.home, "mv", "kafka-gitops.yaml", "topologies", "streams")
    made = Estate(whole.home / "streams", prefix, kafka)
    made.commit("old")
    return made


def edited(folder: Path, example: Path, edits: Mapping[str, str]) -> Path:
    """A copy of an example with what a page says."""
    text = example.read_text(encoding="utf-8")
    for found, instead in edits.items():
        text, count = re.subn(found, instead, text)
        assert count >= (1 if "PATH" in found else 4), found
    copy = folder / example.name
    copy.write_text(text, encoding="utf-8")
    return copy


def test_jenkins_in_a_directory(streams: Estate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edits = {
        r"( +)PATH=.*\n": r"\g<0>\1cd streams\n",
        r"(['\" ])kafka-gitops-reports(?!.*\n +kafka-gitops ci)(?!/plan.json [$-])": r"\1streams/kafka-gitops-reports",
    }
    monkeypatch.setattr(jenkins_runs, "EXAMPLE", edited(tmp_path, jenkins_runs.EXAMPLE, edits))
    root = Estate(streams.home.parent, streams.prefix, streams.kafka)
    ran = jenkins_runs.run(root, jenkins_runs.MAIN, input="granted")
    assert (ran.problems, ran.result, ran.exits()) == ([], "SUCCESS", [0, 0, 0]), ran.shells()
    assert PATH in ran.shells()
    assert ran.all("junit")[0]["tests"] == 1
    assert streams.topics() == ["old"]


def test_bitbucket_in_a_directory(streams: Estate, tmp_path: Path) -> None:
    edits = {
        r"( +)- kafka-gitops ci": r"\1- cd streams\n\g<0>",
        r"\[kafka-gitops-reports/": "[streams/kafka-gitops-reports/",
    }
    root = Estate(streams.home.parent, streams.prefix, streams.kafka)
    edited(tmp_path, bitbucket_runs.EXAMPLE, edits).rename(root.home / "bitbucket-pipelines.yml")
    with forge(bitbucket_runs.accept) as api:
        told = {"KAFKA_GITOPS_BITBUCKET_PROXY": api.url, "BITBUCKET_BRANCH": "main", **streams.login()}
        ran = bitbucket_runs.pipeline(root, "branches", "main", told)
        assert ran.steps == [("Lint", 0), ("Plan", 0), ("Apply", 0)], ran.out
        streams.commit("old retention.mss=5")
        wrong = bitbucket_runs.pipeline(root, "branches", "main", told)
    assert (wrong.steps, streams.topics()) == ([("Lint", 1)], ["old"])
    reports = {path.rsplit("/reports/")[1] for _, path, _ in api.writes()}
    assert reports == {
        "kafka-gitops-lint-streams",
        "kafka-gitops-lint-streams/annotations",
        "kafka-gitops-plan-production-streams",
        "kafka-gitops-apply-production-streams",
    }
    assert [body[0]["path"] for _, path, body in api.writes() if path.endswith("annotations")] == [PATH]
