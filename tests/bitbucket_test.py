"""`bitbucket-pipelines.example.yml`: its scripts run against a real broker, Code Insights through a proxy played here."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from forge import Answer, Asked, forge
from pipelines import ROOT, Estate, estate, machine

from kafka_gitops.sandbox import Sandbox

EXAMPLE = ROOT / "bitbucket-pipelines.example.yml"
PULL_REQUEST = {"BITBUCKET_PR_ID": "5", "BITBUCKET_BRANCH": "work"}


class Ran(NamedTuple):
    """A pipeline: each step that ran with its exit code, and what all of them printed."""

    steps: list[tuple[str, int]]
    out: str


def pipeline(
    site: Estate,
    kind: str,
    name: str,
    variables: dict[str, str],
    *,
    manual: bool = True,
    tokens: Mapping[str, str] | None = None,
) -> Ran:
    """Run the steps of a pipeline one after the other, as far as the first that fails.

    Bitbucket has no runner of its own to be had: this one runs each `script` in a clone of its own, hands artifacts on,
    gives a step with `oidc` the token of its deployment, and stops at what is manual unless told. Images, variables of
    deployments, clones of other depths are not played.
    """
    body = yaml.safe_load((site.home / "bitbucket-pipelines.yml").read_text(encoding="utf-8"))
    usual = {"BITBUCKET_BUILD_NUMBER": "7", "BITBUCKET_COMMIT": site.head(), "BITBUCKET_REPO_FULL_NAME": "acme/streams"}
    env = {**machine(site.home.parent), **usual, **variables}
    said, ran, artifacts = "", [], site.home.parent / "artifacts"
    for number, step in enumerate(entry["step"] for entry in body["pipelines"][kind][name] if "step" in entry):
        if step.get("trigger") == "manual" and not manual:
            break
        clone = site.home.parent / f"clone-{len(list(site.home.parent.glob('clone-*')))}"
        subprocess.run(["git", "clone", "-q", str(site.home), str(clone)], check=True)
        if number and artifacts.exists():
            subprocess.run(["cp", "-r", f"{artifacts}/.", str(clone)], check=True)
        given = {"BITBUCKET_STEP_OIDC_TOKEN": (tokens or {})[step["deployment"]]} if step.get("oidc") else {}
        code, out = _script(step["script"], clone, {**env, **given})
        said += out
        ran.append((step["name"], code))
        for pattern in step["artifacts"]:
            for file in clone.glob(pattern.replace("/**", "/**/*")):
                target = artifacts / file.relative_to(clone)
                target.parent.mkdir(parents=True, exist_ok=True)
                if file.is_file():
                    target.write_bytes(file.read_bytes())
        if code:
            break
    return Ran(ran, said)


def _script(lines: list[str], folder: Path, env: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        ["bash", "-e", "-c", "\n".join(lines)],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.fixture
def site(tmp_path: Path, prefix: str, kafka: Sandbox) -> Estate:
    """A repository with the example as its pipeline."""
    return estate(tmp_path / "repo", prefix, kafka, EXAMPLE.name, "bitbucket-pipelines.yml")


def accept(_asked: Asked) -> Answer:
    """What Bitbucket says to a report."""
    return Answer(200, {})


@pytest.mark.kafka
def test_a_pull_request_is_linted_and_annotated(site: Estate) -> None:
    base = site.head()
    site.commit("old retention.mss=5")
    with forge(accept) as api:
        told = {"KAFKA_GITOPS_BITBUCKET_PROXY": api.url, "BITBUCKET_PR_DESTINATION_COMMIT": base}
        ran = pipeline(site, "pull-requests", "**", {**PULL_REQUEST, **told})
    assert ran.steps == [("Lint", 1)], ran.out
    [(put, path, report), (post, below, annotations)] = api.writes()
    home = f"http://api.bitbucket.org/2.0/repositories/acme/streams/commit/{site.head()}/reports/kafka-gitops-lint"
    assert (put, post) == ("PUT", "POST")
    assert home.endswith(path) and below == f"{path}/annotations"
    assert (report["result"], report["data"][0]["value"]) == ("FAILED", 1)
    assert [(one["path"], one["line"], one["severity"]) for one in annotations] == [("topologies/a.yaml", 5, "HIGH")]


@pytest.mark.kafka
def test_the_main_branch_plans_waits_and_applies(site: Estate) -> None:
    with forge(accept) as api:
        told = {"KAFKA_GITOPS_BITBUCKET_PROXY": api.url, "BITBUCKET_BRANCH": "main", **site.login()}
        waiting = pipeline(site, "branches", "main", told, manual=False)
        assert waiting.steps == [("Lint", 0), ("Plan", 0)] and site.topics() == [], waiting.out
        applied = pipeline(site, "branches", "main", told)
        assert applied.steps == [("Lint", 0), ("Plan", 0), ("Apply", 0)], applied.out
        calm = pipeline(site, "custom", "drift", told)
    assert (site.topics(), calm.steps) == (["old"], [("Drift", 0)])
    plans = [body for _, path, body in api.writes() if path.endswith("/reports/kafka-gitops-plan-production")]
    assert [[one["value"] for one in plan["data"]] for plan in plans] == [[1, 0, 0], [1, 0, 0]]


@pytest.mark.kafka
def test_a_merge_carries_out_what_it_removes(site: Estate) -> None:
    site.make("old", "older")
    site.commit("old", "older")
    site.commit("old", accept="change-topic-absent")
    ran = pipeline(site, "branches", "main", site.login())
    assert ran.steps == [("Lint", 0), ("Plan", 0), ("Apply", 0)], ran.out
    assert site.topics() == ["old"]


@pytest.mark.kafka
def test_without_the_proxy_it_warns_and_goes_on(site: Estate) -> None:
    ran = pipeline(site, "pull-requests", "**", {**PULL_REQUEST, "KAFKA_GITOPS_BITBUCKET_PROXY": "http://127.0.0.1:9"})
    assert ran.steps == [("Lint", 0)], ran.out
    assert "warning: Bitbucket was not told: PUT api.bitbucket.org" in ran.out


def test_the_example_follows_the_schema(tmp_path: Path) -> None:
    check = ["check-jsonschema", "--builtin-schema", "vendor.bitbucket-pipelines", str(EXAMPLE)]
    done = subprocess.run(check, capture_output=True, text=True, check=False, env=machine(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_step_is_one_that_bitbucket_knows() -> None:
    """Bitbucket's schema lets unknown keys pass, so they are held to what its documentation has."""
    known = {"name", "script", "artifacts", "max-time", "deployment", "trigger", "concurrency-group"}
    body: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    assert [entry["step"].keys() - known for entry in body["definitions"]["steps"]] == [set()] * 4
    assert json.dumps(body["pipelines"]["pull-requests"]).count("deployment") == 0
