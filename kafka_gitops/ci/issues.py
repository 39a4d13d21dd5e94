"""Issues of GitHub: the one about drift, and whatever else is posted there, with who wrote it."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import quote

from kafka_gitops.ci import Context, Result, body, incident, sticky

if TYPE_CHECKING:
    from kafka_gitops.clients.http import Api

LATELY = 30  # closed issues among which one about the same drift is looked for


def keep(api: "Api", context: Context, result: Result, author: str) -> int | None:
    """One open issue while the cluster differs from the files; closed by itself when it no longer does."""
    if result.plan is None or result.part:
        return None
    where = f"repos/{quote(context.repository or '', safe='/')}/issues"
    found, mine = incident.drift(context, result, body.render(context, result)), f"creator={quote(author)}"

    def closed() -> Iterator[sticky.Post]:
        return islice(posts(api, f"{where}?state=closed&{mine}&sort=updated&per_page={LATELY}"), LATELY)

    there = posts(api, f"{where}?state=open&{mine}&sort=created&direction=asc&per_page=100")
    number: int | None = None
    for step in incident.steps(found, there, closed, marked=sticky.marker(result), author=author):
        if step.verb == "create":
            told = {"title": incident.title(result), "body": step.text}
            number = api.call("POST", where, told).data["number"]
        elif step.verb == "say":
            api.call("POST", f"{where}/{step.id}/comments", {"body": step.text})
        else:
            told = {"state": "closed"} if step.verb == "close" else {"state": "open", "body": step.text}
            answer = api.call("PATCH", f"{where}/{step.id}", told)
            number = answer.data["number"] if step.verb != "close" else number
    return number


def posts(api: "Api", path: str) -> Iterator[sticky.Post]:
    """Comments by their id, issues by their number: what the addresses of both are made of."""
    for post in api.pages(path):
        if "pull_request" in post:  # GitHub lists them among the issues
            continue
        number = post.get("number", post.get("id", 0))
        yield sticky.Post(int(number), str((post.get("user") or {}).get("login", "")), str(post.get("body") or ""))
