"""KAFKA_GITOPS_OPTIONS: who may start a pipeline says how much it does, never where it connects or by which files."""

import re
from pathlib import Path

import pytest
from ci_trust_test import CANARY, Site, site
from thief import thief

from kafka_gitops.cli import added
from kafka_gitops.cli.main import parser_of
from kafka_gitops.errors import UsageError

__all__ = ["site"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def main(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A build of the main branch by Jenkins."""
    for name in ("GITHUB_ACTIONS", "GITHUB_REPOSITORY", "GITHUB_EVENT_PATH"):
        monkeypatch.delenv(name)
    for name, value in (("JENKINS_URL", "http://j/"), ("BRANCH_NAME", "main"), ("BRANCH_IS_PRIMARY", "true")):
        monkeypatch.setenv(name, value)
    return site


def test_nobody_sends_the_password_elsewhere(main: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with thief() as broker:
        address = f"bootstrap.servers=127.0.0.1:{broker.port}"
        for words in (f"-X {address}", f"-X{address}", f"--accept a -X '{address}'", f"--accept=a -X '{address}'"):
            monkeypatch.setenv("KAFKA_GITOPS_OPTIONS", words)
            result = main.run("ci", "plan", "-e", "prod", "--timeout", "2")
            assert (result.code, "KAFKA_GITOPS_OPTIONS may not have -X." in result.err) == (64, True), result
            assert address not in result.err
        assert (broker.came, CANARY in result.out + result.err) == ([], False)


def options() -> list[str]:
    """Every option of `ci` that is not taken, with a value where it needs one."""
    actions = [action for action in parser_of("ci")._actions if action.option_strings]
    given = [(word, action.nargs) for action in actions for word in action.option_strings if word not in added.MAY]
    return [word if nargs == 0 else f"{word}=x" if word.startswith("--") else f"{word} x" for word, nargs in given]


@pytest.mark.parametrize(
    "words",
    [
        *options(),
        *("topologies/other", "-- x", "--", "'' --only topics", "--accept", "--accept -X", "--accept --yes"),
        *("--only-change=x", "--base --policy", "--acc x", "--pol=x", "-e=prod", "-eprod", "@file", "--base"),
    ],
)
def test_what_is_not_on_the_list_is_refused(words: str) -> None:
    with pytest.raises(UsageError, match=r"^KAFKA_GITOPS_OPTIONS"):
        added.words({"KAFKA_GITOPS_OPTIONS": words})


def test_what_is_on_the_list_is_an_option_of_ci() -> None:
    known = {word: action.nargs != 0 for action in parser_of("ci")._actions for word in action.option_strings}
    assert {name: known[name] for name in added.MAY} == added.MAY


@pytest.mark.parametrize("path", ["action.yml", "docs/github-reference.md"])
def test_who_calls_the_action_is_told_the_same_list(path: str) -> None:
    [told] = [line for line in (ROOT / path).read_text().splitlines() if "quoted as in a shell: " in line]
    assert re.findall(r"--[a-z-]+", told.partition("quoted as in a shell: ")[2]) == [*added.MAY]


def test_values_stay_values() -> None:
    given = {"KAFKA_GITOPS_OPTIONS": "--accept 'x:a --yes' --only topics --no-only-change"}
    assert added.words(given) == ["--accept=x:a --yes", "--only=topics", "--no-only-change"]


@pytest.mark.parametrize("policy", ["--policy nothing.yaml", "--policy=nothing.yaml"])
def test_nobody_replaces_the_policy(main: Site, monkeypatch: pytest.MonkeyPatch, policy: str) -> None:
    main.commit(("policy.yaml", "manage: {topics: ['other.*']}\n"), ("nothing.yaml", "{}\n"))
    monkeypatch.setenv("KAFKA_GITOPS_OPTIONS", policy)
    result = main.run("ci", "lint", "--policy", "policy.yaml")
    assert (result.code, "KAFKA_GITOPS_OPTIONS may not have --policy." in result.err) == (64, True)


def test_what_was_added_is_told_before_the_approval(main: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_GITOPS_OPTIONS", "--accept 'deny-added:a b' --timeout 2")
    result = main.run("ci", "plan", "-e", "prod")
    said = "Options that were added to this run (KAFKA_GITOPS_OPTIONS): '--accept=deny-added:a b' --timeout=2"
    assert said in result.out
    summary = (main.home / "kafka-gitops-reports" / "summary.md").read_text()
    assert "--accept=deny-added:a b" in summary.splitlines()[0].replace("\\", "")


def test_drift_says_nothing_more_for_it(main: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """An issue about drift is not opened because of an option."""
    from kafka_gitops.ci import Result, body

    assert body.silent(Result("drift", added=("Options that were added",)))
