"""Home-made lists of topics: `topics: [{name, partitions, replication_factor, retention_ms, config}]` and the like.

No tool owns the form. What is read here is what such files have in common: a list of topics, or a mapping of them, at
the top, under `topics` or under `kafka.topics`; numbers and configs under the words that Kafka and its clients have.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from kafka_gitops.catalog.topics import known as configs
from kafka_gitops.dialects.documents import documents
from kafka_gitops.dialects.estate import Estate
from kafka_gitops.dialects.known import NAMES, PARTITIONS, REPLICATION, bare, known
from kafka_gitops.dialects.taking import ANY, CONFIG, COUNT, LABELS, TEXT, config, metadata, topic
from kafka_gitops.shape.check import Map
from kafka_gitops.shape.found import near
from kafka_gitops.text.scalars import plain_value
from kafka_gitops.text.source import Node
from kafka_gitops.writing.entries import Leaf

TOOL = "topic lists"
SUFFIXES = (".yaml", ".yml", ".json")
NEXT = "Stop what reads the list before the first apply, and delete the list: from then on the files count."
_CONFIGS = ("config", "configs", "configuration", "settings", "topicconfig", "topicconfigs")
_LABELS = ("labels", "metadata")
_ABOUT = ("description", "owner", "team", "domain")
_RETENTION = re.compile("retention(days|hours|minutes|seconds)")
_UNITS = {"days": 86_400_000, "hours": 3_600_000, "minutes": 60_000, "seconds": 1_000}
_NONE = "no topic of it has partitions, a replication factor, or a retention"
_WHY = {
    "partitionkey": "the clients choose the keys of records",
    **dict.fromkeys(("consumer", "consumers"), "who reads a topic is said by rights"),
    **dict.fromkeys(("producer", "producers"), "who writes to a topic is said by rights"),
    "schema": "declare it under schemas: with its subject and file",
    "state": "a topic that is there needs no word; what is to go stands under removed:",
}


def take(estate: Estate, texts: Mapping[str, str]) -> None:
    """Put into the estate what the lists say."""
    for path, text in texts.items():
        for source in documents(path, text):
            estate.problems.extend(source.problems)
            if source.root is not None:
                _document(estate, source.root)


def _document(estate: Estate, root: Node) -> None:
    found = known(root)
    if found is None or found.dialect != "list":
        what, why = (found.what, f"--from {found.dialect} reads it") if found else ("a document", _NONE)
        estate.leave(root, what, why)
        return
    above = root.map["kafka"] if "topics" not in root.map and "kafka" in root.map else root
    levels = {"topics": above, "kafka": root} if above is not root else {"topics": root}
    for key, level in levels.items():
        for name, one in level.map.items():
            if name not in (key, "defaults"):
                estate.leave(one, name, "it is about no topic")
    defaults = above.map.get("defaults")
    if defaults is not None:
        _rest(estate, defaults)
    for named, one in _each(root if root.is_list else above.map["topics"]):
        if estate.fits(one, Map(others=ANY, null=True, called="a topic of a list")):
            _take(estate, named, one, defaults)


def _each(listed: Node) -> Iterator[tuple[str | None, Node]]:
    """The topics, each with the key that it stands under."""
    if listed.is_list:
        yield from ((None, one) for one in listed.items)
    else:
        yield from listed.map.items()


def _take(estate: Estate, key: str | None, node: Node, defaults: Node | None) -> None:
    """A topic by its keys, whatever they are called exactly; a default counts where it says nothing."""
    own = {bare(name): one for name, one in node.map.items()}
    named = _first(own, NAMES)
    if named is None and key is None:
        estate.error(node.head, "found a topic without a name", "write name: NAME")
        return
    general = {bare(name): one for name, one in (defaults.map if defaults is not None else {}).items()}
    found: dict[str, object] = {}
    about: dict[str, object] = {}
    for word, one in {**general, **own}.items():
        if word in _CONFIGS and estate.fits(one, CONFIG):
            found.update(config(estate, one, f"{word}."))
        elif word in _LABELS and estate.fits(one, LABELS):
            about.update(metadata(one))
        elif word in _ABOUT and estate.fits(one, TEXT):
            about[word] = Leaf(one.text, one)
        elif word in _table() or _RETENTION.fullmatch(word):
            found.update(_config(estate, word, one))
    numbers = [_first({**general, **own}, words) for words in (PARTITIONS, REPLICATION)]
    if all(estate.fits(one, COUNT) for one in numbers if one is not None):
        said = named if named is not None else key or ""
        partitions, replicas = numbers
        topic(estate, said, node=node, partitions=partitions, replication=replicas, config=found, metadata=about)
    _rest(estate, node)


def _first(own: Mapping[str, Node], words: tuple[str, ...]) -> Node | None:
    return next((own[word] for word in words if word in own), None)


@cache
def _table() -> Mapping[str, str]:
    """Topic configs by their bare words: `retention_ms` and `retentionMs` are retention.ms."""
    return {bare(key): key for key in configs()}


def _config(estate: Estate, word: str, node: Node) -> dict[str, object]:
    """A config that stands among the keys of a topic."""
    unit = _RETENTION.fullmatch(word)
    if unit is None:
        return config(estate, node, "") if node.raw is None else {_table()[word]: Leaf(node.text, node)}
    number = plain_value(node.raw) if node.raw is not None else None
    if not isinstance(number, int):
        estate.error(node.head, f"found {node.what}, expected a whole number of {unit[1]}")
        return {}
    return {"retention.ms": Leaf(str(number * _UNITS[unit[1]] if number >= 0 else number), node)}


def _rest(estate: Estate, node: Node) -> None:
    """Note the keys that nobody reads."""
    read = (*NAMES, *PARTITIONS, *REPLICATION, *_CONFIGS, *_LABELS, *_ABOUT, *_table())
    for name, one in node.map.items():
        word = bare(name)
        if word in read or _RETENTION.fullmatch(word):
            continue
        meant = near(word, ("partitions", "replicationfactor", "config", "retentionms", "cleanuppolicy"))
        slip = f' (is "{meant}" meant?)' if meant else ""
        estate.leave(one, name, _WHY.get(word, f"no topic of Kafka has it{slip}"))
