"""The schema registry's and Connect's parts of a snapshot as plain data and back."""

from typing import Any

from kafka_gitops.kinds.connector.live import Live, Plugin, Task
from kafka_gitops.kinds.schema.live import Level, Version
from kafka_gitops.kinds.schema.spec import Reference
from kafka_gitops.snapshot.contents import Gone, Registry, Subject, VersionThere, Workers
from kafka_gitops.snapshot.plain import Entry, Json, exactly, items, maybe, said, texts


def registry(found: Registry) -> Json:
    """A registry as plain data."""
    return {
        "level": found.level,
        "subjects": {name: _subject(one) for name, one in found.subjects.items()},
        "deleted": {name: {"numbers": list(one.numbers), **_level(one.level)} for name, one in found.deleted.items()},
    }


def _subject(subject: Subject) -> Json:
    return {"versions": [_version(one) for one in subject.versions], **_level(subject.level)}


def _level(level: Level) -> Json:
    return said(level=level.own, in_force=level.effective)


def _level_of(data: Entry) -> Level:
    return Level(maybe(data.get("level"), str), exactly(data["in_force"], str))


def _version(there: VersionThere) -> Json:
    number, identity, kind, text, references = there.version
    more = said(references=[list(one) for one in references], deleted=there.deleted, referrers=list(there.referrers))
    return {"number": number, "id": identity, "type": kind, "schema": text, **more}


def registry_of(data: Entry) -> Registry:
    """The registry of plain data."""
    subjects = {
        name: Subject(tuple(map(_version_of, one["versions"])), _level_of(one))
        for name, one in data["subjects"].items()
    }
    deleted = {name: Gone(tuple(items(one["numbers"], int)), _level_of(one)) for name, one in data["deleted"].items()}
    return Registry(subjects, deleted, exactly(data["level"], str))


def _version_of(data: Entry) -> VersionThere:
    references = tuple(
        Reference(exactly(name, str), exactly(subject, str), exactly(number, int))
        for name, subject, number in data.get("references", [])
    )
    version = Version(
        exactly(data["number"], int),
        exactly(data["id"], int),
        exactly(data["type"], str),
        exactly(data["schema"], str),
        references,
    )
    deleted = exactly(data.get("deleted", False), bool)
    return VersionThere(version, deleted, tuple(items(data.get("referrers", []), str)))


def workers(found: Workers) -> Json:
    """A Connect cluster as plain data."""
    return {
        "kafka": found.kafka,
        "plugins": {one.name: "sink" if one.sink else "source" for one in found.plugins},
        "passwords": {name: sorted(keys) for name, keys in found.passwords.items()},
        "connectors": {name: _connector(one) for name, one in found.connectors.items()},
    }


def _connector(live: Live) -> Json:
    kind = {True: "sink", False: "source", None: None}[live.sink]
    tasks = [[task.number, task.state] for task in live.tasks]
    return {"config": dict(live.config), "state": live.state, "tasks": tasks, "expected": live.expected, "type": kind}


def workers_of(data: Entry) -> Workers:
    """The Connect cluster of plain data."""
    return Workers(
        maybe(data["kafka"], str),
        tuple(Plugin(name, _is_sink(kind)) for name, kind in sorted(data["plugins"].items())),
        {name: frozenset(items(keys, str)) for name, keys in data["passwords"].items()},
        {name: _connector_of(one) for name, one in data["connectors"].items()},
    )


def _is_sink(kind: Any) -> bool:
    if kind not in ("sink", "source"):
        raise ValueError(f"{ascii(kind)[:80]} is neither sink nor source")
    return bool(kind == "sink")


def _connector_of(data: Entry) -> Live:
    tasks = tuple(Task(exactly(number, int), exactly(state, str)) for number, state in data["tasks"])
    sink = None if data["type"] is None else _is_sink(data["type"])
    return Live(texts(data["config"]), exactly(data["state"], str), tasks, "", exactly(data["expected"], int), sink)
