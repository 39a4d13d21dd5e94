"""The format of a snapshot: contents to plain data, and plain data to contents."""

from kafka_gitops.snapshot import beside, of_kafka
from kafka_gitops.snapshot.contents import Snapshot, Unknown, Workers
from kafka_gitops.snapshot.plain import Entry, Json, exactly, maybe, part, part_of, said

FORMAT = 1


def dump(snapshot: Snapshot) -> Json:
    """Plain data; what says nothing is left out."""
    return said(
        format=FORMAT,
        made=snapshot.made,
        environment=snapshot.environment,
        topics_only=snapshot.topics_only,
        kafka=of_kafka.dump(snapshot.kafka),
        registry=part(snapshot.registry, beside.registry),
        connect={label: part(one, beside.workers) for label, one in snapshot.connect.items()},
    )


def load(data: Entry) -> Snapshot:
    """The contents. Raises KeyError, TypeError, ValueError or AttributeError for data of another shape."""
    return Snapshot(
        exactly(data["made"], str),
        maybe(data.get("environment"), str),
        of_kafka.load(data["kafka"]),
        part_of(data.get("registry"), beside.registry_of),
        {label: _workers(one) for label, one in data.get("connect", {}).items()},
        exactly(data.get("topics_only", False), bool),
    )


def _workers(data: Entry) -> Workers | Unknown:
    found = part_of(data, beside.workers_of)
    if found is None:
        raise TypeError("a Connect cluster is null")
    return found
