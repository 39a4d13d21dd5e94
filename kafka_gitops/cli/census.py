"""What is on the servers of an environment: every kind is asked, and says what it leaves there."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.adopt.inventory import Inventory, Left
from kafka_gitops.cli import reaching
from kafka_gitops.cli.request import Request
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds import early as asking
from kafka_gitops.kinds.census import Choice
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.model import Key, Spec
from kafka_gitops.settings import Settings


class Taken(NamedTuple):
    """Everything that is taken over and what is left, the cluster's id, and what is to be known besides.

    `names` are those of all that is there, by the types of resources that rights are about.
    """

    inventory: Inventory
    cluster: str
    notes: tuple[str, ...] = ()
    names: Mapping[str, frozenset[str]] = {}


def take(request: Request, settings: Settings, choice: Choice) -> Taken:
    """Ask the servers of these settings.

    Raises MissingRight where something may not be read, Unreachable where a server does not answer.
    """
    early = reaching.early(request, settings)
    asking.everything(early, choice)
    early.no_more()
    with reaching.connected(request, settings, early) as systems:
        return asked(systems, settings, choice)


def asked(systems: Systems, settings: Settings, choice: Choice) -> Taken:
    """The answers of all kinds that are looked at, in the order of the table."""
    specs: dict[Key, Spec] = {}
    left: list[Left] = []
    notes: list[str] = []
    names: dict[str, frozenset[str]] = {}
    for kind in KINDS.values():
        if not choice.asks(kind.PLURAL):
            continue
        if (why := kind.barred(settings)) is not None:
            left.append(Left(kind.PLURAL, why))
            continue
        found = kind.everything(systems, settings, choice)
        specs |= found.specs
        left += (Left(*one) for one in found.left)
        notes += found.notes
        names |= found.names
    return Taken(Inventory(specs, tuple(left)), systems.kafka.id, tuple(notes), names)


def reasons(left: Sequence[Left]) -> dict[str, list[str]]:
    """What is left by why, the reasons in the order in which they come."""
    found: dict[str, list[str]] = {}
    for one in left:
        found.setdefault(one.why, []).append(one.what)
    return found
