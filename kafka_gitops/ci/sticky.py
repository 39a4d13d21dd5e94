"""One comment per change request that is kept up to date: which of those that are there is ours, what to do with it."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote

from kafka_gitops.ci import Result


class Post(NamedTuple):
    """A comment or issue that is there: its id, who wrote it, its text."""

    id: int
    author: str
    body: str


class Deed(NamedTuple):
    """One request to make: `create`, `update` or `delete`; `id` of the post, None for a new one."""

    verb: str
    id: int | None
    body: str = ""


def marker(result: Result) -> str:
    """An HTML comment, invisible when rendered, that says which run a comment is of: command, environment and paths."""
    environment, paths = (_plain(part) for part in (result.environment or "", " ".join(result.paths)))
    return f"<!-- kafka-gitops:{result.asked or result.command} env={environment} path={paths} v1 -->"


def deeds(posts: Iterable[Post], *, marked: str, author: str, body: str | None) -> list[Deed]:
    """What brings the posts to one with this body (None: to none): those with our marker *and* our author are ours.

    Anybody can write the marker into a comment, so the author decides; and text of a topology may be in ours, so
    only its very end does. An unchanged one is left; copies are deleted.
    """
    mine = [post for post in posts if post.author.lower() == author.lower() and post.body.rstrip().endswith(marked)]
    text = None if body is None else f"{without_markers(body).rstrip()}\n\n{marked}"
    if text is None:
        return [Deed("delete", post.id) for post in mine]
    if not mine:
        return [Deed("create", None, text)]
    first, copies = mine[0], mine[1:]
    kept = [] if _same(first.body, text) else [Deed("update", first.id, text)]
    return [*kept, *(Deed("delete", post.id) for post in copies)]


def without_markers(body: str) -> str:
    """A body in which nothing begins a comment of HTML, so that no text in it is one of our markers."""
    return body.replace("<!--", "<! --")


def _plain(raw: str) -> str:
    """Text that cannot end an HTML comment; of a long one its digest."""
    kept = raw if len(raw) <= 500 else hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()
    return quote(kept, safe="/.,_-", errors="replace").replace("--", "-%2D")


def _same(stored: str, text: str) -> bool:
    """Servers may keep line ends and blanks at the ends in their own way."""
    return stored.replace("\r\n", "\n").strip() == text.strip()
