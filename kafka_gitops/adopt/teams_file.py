"""A file of teams: whose names and principals are whose, when an estate is cut into repositories."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from kafka_gitops.descriptor.releases import LISTS
from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.shape.check import ListOf, Map, Text, check
from kafka_gitops.shape.json_schema import DRAFT, Json, of
from kafka_gitops.text.source import Node, Source

_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
TEXTS = ListOf(Text(), called="a list of patterns")
TEAM = Map(dict.fromkeys(LISTS, TEXTS), called="a team")
FILE = Map({"teams": Map(others=TEAM, called="teams")}, ("teams",), called="a file of teams")
_SAYS = {
    (FILE.called, "teams"): "The teams by their names, which become folders; what two claim is an error.",
    **{(TEAM.called, name): says for name, says in LISTS.items()},
    (
        TEAM.called,
        "principals",
    ): "Principals of the team's applications, such as User:pay-*: their users, quotas, groups "
    "and transactional ids are the team's where no list says whose they are. Never in `manage`: who owns a topic may "
    "give anybody rights on it.",
    (TEAM.called, "subjects"): "Subjects of the schema registry; those of the team's topics where left out.",
    (TEAM.called, "users"): "Users by their bare names; those of `principals` where left out.",
    (
        TEAM.called,
        "quota_users",
    ): "Users whose quotas are the team's, by bare names; those of `principals` where left out.",
}
_SUBJECTS = "subjects"
_OF_TOPICS = ("-key", "-value")  # subjects, as TopicNameStrategy makes them


class Claim(NamedTuple):
    """A pattern, and where it, or what it follows from, is written."""

    pattern: str
    place: Span
    follows: bool = False


class Team(NamedTuple):
    """A team, and what it claims: patterns by the names of lists as in `manage`, and `principals`."""

    name: str
    claims: Mapping[str, tuple[Claim, ...]]

    def patterns(self, name: str) -> tuple[str, ...]:
        """The patterns of a list."""
        return tuple(claim.pattern for claim in self.claims.get(name, ()))


def document() -> Json:
    """The JSON Schema of the file."""
    found = of(FILE, lambda mapping, name: _SAYS[mapping.called, name])
    teams = found["properties"]["teams"]  # type: ignore[index]
    teams["propertyNames"] = {"pattern": f"^{_NAME.pattern}$"}
    about = "Teams whose repositories an estate is cut into: kafka-gitops import --teams FILE."
    return {"$schema": DRAFT, "title": about, **found}


def read(source: Source) -> tuple[list[Team], list[Diagnostic]]:
    """The teams of a file, and what is wrong with it: its form, and every name that two teams claim."""
    root = source.root if source.root is not None else Node.empty(source.path)
    problems = [*source.problems, *check(root, FILE)]
    found = root.map.get("teams")
    teams = []
    for name, node in found.map.items() if found is not None else ():
        if not _NAME.fullmatch(name):
            said = f'the team "{name}" cannot be the name of a folder'
            problems.append(Diagnostic(node.key_span, "wrong-type", Severity.error, said, "use letters, digits, . _ -"))
        teams.append(Team(name, _claims(node)))
    if found is not None and not teams and not problems:
        said = "this file has no team"
        problems.append(Diagnostic(found.head, "missing-key", Severity.error, said, "write teams: {payments: {...}}"))
    teams = [_without_wide(team, teams) for team in teams]
    return teams, [*problems, *_twice(teams)]


def _claims(node: Node) -> dict[str, tuple[Claim, ...]]:
    stated = {
        name: tuple(Claim(item.text.upper() if name == "cluster" else item.text, item.head) for item in listed.items)
        for name, listed in node.map.items()
        if name in LISTS
    }
    bare = tuple(
        one._replace(pattern=one.pattern.removeprefix("User:"))
        for one in stated.get("principals", ())
        if one.pattern.startswith("User:")
    )
    derived = {"users": bare, "quota_users": bare, _SUBJECTS: tuple(_subjects(stated.get("topics", ())))}
    return {**{name: claims for name, claims in derived.items() if claims}, **stated}


def _subjects(topics: Iterable[Claim]) -> Iterator[Claim]:
    """The subjects of topics by Confluent's usual names."""
    for one in topics:
        names = [one.pattern] if one.pattern.endswith("*") else [f"{one.pattern}{ending}" for ending in _OF_TOPICS]
        yield from (one._replace(pattern=name, follows=True) for name in names)


def _without_wide(team: Team, teams: list[Team]) -> Team:
    """A team whose topics do not claim the subjects of another's topic: `orders-*` has those of the topic `orders`."""
    exact = [
        one.pattern
        for other in teams
        for one in other.claims.get(_SUBJECTS, ())
        if other.name != team.name and one.follows and not one.pattern.endswith("*")
    ]
    mine = team.claims.get(_SUBJECTS, ())
    kept = tuple(one for one in mine if not (one.follows and any(overlap(one.pattern, name) for name in exact)))
    return team if kept == mine else team._replace(claims={**team.claims, _SUBJECTS: kept})


def overlap(one: str, other: str) -> bool:
    """Whether some name fits both patterns."""
    begins, exact = (one, other) if one.endswith("*") else (other, one)
    if not begins.endswith("*"):
        return begins == exact
    if not exact.endswith("*"):
        return exact.startswith(begins[:-1])
    return begins[:-1].startswith(exact[:-1]) or exact[:-1].startswith(begins[:-1])


def _twice(teams: list[Team]) -> Iterator[Diagnostic]:
    """Each claim of a team that meets one of a team before it; once for a place, whatever lists follow from it."""
    seen: set[tuple[Span, Span]] = set()
    for first, second in combinations(teams, 2):
        for name in (name for name in LISTS if name in first.claims):
            for mine in first.claims[name]:
                for theirs in second.claims.get(name, ()):
                    if (mine.place, theirs.place) in seen or not _meet(name, mine.pattern, theirs.pattern):
                        continue
                    seen.add((mine.place, theirs.place))
                    said = (
                        f'the team "{second.name}" claims {name.replace("_", " ")} {theirs.pattern}, and '
                        f'"{first.name}" claims {mine.pattern} in {mine.place}'
                    )
                    help = "narrow one of the two: what belongs to both is nobody's own"
                    yield Diagnostic(
                        theirs.place, "resource-duplicate", Severity.error, said, help, ((mine.place, "claimed here"),)
                    )


def _meet(name: str, one: str, other: str) -> bool:
    if name == "cluster":
        return one == other or "ALL" in (one, other)
    return overlap(one, other)
