"""What the names would allow that the settings do not say: other separators, several contexts, a format of names."""

from collections.abc import Mapping
from typing import NamedTuple

from kafka_gitops.adopt import structure
from kafka_gitops.adopt.inventory import Inventory
from kafka_gitops.model import Topic
from kafka_gitops.settings import Language

_SEPARATORS = (".", "-", "_")
_MUCH = 0.2  # of all topics: fewer are not worth a setting
_FEW = 3  # nor are so few of a small cluster


class Advice(NamedTuple):
    """A setting of kafka-gitops.yaml, and how many topics would be those of projects with it, and how many are now."""

    setting: str
    topics: int
    now: int

    def __str__(self) -> str:
        """`with naming: {separator: "-"} in kafka-gitops.yaml 40 topics are those of projects, not 2`."""
        return (
            f"with {self.setting} in kafka-gitops.yaml {self.topics:,} topics are those of projects, not {self.now:,}"
        )


def advice(inventory: Inventory, language: Language) -> Advice | None:
    """The one setting that makes most more topics those of projects, None where it is not worth it.

    Only where the settings say nothing of names but a separator: what somebody has decided stays. Raises ConfigError
    where a format of the settings cannot be used.
    """
    topics = {key.name: spec for key, spec in inventory.specs.items() if isinstance(spec, Topic)}
    if language.naming.topic != "default" or language.naming.project != "default":
        return None
    now = _placed(topics, language)
    if len(topics) - now <= _MUCH * len(topics):
        return None
    found = [Advice(setting, _placed(topics, other), now) for setting, other in _others(language).items()]
    best = max(found, key=lambda one: one.topics)
    return best if best.topics - now > max(_MUCH * len(topics), _FEW) else None


def _placed(topics: Mapping[str, Topic], language: Language) -> int:
    """How many topics are those of projects."""
    return len(next(structure.candidates(topics, (), None, language)).places)


def _others(language: Language) -> dict[str, Language]:
    """The settings that are tried, the simplest first."""
    naming = language.naming
    found = {} if language.many_contexts else {"contexts: many": language._replace(many_contexts=True)}
    for separator in _SEPARATORS:
        if separator != naming.separator:
            other = language._replace(naming=naming._replace(separator=separator))
            found[f'naming: {{separator: "{separator}"}}'] = other
    for separator in _SEPARATORS:
        project, topic = f"{{{{project}}}}{separator}", f"{{{{project}}}}{separator}{{{{topic}}}}"
        other = language._replace(naming=naming._replace(project=project, topic=topic))
        found[f'naming: {{project: "{project}", topic: "{topic}"}}'] = other
    return found
