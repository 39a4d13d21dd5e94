"""Every name that the files give to Kafka, with its place: what the rules about names share."""

from collections.abc import Callable, Iterator
from functools import cache

from kafka_gitops.diagnostics import Note
from kafka_gitops.model import WORDS, Grant, Topology
from kafka_gitops.rules.contract import binding_place, name_place, principal_place

Said = tuple[str, str]  # what was found, what to do
Judge = Callable[[str, str], Said | None]  # of what it is ("group"), and the name


def judged(topology: Topology, judge: Judge) -> Iterator[Note]:
    """A note for each name of which `judge` says something: topics, removals, expectations, and those of entries."""
    judge = cache(judge)
    for declared in topology.topics:
        if not declared.dlq and (found := judge("topic", declared.name)):
            yield Note(name_place(declared), *found)
    for removal in topology.removals:
        if found := judge("topic", removal.topic):
            yield Note(removal.node.at("topic"), *found)
    for expected in topology.access:
        for what, name in (
            ("principal", expected.principal),
            *((WORDS[kind], one) for kind, one in expected.resources),
        ):
            if found := judge(what, name):
                yield Note(expected.node.head, *found)
    topics = topology.specs
    for grant in topology.grants:
        yield from _of_grant(grant, judge, lambda what, name: what == "topic" and name in topics)


def _of_grant(grant: Grant, judge: Judge, is_known: Callable[[str, str], bool]) -> Iterator[Note]:
    """Of an entry: its principal, and the resources that are not topics of the files, which were judged."""
    if found := judge("principal", grant.principal):
        yield Note(principal_place(grant), *found)
    seen = set()
    for acl in grant.acls:
        what = WORDS.get(acl.resource_type, acl.resource_type)
        if what != "cluster" and (what, acl.name) not in seen and not is_known(what, acl.name):
            seen.add((what, acl.name))
            if found := judge(what, acl.name):
                yield Note(binding_place(grant, acl), *found)
