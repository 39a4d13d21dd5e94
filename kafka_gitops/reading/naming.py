"""Topic and project names: the default rule, custom formats, dead letter topics."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from kafka_gitops.errors import ConfigError
from kafka_gitops.patterns import Bounded
from kafka_gitops.reading.templates import BadTemplate, template
from kafka_gitops.settings import Naming
from kafka_gitops.text.source import Node

MOST_PATTERNS = 100  # of dead letter topics, each tried on each topic


class Place(NamedTuple):
    """Where a project stands: the file's hierarchy (context first, in the file's order) and the names made of it.

    `topics` are the full names that a section is about: those of the project, or of the topic whose entry is `entry`.
    """

    hierarchy: Mapping[str, str]
    project: str
    prefix: str
    topics: tuple[str, ...] = ()
    entry: Node | None = None


def place(naming: Naming, hierarchy: Mapping[str, str], project: str) -> Place:
    """A project with its prefix: `context.value.project.` by default, else what the template makes of it.

    Raises ConfigError when the format cannot be used.
    """
    if naming.project == "default":
        prefix = naming.separator.join((*hierarchy.values(), project, ""))
    else:
        prefix = _rendered("project", naming.project, {**hierarchy, "project": project})
    return Place(hierarchy, project, prefix)


def topic_name(naming: Naming, where: Place, name: str, data_type: str | None) -> str:
    """The full name of a project's topic. Raises ConfigError when the format cannot be used."""
    if naming.topic == "default":
        return where.prefix + (name if data_type is None else f"{name}{naming.separator}{data_type}")
    if naming.topic == "name":
        return name
    return _rendered("topic", naming.topic, _variables(where, name, data_type))


def dead_letter_name(naming: Naming, where: Place, name: str, data_type: str | None) -> str:
    """The name of the dead letter topic that goes with a topic. Raises ConfigError when the format cannot be used."""
    label = naming.dlq.label
    if naming.dlq.topic == "default":
        parts = (name, label) if data_type is None else (name, data_type, label)
        return where.prefix + naming.separator.join(parts)
    return _rendered("dlq", naming.dlq.topic, {**_variables(where, name, data_type), "dlq": label})


@lru_cache(maxsize=2 * MOST_PATTERNS)
def _bounded(pattern: str) -> Bounded:
    return Bounded(pattern)


def wants_dead_letters(naming: Naming, full_name: str) -> bool:
    """Whether a topic gets a dead letter topic: the allow list empty or matched, the deny list not matched."""
    dlq = naming.dlq
    if not dlq.generate:
        return False
    if len(dlq.allow) + len(dlq.deny) > MOST_PATTERNS:
        raise ConfigError(f"naming.dlq has more than {MOST_PATTERNS} patterns: join some with |")
    try:
        allowed = not dlq.allow or any(_bounded(pattern).fullmatch(full_name) for pattern in dlq.allow)
        return allowed and not any(_bounded(pattern).fullmatch(full_name) for pattern in dlq.deny)
    except re.error as error:
        raise ConfigError(f"A pattern of the dead letter topics is not a regular expression: {error}") from error


def written(pattern: str, name: str) -> str | dict[str, str]:
    """A name as an item of `acls` has it: a * at the end makes a prefix, and `{literal: NAME}` is exactly that name."""
    if pattern == "PREFIXED":
        return f"{name}*"
    return {"literal": name} if name.endswith("*") and name != "*" else name


def _variables(where: Place, name: str, data_type: str | None) -> dict[str, str]:
    variables = {**where.hierarchy, "project": where.project, "topic": name}
    if data_type is not None:
        variables["dataType"] = data_type
    return variables


def _rendered(what: str, text: str, variables: Mapping[str, str]) -> str:
    try:
        return template(text)(variables)
    except BadTemplate as error:
        raise ConfigError(f"The {what} name format cannot be used: {error}") from error
