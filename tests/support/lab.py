"""GitLab's API on this machine: the notes of a merge request or the issues of a project, in pages."""

from collections.abc import Callable
from typing import Any

from forge import Answer, Asked

TOKEN = "glpat-CANARY"
BOT, STRANGER = {"username": "bot"}, {"username": "stranger"}
NOTES = "/api/v4/projects/42/merge_requests/5/notes"


def lab(
    *every: dict[str, Any], per_page: int = 100, refuse: int | None = None, merged: int | None = None
) -> Callable[[Asked], Answer]:
    """How GitLab with these notes or issues answers.

    `refuse` is the status of every write; every commit is of merge request 4, which is closed, and `merged`.
    """

    def answer(asked: Asked) -> Answer:
        if asked.headers["private-token"] != TOKEN:
            return Answer(401, {"message": "401 Unauthorized"})
        if asked.path.endswith("/user"):
            return Answer(body=BOT)
        if asked.path.startswith("/api/v4/projects/42/repository/commits/"):
            more = [{"iid": merged, "state": "merged"}] if merged is not None else []
            return Answer(body=[{"iid": 4, "state": "closed"}, *more])
        if asked.method != "GET" and refuse is not None:
            return Answer(refuse, {"message": f"{refuse} refused"})
        if asked.method != "GET":
            return Answer(204 if asked.method == "DELETE" else 200, None if asked.method == "DELETE" else {"id": 9})
        page, state = int(asked.query.get("page", "1")), asked.query.get("state")
        posts = [one for one in every if state is None or one.get("state", "opened") == state]
        posts = posts if asked.query.get("sort") == "asc" else posts[::-1]
        some = posts[(page - 1) * per_page : page * per_page]
        following = f"http://{asked.headers['host']}{asked.path}?page={page + 1}&sort=asc"
        link = {"Link": f'<{following}>; rel="next"'} if page * per_page < len(posts) else {}
        return Answer(body=list(some), headers=link)

    return answer


def note(number: int, author: dict[str, str], text: str, *, system: bool = False) -> dict[str, Any]:
    """A note as GitLab tells it."""
    return {"id": number, "author": author, "body": text, "system": system}
