"""Answers of APIs and proxies that cannot be read: a sentence, never a traceback, and no other end of a run."""

import json
from typing import Any

import pytest
from ci_trust_test import Site, site
from desk import topology
from forge import Answer, Asked, forge

__all__ = ["site"]
SHAPES: tuple[Any, ...] = (
    None,
    {},
    [],
    [1],
    [None],
    [{}],
    [[]],
    "text",
    7,
    True,
    {"id": "x"},
    {"data": []},
    {"message": {"a": 1}},
    [{"id": None, "body": 7, "user": 1}],
)
GITLAB = {"GITLAB_CI": "true", "CI_PROJECT_ID": "1", "CI_DEFAULT_BRANCH": "main", "CI_MERGE_REQUEST_IID": "3"}
GITLAB |= {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}


def told(site: Site, monkeypatch: pytest.MonkeyPatch, platform: str, url: str) -> None:
    """A change request with a finding, on a platform that answers at an address."""
    site.commit(("topologies/a.yaml", topology("acme.", "orders", "ORDERS_2 no.such=1")))
    variables = {"GITHUB_API_URL": url, "GITHUB_GRAPHQL_URL": f"{url}/graphql", "GITHUB_TOKEN": "ghs_canary"}
    if platform == "gitlab":
        monkeypatch.delenv("GITHUB_ACTIONS")
        variables = {**GITLAB, "CI_API_V4_URL": url, "KAFKA_GITOPS_GITLAB_TOKEN": "glpat-canary"}
        variables["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = site.base
    if platform == "bitbucket":
        monkeypatch.delenv("GITHUB_ACTIONS")
        variables = {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_COMMIT": "a" * 40, "BITBUCKET_REPO_FULL_NAME": "a/b"}
        variables |= {"KAFKA_GITOPS_BITBUCKET_API": url, "KAFKA_GITOPS_BITBUCKET_PROXY": url}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)  # its server
@pytest.mark.parametrize("platform", ["github", "gitlab", "bitbucket"])
def test_whatever_the_api_answers_the_run_ends_as_it_would(
    site: Site, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    shape: list[Any] = [None]

    def answer(asked: Asked) -> Answer:
        """The first requests as they should be, and another one in its own way."""
        if asked.path == "/user":
            return Answer(200, shape[0] if shape[0] != {"id": "x"} else {"username": "us"})
        if asked.path == "/graphql":
            return Answer(200, shape[0])
        if asked.method == "GET" and shape[0] in ({"id": "x"}, {}):
            return Answer(200, [])
        return Answer(200, shape[0])

    with forge(answer) as api:
        told(site, monkeypatch, platform, api.url)
        for one in SHAPES:
            shape[0] = one
            result = site.pull("lint")
            assert (result.code, "Traceback" in result.err) == (1, False), (one, result)
            assert "Not everything was reported" not in result.err, (one, result)


@pytest.mark.parametrize("proxy", ["http://[::1", "http://h:99999", "socks9://h:1", "http://"])
@pytest.mark.parametrize("platform", ["github", "gitlab"])
def test_a_proxy_that_is_none_is_a_warning(
    site: Site, monkeypatch: pytest.MonkeyPatch, platform: str, proxy: str
) -> None:
    told(site, monkeypatch, platform, "https://api.invalid")
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    result = site.pull("lint")
    assert (result.code, "Traceback" in result.err) == (1, False), result
    assert "warning: " in result.err


def test_a_report_that_fails_in_an_odd_way_is_a_warning(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def report(*_: object) -> None:
        raise RuntimeError("odd")

    monkeypatch.setattr("kafka_gitops.ci.github.report", report)
    site.commit(("topologies/a.yaml", topology("acme.", "orders", "ORDERS_2 no.such=1")))
    result = site.pull("lint")
    assert result.code == 1
    assert "warning: Not everything was reported: " in result.err
    assert json.dumps(result.err).count("RuntimeError") == 1
