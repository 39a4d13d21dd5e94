"""GitLab, Jenkins and Bitbucket apart from their pipelines: what the environment says, and what their APIs are told."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from forge import Answer, Asked, Forge, forge
from lab import BOT, NOTES, STRANGER, TOKEN, lab, note

from kafka_gitops.changes import Change
from kafka_gitops.ci import Channel, Context, Result, bitbucket, gitlab, jenkins, sticky
from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.model import Key, Topic
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent
from kafka_gitops.report.findings import Findings

CLEAN = Result("lint", "lint", findings=Findings([]))


def found(number: int = 1, message: str = 'no topic config is called "retention.mss"') -> Result:
    """A lint with so many errors."""
    one = [
        Diagnostic(Span("a.yaml", line, 1, line, 9), "topic-config-unknown", Severity.error, message, None)
        for line in range(1, number + 1)
    ]
    return Result("lint", "lint", code=1, findings=Findings(one))


def planned(command: str = "plan", *, changes: bool = True) -> Result:
    """A plan that creates one topic, or nothing."""
    change = Change(Key("topic", "orders"), None, Topic(1, 1, {}))
    plan = Plan("prod", "cluster-1", "c0ffee", None, (change,) if changes else (), declared={"topics": 1, "acls": 0})
    return Result(command, command, environment="prod", plan=plan, sizes={"topics": 1, "acls": 0}, consent=Consent())


def channel(folder: Path, warnings: list[str], **env: str) -> Channel:
    """A way out into a folder; warnings are kept."""

    def save(name: str, text: str, *, exact: bool = False) -> Path:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        return folder / name

    return Channel(env, folder, lambda _text: None, warnings.append, save)


MR = Context("gitlab", change_request="5", run_url="https://gitlab.example.org/job/1")


def told(
    folder: Path, result: Result, answer: Callable[[Asked], Answer], context: Context = MR
) -> tuple[Forge, list[str]]:
    """What GitLab's API was asked for a result, and the warnings."""
    warnings: list[str] = []
    with forge(answer) as api:
        env = {"CI_API_V4_URL": f"{api.url}/api/v4", "CI_PROJECT_ID": "42", gitlab.TOKEN: TOKEN}
        gitlab.report(context, result, channel(folder, warnings, **env))
    return api, warnings


def test_a_first_note_is_written(tmp_path: Path) -> None:
    api, warnings = told(tmp_path, found(), lab())
    [(method, path, body)] = api.writes()
    assert (method, path, warnings) == ("POST", NOTES, [])
    assert body["body"].endswith(sticky.marker(found()))


def test_the_own_note_is_found_on_a_later_page_and_strangers_notes_with_the_marker_are_left(tmp_path: Path) -> None:
    marked = f"old {sticky.marker(found())}"
    others = [note(number, STRANGER, marked) for number in range(1, 6)] + [note(6, BOT, marked, system=True)]
    api, _ = told(tmp_path, found(), lab(*others, note(7, BOT, marked), per_page=2))
    [(method, path, _body)] = api.writes()
    assert (method, path) == ("PUT", f"{NOTES}/7")


def test_an_unchanged_note_is_left_and_a_clean_run_removes_it(tmp_path: Path) -> None:
    first, _ = told(tmp_path, found(), lab())
    mine = note(7, BOT, first.writes()[0][2]["body"])
    again, _ = told(tmp_path, found(), lab(mine))
    assert again.writes() == []
    clean, _ = told(tmp_path, CLEAN, lab(mine))
    assert clean.writes() == [("DELETE", f"{NOTES}/7", None)]


@pytest.mark.parametrize("status", [403, 404, 422])
def test_what_gitlab_refuses_is_a_warning(tmp_path: Path, status: int) -> None:
    _, [warning] = told(tmp_path, found(), lab(refuse=status))
    assert f"{status} refused" in warning and warning.startswith(
        "GitLab was not told: POST 127.0.0.1/api/v4/projects/42/"
    )
    assert TOKEN not in warning


def test_without_a_token_nobody_is_asked(tmp_path: Path) -> None:
    warnings: list[str] = []
    gitlab.report(MR, found(), channel(tmp_path, warnings, CI_API_V4_URL="http://127.0.0.1:9"))
    assert warnings == []
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "code-quality.json", "lint.json", "lint.junit.xml", "lint.sarif", "summary.md",
    ]  # fmt: skip


