"""Change requests of every kind, generated, against a small model of their own: nobody is called where it says lint only.

FUZZ says how many (default 200); `make fuzz` tries 5,000. What is real: git, the files, the command, a socket that counts.
"""

import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import pytest
from acting import repository
from ci_trust_test import Site
from desk import topology
from hooking import git, head
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CONFIG = "rules: {topic-owner: off}\nenvironments: {prod: {client_config: conf/c.properties}}\n"
CLIENT = "bootstrap.servers=127.0.0.1:PORT\nsecurity.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.username=u\nsasl.password=p\n"
PLATFORMS = ("github", "gitlab", "jenkins", "bitbucket", "other")
TARGETS = ("main", "main", "main", "mine", "Main", "refs/heads/main", "main ", "mаin", "", "refs/tags/main", "release")
EDITS = (
    "topic", "config", "config.yml", "CONFIG", "client", "policy", "certificate", "link", "directory link", "submodule",
    "attributes", "config moved", "config deleted", "client deleted", "utf-16 config", "config to link", "nothing",
)  # fmt: skip
DECIDE = {*EDITS} - {"topic", "attributes", "nothing"}
OPTIONS = ("", "--accept a:b", "--only topics", "-X bootstrap.servers=127.0.0.1:PORT", "--config evil.yaml", "--merged",
           "--branch mine", "--policy evil.yaml", "--base HEAD~1", "-e prod", "--yes")  # fmt: skip
REFUSED = {"-X bootstrap.servers=127.0.0.1:PORT", "--config evil.yaml", "--merged", "--branch mine",
           "--policy evil.yaml", "-e prod", "--yes"}  # fmt: skip


class Request(NamedTuple):
    """A run of a pipeline, as its author and its platform make it."""

    platform: str
    request: bool  # else a push
    target: str
    default: str | None
    protected: bool
    fork: bool
    fetched: bool
    old: bool  # it begins before main got its config
    edits: frozenset[str]
    words: tuple[str, ...]
    options: str


def may_plan(one: Request) -> bool:
    """The model: written from the page, not from the code."""
    if one.options in REFUSED:
        return False
    named = {one.default if one.platform in ("github", "gitlab") else None}
    if one.platform == "jenkins" and not one.request and one.default == one.target:
        named.add(one.target)
    if "--branch" in one.words:
        named.add("main")
    request = one.request or one.platform == "other"
    if one.platform == "other":
        if "--merged" in one.words:
            return True
        if "--branch" not in one.words:
            return False
    elif one.target not in named and not (one.protected and not one.request and one.platform in ("github", "gitlab")):
        return bool("--merged" in one.words and not one.request)
    if not request:
        return True
    told = one.platform in ("github", "bitbucket")  # the platform tells the tip
    fork = one.fork and one.platform in ("github", "gitlab", "jenkins")  # the others do not tell, or run none
    edits = one.edits - {"client"} if one.old else one.edits  # which the old branch has so already: nothing is edited
    return not fork and (one.fetched or told) and not edits & DECIDE


