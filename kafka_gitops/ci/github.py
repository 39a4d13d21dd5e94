"""GitHub Actions: annotations, job summary, SARIF, a comment on the pull request or an issue about drift, outputs."""

import json
import uuid
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kafka_gitops.ci import Channel, Context, Result, body, branch, files, issues, sticky
from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.errors import KafkaGitopsError

if TYPE_CHECKING:
    from kafka_gitops.clients.http import Api

NAME = "github"
_NOBODY = "0" * 40  # the commit "before" the first push of a branch
MOST_RISKS = 5  # as annotations, the comment has all: ten warnings are shown, and the findings want some
_BOT = "github-actions[bot]"  # whom a workflow's own token speaks for


def detect(env: Mapping[str, str]) -> Context | None:
    """By GITHUB_ACTIONS; the pull request, its trust, or the merge queue are in the event's file."""
    if env.get("GITHUB_ACTIONS") != "true":
        return None
    event = _event(env)
    pull, queue = _map(event.get("pull_request")), _map(event.get("merge_group"))
    repository, run = env.get("GITHUB_REPOSITORY"), env.get("GITHUB_RUN_ID")
    server = env.get("GITHUB_SERVER_URL", "https://github.com")
    head = _map(pull.get("head"))
    source = _map(head.get("repo")).get("full_name")
    fork = bool(pull) and source != repository
    before, commit = queue.get("base_sha", event.get("before")), head.get("sha") if pull else env.get("GITHUB_SHA")
    target = (
        branch(_map(pull.get("base")).get("ref")) if pull else _branch_of(queue.get("base_ref") or _ref(env, event))
    )
    default = _map(event.get("repository")).get("default_branch")
    if default is None and env.get("GITHUB_EVENT_NAME") == "schedule":
        default = target  # a schedule runs on the default branch alone
    return Context(
        NAME,
        base=_map(pull.get("base")).get("sha") if pull else before if before != _NOBODY else None,
        head=commit,
        tip=head.get("sha"),
        target_tip=_map(pull.get("base")).get("sha"),  # a queue's base may be a change before it that is not merged
        change_request=str(int(pull.get("number", 0))) if pull else None,
        queued=bool(queue),
        trusted=not fork,
        distrust="it comes from a fork" if fork else "",
        run_url=f"{server}/{repository}/actions/runs/{run}" if repository and run else None,
        repository=repository,
        target=target,
        default_branch=default,
        protected=not (pull or queue) and env.get("GITHUB_REF_PROTECTED") == "true",
        actor=env.get("GITHUB_TRIGGERING_ACTOR") or env.get("GITHUB_ACTOR") or None,
        actor_id=env.get("GITHUB_ACTOR_ID") or None if _started(env) else None,
        lines_url=f"{server}/{repository}/blob/{commit}/{{path}}#L{{line}}" if repository and commit else None,
    )


def _started(env: Mapping[str, str]) -> bool:
    """Whether the actor is who started this run: of a run that somebody does again it is who began the first."""
    return env.get("GITHUB_TRIGGERING_ACTOR", env.get("GITHUB_ACTOR")) == env.get("GITHUB_ACTOR")


def _ref(env: Mapping[str, str], event: Mapping[str, Any]) -> str | None:
    return env.get("GITHUB_REF") or event.get("ref")


def _branch_of(ref: str | None) -> str | None:
    """The branch of a full reference: a tag, which may have the name of a branch, keeps its refs/."""
    if ref is None or not ref.startswith("refs/heads/"):
        return ref
    return branch(ref.removeprefix("refs/heads/"))


def report(context: Context, result: Result, channel: Channel) -> None:
    """Tell it everywhere; the comment last, since it is the one that may not be allowed."""
    _annotate(result, channel)
    saved = files.save(result, channel)
    said = body.render(context, result, most=body.SUMMARY)
    summary = channel.save("summary.md", said)
    _append(channel, "GITHUB_STEP_SUMMARY", said)
    outputs = {**body.facts(result), "summary-file": str(summary.absolute())}
    outputs |= {f"{name}-file": str(saved[name].absolute()) for name in ("plan", "sarif") if name in saved}
    number = _post(context, result, channel)
    if number is not None:
        outputs["comment-id"] = str(number)
    for name, value in outputs.items():
        _append(channel, "GITHUB_OUTPUT", output(name, value))


def output(name: str, value: str) -> str:
    """A step's output for $GITHUB_OUTPUT, of any number of lines: between delimiters that nobody can foresee."""
    fence = f"ghadelimiter_{uuid.uuid4()}"
    return f"{name}<<{fence}\n{value}\n{fence}\n"


def _annotate(result: Result, channel: Channel) -> None:
    from kafka_gitops.report import github

    if result.error is not None:
        said = "\n".join(part for part in (result.error.message, result.error.help) if part)
        channel.write(github.command("notice" if result.undecided else "error", "kafka-gitops", said))
    for remark in (*result.added, *result.remarks):
        channel.write(github.command("notice", "kafka-gitops", remark))
    for one in islice((*_risks(result), *_impossible(result)), MOST_RISKS):
        channel.write(github.annotation(one, "warning"))
    if result.findings is not None:
        channel.write(github.render(result.findings))
    channel.write(body.log(result, linted=False))


