"""Whose branch decides where the password goes: the default one, a protected one, or one that the pipeline names."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from acting import pull_request
from ci_trust_test import CANARY, REFUSED, Site, lint_only, site
from desk import ONE_CLUSTER as CONFIG
from desk import Result, topology
from hooking import git, head, write
from thief import thief

from kafka_gitops import ci

__all__ = ["site"]
NO_SAY = "neither main nor known as protected (to deploy from it, the pipeline says kafka-gitops ci --branch NAME)."
GITLAB = {"GITLAB_CI": "true", "CI_DEFAULT_BRANCH": "main", "CI_PROJECT_ID": "1"}


def on_github(site: Site, *words: str, ref: str = "refs/heads/evil", **event: object) -> Result:
    """Run for a push to a ref, or another event of the same repository."""
    told = {"ref": ref, "before": site.base, "repository": {"default_branch": "main"}, **event}
    write(site.home.parent / "event.json", json.dumps(told))
    return site.run("ci", *words, "--timeout", "2")


def into(site: Site, branch: str) -> dict[str, Any]:
    event = pull_request(site.home, site.base)
    event["pull_request"]["base"]["ref"] = branch
    return event


def on_gitlab(site: Site, monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str]) -> Result:
    monkeypatch.delenv("GITHUB_ACTIONS")
    for name, value in {**GITLAB, **variables}.items():
        monkeypatch.setenv(name, value)
    return site.run("ci", "plan", "--timeout", "2")


def test_a_change_for_a_branch_of_ones_own_connects_to_nobody(site: Site) -> None:
    git(site.home, "checkout", "-qb", "evil")
    with thief() as made:
        site.commit(("kafka-gitops.yaml", CONFIG.replace("127.0.0.1:9", f"127.0.0.1:{made.port}")))
        site.base = head(site.home)
        git(site.home, "checkout", "-qb", "evil2")
        site.commit(("topologies/a.yaml", topology("acme.", "orders", "new")))
        result = on_github(site, "plan", **into(site, "evil"))
        assert made.came == []
    lint_only(result, f"its target evil is {NO_SAY}")


def test_a_push_to_a_branch_of_ones_own_connects_to_nobody(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with thief() as made:
        site.commit(("kafka-gitops.yaml", CONFIG.replace("127.0.0.1:9", f"127.0.0.1:{made.port}")))
        lint_only(on_github(site, "plan"), f"evil is {NO_SAY}")
        result = on_gitlab(site, monkeypatch, {"CI_COMMIT_BRANCH": "evil", "CI_COMMIT_BEFORE_SHA": site.base})
        assert made.came == []
    assert f"Lint only, no plan: evil is {NO_SAY}" in result.out
    assert CANARY not in result.out + result.err


def test_there_apply_and_drift_are_refused(site: Site) -> None:
    site.commit(("kafka-gitops.yaml", "environments: {prod: {client_config: '${PASSWORD}'}}\n"))
    applied, looked = on_github(site, "apply", "--yes"), on_github(site, "drift")
    assert (applied.code, looked.code) == (1, 1)
    assert f"Nothing was applied: evil is {NO_SAY}" in applied.out
    assert f"Nothing was looked at: evil is {NO_SAY}" in looked.out
    assert "change request that nobody has merged" in on_github(site, "apply", **into(site, "main")).out


def test_there_lint_is_shown_no_variable(site: Site) -> None:
    config = "environments: {prod: {client_config: '${PASSWORD}'}}\nrules: {topic-owner: off}\n"
    site.commit(("kafka-gitops.yaml", config))
    result = on_github(site, "lint")
    assert result.code == 0, result
    assert [said for said in (CANARY, "[redacted]") if said in result.out + result.err] == []


@pytest.mark.parametrize("command", ["plan", "apply", "drift"])
@pytest.mark.parametrize(
    ("ref", "protected", "words"),
    [
        ("refs/heads/main", "false", []),
        ("refs/heads/evil", "true", []),
        ("refs/heads/evil", "false", ["--branch", "other", "--branch", "evil"]),
        ("refs/heads/deploy/eu", "false", ["--branch", "deploy/*"]),
        ("refs/tags/v1", "false", ["--branch", "refs/tags/v*"]),
    ],
)
def test_branches_with_a_say(
    site: Site, monkeypatch: pytest.MonkeyPatch, command: str, ref: str, protected: str, words: list[str]
) -> None:
    monkeypatch.setenv("GITHUB_REF_PROTECTED", protected)
    approved = ["--approved", "sha256:0"] if command == "apply" else []
    assert REFUSED in on_github(site, command, *words, *approved, ref=ref).out


@pytest.mark.parametrize("ref", ["refs/tags/main", "refs/heads/mainly", "refs/heads/Main"])
def test_a_name_that_looks_like_the_default_branch_has_none(site: Site, ref: str) -> None:
    assert "Lint only, no plan: " in on_github(site, "plan", ref=ref).out


def test_a_protected_source_says_nothing_about_the_target(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_REF_PROTECTED", "true")
    site.commit(("topologies/a.yaml", topology("acme.", "orders", "new")))
    lint_only(on_github(site, "plan", **into(site, "evil")), f"its target evil is {NO_SAY}")
    queue = {"base_sha": site.base, "base_ref": "refs/heads/evil"}
    lint_only(on_github(site, "plan", merge_group=queue), f"its target evil is {NO_SAY}")
    git(site.home, "update-ref", "refs/remotes/origin/main", site.base)
    assert REFUSED in on_github(site, "plan", merge_group={**queue, "base_ref": "refs/heads/main"}).out
    assert REFUSED in on_github(site, "plan", **into(site, "main")).out


def test_where_no_default_branch_is_told_those_that_the_pipeline_names_bind(site: Site) -> None:
    said = "it is not known whether one deploys from evil (if so, the pipeline says kafka-gitops ci --branch NAME)."
    assert f"Lint only, no plan: {said}" in on_github(site, "plan", repository=None).out
    assert f"Nothing was applied: {said}" in on_github(site, "apply", repository=None).out
    assert REFUSED in on_github(site, "plan", "--branch", "evil", repository=None).out
    assert "evil is neither main nor" in on_github(site, "plan", "--branch", "main", repository=None).out


BITBUCKET = {"BITBUCKET_BUILD_NUMBER": "1"}
JENKINS = {"JENKINS_URL": "x"}
REQUEST = {"CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}


@pytest.mark.parametrize(
    ("env", "target", "default", "protected"),
    [
        ({**GITLAB, "CI_COMMIT_BRANCH": "x"}, "x", "main", False),
        ({**GITLAB, "CI_COMMIT_BRANCH": "x", "CI_COMMIT_REF_PROTECTED": "true"}, "x", "main", True),
        ({**GITLAB, "CI_COMMIT_TAG": "main"}, "refs/tags/main", "main", False),
        ({**GITLAB, **REQUEST, "CI_COMMIT_REF_PROTECTED": "true"}, "main", "main", False),
        ({**JENKINS, "BRANCH_NAME": "x"}, "x", None, False),
        ({**JENKINS, "BRANCH_NAME": "trunk", "BRANCH_IS_PRIMARY": "true"}, "trunk", "trunk", False),
        ({**JENKINS, "BRANCH_NAME": "v1", "TAG_NAME": "v1"}, "refs/tags/v1", None, False),
        ({**JENKINS, "BRANCH_NAME": "PR-1", "CHANGE_ID": "1", "CHANGE_TARGET": "main"}, "main", None, False),
        ({**BITBUCKET, "BITBUCKET_BRANCH": "x"}, "x", None, False),
        ({**BITBUCKET, "BITBUCKET_TAG": "v1"}, "refs/tags/v1", None, False),
        (
            {**BITBUCKET, "BITBUCKET_PR_ID": "1", "BITBUCKET_BRANCH": "x", "BITBUCKET_PR_DESTINATION_BRANCH": "main"},
            "main",
            None,
            False,
        ),
        ({}, None, None, False),
    ],
)
def test_what_the_platforms_tell(env: dict[str, str], target: str | None, default: str | None, protected: bool) -> None:
    _, context = ci.detect(env)
    assert (context.target, context.default_branch, context.protected) == (target, default, protected)