def environment(one: Request, site: Site, base: str, event: Path) -> Mapping[str, str]:
    """The variables of the platform; GitHub's event too."""
    commit, tip = head(site.home), git(site.home, "rev-parse", "trunk").strip()
    if one.platform == "github":
        about = {"repository": {"default_branch": one.default} if one.default else {}}
        repo = {"full_name": "mallory/x" if one.fork else "acme/streams"}
        pull = {"number": 7, "head": {"sha": commit, "repo": repo}, "base": {"ref": one.target, "sha": tip}}
        event.write_text(json.dumps({**about, **({"pull_request": pull} if one.request else {})}))
        env = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/streams", "GITHUB_EVENT_PATH": str(event)}
        env |= {} if one.request else {"GITHUB_REF": f"refs/heads/{one.target}"}
        return env | ({"GITHUB_REF_PROTECTED": "true"} if one.protected else {})
    if one.platform == "gitlab":
        env = {"GITLAB_CI": "true", "CI_PROJECT_ID": "1", "CI_DEFAULT_BRANCH": one.default or ""}
        env |= {"CI_COMMIT_REF_PROTECTED": "true"} if one.protected else {}
        if not one.request:
            return env | {"CI_COMMIT_BRANCH": one.target}
        source = "2" if one.fork else "1"
        env |= {"CI_MERGE_REQUEST_IID": "3", "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": source}
        return env | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": one.target}
    if one.platform == "jenkins":
        if one.request:
            env = {"CHANGE_ID": "7", "CHANGE_TARGET": one.target, "BRANCH_NAME": "PR-7"}
            return {"JENKINS_URL": "http://j/", **env, **({"CHANGE_FORK": "m"} if one.fork else {})}
        primary = {"BRANCH_IS_PRIMARY": "true"} if one.default == one.target else {}
        return {"JENKINS_URL": "http://j/", "BRANCH_NAME": one.target, **primary}
    if one.platform == "bitbucket":
        env = {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_COMMIT": commit, "BITBUCKET_BRANCH": one.target}
        if one.request:
            env |= {"BITBUCKET_PR_ID": "5", "BITBUCKET_PR_DESTINATION_BRANCH": one.target}
            env |= {"BITBUCKET_PR_DESTINATION_COMMIT": tip}
        return env
    return {"CI": "true", "KAFKA_GITOPS_BASE": base}


def edit(site: Site, what: str, evil: str) -> None:
    """One thing that a change does."""
    home = site.home
    texts = {
        "topic": ("topologies/a.yaml", topology("acme.", "orders", "new")),
        "config": ("kafka-gitops.yaml", CONFIG.replace("conf/c.properties", "evil.properties")),
        "config.yml": ("kafka-gitops.yml", CONFIG.replace("conf/c.properties", "evil.properties")),
        "CONFIG": ("KAFKA-GITOPS.YAML", CONFIG),
        "client": ("conf/c.properties", evil),
        "policy": ("policy.yaml", "limits: {topics: 9}\n"),
        "certificate": ("conf/ca.pem", "another"),
        "attributes": (".gitattributes", "*.properties ident\n* text eol=lf\n"),
    }
    site.write("evil.properties", evil)
    site.write("evil.yaml", CONFIG.replace("conf/c.properties", "evil.properties"))
    if what in texts:
        site.write(*texts[what])
    elif what in ("config deleted", "config moved", "config to link", "utf-16 config"):
        (home / "kafka-gitops.yaml").unlink(missing_ok=True)
        if what == "config moved":
            site.write("old/kafka-gitops.yaml", CONFIG)
        if what == "config to link":
            (home / "kafka-gitops.yaml").symlink_to("evil.yaml")
        if what == "utf-16 config":
            (home / "kafka-gitops.yaml").write_text(CONFIG, encoding="utf-16")
    elif what == "client deleted":
        (home / "conf" / "c.properties").unlink(missing_ok=True)
    elif what in ("link", "submodule"):
        (home / "topologies" / "b.yaml").unlink(missing_ok=True)
        (home / "topologies" / "b.yaml").symlink_to("a.yaml")
    elif what == "directory link" and not (home / "conf").is_symlink():
        (home / "conf").rename(home / "other")
        (home / "conf").symlink_to("other")


requests = st.builds(
    Request,
    st.sampled_from(PLATFORMS), st.sampled_from((True, True, True, False)), st.sampled_from(TARGETS),
    st.sampled_from(("main", "main", None)), st.booleans(), st.sampled_from((False, False, True)),
    st.sampled_from((True, True, False)), st.booleans(),
    st.frozensets(st.sampled_from(EDITS), max_size=3) | st.just(frozenset({"topic"})),
    st.sampled_from(((), ("--branch", "main"), ("--branch", "main"), ("--merged",))),
    st.sampled_from(("", "", "", "", *OPTIONS)),
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, socket.socket, socket.socket]]:
    """A repository whose main branch once called somebody else, and both listeners: (origin, good, evil)."""
    with socket.create_server(("127.0.0.1", 0)) as good, socket.create_server(("127.0.0.1", 0)) as evil:
        home = tmp_path_factory.mktemp("world") / "streams"
        repository(home, CONFIG)
        site = Site(home)
        site.commit(("conf/c.properties", client(evil)), ("conf/ca.pem", "x"), ("policy.yaml", "limits: {topics: 1}\n"))
        site.commit(("topologies/a.yaml", topology("acme.", "orders")))
        git(home, "branch", "old")
        site.commit(("conf/c.properties", client(good)))
        git(home, "branch", "-m", "trunk")
        git(home, "update-ref", "refs/remotes/origin/mine", "old")
        for server in (good, evil):
            server.setblocking(False)
        yield home, good, evil


def client(server: socket.socket) -> str:
    return CLIENT.replace("PORT", str(server.getsockname()[1]))


def calls(server: socket.socket) -> int:
    """How many came since the last time; each is hung up on."""
    count = 0
    while True:
        try:
            guest, _ = server.accept()
        except BlockingIOError:
            return count
        guest.close()
        count += 1


@settings(
    max_examples=int(os.environ.get("FUZZ", "200")),
    deadline=None,
    derandomize="FUZZ" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(requests)
def test_nobody_is_called_where_the_model_says_lint_only(
    world: tuple[Path, socket.socket, socket.socket], one: Request
) -> None:
    origin, good, evil = world
    with tempfile.TemporaryDirectory() as name:
        site = Site(Path(name) / "streams")
        shutil.copytree(origin, site.home, symlinks=True)
        if one.fetched:
            git(site.home, "update-ref", "refs/remotes/origin/main", "trunk")
        git(site.home, "checkout", "-qb", "change", "old" if one.old else "trunk")
        base = head(site.home)
        pushed = one.platform != "other" and not one.request
        for what in () if pushed else sorted(one.edits):
            edit(site, what, client(evil))
        site.commit()
        env = {**environment(one, site, base, Path(name) / "event.json")}
        env |= {"KAFKA_GITOPS_OPTIONS": one.options.replace("PORT", str(evil.getsockname()[1]))} if one.options else {}
        calls(good), calls(evil)
        with mock.patch.dict(os.environ, env):
            words = ("-e", "prod", "--policy", "policy.yaml", "-X", "ssl.ca.location=conf/ca.pem", "--timeout", "0.2")
            result = site.run("ci", "plan", *words, "--no-comment", *one.words)
        called, stolen = calls(good), calls(evil)
    merged = pushed or (one.platform == "other" and "--merged" in one.words)
    assert "Traceback" not in result.err
    assert (called + stolen == 0) or may_plan(one), (one, result)
    assert stolen == 0 or merged, (one, result)  # a merged commit's own files count, also old ones
    plain = one.options in ("", "--only topics") and one.target.strip()  # others may be wrong in themselves
    if plain and may_plan(one) and not one.edits - {"topic", "attributes", "nothing"} and not (merged and one.old):
        assert called, (one, result)
