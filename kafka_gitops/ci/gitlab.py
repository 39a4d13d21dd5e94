"""GitLab: the widgets of a merge request, and with a project's token notes on it and one issue about drift."""

import json
import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kafka_gitops.ci import Channel, Context, Result, body, branch, files, incident, sticky

if TYPE_CHECKING:
    from kafka_gitops.clients.http import Api

NAME = "gitlab"
TOKEN = "KAFKA_GITOPS_GITLAB_TOKEN"  # CI_JOB_TOKEN may not write notes
FORMATS = {"gitlab": "code-quality.json", **files.LINT}
LATELY = 30  # closed issues among which one about the same drift is looked for
_QUICK_ACTION = re.compile(r"^(\s*)/", re.MULTILINE)  # a line of a note that begins so is a command


def detect(env: Mapping[str, str]) -> Context | None:
    """The pipeline of a merge request or a branch, by GitLab's predefined variables."""
    if env.get("GITLAB_CI") != "true":
        return None
    request = env.get("CI_MERGE_REQUEST_IID") or None
    fork = request is not None and env.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID") != env.get("CI_PROJECT_ID")
    project, commit = env.get("CI_PROJECT_URL"), env.get("CI_COMMIT_SHA")
    tag = f"refs/tags/{env['CI_COMMIT_TAG']}" if env.get("CI_COMMIT_TAG") else None  # it may have a branch's name
    before = env.get("CI_MERGE_REQUEST_DIFF_BASE_SHA" if request else "CI_COMMIT_BEFORE_SHA", "")
    return Context(
        NAME,
        base=before if before.strip("0") else None,  # zeros: a new branch, or a pipeline that no push began
        head=commit,
        tip=env.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or None,  # set in pipelines of merged results only
        target_tip=env.get("CI_MERGE_REQUEST_TARGET_BRANCH_SHA") or None,  # likewise
        change_request=request,
        trusted=not fork,
        distrust="the merge request comes from a fork" if fork else "",
        run_url=env.get("CI_JOB_URL") or env.get("CI_PIPELINE_URL"),
        repository=env.get("CI_PROJECT_PATH"),
        target=branch(env.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME" if request else "CI_COMMIT_BRANCH")) or tag,
        default_branch=env.get("CI_DEFAULT_BRANCH") or None,
        protected=request is None and env.get("CI_COMMIT_REF_PROTECTED") == "true",
        actor=env.get("GITLAB_USER_LOGIN") or None,
        actor_id=env.get("GITLAB_USER_ID") or None,
        lines_url=f"{project}/-/blob/{commit}/{{path}}#L{{line}}" if project and commit else None,
    )


def report(context: Context, result: Result, channel: Channel) -> None:
    """The log; code quality, JUnit and plan counts for the widgets; the note and the issue where a token allows."""
    from kafka_gitops.clients.http import ApiError, shaped

    channel.write(body.log(result))
    files.save(result, channel, FORMATS)
    if result.plan is not None:
        channel.save("terraform.json", counts(result))
    channel.save("summary.md", body.render(context, result))
    wanted = context.change_request is not None or result.command == "drift" or body.applied(context, result)
    wanted = wanted and channel.comment and (channel.issue or not _about_drift(context, result))
    if not wanted or not channel.env.get(TOKEN):
        return
    try:
        with shaped("GitLab"):
            _post(context, result, channel)
    except ApiError as error:
        channel.warn(f"GitLab was not told: {error.message}")


def _about_drift(context: Context, result: Result) -> bool:
    """Whether what is told is drift, of which there is an issue; in a merge request there are notes alone."""
    return result.command == "drift" and context.change_request is None


def counts(result: Result) -> str:
    """What GitLab's widget for plans reads; a change that is neither creation nor deletion is an update."""
    actions = [change.action for change in result.changes]
    return json.dumps({action: actions.count(action) for action in ("create", "update", "delete")}) + "\n"


def _post(context: Context, result: Result, channel: Channel) -> None:
    from kafka_gitops.clients.http import open_api

    env = channel.env
    api = open_api(env["CI_API_V4_URL"], headers={"PRIVATE-TOKEN": env[TOKEN]}, env=env)
    project = f"projects/{quote(env['CI_PROJECT_ID'], safe='')}"
    author = str(api.call("GET", "user").data["username"])
    if _about_drift(context, result):
        _issue(api, f"{project}/issues", author, context, result)
        return
    request = context.change_request or _merged(api, project, context)
    if request is not None:
        _note(api, f"{project}/merge_requests/{request}/notes", author, context, result)


def _merged(api: "Api", project: str, context: Context) -> str | None:
    """The number of the merge request that this push merged."""
    found = api.pages(f"{project}/repository/commits/{context.head}/merge_requests?per_page=100")
    return next((str(int(one["iid"])) for one in found if one["state"] == "merged"), None)


def _note(api: "Api", path: str, author: str, context: Context, result: Result) -> None:
    text = None if body.silent(result) else _safe(body.render(context, result))
    notes = _posts((note for note in api.pages(f"{path}?per_page=100&sort=asc") if not note["system"]), "id", "body")
    for deed in sticky.deeds(notes, marked=sticky.marker(result), author=author, body=text):
        if deed.verb == "delete":
            api.call("DELETE", f"{path}/{deed.id}")
        elif deed.verb == "update":
            api.call("PUT", f"{path}/{deed.id}", {"body": deed.body})
        else:
            api.call("POST", path, {"body": deed.body})


def _issue(api: "Api", path: str, author: str, context: Context, result: Result) -> None:
    """One open issue while the cluster differs; closed when it does not. A run that failed says nothing of drift."""
    if result.plan is None or result.part:
        return
    mine = f"scope=all&author_username={quote(author)}"

    def closed() -> list[sticky.Post]:
        lately = api.pages(f"{path}?state=closed&{mine}&order_by=updated_at&per_page={LATELY}")
        return _posts(islice(lately, LATELY), "iid", "description")

    opened = f"{path}?state=opened&{mine}&order_by=created_at&sort=asc&per_page=100"
    there = _posts(api.pages(opened), "iid", "description")
    found = incident.drift(context, result, _safe(body.render(context, result)))
    for step in incident.steps(found, there, closed, marked=sticky.marker(result), author=author):
        if step.verb == "close":
            api.call("PUT", f"{path}/{step.id}", {"state_event": "close"})
        elif step.verb == "say":
            api.call("POST", f"{path}/{step.id}/notes", {"body": _safe(step.text)})
        elif step.verb == "create":
            api.call("POST", path, {"title": incident.title(result), "description": step.text})
        else:
            again = {"state_event": "reopen"} if step.verb == "reopen" else {}
            api.call("PUT", f"{path}/{step.id}", {**again, "description": step.text})


def _posts(found: Iterable[Any], id: str, text: str) -> list[sticky.Post]:
    return [sticky.Post(one[id], one["author"]["username"], one[text] or "") for one in found]


def _safe(text: str) -> str:
    return _QUICK_ACTION.sub(r"\1&#47;", text)
