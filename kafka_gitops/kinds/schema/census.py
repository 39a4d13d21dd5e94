"""All subjects of a registry with their latest versions, and what no file says of them."""

from collections.abc import Collection

from kafka_gitops import schemas
from kafka_gitops.errors import ConfigError
from kafka_gitops.kinds.census import NOT_OF_THE_TOPICS, Census, Choice, unwritable
from kafka_gitops.kinds.contract import within
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.schema.levels import LEVELS
from kafka_gitops.kinds.schema.live import Level, Registry, Version
from kafka_gitops.kinds.schema.spec import NAME, key_of
from kafka_gitops.settings import Settings

PLURAL = "schemas"
_outside = within("subjects")
_OPEN, _NOWHERE = "NONE", "kafka-gitops-no-such-subject"
_SIDES = ("-value", "-key")  # TopicNameStrategy, what serializers do unless they are told


def census(systems: Systems, settings: Settings, choice: Choice) -> Census:
    """The latest version of every subject with its references, and the level that is the subject's own.

    With patterns of topics those of the topics, by TopicNameStrategy. Raises ConfigError where somebody asked for
    schemas by name and the environment names no registry.
    """
    found = Census()
    if not systems.has("registry"):
        key = f"environments.{settings.environment or 'NAME'}.schema_registry: {{url: http://HOST:8081}}"
        if choice.kinds is not None and PLURAL in choice.kinds:
            raise ConfigError("The environment has no `schema_registry`, so there are no schemas.", help=f"Write {key}")
        found.leave(PLURAL, f"the environment names no registry; write {key}")
        return found
    registry: Registry = systems.registry
    there = registry.subjects()
    asked = []
    for subject in sorted(there):
        why = _outside(settings.scopes, key_of(subject), None) or _about(subject, choice) or _unnamed(subject)
        if why is None:
            asked.append(subject)
        else:
            found.leave(key_of(subject), why)
    _take(found, registry, asked, there)
    for subject in sorted(registry.deleted() - there):
        if not choice.topics and _outside(settings.scopes, key_of(subject), None) is None:
            found.leave(key_of(subject), "it is softly deleted: its versions are there for who knows their ids")
    return found


def _take(found: Census, registry: Registry, asked: list[str], there: Collection[str]) -> None:
    latest, levels = registry.latest(asked), _levels(registry, asked)
    for subject in asked:
        version, level = latest.get(subject), levels[subject]
        if version is None:  # deleted meanwhile
            continue
        why = _unsaid(version, level)
        if why is None:
            found.specs[key_of(subject)] = version.schema(level.own)
        else:
            found.leave(key_of(subject), why)
        if gone := [use.subject for use in version.references if use.subject not in there]:
            found.notes.append(f"{NAME} {subject} refers to {', '.join(gone)}, which the registry does not list")


def _levels(registry: Registry, asked: list[str]) -> dict[str, Level]:
    """The levels of subjects; NONE is no level of a subject's own where everybody has it.

    Apicurio 3.3.3 calls a subject without a level of its own NONE: as if somebody had set that.
    """
    found = dict(registry.levels(asked))
    if any(level.own == _OPEN for level in found.values()) and registry.levels([_NOWHERE])[_NOWHERE][1] == _OPEN:
        return {name: level._replace(own=None) if level.own == _OPEN else level for name, level in found.items()}
    return found


def _about(subject: str, choice: Choice) -> str | None:
    """Why a subject is not one of the topics that are asked for."""
    topic = next((subject.removesuffix(side) for side in _SIDES if subject.endswith(side)), None)
    if not choice.topics or (topic is not None and choice.wants(topic)):
        return None
    return NOT_OF_THE_TOPICS


def _unnamed(subject: str) -> str | None:
    """Why no file can name a subject."""
    if not subject or subject != subject.strip() or subject in (".", "..") or subject[0] == ":":
        return "no file can name it: it is empty, has blanks around it, or is of another context"
    return unwritable(subject)


def _unsaid(version: Version, level: Level) -> str | None:
    """Why no file can say a version."""
    if version.type not in schemas.TYPES:
        return f"its type is {version.type}, for which files have no word"
    if level.own is not None and level.own not in LEVELS:
        return f"its level is {level.own}, for which files have no word"
    return unwritable(*(name for use in version.references for name in (use.name, use.subject)))