def test_what_was_applied_is_told_to_the_merge_request_that_was_merged(tmp_path: Path) -> None:
    pushed = Context("gitlab", base="before", head="c0ffee")
    api, warnings = told(tmp_path, planned("apply"), lab(merged=6), pushed)
    [(method, path, _)] = api.writes()
    assert (method, path, warnings) == ("POST", "/api/v4/projects/42/merge_requests/6/notes", [])
    again, _ = told(tmp_path, planned("apply", changes=False), lab(merged=6), pushed)
    by_hand, _ = told(tmp_path, planned("apply"), lab(merged=6), replace(pushed, base=None))
    assert again.asked == by_hand.asked == []


def test_a_line_of_a_note_is_no_quick_action(tmp_path: Path) -> None:
    error = KafkaGitopsError("stopped", help="/close\n/merge\n@everybody")
    api, _ = told(tmp_path, Result("plan", "plan", code=1, error=error), lab())
    [(_, _, body)] = api.writes()
    lines = body["body"].splitlines()
    assert not [line for line in lines if line.lstrip().startswith("/")] and "@everybody" not in body["body"]
    assert "&#47;close" in lines


HOSTILE = "@all <img src=x> | `x` [a](http://evil.example)\n/close\n##vso[x]\x1b[2J\u202e $(touch x)"


def test_hostile_text_is_inert_everywhere(tmp_path: Path) -> None:
    result = found(message=HOSTILE)
    api, _ = told(tmp_path, result, lab())
    [(_, _, body)] = api.writes()
    written: list[str] = []
    for platform in (gitlab, jenkins, bitbucket):
        out = channel(tmp_path / platform.NAME, [])
        platform.report(Context(platform.NAME), result, replace(out, write=written.append))
    note, log = body["body"], "".join(written)
    for text in (note, log, (tmp_path / "summary.md").read_text(encoding="utf-8")):
        assert not {"\x1b", "\u202e"} & set(text) and "##vso[" not in text
    assert "@all" not in note
    assert not re.search(r"(?<!\\)<img", note) and "](http://evil" not in note
    assert not [line for line in (note + log).splitlines() if line.startswith("/close")]
    for file in ("gitlab/lint.junit.xml", "bitbucket/test-results/lint.xml"):
        assert ElementTree.parse(tmp_path / file).getroot().tag == "testsuites"


def test_a_name_of_a_megabyte_fits_into_a_note(tmp_path: Path) -> None:
    api, warnings = told(tmp_path, found(message="x" * 1_000_000), lab())
    [(_, _, body)] = api.writes()
    assert len(body["body"].encode()) < 65_536 and warnings == []


DRIFT = Context("gitlab", target="main")


def test_one_issue_tells_of_drift_and_is_closed_when_it_is_gone(tmp_path: Path) -> None:
    opened, _ = told(tmp_path, planned("drift"), lab(), DRIFT)
    [(method, path, body)] = opened.writes()
    assert (method, path) == ("POST", "/api/v4/projects/42/issues")
    assert body["title"] == "Kafka drift: prod differs from the files"
    issue = {"id": 99, "iid": 3, "author": BOT, "description": body["description"]}
    assert told(tmp_path, planned("drift"), lab(issue), DRIFT)[0].writes() == []
    closed, _ = told(tmp_path, planned("drift", changes=False), lab(issue), DRIFT)
    at = "/api/v4/projects/42/issues/3"
    said = ("POST", f"{at}/notes", {"body": "prod matches the files again."})
    assert closed.writes() == [said, ("PUT", at, {"state_event": "close"})]
    again, _ = told(tmp_path, planned("drift"), lab({**issue, "state": "closed"}), DRIFT)
    [(_, where, put), (_, _, below)] = again.writes()
    assert (where, put["state_event"], below) == (at, "reopen", {"body": "It differs again."})


def test_a_run_that_failed_closes_no_issue(tmp_path: Path) -> None:
    failed = Result("drift", "drift", code=5, error=KafkaGitopsError("away"))
    assert told(tmp_path, failed, lab(), DRIFT)[0].writes() == []


def test_gitlab_is_known_by_its_variables() -> None:
    env = {"GITLAB_CI": "true", "CI_PROJECT_ID": "42", "CI_COMMIT_SHA": "head", "CI_COMMIT_BEFORE_SHA": "0" * 40}
    assert gitlab.detect({}) is None
    assert gitlab.detect(env) == Context("gitlab", head="head")
    branch = gitlab.detect({**env, "CI_COMMIT_BEFORE_SHA": "abc", "CI_COMMIT_BRANCH": "main"})
    assert branch == Context("gitlab", base="abc", head="head", target="main")
    request = {**env, "CI_MERGE_REQUEST_IID": "5", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "base"}
    own = gitlab.detect({**request, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "42"})
    assert own == Context("gitlab", base="base", head="head", change_request="5")
    fork = gitlab.detect({**request, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "43"})
    assert fork is not None and (fork.trusted, fork.distrust) == (False, "the merge request comes from a fork")


