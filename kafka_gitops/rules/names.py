"""Every name that the files give to Kafka, with its place: what the rules about names share."""

import re
from collections.abc import Callable, Iterator

from kafka_gitops.diagnostics import Note
from kafka_gitops.model import WORDS, Acl, Grant, Topology
from kafka_gitops.rules.contract import principal_place
from kafka_gitops.rules.explicit import name_place

Said = tuple[str, str]  # what was found, what to do
Judge = Callable[[str, str], Said | None]  # of what it is ("group"), and the name


Suspect = re.Pattern[str]  # one character that a name must have, so that a `Judge` can have something to say


def of_removals(topology: Topology, judge: Judge) -> Iterator[Note]:
    """A note for each topic under `removed` of which `judge` says something."""
    for removal in topology.removed("topic"):
        if found := judge("topic", removal.key.name):
            yield Note(removal.node.at("topic"), *found)


def of_access(topology: Topology, judge: Judge) -> Iterator[Note]:
    """The same of the principals and resources of expectations."""
    for expected in topology.access:
        named = [("principal", "principal", expected.principal)]
        named += [(WORDS[kind], WORDS[kind].replace(" ", "_"), name) for kind, name in expected.resources]
        for what, key, name in named:
            if what != "cluster" and (found := judge(what, name)):
                yield Note(expected.node.at(key), *found)


def of_grants(
    topology: Topology, judge: Judge, suspect: Suspect, meant: Callable[[Grant, Acl], bool] = lambda _grant, _acl: False
) -> Iterator[Note]:
    """The same of the principals of entries, and of their resources but for the topics of the files themselves.

    `meant` tells which names of resources are not judged.
    """
    if suspect.search("".join(name for _, name in topology.given)) is None:
        return
    said = {one: found for one in topology.given if suspect.search(one[1]) and (found := judge(*one))}
    if not said:
        return
    for grant in topology.grants:
        if found := said.get(("principal", grant.principal)):
            yield Note(principal_place(grant), *found)
    for grant, acl in topology.named:
        found = said.get((WORDS.get(acl.resource_type, acl.resource_type), acl.name))
        if found and not meant(grant, acl):
            yield Note(name_place(grant, acl), *found)
