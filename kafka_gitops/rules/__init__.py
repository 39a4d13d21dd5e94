"""The table of rules: one module each, whose docstring is its page, in a folder for its family.

A family is loaded when its rules are asked for, and those of most kinds never have to be.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any

from kafka_gitops.model import Topology
from kafka_gitops.rules.contract import ChangeRule, Options, Page, Rule

__all__ = ["RULES", "ChangeRule", "Options", "Page", "Rule", "changes", "checks", "every", "orders", "to_ask"]


def _never(_topology: Topology) -> bool:
    return False


def _always(_topology: Topology) -> bool:
    return True


def _declares(kind: str) -> Callable[[Topology], bool]:
    return lambda topology: any(one.key.kind == kind for one in topology.declared)


# {folder: whether a topology has something for its rules}, in the order in which they run; a rule that is off has
# nothing to say until settings name it
FAMILIES: Mapping[str, Callable[[Topology], bool]] = {
    "reading": _never,
    "topic": lambda topology: bool(topology.topics or topology.removals),
    "topology": _always,
    "acl": lambda topology: bool(topology.grants or topology.access),
    "quota": _declares("quota"),
    "user": _declares("user"),
    "connector": _declares("connector"),
    "schema": _declares("schema"),
    "julieops": _never,
    "change": _never,
    "waiver": _never,
    "hold": _never,
}


TABLES = ("READING", "CHECKS", "CHANGES", "ORDER", "WAIVERS", "HOLDS")  # what a family may have


def every(table: str) -> tuple[Any, ...]:
    """The rules of one of TABLES, of all families."""
    return tuple(rule for family in FAMILIES for rule in _of(family, table))


def checks() -> tuple[Rule, ...]:
    """Every rule that looks at what the files add up to."""
    return every("CHECKS")


def changes() -> tuple[ChangeRule, ...]:
    """Every rule over a change."""
    return every("CHANGES")


def orders() -> tuple[ChangeRule, ...]:
    """Every rule over two environments: the one before in an order, and the one that is linted."""
    return every("ORDER")


def to_ask(topology: Topology, named: Iterable[str]) -> Iterator[Rule]:
    """The rules of `checks` that can find something: of what the topology has, and of families that settings name."""
    words = {name.partition("-")[0] for name in named}
    for family, concerns in FAMILIES.items():
        if family in words or concerns(topology):
            yield from _of(family, "CHECKS")


def _of(family: str, table: str) -> tuple[Any, ...]:
    found: tuple[Any, ...] = getattr(import_module(f"{__name__}.{family}"), table, ())
    return found


class _Rules(Mapping[str, Page]):
    """Every rule by its name; the first word of a name is that of its family, if there is one of that name."""

    def __getitem__(self, name: str) -> Page:
        word = name.partition("-")[0]
        for family in (word,) if word in FAMILIES else ("topology", "reading"):
            for rule in (rule for table in TABLES for rule in _of(family, table)):
                if name == rule.NAME:
                    found: Page = rule
                    return found
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (rule.NAME for table in TABLES for rule in every(table))

    def __len__(self) -> int:
        return sum(1 for _ in self)


RULES: Mapping[str, Page] = _Rules()
