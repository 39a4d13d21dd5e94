"""An inventory cut by teams: what is whose, what `manage` of each has to hold, and what is nobody's or two teams'."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kafka_gitops.adopt.inventory import Inventory, Left
from kafka_gitops.adopt.owners import Owners
from kafka_gitops.adopt.teams_file import Team, overlap
from kafka_gitops.descriptor.releases import LISTS
from kafka_gitops.errors import listed
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.connector.spec import Connector
from kafka_gitops.model import WORDS, Acl, Key, Spec
from kafka_gitops.scope import HARMLESS
from kafka_gitops.settings import Scope, matches

_CLOSED = ("topics", "groups", "transactional_ids")  # in `manage` open where they are left out: a team states them
_BY_PRINCIPAL = {"GROUP": "groups", "TRANSACTIONAL_ID": "transactional_ids"}  # its application's, where none lists it
_OF_TEAM = "principals"  # a list of the file that `manage` does not get
Lists = Mapping[str, tuple[str, ...]]


@dataclass
class Part:
    """What is one team's: its resources, and the lists of its `manage`."""

    specs: dict[Key, Spec] = field(default_factory=dict)
    manage: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        """Its `manage` as what a run may touch."""
        return Scope(self.manage)


@dataclass
class Division:
    """The teams' parts by name, what belongs to none of them with the reason, and rights that another team states.

    `foreign` are rights of a team's principals on another team's topics: the owner of the topic states them.
    """

    parts: dict[str, Part]
    rest: list[Left]
    foreign: list[Left]


def divided(inventory: Inventory, teams: Sequence[Team]) -> Division:
    """Each resource to the team that claims it; no resource is inside two teams' `manage`.

    A right belongs to whose topic, group or id it is on, one on a group or transactional id that no list has to the
    team of the principal; on the cluster to the team that lists the operation, but for IDEMPOTENT_WRITE, which is the
    principal's.
    """
    found = Division({team.name: Part(manage=_manage(team)) for team in teams}, [*inventory.left], [])
    own = Owners({team.name: Scope(_manage(team)) for team in teams})
    people = _People(teams)
    waiting: list[tuple[Key, Acl]] = []
    for key, spec in sorted(inventory.specs.items()):
        harmless = isinstance(spec, Acl) and _is_harmless(spec)
        names = people.teams(spec.principal) if isinstance(spec, Acl) and harmless else own.of(key, spec)
        if not names and isinstance(spec, Acl) and spec.resource_type in _BY_PRINCIPAL:
            waiting.append((key, spec))
        elif len(names) == 1:
            found.parts[names[0]].specs[key] = spec
        else:
            found.rest.append(Left(str(key), _why(spec, names)))
    _derive(found, teams, people, waiting)
    for part in found.parts.values():
        _widen(part)
    _proved(found, people)
    return found


def _manage(team: Team) -> dict[str, tuple[str, ...]]:
    """The lists that a team's claims are, and those that would be open without them."""
    stated = {name: team.patterns(name) for name in team.claims if name != _OF_TEAM}
    return {**dict.fromkeys(_CLOSED, ()), **stated}


def _is_harmless(acl: Acl) -> bool:
    """Whether a right is inside every scope."""
    return acl.resource_type == "CLUSTER" and acl.operation == HARMLESS


class _People:
    """Whose principals are whose."""

    def __init__(self, teams: Sequence[Team]) -> None:
        self._claims = [(team.name, team.patterns(_OF_TEAM)) for team in teams]
        self._known: dict[str, list[str]] = {}

    def teams(self, principal: str) -> list[str]:
        """The teams of a principal."""
        if principal not in self._known:
            found = [name for name, patterns in self._claims if any(matches(one, principal) for one in patterns)]
            self._known[principal] = found
        return self._known[principal]


