"""The GitLab component: equal to the example, and for one directory of a bigger repository executed by gitlab-ci-local."""

import json
from pathlib import Path
from typing import Any

import pytest
from gitlab_runs import MERGE_REQUEST, include, jobs, listed, pipeline
from hooking import git
from pipelines import Estate, estate

from kafka_gitops.sandbox import Sandbox

pytestmark = [pytest.mark.kafka, pytest.mark.ci]


@pytest.fixture
def site(tmp_path: Path, prefix: str, kafka: Sandbox) -> Estate:
    """A repository with the example as its pipeline."""
    return estate(tmp_path / "repo", prefix, kafka, ".gitlab-ci.example.yml", ".gitlab-ci.yml")


def test_the_component_is_the_example(site: Estate) -> None:
    """Both as gitlab-ci-local resolves them, but for what inputs stand for; both follow GitLab's schema."""
    include(site)
    site.commit("old", "new")
    example, component = jobs(site, ".gitlab-ci.yml"), jobs(site, "included.yml")
    assert list(example) == ["kafka:lint", "kafka:plan", "kafka:apply", "kafka:drift"]
    assert [*component.values()] == [*example.values()]


@pytest.mark.parametrize("file", [".gitlab-ci.yml", "included.yml"])
def test_a_push_of_another_branch_has_no_job_that_connects(site: Estate, file: str) -> None:
    include(site)
    site.commit("old")
    schedule = {"CI_PIPELINE_SOURCE": "schedule"}
    main = [listed(site, file), listed(site, file, **MERGE_REQUEST), listed(site, file, **schedule)]
    assert main == [["kafka:lint", "kafka:plan", "kafka:apply"], ["kafka:lint", "kafka:plan"], ["kafka:drift"]]
    git(site.home, "checkout", "-qb", "work")
    work = [listed(site, file), listed(site, file, **MERGE_REQUEST), listed(site, file, **schedule)]
    assert work == [["kafka:lint"], ["kafka:lint", "kafka:plan"], []]


def test_it_works_in_a_directory_of_a_bigger_repository(site: Estate) -> None:
    include(site, "streams")
    streams, path = Estate(site.home / "streams", site.prefix, site.kafka), "streams/topologies/a.yaml"
    streams.home.mkdir()
    git(site.home, "mv", "kafka-gitops.yaml", "topologies", "streams")

    def report(job: str, name: str) -> Any:
        folder = site.home / ".gitlab-ci-local" / "artifacts" / f"kafkaOg{job}" / "streams" / "kafka-gitops-reports"
        return json.loads((folder / name).read_text(encoding="utf-8"))

    streams.commit("old retention.mss=5")
    wrong = pipeline(site, "--file=included.yml", **site.login())
    assert (wrong.code, wrong.jobs()) == (1, ["FAIL kafka:lint"]), wrong.out
    assert [one["location"] for one in report("lint", "code-quality.json")] == [{"path": path, "lines": {"begin": 5}}]
    streams.commit("old")
    planned = pipeline(site, "--file=included.yml", **site.login())
    assert (planned.code, planned.jobs()) == (0, ["PASS kafka:lint", "PASS kafka:plan"]), planned.out
    assert report("plan", "terraform.json") == {"create": 1, "update": 0, "delete": 0}
    assert [change["origin"]["path"] for change in report("plan", "plan.json")["changes"]] == [path]
    applied = pipeline(site, "--file=included.yml", "kafka:apply", **site.login())
    assert (applied.code, site.topics()) == (0, ["old"]), applied.out
