"""GitHub: what is detected, and how a result is told by annotations, files, outputs and one comment."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hub import BOT, Hub, hub
from making import span, topic

from kafka_gitops.changes import Change, Origin, Outcome, Risk, Unsupported
from kafka_gitops.ci import Channel, Context, Result, github, sticky
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.errors import Unreachable
from kafka_gitops.model import topic_key
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent
from kafka_gitops.report.findings import Findings
from kafka_gitops.report.totals import total

CHANGE = Change(topic_key("orders"), None, topic(3, 1))
HERE = Context("github", change_request="7", repository="acme/streams", head="a" * 40, run_url="https://g/run/1")
FINDING = Diagnostic(span(), "topic-owner", Severity.warning, "nobody owns it")


def planned(*changes: Change, asked: str = "plan") -> Result:
    made = Plan("prod", "cluster-1", changes=changes)
    sizes = {"topics": 3, "acls": 0}
    return Result(asked, asked, environment="prod", paths=("t",), plan=made, sizes=sizes, consent=Consent())


@pytest.fixture
def site() -> Iterator[Hub]:
    with hub() as made:
        yield made


Tell = Callable[..., tuple[str, str]]


@pytest.fixture
def tell(tmp_path: Path, site: Hub) -> Tell:
    """Report a result; what was written to stdout and what was warned of."""

    def told(result: Result, context: Context = HERE, **more: str) -> tuple[str, str]:
        env = {"GITHUB_TOKEN": "ghs_canary", "GITHUB_API_URL": site.server.url, "GITHUB_OUTPUT": str(tmp_path / "out")}
        env |= {
            "GITHUB_GRAPHQL_URL": f"{site.server.url}/graphql",
            "GITHUB_STEP_SUMMARY": str(tmp_path / "sum"),
            **more,
        }
        out: list[str] = []
        warned: list[str] = []

        def save(name: str, text: str, *, exact: bool = False) -> Path:
            (tmp_path / name).write_text(text, encoding="utf-8")
            return tmp_path / name

        github.report(context, result, Channel(env, tmp_path, out.append, warned.append, save))
        return "\n".join(out), "\n".join(warned)

    return told


def event(tmp_path: Path, body: object) -> dict[str, str]:
    (tmp_path / "event.json").write_text(json.dumps(body))
    env = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/streams", "GITHUB_RUN_ID": "5", "GITHUB_SHA": "merge"}
    return {**env, "GITHUB_EVENT_PATH": str(tmp_path / "event.json"), "GITHUB_REF_NAME": "main"}


def pull(source: str | None) -> dict[str, object]:
    repo = {"full_name": source} if source else None
    return {"pull_request": {"number": 7, "head": {"sha": "head", "repo": repo}, "base": {"sha": "base"}}}


@pytest.mark.parametrize(("source", "trusted"), [("acme/streams", True), ("stranger/streams", False), (None, False)])
def test_a_pull_request_is_trusted_when_it_is_of_the_repository(
    tmp_path: Path, source: str | None, trusted: bool
) -> None:
    found = github.detect(event(tmp_path, pull(source)))
    assert found is not None
    assert (found.base, found.head, found.change_request, found.trusted) == ("base", "head", "7", trusted)
    assert found.distrust == ("" if trusted else "it comes from a fork")
    assert found.run_url == "https://github.com/acme/streams/actions/runs/5"


@pytest.mark.parametrize(("before", "base"), [("b" * 40, "b" * 40), ("0" * 40, None), (None, None)])
def test_a_push_is_compared_with_what_was_there(tmp_path: Path, before: str | None, base: str | None) -> None:
    found = github.detect(event(tmp_path, {"before": before}))
    assert found is not None
    assert (found.base, found.head, found.change_request, found.trusted) == (base, "merge", None, True)


def test_a_merge_queue_is_compared_with_what_it_is_put_upon(tmp_path: Path) -> None:
    found = github.detect(event(tmp_path, {"merge_group": {"base_sha": "b" * 40, "head_sha": "merge"}}))
    assert found is not None
    assert (found.base, found.head, found.change_request, found.queued) == ("b" * 40, "merge", None, True)


@pytest.mark.parametrize("env", [{}, {"GITHUB_ACTIONS": "false"}, {"CI": "true"}])
def test_elsewhere_it_is_not_github(env: Mapping[str, str]) -> None:
    assert github.detect(env) is None


def test_a_plan_is_posted_once_and_left_alone_while_it_is_the_same(site: Hub, tell: Tell) -> None:
    tell(planned(CHANGE))
    tell(planned(CHANGE))
    assert [method for method, _ in site.writes()] == ["POST"]
    [body] = site.bodies()
    assert body.endswith(sticky.marker(planned()))
    assert "[run](https://g/run/1)" in body


def test_it_is_changed_with_the_plan_and_goes_when_there_is_nothing_to_say(site: Hub, tell: Tell) -> None:
    for number in range(5):
        site.say("somebody", f"words {number}")
    for result in (planned(CHANGE), planned(CHANGE, Change(topic_key("more"), None, topic(1, 1))), planned()):
        tell(result)
    assert [method for method, _ in site.writes()] == ["POST", "PATCH", "DELETE"]
    assert len(site.comments) == 5


def test_the_marker_of_somebody_else_is_not_ours(site: Hub, tell: Tell) -> None:
    site.say("mallory", f"all is well {sticky.marker(planned())}")
    tell(planned(CHANGE))
    assert len(site.bodies("mallory")) == len(site.bodies()) == 1
    tell(planned())
    assert len(site.bodies("mallory")) == 1
    assert site.bodies() == []


def test_another_environment_has_its_own_comment_and_copies_go(site: Hub, tell: Tell) -> None:
    site.say(BOT, "<!-- kafka-gitops:plan env=dev path=t v1 -->")
    for _ in range(2):
        site.say(BOT, sticky.marker(planned()))
    tell(planned(CHANGE))
    assert len(site.comments) == 2
    assert site.writes()[-1][0] == "DELETE"


@pytest.mark.parametrize("login", ["deployer", None])
def test_the_author_is_whom_the_token_speaks_for(site: Hub, tell: Tell, login: str | None) -> None:
    site.login = login
    tell(planned(CHANGE))
    tell(planned(CHANGE))
    assert len(site.bodies(login or BOT)) == 1


def test_a_hiccup_is_overcome(site: Hub, tell: Tell) -> None:
    site.hiccups = 2
    assert tell(planned(CHANGE))[1] == ""
    assert len(site.bodies()) == 1


@pytest.mark.parametrize("status", [403, 404, 422])
def test_a_refused_comment_is_a_warning(site: Hub, tell: Tell, status: int) -> None:
    site.refuse = status
    warned = tell(planned(CHANGE))[1]
    assert warned.startswith(
        f"The comment was not posted: POST 127.0.0.1/repos/acme/streams/issues/7/comments: HTTP {status}"
    )
    assert ("pull-requests: write" in warned) == (status == 403)
    assert "ghs_canary" not in warned


def test_without_a_token_it_says_so(site: Hub, tell: Tell) -> None:
    assert "there is no GITHUB_TOKEN" in tell(planned(CHANGE), GITHUB_TOKEN="")[1]
    assert site.server.asked == []


def test_a_push_comments_nothing(site: Hub, tell: Tell) -> None:
    tell(planned(CHANGE), Context("github", repository="acme/streams"))
    assert site.server.asked == []


def test_what_was_applied_is_told_to_the_pull_request_that_was_merged(site: Hub, tell: Tell) -> None:
    site.merge("c" * 40)
    place = Context("github", repository="acme/streams", base="b" * 40, head="c" * 40)
    outcomes = (Outcome(CHANGE, "done"),)
    done = replace(planned(CHANGE), command="apply", asked="apply", outcomes=outcomes, counts=total(outcomes))
    tell(done, place)
    [said] = site.bodies()
    assert said.startswith("### kafka-gitops apply: 1 applied, 0 failed, 0 skipped\n")
    assert "kafka-gitops:apply env=prod" in said
    tell(replace(planned(), command="apply", asked="apply"), place)  # run again: there is nothing left to do
    assert site.bodies() == [said]


@pytest.mark.parametrize(("head", "base"), [("c" * 40, None), ("d" * 40, "b" * 40)])
def test_an_apply_by_hand_or_of_a_plain_push_has_no_pull_request_to_tell(
    site: Hub, tell: Tell, head: str, base: str | None
) -> None:
    site.merge("c" * 40)
    tell(replace(planned(CHANGE), command="apply"), Context("github", repository="acme/streams", base=base, head=head))
    assert site.writes() == []


def test_drift_is_one_issue_that_closes_itself(site: Hub, tell: Tell) -> None:
    place = Context("github", repository="acme/streams")
    for result in (planned(CHANGE, asked="drift"), planned(CHANGE, asked="drift"), planned(asked="drift")):
        tell(result, place)
    issue = "/repos/acme/streams/issues"
    writes = [("POST", issue), ("POST", f"{issue}/100/comments"), ("PATCH", f"{issue}/100")]
    assert site.writes() == writes
    assert [one["state"] for one in site.issues] == ["closed"]
    assert site.bodies() == ["prod matches the files again."]
    tell(planned(CHANGE, asked="drift"), place)
    assert [one["state"] for one in site.issues] == ["open"]
    assert site.bodies()[1:] == ["It differs again."]


def test_another_drift_is_another_issue_and_a_new_difference_is_told_below(site: Hub, tell: Tell) -> None:
    place = Context("github", repository="acme/streams")
    tell(planned(CHANGE, asked="drift"), place)
    tell(planned(asked="drift"), place)
    other, third = (Change(topic_key(name), None, topic(1, 1)) for name in ("other", "third"))
    tell(planned(other, asked="drift"), place)
    assert [one["state"] for one in site.issues] == ["closed", "open"]
    tell(planned(other, third, asked="drift"), place)
    assert site.bodies()[1:] == ["Now this differs too:\n\n* `+ topic third`"]
    assert "third" in site.issues[1]["body"]
    tell(planned(third, asked="drift"), place)
    assert (len(site.bodies()), "other" in site.issues[1]["body"]) == (2, False)


def test_what_is_held_or_only_remarked_opens_no_issue(site: Hub, tell: Tell) -> None:
    place = Context("github", repository="acme/streams")
    result = planned(asked="drift")
    assert result.plan is not None
    held = replace(result.plan, held=(Unsupported(topic_key("t"), "held until 2026-06-15: OPS-1"),))
    tell(replace(result, plan=held, remarks=("a remark",)), place)
    assert site.writes() == []


def test_a_hook_gets_the_same_fingerprint_for_the_same_drift(tmp_path: Path, site: Hub, tell: Tell) -> None:
    place = Context("github", repository="acme/streams")
    seen = []
    for changes in ((CHANGE,), (CHANGE,), ()):
        tell(planned(*changes, asked="drift"), place, GITHUB_TOKEN="")
        seen.append(json.loads((tmp_path / "drift.json").read_text()))
    assert seen[0] == seen[1]
    assert {**seen[0], "fingerprint": ""} == {
        "environment": "prod",
        "differs": True,
        "fingerprint": "",
        "differences": ["+ topic orders"],
        "held": [],
        "not_applied": [],
    }
    assert (seen[2]["differs"], seen[2]["differences"]) == (False, [])


def test_a_drift_that_could_not_be_looked_for_leaves_the_issue(site: Hub, tell: Tell) -> None:
    place = Context("github", repository="acme/streams")
    tell(planned(CHANGE, asked="drift"), place)
    tell(Result("drift", "drift", environment="prod", error=Unreachable("no"), code=5), place)
    assert [one["state"] for one in site.issues] == ["open"]


def test_errors_remarks_and_findings_are_annotations(tell: Tell) -> None:
    error = Unreachable("Cannot reach a:1\n::stop-commands::x", help="Is it up?")
    findings = Findings([FINDING], topics=1)
    out, _ = tell(Result("lint", "plan", 5, findings=findings, remarks=("Lint only.",), error=error))
    assert out.splitlines()[:3] == [
        "::error title=kafka-gitops::Cannot reach a:1%0A::stop-commands::x%0AIs it up?",
        "::notice title=kafka-gitops::Lint only.",
        "::warning file=t.yaml,line=1,col=1,endColumn=5,title=topic-owner::nobody owns it",
    ]


def test_risks_are_annotations_at_the_lines_that_ask_for_them(tell: Tell) -> None:
    risk = Risk("retention-shrink", "records older than 1 day are deleted", True)
    shorter = [
        Change(topic_key(f"t{n}"), topic(retention_ms="2"), topic(retention_ms="1"), (risk,), Origin("a,b.yaml", n))
        for n in range(1, 9)
    ]
    out, _ = tell(planned(*shorter))
    said = [line for line in out.splitlines() if line.startswith("::")]
    assert len(said) == github.MOST_RISKS
    assert said[0] == (
        "::warning file=a%2Cb.yaml,line=1,col=1,title=retention-shrink::topic t1: records older than 1 day are deleted; "
        "it blocks until accepted: --accept retention-shrink:t1"
    )


def test_outputs_are_between_delimiters_that_nobody_foresees(tmp_path: Path, tell: Tell) -> None:
    tell(planned(CHANGE))
    lines = (tmp_path / "out").read_text().splitlines()
    told = {}
    for first, value, last in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        name, _, fence = first.partition("<<")
        assert fence == last != value
        told[name] = value
    fences = lines[2::3]
    assert len(set(fences)) == len(fences)
    digest = told.pop("plan-digest")
    assert digest.startswith("sha256:")
    assert told == {
        "command": "plan", "exit-code": "0", "has-changes": "true", "create-count": "1", "update-count": "0",
        "delete-count": "0", "error-count": "0", "warning-count": "0", "auto-approve": "false", "comment-id": "100",
        "plan-file": str(tmp_path / "plan.json"), "summary-file": str(tmp_path / "summary.md"),
    }  # fmt: skip


def test_what_cannot_be_done_is_a_warning_at_its_line(tell: Tell) -> None:
    entry = Unsupported(topic_key("orders"), "replication 3 -> 2: moving replicas", Origin("t/a.yaml", 4))
    result = planned()
    assert result.plan is not None
    out = tell(replace(result, plan=replace(result.plan, unsupported=(entry,))))[0]
    said = "topic orders cannot be done: replication 3 -> 2: moving replicas"
    assert f"::warning file=t/a.yaml,line=4,col=1,title=cannot-be-done::{said}\n" in out


def test_the_summary_is_appended(tmp_path: Path, tell: Tell) -> None:
    (tmp_path / "sum").write_text("before\n")
    tell(planned(CHANGE))
    text = (tmp_path / "sum").read_text()
    assert text.startswith("before\n### Plan for prod")
    assert "orders" in text


def test_a_file_that_cannot_be_written_is_a_warning(tmp_path: Path, tell: Tell) -> None:
    assert "GITHUB_OUTPUT cannot be written" in tell(planned(CHANGE), GITHUB_OUTPUT=str(tmp_path / "no" / "out"))[1]