def test_jenkins_compares_with_the_target_where_it_was_fetched(tmp_path: Path) -> None:
    env = {"JENKINS_URL": "http://j/", "CHANGE_ID": "5", "CHANGE_TARGET": "main", "WORKSPACE": str(tmp_path)}
    known = jenkins.detect(env)
    assert known is not None and (known.base, known.change_request) == (None, "5")
    warnings: list[str] = []
    jenkins.report(known, CLEAN, channel(tmp_path / "reports", warnings))
    assert warnings[0].startswith("The target branch was not fetched")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "packed-refs").write_text("# pack-refs\nabc refs/remotes/origin/main\n", encoding="utf-8")
    fetched = jenkins.detect({**env, "CHANGE_FORK": "stranger"})
    assert fetched is not None and (fetched.base, fetched.trusted) == ("origin/main", False)
    branch = jenkins.detect({"JENKINS_URL": "x", "BRANCH_NAME": "main", "GIT_PREVIOUS_SUCCESSFUL_COMMIT": "abc"})
    assert branch == Context("jenkins", base="abc", target="main")
    told = {"JENKINS_URL": "x", "GIT_PREVIOUS_SUCCESSFUL_COMMIT": "green", "KAFKA_GITOPS_BASE": "applied"}
    assert jenkins.detect(told) == Context("jenkins", base="applied")
    assert jenkins.detect({}) is None
    assert sorted(path.name for path in (tmp_path / "reports").glob("lint.*")) == [
        "lint.checkstyle.xml", "lint.json", "lint.junit.xml", "lint.sarif",
    ]  # fmt: skip


@pytest.mark.parametrize(("result", "said"), [(planned(), "true\n"), (planned(changes=False), "false\n")])
def test_jenkins_has_a_file_that_says_whether_to_ask(tmp_path: Path, result: Result, said: str) -> None:
    jenkins.report(Context("jenkins"), result, channel(tmp_path, []))
    assert (tmp_path / "has-changes").read_text(encoding="utf-8") == said


def test_bitbucket_takes_a_hundred_annotations_a_request(tmp_path: Path) -> None:
    context, warnings = Context("bitbucket", head="abc", repository="acme/streams"), list[str]()
    with forge(lambda _asked: Answer(200, {})) as api:
        bitbucket.report(context, found(1050), channel(tmp_path, warnings, KAFKA_GITOPS_BITBUCKET_PROXY=api.url))
    assert [(one.method, len(one.body)) for one in api.asked[1:]] == [("POST", 100)] * 10
    assert (api.asked[0].method, warnings) == ("PUT", [])
    assert "50 more findings are not annotated" in api.asked[0].body["details"]
    assert (tmp_path / "test-results" / "lint.xml").exists()


def test_bitbucket_is_told_of_a_plan_that_failed() -> None:
    context = Context("bitbucket", run_url="https://bitbucket.org/x")
    failed = Result(
        "plan", "plan", code=4, environment="prod", plan=planned().plan, error=KafkaGitopsError("Refused: x")
    )
    report = bitbucket.plan_report(context, failed)
    assert (report["result"], report["details"], report["link"]) == ("FAILED", "Refused: x", "https://bitbucket.org/x")
    assert bitbucket.plan_report(context, planned())["result"] == "PASSED"


def test_bitbucket_is_known_by_its_variables() -> None:
    env = {"BITBUCKET_BUILD_NUMBER": "7", "BITBUCKET_COMMIT": "head", "BITBUCKET_REPO_FULL_NAME": "acme/x"}
    link, lines = (
        f"https://bitbucket.org/acme/x/{path}" for path in ("pipelines/results/7", "src/head/{path}#lines-{line}")
    )
    assert bitbucket.detect({}) is None
    assert bitbucket.detect({**env, "BITBUCKET_BRANCH": "main"}) == Context(
        "bitbucket",
        head="head",
        run_url=link,
        repository="acme/x",
        target="main",
        lines_url=lines,
    )
    request = bitbucket.detect({**env, "BITBUCKET_PR_ID": "5", "BITBUCKET_PR_DESTINATION_COMMIT": "base"})
    assert request == Context(
        "bitbucket",
        base="base",
        head="head",
        target_tip="base",
        change_request="5",
        run_url=link,
        repository="acme/x",
        lines_url=lines,
    )
