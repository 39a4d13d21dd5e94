"""The GitLab component: equal to the example, and for one directory of a bigger repository executed by gitlab-ci-local."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from gitlab_test import pipeline
from hooking import git, write
from pipelines import ROOT, Estate, estate, follows_gitlabs_schema, machine, node

from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
INCLUDED = """\
include:
  - component: $CI_SERVER_FQDN/$CI_PROJECT_PATH/kafka-gitops@$CI_COMMIT_SHA
    inputs: {lint-stage: lint, plan-stage: plan, apply-stage: apply, directory: DIRECTORY}
stages: [lint, plan, apply]
"""


def include(site: Estate, directory: str) -> None:
    """The component, and a pipeline `included.yml` that includes it for a directory."""
    template = (ROOT / "templates/kafka-gitops.yml").read_text(encoding="utf-8")
    write(site.home / "templates" / "kafka-gitops.yml", template)
    write(site.home / "included.yml", INCLUDED.replace("DIRECTORY", directory))


@pytest.fixture
def site(tmp_path: Path, prefix: str, kafka: Sandbox) -> Estate:
    """A repository with the example as its pipeline."""
    return estate(tmp_path / "repo", prefix, kafka, ".gitlab-ci.example.yml", ".gitlab-ci.yml")


def test_the_component_is_the_example(site: Estate) -> None:
    """Both as gitlab-ci-local resolves them, but for what inputs stand for; both follow GitLab's schema."""
    include(site, ".")
    site.commit("old", "new")
    example, component = jobs(site, ".gitlab-ci.yml"), jobs(site, "included.yml")
    assert list(example) == ["kafka:lint", "kafka:plan", "kafka:apply", "kafka:drift"]
    assert [*component.values()] == [*example.values()]


def jobs(site: Estate, file: str) -> dict[str, Any]:
    """The jobs of a pipeline file, resolved, without the variables that tell what to install and where to go."""
    programs, tools = node()
    command = [str(tools / "gitlab-ci-local"), f"--file={file}", "--preview"]
    env = machine(site.home.parent, programs, tools)
    done = subprocess.run(command, cwd=site.home, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    write(site.home.parent / file, done.stdout)
    follows_gitlabs_schema(site.home.parent / file)
    told = done.stdout.replace("$KAFKA_GITOPS_ENV", "production").replace(
        "./kafka-gitops-reports", "kafka-gitops-reports"
    )
    found: dict[str, Any] = yaml.safe_load(told)
    kept = {
        name: job for name, job in found.items() if (isinstance(job, dict) and "script" in job) or name.startswith(".")
    }
    for job in kept.values():
        job["variables"] = {key: value for key, value in job["variables"].items() if not key.startswith("KAFKA_")}
        job["before_script"] = [line for line in job["before_script"] if line != 'cd "."']
        job.pop("extends", None)
    return kept


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