def _risks(result: Result) -> Iterator[Diagnostic]:
    """The blocking risks that nobody accepted, at the lines that ask for them."""
    if result.plan is None or result.consent is None:
        return
    from kafka_gitops.plan.policy import accept_option, accept_trailer, open_risks

    told, way = (result.plan.own(), accept_trailer) if result.proposed else (result.plan, accept_option)
    placed = ((change, risk, change.origin) for change, risk in open_risks(told, result.consent) if change.origin)
    for change, risk, at in placed:
        said = f"{change.key}: {risk.sentence}; it blocks until accepted: {way(risk.name, change)}"
        yield Diagnostic(Span(at.path, at.line, 1, at.line, 1), risk.name, Severity.warning, said)


def _impossible(result: Result) -> Iterator[Diagnostic]:
    """What cannot be done, at the lines that ask for it."""
    for entry in result.plan.unsupported if result.plan is not None else ():
        if entry.origin is not None:
            at = Span(entry.origin.path, entry.origin.line, 1, entry.origin.line, 1)
            yield Diagnostic(at, "cannot-be-done", Severity.warning, f"{entry.key} cannot be done: {entry.reason}")


def _append(channel: Channel, variable: str, text: str) -> None:
    path = channel.env.get(variable)
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        channel.warn(f"{variable} cannot be written: {error.strerror}")


def _post(context: Context, result: Result, channel: Channel) -> int | None:
    """Keep the comment on the pull request, or on the merged one, or the issue about drift; its id if there is one."""
    token, about_drift = channel.env.get("GITHUB_TOKEN"), result.asked == "drift" and context.change_request is None
    wanted = context.change_request or about_drift or body.applied(context, result)
    if not (channel.comment and context.repository and wanted) or (about_drift and not channel.issue):
        return None
    if not token:
        channel.warn("No comment: there is no GITHUB_TOKEN (input github-token)")
        return None
    from kafka_gitops.clients.http import ApiError, open_api, shaped

    try:
        headers = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"}
        base = channel.env.get("GITHUB_API_URL", "https://api.github.com")
        api = open_api(base, headers=headers, env=channel.env)
        with shaped("GitHub"):
            author = _login(channel, headers)
            if about_drift:
                return issues.keep(api, context, result, author)
            number = context.change_request or _merged(api, context)
            return _comment(api, number, context, result, author) if number else None
    except ApiError as error:
        why = " (permissions: pull-requests: write, for drift issues: write)" if error.status == 403 else ""
        channel.warn(f"The comment was not posted: {error.message}{why}. The summary of this job has all of it.")
        return None


def _merged(api: "Api", context: Context) -> str | None:
    """The number of the pull request that this push merged."""
    repository = quote(context.repository or "", safe="/")
    for one in api.pages(f"repos/{repository}/commits/{context.head}/pulls?per_page=100"):
        pull = _map(one)
        if pull.get("merged_at") and pull.get("merge_commit_sha") == context.head:
            return str(int(pull["number"]))
    return None


def _comment(api: "Api", pull: str, context: Context, result: Result, author: str) -> int | None:
    where = f"repos/{quote(context.repository or '', safe='/')}/issues"
    text = None if body.silent(result) else body.render(context, result)
    posts = issues.posts(api, f"{where}/{pull}/comments?per_page=100")
    number: int | None = None
    for deed in sticky.deeds(posts, marked=sticky.marker(result), author=author, body=text):
        if deed.verb == "create":
            number = api.call("POST", f"{where}/{pull}/comments", {"body": deed.body}).data["id"]
        elif deed.verb == "update":
            number = api.call("PATCH", f"{where}/comments/{deed.id}", {"body": deed.body}).data["id"]
        else:
            api.call("DELETE", f"{where}/comments/{deed.id}")
    return number


def _login(channel: Channel, headers: Mapping[str, str]) -> str:
    """Whom the token speaks for; a workflow's own may ask only the other API, and where that is away it is the bot."""
    from kafka_gitops.clients.http import ApiError, open_api

    address = channel.env.get("GITHUB_GRAPHQL_URL", "https://api.github.com/graphql")
    try:
        api = open_api(address, headers=headers, env=channel.env)
        login = _map(
            _map(_map(api.call("POST", address, {"query": "{viewer{login}}"}, harmless=True).data).get("data")).get(
                "viewer"
            )
        )
    except ApiError:
        return _BOT
    return str(login.get("login") or _BOT)


def _event(env: Mapping[str, str]) -> Mapping[str, Any]:
    path = env.get("GITHUB_EVENT_PATH")
    if not path:
        return {}
    try:
        return _map(json.loads(Path(path).read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise KafkaGitopsError(f"GITHUB_EVENT_PATH: the event cannot be read: {error}") from None


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
