"""The files before a change, and what of even earlier ones is still to go."""

from collections.abc import Collection, Iterable

from kafka_gitops.cli import load
from kafka_gitops.cli.read import Read
from kafka_gitops.cli.request import Plans
from kafka_gitops.errors import Blocked, UsageError, listed
from kafka_gitops.git import Repository
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Key, Topology, acl_key, topic_key
from kafka_gitops.settings import Settings


def base(request: Plans, settings: Settings, repo: Repository, read: Read, commit: str) -> Topology:
    """What a commit before the change declared. Raises Blocked where with prune that would remove too much."""
    topology = read.topology
    found = read.at(commit) or load.load_base(request, settings, repo, commit, topology)
    if settings.prune and topology.unread:
        said = f"Refused: with prune the whole topology is read, and {listed(topology.unread)} is not."
        raise Blocked(said, help="Give --recursive (or `recursive: true`), or move the files out of the topology.")
    if settings.prune and not any(map(topology.specs_of, KINDS)):
        said = "Refused: the files declare nothing, and with prune that would remove everything."
        raise Blocked(
            said, help="Is the topology path right? To remove resources, declare what stays, or use `removed:`."
        )
    return found


def whole(request: Plans, settings: Settings) -> None:
    """Raise UsageError where with prune only a part of the topology is read."""
    all_of_it = load.whole(request, settings, complete=True)
    if all_of_it is not None:
        said = f"With prune the whole topology is read ({all_of_it}), not {listed(request.paths)}"
        raise UsageError(said, help="Give no PATH: what is not read would look as if it had been removed.")


def added(found: Topology, others: Iterable[tuple[Topology, Collection[Key]]]) -> Topology:
    """The files with what earlier ones declare of these keys, where they do not declare it themselves."""
    for other, keys in others:
        asked = {key for key in keys if key not in found.state}
        rights = (
            grant._replace(acls=acls)
            for grant in other.grants
            if (acls := tuple(acl for acl in grant.acls if acl_key(acl) in asked))
        )
        found = found._replace(
            topics=(*found.topics, *(one for one in other.topics if topic_key(one.name) in asked)),
            grants=(*found.grants, *rights),
            declared=(*found.declared, *(one for one in other.declared if one.key in asked)),
        )
    return found
