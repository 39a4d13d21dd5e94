"""The issue about drift: of two the older stays, pull requests are none, and what it cannot remember is not told anew."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import pytest
from ci_github_test import CHANGE, planned
from forge import Answer, Asked, forge
from hub import BOT, Hub, hub
from lab import TOKEN, lab

from kafka_gitops.ci import Channel, Context, Result, github, gitlab, incident, sticky
from kafka_gitops.ci.incident import Drift, Step, steps
from kafka_gitops.ci.sticky import Post

MARKED = "<!-- kafka-gitops:drift env=prod path=t v1 -->"
DRIFT = planned(CHANGE, asked="drift")
HERE = Context("github", repository="acme/streams")


def found(number: int, *more: str) -> Drift:
    """So many differences."""
    names = [*(f"t{one}" for one in range(number)), *more]
    return Drift("text", {f"{crc32(name.encode()):012x}": f"+ topic {name}" for name in names})


def after(before: Drift, now: Drift) -> list[Step]:
    """What is done about an issue that tells of what was before."""
    [made] = steps(before, [], list, marked=MARKED, author=BOT)
    return steps(now, [Post(1, BOT, made.text)], list, marked=MARKED, author=BOT)


@pytest.mark.parametrize(
    ("before", "now", "verbs"),
    [
        (found(205), found(205), []),
        (found(205), found(204), ["update"]),
        (found(205), found(200), ["update"]),
        (found(205), found(204, "new"), ["update"]),
        (found(200), found(200, "new"), ["update", "say"]),
        (found(1), found(1, "new"), ["update", "say"]),
        (found(2), found(1), ["update"]),
    ],
)
def test_of_more_than_200_differences_none_is_told_as_new(before: Drift, now: Drift, verbs: list[str]) -> None:
    done = after(before, now)
    assert [step.verb for step in done] == verbs
    assert [step.text for step in done if step.verb == "say"] == ["Now this differs too:\n\n* `+ topic new`"] * (
        "say" in verbs
    )


@pytest.fixture
def site() -> Iterator[Hub]:
    with hub() as made:
        yield made


def to_github(folder: Path, site: Hub, result: Result) -> list[tuple[str, str]]:
    """The writes after a result was told."""
    env = {"GITHUB_TOKEN": "x", "GITHUB_API_URL": site.server.url, "GITHUB_GRAPHQL_URL": f"{site.server.url}/graphql"}
    github.report(HERE, result, channel(folder, env))
    return site.writes()


def channel(folder: Path, env: dict[str, str]) -> Channel:
    def save(name: str, text: str, *, exact: bool = False) -> Path:
        return folder / name

    return Channel(env, folder, lambda _text: None, lambda _text: None, save)


def test_who_wants_no_issue_gets_none(tmp_path: Path, site: Hub) -> None:
    env = {"GITHUB_TOKEN": "x", "GITHUB_API_URL": site.server.url, "GITHUB_GRAPHQL_URL": f"{site.server.url}/graphql"}
    github.report(HERE, DRIFT, replace(channel(tmp_path, env), issue=False))
    assert site.writes() == []
    with forge(lab()) as api:
        env = {"CI_API_V4_URL": f"{api.url}/api/v4", gitlab.TOKEN: TOKEN, "CI_PROJECT_ID": "42"}
        gitlab.report(Context("gitlab", target="main"), DRIFT, replace(channel(tmp_path, env), issue=False))
        assert api.writes() == []


def issue(number: int, **more: object) -> dict[str, object]:
    """An issue about drift, of another state than is found now."""
    body = f"old\n\n<!-- kafka-gitops:differs 0123456789ab -->\n{sticky.marker(DRIFT)}"
    return {"id": number, "number": number, "user": {"login": BOT}, "state": "open", "body": body, **more}


def test_a_pull_request_is_no_issue(tmp_path: Path, site: Hub) -> None:
    site.issues = [issue(7, pull_request={"url": "https://api.example/pulls/7"})]
    for result in (DRIFT, planned(asked="drift")):
        writes = to_github(tmp_path, site, result)
    own = "/repos/acme/streams/issues"
    assert writes == [("POST", own), ("POST", f"{own}/101/comments"), ("PATCH", f"{own}/101")]
    assert site.issues[0] == issue(7, pull_request={"url": "https://api.example/pulls/7"})


def test_of_two_the_older_stays(tmp_path: Path, site: Hub) -> None:
    site.issues = [issue(100), issue(101)]
    to_github(tmp_path, site, DRIFT)
    assert [one["state"] for one in site.issues] == ["open", "closed"]


def to_gitlab(folder: Path, result: Result, answer: Callable[[Asked], Answer]) -> list[tuple[str, str, object]]:
    """The writes after a result was told."""
    with forge(answer) as api:
        env = {"CI_API_V4_URL": f"{api.url}/api/v4", gitlab.TOKEN: TOKEN, "CI_PROJECT_ID": "42"}
        gitlab.report(Context("gitlab", target="main"), result, channel(folder, env))
        return [(method, path, body.get("state_event")) for method, path, body in api.writes()]


def test_of_two_the_older_stays_on_gitlab(tmp_path: Path) -> None:
    there = [
        {"id": 90 + number, "iid": number, "author": {"username": "bot"}, "description": issue(number)["body"]}
        for number in (3, 4)
    ]
    at = "/api/v4/projects/42/issues"
    done = [one for one in to_gitlab(tmp_path, DRIFT, lab(*there)) if not one[1].endswith("notes")]
    assert done == [("PUT", f"{at}/3", None), ("PUT", f"{at}/4", "close")]


@pytest.mark.parametrize("result", [DRIFT, planned(asked="drift")])
def test_a_look_at_some_kinds_leaves_the_issue(tmp_path: Path, site: Hub, result: Result) -> None:
    site.issues = [issue(100)]
    assert to_github(tmp_path, site, replace(result, part=True)) == []
    there = {"id": 93, "iid": 3, "author": {"username": "bot"}, "description": issue(3)["body"]}
    assert to_gitlab(tmp_path, replace(result, part=True), lab(there)) == []


def test_it_has_one_title_everywhere() -> None:
    assert incident.title(DRIFT) == "Kafka drift: prod differs from the files"
    assert incident.title(replace(DRIFT, environment=None)) == "Kafka drift: the cluster differs from the files"
