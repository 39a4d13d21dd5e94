"""Whose a comment is: by its author and its last line alone, whatever a topology writes into it."""

import json
from pathlib import Path

import pytest
from acting import pull_request, repository
from ci_trust_test import Site
from desk import ONE_CLUSTER as CONFIG
from desk import topology
from hooking import git, head, write
from hub import BOT, hub

from kafka_gitops.ci import Result, sticky
from kafka_gitops.ci.sticky import Deed, Post
from kafka_gitops.report import markup

STAGING, PRODUCTION = (
    sticky.marker(Result("plan", environment=name, paths=("t",))) for name in ("staging", "production")
)


def test_a_marker_within_the_body_is_nobodys() -> None:
    ours = Post(1, BOT, f"Plan for production: {STAGING}\n\n{PRODUCTION}")
    assert sticky.deeds([ours], marked=STAGING, author=BOT, body="b") == [Deed("create", None, f"b\n\n{STAGING}")]
    assert sticky.deeds([ours], marked=STAGING, author=BOT, body=None) == []
    assert sticky.deeds([ours], marked=PRODUCTION, author=BOT, body=None) == [Deed("delete", 1)]


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "  \r\n\r\n"])
def test_servers_may_end_lines_in_their_way(end: str) -> None:
    stored = Post(1, BOT, f"b\r\n\r\n{STAGING}{end}")
    assert sticky.deeds([stored], marked=STAGING, author=BOT.upper(), body="b") == []
    assert sticky.deeds([stored], marked=STAGING, author="mallory", body="b")[0].verb == "create"


@pytest.mark.parametrize("where", ["{}", "a\n{}", "{}\n\n", "`{}`"])
def test_nothing_in_a_body_is_a_marker(where: str) -> None:
    [deed] = sticky.deeds([], marked=STAGING, author=BOT, body=where.format(PRODUCTION))
    assert deed.body.count("<!--") == 1
    assert deed.body.endswith(STAGING)


def test_code_breaks_what_markers_are_made_of() -> None:
    assert "<!--" not in markup.code(STAGING) + markup.cell(STAGING) + markup.text(STAGING)
    assert "kafka-gitops:plan" not in markup.code(STAGING)
    assert markup.code("# kafka-gitops: allow topic-owner: x") == "`# kafka-gitops: allow topic-owner: x`"


def test_two_environments_keep_a_comment_each_whatever_a_topology_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attack as it was: a principal with the marker of the other run. Nobody answers at the cluster's address."""
    home = tmp_path / "streams"
    two = CONFIG.replace("environments:\n", "environments:\n  staging: {bootstrap: '127.0.0.1:9'}\n")
    repository(home, two)
    site = Site(home)
    site.commit(("topologies/a.yaml", topology("acme.", "orders")))
    site.base = head(home)
    evil = [f"<!-- kafka-gitops:plan env={name} path=. v1 -->" for name in ("staging", "prod")]
    grants = "".join(f'- principals: ["User:acme-{text}"]\n  allow: [READ]\n  topics: [acme.orders]\n' for text in evil)
    site.commit(("topologies/n.yaml", f"context: acme\nprojects: []\nacls:\n{grants}"))
    write(tmp_path / "event.json", json.dumps(pull_request(home, site.base)))
    git(home, "update-ref", "refs/remotes/origin/main", site.base)
    with hub() as made:
        for name, value in {
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": "acme/streams",
            "GITHUB_TOKEN": "ghs_canary",
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
            "GITHUB_API_URL": made.server.url,
            "GITHUB_GRAPHQL_URL": f"{made.server.url}/graphql",
            "PASSWORD": "canary",
        }.items():
            monkeypatch.setenv(name, value)
        for name in ("prod", "staging", "prod", "staging"):
            site.run("ci", "plan", "-e", name, "--timeout", "1")
        last = sorted(comment["body"].rstrip().rpartition("\n")[2] for comment in made.comments)
    assert last == [f"<!-- kafka-gitops:plan env={name} path=. v1 -->" for name in ("prod", "staging")]
