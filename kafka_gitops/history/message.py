"""What a commit's message says of its change request, who approved it, and who accepted which risk: unproved, all."""

import re
from collections.abc import Iterable, Iterator

from kafka_gitops import acceptance
from kafka_gitops.history.entry import Accepted, Fact
from kafka_gitops.ledger.people import GIT

Trailers = Iterable[tuple[str, str]]  # (key, value)

_SUBJECT = (  # how GitHub, Bitbucket, Bitbucket Data Center and Azure call the commit of a change request
    re.compile(r"^Merge pull request (#\d+)\b"),
    re.compile(r"^Pull request (#\d+):"),
    re.compile(r"^Merged PR (\d+):"),
    re.compile(r"\((?:pull request )?([#!]\d+)\)$"),
)
_BODY = re.compile(r"^See merge request \S*(!\d+)$", re.MULTILINE)  # GitLab
_REQUEST = ("pull-request", "merge-request", "change-request", "pr-url", "reviewed-on")
_APPROVED = ("approved-by", "reviewed-by")
_BRANCH = re.compile(r"^Merge (pull request|branch|remote-tracking branch)\b")
_LOGIN = re.compile(r"(?<=://)[^\s/]*@|(?<![^\s(<\"'])[^\s@:/<>]{1,100}:(?!//)[^\s@]{1,200}@(?=\w)")  # user:secret@
_BEHIND = re.compile(r"(?<=\S)\s*<[^<>]*@[^<>]*>?")  # a name: Ann <ann@x.y>
_MAIL = re.compile(r"([^\s@<>:/\"'(]{1,64})@(?!v?\d[\d.]*(?!\S))[^\s@<>:/,;)\"']+")  # not checkout@v4: a version


def request(subject: str, body: str, trailers: Trailers) -> Fact | None:
    """The change request that a commit names: `#12`, `!12`, or an address; None where it names none."""
    for pattern in _SUBJECT:
        if found := pattern.search(subject):
            return Fact(found[1] if found[1][0] in "#!" else f"#{found[1]}", GIT)
    if found := _BODY.search(body):
        return Fact(found[1], GIT)
    return next((Fact(shown(value), GIT) for key, value in trailers if key.lower() in _REQUEST), None)


def title(subject: str, body: str) -> str:
    """What a commit is about: of a merge that only names its branch the line that says more, if there is one."""
    first = next((line.strip() for line in body.splitlines() if line.strip()), "")
    about = first and not re.match(r"[A-Za-z-]+: |See merge request ", first)
    return shown(first if _BRANCH.match(subject) and about else subject)


def shown(text: str) -> str:
    """What somebody wrote, of an e-mail address in it only `ann@***`, and without the login of a URL."""
    return _MAIL.sub(r"\1@***", _BEHIND.sub("", _LOGIN.sub("", text)))


def approvers(trailers: Trailers) -> Iterator[Fact]:
    """Who is named as the one who approved or reviewed; never an e-mail address."""
    for key, value in trailers:
        name = re.sub(r"\s*<[^>]*>?|\S+@\S+", "", value).strip()
        if key.lower() in _APPROVED and name:
            yield Fact(name, GIT)


def accepted(author: str, trailers: Trailers) -> Iterator[Accepted]:
    """The risks that the author of a commit accepted in its trailers."""
    for key, value in trailers:
        if key.lower() == acceptance.TRAILER.lower():
            risk, name = acceptance.said(value)
            yield Accepted(risk, name or None, Fact(shown(author), GIT))
