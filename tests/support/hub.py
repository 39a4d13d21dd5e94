"""GitHub's API on this machine: comments and issues with pages, other people's posts, and its bad days."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from forge import Answer, Asked, Forge, forge

BOT = "github-actions[bot]"
PAGE = 2  # posts on a page, whatever is asked for


@dataclass
class Pull:
    """The pull request 7: of which commit, to which one of main; `pushed` is its commit once somebody asked for it,
    `refuse` the status of its merge."""

    head: str
    main: str
    source: str = "acme/streams"
    target: str = "main"
    state: str = "open"
    draft: bool = False
    pushed: str | None = None
    refuse: int | None = None
    merged: dict[str, str] | None = None

    def seen(self) -> dict[str, Any]:
        """What GitHub tells of it."""
        told = {"sha": self.head, "repo": {"full_name": self.source}}
        self.head = self.pushed or self.head
        return {"state": self.state, "draft": self.draft, "head": told, "base": {"ref": self.target}}

    def merge(self, body: dict[str, str]) -> Answer:
        """Merge it when the commit named is the one it has."""
        if self.refuse is not None:
            return Answer(self.refuse, {"message": "A required check is expected."})
        if body["sha"] != self.head:
            return Answer(409, {"message": "Head branch was modified. Review and try the merge again."})
        self.merged, self.state = body, "closed"
        return Answer(200, {"merged": True})


@dataclass
class Hub:
    """What is stored, and how it answers: `refuse` is the status of every write, `hiccups` so many 502 come first."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    login: str | None = BOT
    refuse: int | None = None
    hiccups: int = 0
    pull: Pull | None = None
    server: Forge = field(default_factory=lambda: Forge(""))

    def say(self, author: str, body: str) -> None:
        """A comment that somebody wrote."""
        self.comments.append({"id": len(self.comments) + 100, "user": {"login": author}, "body": body})

    def bodies(self, author: str = BOT) -> list[str]:
        """The comments of an author."""
        return [one["body"] for one in self.comments if one["user"]["login"] == author]

    def merge(self, commit: str, number: int = 7) -> None:
        """A pull request that became this commit of its target, and one that has it and was never merged."""
        other = {"number": 8, "merged_at": None, "merge_commit_sha": commit}
        self.pulls = [other, {"number": number, "merged_at": "2026-01-05T09:00:00Z", "merge_commit_sha": commit}]

    def writes(self) -> list[tuple[str, str]]:
        """Method and path of each request that changes something."""
        return [(method, path) for method, path, _ in self.server.writes() if path != "/graphql"]

    def answer(self, asked: Asked) -> Answer:
        """Answer one request as GitHub does."""
        if self.hiccups:
            self.hiccups -= 1
            return Answer(502, {"message": "try again"})
        if asked.path == "/graphql":
            return Answer(200, {"data": {"viewer": {"login": self.login}}}) if self.login else Answer(403, {})
        if self.pull is not None and asked.path == "/repos/acme/streams/pulls/7":
            return Answer(200, self.pull.seen())
        if self.pull is not None and asked.path == "/repos/acme/streams/git/ref/heads/main":
            return Answer(200, {"object": {"sha": self.pull.main}})
        if asked.method == "GET":
            return self._page(asked)
        if self.refuse:
            return Answer(self.refuse, {"message": "Resource not accessible by integration"})
        return self._write(asked)

    def _page(self, asked: Asked) -> Answer:
        if asked.path.startswith("/repos/acme/streams/commits/") and asked.path.endswith("/pulls"):
            return Answer(200, self.pulls)
        of_pull = asked.path == "/repos/acme/streams/issues/7/comments"
        assert of_pull or asked.path == "/repos/acme/streams/issues", asked
        wanted = self.comments if of_pull else self._issues(asked)
        page = int(asked.query.get("page", 1))
        more = page * PAGE < len(wanted)
        address = f"http://{asked.headers['host']}{asked.path}?page={page + 1}&state=open&direction=asc"
        link = {"Link": f'<{address}>; rel="next", <{address}>; rel="last"'} if more else {}
        return Answer(200, wanted[(page - 1) * PAGE : page * PAGE], link)

    def _issues(self, asked: Asked) -> list[dict[str, Any]]:
        """Those of a state, the newest first unless the oldest are asked for."""
        found = [one for one in self.issues if one["state"] == asked.query["state"]]
        return found if asked.query.get("direction") == "asc" else found[::-1]

    def _write(self, asked: Asked) -> Answer:
        if self.pull is not None and (asked.method, asked.path) == ("PUT", "/repos/acme/streams/pulls/7/merge"):
            return self.pull.merge(asked.body)
        *_, place, last = asked.path.split("/")
        if asked.method == "POST":
            posts = self.comments if last == "comments" else self.issues
            number = len(posts) + 100
            new = {"id": number, "user": {"login": self.login or BOT}, "state": "open", **asked.body}
            posts.append(new if last == "comments" else {**new, "number": number})
            return Answer(201, posts[-1])
        posts = self.comments if place == "comments" else self.issues
        post = next(one for one in posts if one["id"] == int(last))
        if asked.method == "DELETE":
            posts.remove(post)
            return Answer(204)
        post.update(asked.body)
        return Answer(200, post)


@contextmanager
def hub() -> Iterator[Hub]:
    """A GitHub that lives as long as the block; `server.url` is its API."""
    made = Hub()
    with forge(made.answer) as server:
        made.server = server
        yield made
