"""The pages' recipes for a second environment: Jenkins' and Bitbucket's examples with them, executed."""

import re
from pathlib import Path

import bitbucket_runs
import jenkins_runs
import pytest
from forge import forge
from hooking import write
from pipelines import ROOT, Estate, estate

from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka


def two(home: Path, prefix: str, kafka: Sandbox, example: Path, name: str) -> Estate:
    """A repository whose config has `staging` too: the cluster of production under another name."""
    site = estate(home, prefix, kafka, example.name, name)
    config = site.home / "kafka-gitops.yaml"
    text = config.read_text(encoding="utf-8")
    write(config, text + text.split("environments:\n")[1].replace("production:", "staging:"))
    site.commit("new", accept="change-topic-absent")
    return site


def test_bitbucket_goes_through_staging_to_production(tmp_path: Path, prefix: str, kafka: Sandbox) -> None:
    site = two(tmp_path / "repo", prefix, kafka, bitbucket_runs.EXAMPLE, "bitbucket-pipelines.yml")
    page = (ROOT / "docs" / "bitbucket.md").read_text(encoding="utf-8")
    [recipe] = re.findall(r"```yaml\n(      - step:\n.*?)```", page, re.DOTALL)
    pipelines = site.home / "bitbucket-pipelines.yml"
    at = "    main:\n      - step: *lint\n"
    text = pipelines.read_text(encoding="utf-8")
    assert at in text
    write(pipelines, text.replace(at, at + recipe))
    staging = {name: {"KAFKA_GITOPS_ENV": "staging"} for name in ("staging-plan", "staging")}
    with forge(bitbucket_runs.accept) as api:
        told = {bitbucket_runs.PROXY: api.url, "BITBUCKET_BRANCH": "main", **site.login()}
        ran = bitbucket_runs.pipeline(site, "branches", "main", told, deployments=staging)
    names = ["Lint", "Plan staging", "Apply staging", "Plan", "Apply"]
    assert ran.steps == [(name, 0) for name in names], ran.out
    told_of = [name for name, _, numbers in bitbucket_runs.reports(site, api) if numbers == [1, 0, 0]]
    assert told_of == ["kafka-gitops-plan-staging", "kafka-gitops-apply-staging"]
    assert site.topics() == ["new"]


def test_jenkins_has_a_second_project(
    tmp_path: Path, prefix: str, kafka: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = two(tmp_path / "repo", prefix, kafka, jenkins_runs.EXAMPLE, "Jenkinsfile")
    text = jenkins_runs.EXAMPLE.read_text(encoding="utf-8")
    for found in ("KAFKA_GITOPS_ENV = 'production'", "'kafka-production'", "build to production?"):
        assert text.count(found) == 1, found
        text = text.replace(found, found.replace("production", "staging"))
    write(tmp_path / "Jenkinsfile.staging", text)
    monkeypatch.setattr(jenkins_runs, "EXAMPLE", tmp_path / "Jenkinsfile.staging")
    ran = jenkins_runs.run(site, jenkins_runs.MAIN, input="granted")
    assert (ran.problems, ran.result, ran.exits()) == ([], "SUCCESS", [0, 0, 0]), ran.shells()
    assert [one["resource"] for one in ran.all("lock")] == ["kafka-staging"]
    assert ("Plan for staging" in ran.shells(), site.topics()) == (True, ["new"]), ran.shells()
