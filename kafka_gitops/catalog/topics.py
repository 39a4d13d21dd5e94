"""Which topic configs exist in which Kafka version, from data that Kafka printed (tools/catalog/generate.py)."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from kafka_gitops.catalog.topic_configs import CONFIGS, VERSIONS

Status = Literal["known", "deprecated", "removed", "later", "unchecked", "unknown"]

VERSION = r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}"  # what a version looks like
CONFLUENT = {"7": "3", "8": "4"}  # Confluent Platform's major version: Kafka's
UNCHECKED = ("confluent.",)  # real configs of Confluent Server, whose definitions are not public
# Broker settings in other units, which Kafka takes as defaults too (ServerTopicConfigSynonyms).
SYNONYMS = {
    "log.retention.minutes": "retention.ms",
    "log.retention.hours": "retention.ms",
    "log.roll.hours": "segment.ms",
    "log.roll.jitter.hours": "segment.jitter.ms",
    "log.flush.scheduler.interval.ms": "flush.ms",
}


class Definition(NamedTuple):
    """One topic config as one Kafka version defines it; versions are `major.minor` texts."""

    key: str
    type: str  # boolean, int (32 bit), long (64 bit), double, string, list
    default: str  # as Kafka's own default, not the broker's; "" for the empty list
    minimum: float | int | None
    maximum: float | int | None
    also: int | None  # allowed besides the range
    allowed: tuple[str, ...]  # empty: anything of the type
    form: str | None  # "replicas": throttled replicas; "version": a message format version
    broker_key: str | None  # the broker setting that is the default of topics
    doc: str  # the first sentence of Kafka's documentation
    since: str  # the first known version that has it
    deprecated: str | None  # the first known version that deprecates it, if not newer than the one asked for
    removed: str | None  # the first known version without it


def _order(version: str) -> tuple[int, int]:
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


def versions() -> tuple[str, ...]:
    """The Kafka versions known here, oldest first: `("2.8", ..., "4.4")`."""
    return VERSIONS


@cache
def resolve(version: str | None) -> str:
    """The known version that stands for this one: for None the newest, else the same or the next lower, or the oldest.

    `"4"` is the newest known 4.x. Raises ValueError for a text that is not a Kafka version.
    """
    every = versions()
    if version is None:
        return every[-1]
    if not re.fullmatch(VERSION, version):
        raise ValueError(f'"{version}" is not a Kafka version; expected one such as "{every[-1]}" or "{every[-1]}.0"')
    whole = version if "." in version else f"{version}.9999"
    return max((one for one in every if _order(one) <= _order(whole)), key=_order, default=every[0])


def is_newer(version: str | None) -> bool:
    """Whether a version is above the newest one that is known here, so that it may have configs that nobody knows."""
    newest = _order(versions()[-1])
    return version is not None and (_order(version) > newest if "." in version else int(version) > newest[0])


def outside(version: str | None) -> str | None:
    """A sentence on a version that is not known here, newer or older; None for a known one."""
    if version is None:
        return None
    first, last = versions()[0], versions()[-1]
    said = f"kafka_version {version} is"
    if is_newer(version):
        major, _, minor = version.partition(".")
        shift = CONFLUENT.get(major)
        of_kafka = f"; Confluent Platform {version} is Kafka {shift}.{minor.split('.')[0]}" if shift and minor else ""
        return f"{said} newer than {last}, the newest that is known here, so configs are judged as in {last}{of_kafka}"
    whole = version if "." in version else f"{version}.9999"
    return f"{said} older than {first}, the oldest that is known here" if _order(whole) < _order(first) else None


def _define(key: str, version: str) -> Definition | None:
    spans: Mapping[str, Any] = CONFIGS[key]
    past = [start for start in spans if _order(start) <= _order(version)]
    record = spans[past[-1]] if past else None
    if record is None:
        return None
    return Definition(
        key=key,
        type=record["type"],
        default=record["default"],
        minimum=record.get("min"),
        maximum=record.get("max"),
        also=record.get("also"),
        allowed=tuple(record.get("allowed", ())),
        form=record.get("form"),
        broker_key=record.get("broker"),
        doc=record["doc"],
        since=next(iter(spans)),
        deprecated=next((start for start in past if spans[start].get("deprecated")), None),
        removed=next((start for start, found in spans.items() if found is None), None),
    )


@cache
def _known(version: str) -> Mapping[str, Definition]:
    found = (_define(key, version) for key in CONFIGS)
    return MappingProxyType({one.key: one for one in found if one is not None})


def known(version: str | None = None) -> Mapping[str, Definition]:
    """{key: definition} of this Kafka version, sorted by key; internal configs are left out."""
    return _known(resolve(version))


def definition(key: str, version: str | None = None) -> Definition | None:
    """The definition of a key in this version; None when the version has no such topic config."""
    return known(version).get(key)


@cache
def last_definition(key: str) -> Definition | None:
    """The newest definition of a key in any known version: for keys that were removed or come later."""
    every = (_known(version).get(key) for version in reversed(versions()))
    return next((one for one in every if one is not None), None)


def status(key: str, version: str | None = None) -> Status:
    """What this version thinks of a key; `removed` and `later` have a `last_definition` that says when."""
    if found := definition(key, version):
        return "deprecated" if found.deprecated else "known"
    if key.startswith(UNCHECKED):
        return "unchecked"
    other = last_definition(key)
    if other is None:
        return "unknown"
    return "later" if _order(resolve(version)) < _order(other.since) else "removed"


def suggest(key: str, version: str | None = None) -> str | None:
    """The topic config that was probably meant: a broker's name for it, other separators, or a near spelling."""
    import difflib

    configs = known(version)
    text = re.sub(r"[_\-\s]+", ".", key.strip()).lower()
    if text in configs:
        return text
    brokers = {one.broker_key: one.key for one in configs.values()} | SYNONYMS
    return brokers.get(text) or next(iter(difflib.get_close_matches(text, configs, n=1, cutoff=0.8)), None)
