"""Files that were made of an inventory, read as `lint` and `plan` read them: they have to declare exactly it."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from kafka_gitops.adopt.inventory import Inventory, Made
from kafka_gitops.descriptor import build
from kafka_gitops.diagnostics import Severity
from kafka_gitops.errors import KafkaGitopsError, listed
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Acl, Key, Spec, Topology, topic_key
from kafka_gitops.reading.bounds import MOST
from kafka_gitops.settings import Language
from kafka_gitops.text.source import Source

_HELP = "Nothing was written. Please report it with the names above; import --only and --topics leave them out."


def read(made: Sequence[Made], language: Language) -> Topology:
    """What the files say."""
    texts = {one.path: one.text for one in made}

    def beside(topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
        found = texts.get(str(PurePosixPath(topology).parent / path))
        return (None, "there is no such file") if found is None else (found, None)

    sources = {path: Source.unread(path, text) for path, text in texts.items() if path.endswith(".yaml")}
    return build.topology(sources, language, read=beside)


def same(inventory: Inventory, made: Sequence[Made], language: Language) -> Topology:
    """What the files say. Raises KafkaGitopsError, with what is lost, added or another, where it is not the inventory.

    A user counts as the same without the variables of its passwords, a connector with the keys that it keeps.
    """
    topology = read(made, language)
    if any(one.rule == "acl-too-many" for one in topology.problems):
        said = f"No role gives more than {MOST:,} of the bindings that are there, and files can say no more one by one."
        raise KafkaGitopsError(said, help="Take over a part: with --topics, or inside `manage`. Nothing was written.")
    if wrong := errors(topology):
        raise KafkaGitopsError(f"The files that were made cannot be read: {listed(wrong, most=3)}", help=_HELP)
    odd = sorted(_odd(inventory, topology))
    if odd:
        said = f"The files that were made do not say what is on the servers: {listed(odd)}"
        raise KafkaGitopsError(said, help=_HELP)
    return topology


def errors(topology: Topology) -> list[str]:
    """What is wrong with files as far as the reader sees, with the places."""
    return [f"{one.span}: {one.message}" for one in topology.problems if one.severity is Severity.error]


def _odd(inventory: Inventory, topology: Topology) -> Iterator[Key]:
    """What is not the same in both. Bindings are compared as such first: making their names takes time."""
    theirs = inventory.specs
    if topology.acls.keys() == {spec for spec in theirs.values() if isinstance(spec, Acl)}:
        theirs = {key: spec for key, spec in theirs.items() if not isinstance(spec, Acl)}
        ours: dict[Key, Spec] = {topic_key(name): spec for name, spec in topology.specs.items()}
        for declared in topology.declared:
            ours.setdefault(declared.key, declared.spec)
    else:
        ours = topology.state
    return (key for key in ours.keys() | theirs.keys() if not equal(key, ours.get(key), theirs.get(key)))


def equal(key: Key, ours: Spec | None, theirs: Spec | None) -> bool:
    """Whether files that say one spec say the other: but for the variables of passwords, and keys that are kept."""
    if ours is None or theirs is None or ours == theirs:
        return ours == theirs
    export = KINDS[key.kind].export
    (_, one), (_, other) = export(key, ours), export(key, theirs)
    return "file" not in one and one == other
