"""Which release of the tool the written files install: an address and a full commit, never a name in a registry."""

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from kafka_gitops.errors import UsageError

ADDRESS, COMMIT = "https://github.com/OWNER/kafka-gitops", "0" * 40  # what the shipped templates hold
_REMARK = re.compile(r"( *(?:#|//)) v[\w.]+: put the commit of the release here")


class Release(NamedTuple):
    """The repository that git fetches from, and the full commit."""

    address: str
    commit: str


def parse(text: str) -> Release:
    """Read `ADDRESS@COMMIT`. Raises UsageError where the commit is not a full one, or there is no address."""
    address, _, commit = text.removeprefix("git+").rpartition("@")
    if not re.fullmatch(r"[0-9a-f]{40}", commit) or commit == COMMIT:
        raise UsageError(
            f"--from {text}: expected ADDRESS@COMMIT with the full commit, 40 digits of 0 to 9 and a to f",
            help="A tag or a branch can be moved; git rev-parse TAG^{commit} shows its commit.",
        )
    if not re.fullmatch(r"(https|ssh|file)://[^\s'\"$`\\]+|[\w.-]+@[\w.-]+:[\w./~-]+", address):
        raise UsageError(
            f"--from {text}: expected an address such as https://github.com/acme/kafka-gitops before the @"
        )
    if _bare(address) != address:
        raise UsageError("--from: the address holds a password or token, and what is written would show it")
    return Release(address, commit)


def installed() -> Release | None:
    """What the running installation says of itself (PEP 610): None where it was not installed from a commit of git."""
    try:
        told = json.loads(distribution("kafka-gitops").read_text("direct_url.json") or "{}")
        address, commit = _bare(str(told["url"])), str(told["vcs_info"]["commit_id"])
        return parse(f"{address}@{commit}") if told["vcs_info"]["vcs"] == "git" else None
    except (PackageNotFoundError, ValueError, KeyError, TypeError, UsageError):
        return None


def _bare(address: str) -> str:
    """An address without a user's password or token."""
    parts = urlsplit(address)
    if parts.scheme != "https" or "@" not in parts.netloc:
        return address
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def page(path: str, release: Release | None) -> str:
    """Where a page of ours is read, as an address where the release has one for browsers."""
    if release is None:
        return f"{path} in the repository of kafka-gitops"
    if not release.address.startswith("https://"):
        return f"{path} of {release.address}"
    return f"{release.address.removesuffix('.git')}/blob/{release.commit}/{path}"


def filled(text: str, release: Release) -> str:
    """A shipped file with the release in place of what it holds."""
    path = re.sub(r"^.*://[^/]+/|^[^:/]+:", "", release.address).removesuffix(".git")
    text = text.replace(f"OWNER/kafka-gitops@{COMMIT}", f"{path}@{release.commit}")
    return _REMARK.sub("", text.replace(ADDRESS, release.address).replace(COMMIT, release.commit))