def _why(spec: Spec, names: Sequence[str]) -> str:
    if len(names) > 1:
        return f"{listed(names)} claim it"
    if not isinstance(spec, Acl):
        return "no team claims it"
    if spec.resource_type == "CLUSTER":
        if spec.operation == HARMLESS:
            return "its principal is no team's"
        return f"no team lists {spec.operation} under `cluster`"
    if spec.resource_type == "USER":
        return "a right on a user's tokens is inside `manage` only by `principals`, which the teams do not get"
    word = WORDS.get(spec.resource_type, spec.resource_type)
    if spec.name == "*" and spec.pattern_type == "LITERAL":
        return f"it is on every {word}, and no team has all"
    return f"no team claims {'all that begins with this prefix' if spec.pattern_type == 'PREFIXED' else f'the {word}'}"


def _derive(found: Division, teams: Sequence[Team], people: _People, waiting: Sequence[tuple[Key, Acl]]) -> None:
    """Groups and transactional ids that no list has to the teams of their principals, each by its own pattern."""
    wanted: dict[tuple[str, str], set[str]] = {}
    for _, acl in waiting:
        if _pattern(acl)[1] != "*":  # on all of them: no team's own, and no other's either
            wanted.setdefault(_pattern(acl), set()).update(people.teams(acl.principal))
    for team in teams:
        for name in _BY_PRINCIPAL.values():
            for pattern in team.patterns(name):
                wanted.setdefault((name, pattern), set()).add(team.name)
    begins = {which: them for which, them in wanted.items() if which[1].endswith("*")}
    users = {
        which: sorted(_users(which, wanted if which[1].endswith("*") else {which: wanted[which], **begins}))
        for which in dict.fromkeys(_pattern(acl) for _, acl in waiting)
        if which in wanted
    }
    for key, acl in waiting:
        name, pattern = _pattern(acl)
        mine = sorted(wanted.get((name, pattern), ()))
        if pattern == "*" or not mine:
            found.rest.append(Left(str(key), _why(acl, ()) if pattern == "*" else "its principal is no team's"))
        elif len(users[name, pattern]) > 1:
            found.rest.append(Left(str(key), f"{listed(users[name, pattern])} use names of {pattern}"))
        else:
            part = found.parts[mine[0]]
            part.specs[key] = acl
            part.manage[name] = tuple(dict.fromkeys((*part.manage[name], pattern)))


def _users(which: tuple[str, str], wanted: Mapping[tuple[str, str], set[str]]) -> set[str]:
    """The teams with a pattern of the same list that some name of this one fits too."""
    name, pattern = which
    meeting = (them for (list_, other), them in wanted.items() if list_ == name and overlap(pattern, other))
    return set().union(*meeting)


def _pattern(acl: Acl) -> tuple[str, str]:
    """The list that a right is about, and the pattern that has it."""
    return _BY_PRINCIPAL[acl.resource_type], f"{acl.name}*" if acl.pattern_type == "PREFIXED" else acl.name


def _widen(part: Part) -> None:
    """What `manage` holds of connectors besides names and topics: classes, overrides, secrets that are there."""
    wanted: dict[str, set[str]] = {}
    for key, spec in part.specs.items():
        for name, text in KINDS[key.kind].claims(key, spec) if isinstance(spec, Connector) else ():
            if name not in (*LISTS, *_CLOSED):
                wanted.setdefault(name, set()).add(text)
    for name, texts in sorted(wanted.items()):
        part.manage[name] = tuple(sorted(texts))


def _proved(found: Division, people: _People) -> None:
    """Take out what would be outside its team's own `manage`, or inside another's; note what others' principals get."""
    scopes = {name: part.scope for name, part in found.parts.items()}
    owners = Owners(scopes)
    for name, part in found.parts.items():
        for key, spec in [*part.specs.items()]:
            why = KINDS[key.kind].outside((scopes[name],), key, spec)
            why = f"{name} claims it, and {why}" if why is not None else None
            if why is None and not (isinstance(spec, Acl) and _is_harmless(spec)):
                having = owners.of(key, spec)
                why = f"{listed(having)} claim it" if having != [name] else None
            if why is not None:
                del part.specs[key]
                found.rest.append(Left(str(key), why))
            elif isinstance(spec, Acl):
                others = (who for who in people.teams(spec.principal) if who != name)
                found.foreign.extend(Left(str(key), f"{name} states it for {who}") for who in others)
