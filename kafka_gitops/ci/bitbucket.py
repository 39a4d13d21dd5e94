"""Bitbucket: a report of Code Insights with annotations for lint, another one with the counts of the plan."""

import json
import re
from collections.abc import Mapping
from typing import Any

from kafka_gitops.ci import Channel, Context, Result, body, branch, files
from kafka_gitops.redact import redact
from kafka_gitops.report.findings import clipped, inert

NAME = "bitbucket"
API = "KAFKA_GITOPS_BITBUCKET_API"
PROXY = "KAFKA_GITOPS_BITBUCKET_PROXY"
OF_PIPELINES = ("http://api.bitbucket.org/2.0", "http://localhost:29418")  # this proxy adds the login of the pipeline
FORMATS = {"bitbucket": "code-insights.json", **files.LINT, "junit": "test-results/lint.xml"}  # found by its folder
_NAME, _DETAILS = 200, 2000  # characters


def detect(env: Mapping[str, str]) -> Context | None:
    """The pipeline of a pull request or a branch, by Bitbucket's default variables."""
    if not env.get("BITBUCKET_BUILD_NUMBER"):
        return None
    request, head = env.get("BITBUCKET_PR_ID") or None, env.get("BITBUCKET_COMMIT")
    repository, number = env.get("BITBUCKET_REPO_FULL_NAME"), env["BITBUCKET_BUILD_NUMBER"]
    source = f"https://bitbucket.org/{repository}/src/{head}"
    tag = f"refs/tags/{env['BITBUCKET_TAG']}" if env.get("BITBUCKET_TAG") else None  # it may have a branch's name
    before = env.get("BITBUCKET_PR_DESTINATION_COMMIT") if request else env.get("KAFKA_GITOPS_BASE")
    return Context(
        NAME,
        base=before or None,
        head=head,
        target_tip=before if request else None,
        change_request=request,
        run_url=f"https://bitbucket.org/{repository}/pipelines/results/{number}" if repository else None,
        repository=repository,
        target=branch(env.get("BITBUCKET_PR_DESTINATION_BRANCH" if request else "BITBUCKET_BRANCH")) or tag,
        actor_id=env.get("BITBUCKET_STEP_TRIGGERER_UUID") or None,
        lines_url=f"{source}/{{path}}#lines-{{line}}" if repository and head else None,
    )


def report(context: Context, result: Result, channel: Channel) -> None:
    """The log, the files, and both reports on the commit."""
    from kafka_gitops.clients.http import ApiError

    channel.write(body.log(result))
    saved = files.save(result, channel, FORMATS)
    channel.save("summary.md", body.render(context, result))
    if not channel.comment or context.head is None or context.repository is None:
        return
    try:
        if "bitbucket" in saved and saved["bitbucket"].is_file():
            told = json.loads(saved["bitbucket"].read_text(encoding="utf-8"))
            _tell(context, channel, name("lint", result), told["report"], told["annotations"])
        if result.plan is not None:
            about = f"{result.command}-{result.environment or 'cluster'}"
            _tell(context, channel, name(about, result), plan_report(context, result), [])
    except ApiError as error:
        channel.warn(f"Bitbucket was not told: {error.message}")


def name(about: str, result: Result) -> str:
    """What a report is called: a later one of this name replaces it, so that each directory has its own."""
    place = re.sub(r"[^A-Za-z0-9.]+", "-", " ".join(result.paths)).strip("-.")
    return clipped("-".join(filter(None, ("kafka-gitops", about, place))), _NAME)


def plan_report(context: Context, result: Result) -> dict[str, Any]:
    """The body of PUT .../reports/{id} with what a plan, an apply or a drift came to."""
    facts = body.facts(result)
    said = result.error.message if result.error is not None else body.closing(result) or " ".join(result.remarks)
    said = "\n".join(filter(None, (*result.added, said)))
    numbers = [(f"To {action}", facts[f"{action}-count"]) for action in ("create", "update", "delete")]
    if (did := result.counts) is not None and result.code:  # what was not done is no longer all to do
        numbers = [("Applied", str(did.applied)), ("Failed", str(did.failed)), ("Skipped", str(did.skipped))]
        numbers += [("Unknown", str(did.unknown)), ("Not verified", str(did.unverified + did.unseen))]
    return {
        "title": f"kafka-gitops {result.command}: {result.environment or 'the cluster'}",
        "details": clipped(inert(redact(said or "The whole plan is in the log of the run.")), _DETAILS),
        "report_type": "BUG",
        "reporter": "kafka-gitops",
        "result": "PASSED" if result.code == 0 else "FAILED",
        "data": [{"title": title, "type": "NUMBER", "value": int(number)} for title, number in numbers],
        **({"link": context.run_url} if context.run_url else {}),
    }


def _tell(context: Context, channel: Channel, called: str, report: object, annotations: list[list[object]]) -> None:
    """Replace the report of this name on the commit, and its annotations."""
    from kafka_gitops.clients.http import open_api

    base, proxy = (channel.env.get(key) or usual for key, usual in zip((API, PROXY), OF_PIPELINES, strict=True))
    api = open_api(base, headers={}, env=channel.env, proxy=proxy)
    path = f"repositories/{context.repository}/commit/{context.head}/reports/{called}"
    api.call("PUT", path, report)
    for batch in annotations:
        api.call("POST", f"{path}/annotations", batch)
