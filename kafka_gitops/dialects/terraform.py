"""Terraform's Kafka resources, of Mongey's and Confluent's providers: states, configurations in HCL and in JSON.

A state settles what a configuration only works out (variables, `for_each`, modules): what it has of a resource counts.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from kafka_gitops.dialects import hcl
from kafka_gitops.dialects.documents import documents
from kafka_gitops.dialects.estate import Estate
from kafka_gitops.dialects.terraform_kinds import KINDS, expression
from kafka_gitops.errors import listed
from kafka_gitops.text.source import Node, Source

TOOL = "Terraform"
SUFFIXES = (".tf", ".tofu", ".tf.json", ".tfstate")
NEXT = (
    "Terraform destroys what is no longer in its configuration: replace each resource by a removed block with "
    "destroy = false, or use terraform state rm, before you delete it (docs/migrate.md)."
)
_META = ("count", "for_each", "depends_on", "lifecycle", "provider", "provisioner", "timeouts", "connection")
_WORKED_OUT = ("id", "timeouts", "http_endpoint")  # attributes that only a state has
_ALONE = "Name the files or states of one; each has an --out of its own."
_MADE = ("count", "for_each", "dynamic")
_STATE = "a state says what it comes to: terraform state pull"


class Resource(NamedTuple):
    """A resource of a configuration, or an instance of one in a state: its type, its address, its attributes."""

    type: str
    name: str
    body: Node
    node: Node
    settled: bool
    provider: str = ""

    @property
    def address(self) -> str:
        """As Terraform shows it, without the module and the index."""
        return f"{self.type}.{self.name}"


def take(estate: Estate, texts: Mapping[str, str]) -> None:
    """Put into the estate what the states say, and what of the configurations no state has."""
    found: list[Resource] = []
    for path, text in texts.items():
        sources = [hcl.read(path, text)] if path.endswith((".tf", ".tofu")) else documents(path, text)
        for source in sources:
            estate.problems.extend(source.problems)
            if source.root is not None:
                found += _resources(estate, source)
    settled = {resource.address for resource in found if resource.settled}
    superseded = [one for one in found if not one.settled and one.address in settled]
    if superseded:
        number = f"{len(superseded):,} resource{'s' if len(superseded) > 1 else ''}"
        estate.notes.append(f"Read from a state, not from the configuration: {number}.")
    providers: dict[str, None] = {}
    for resource in found:
        if resource.settled or resource.address not in settled:
            if resource.type in KINDS:
                providers[resource.provider] = None
            _take(estate, resource)
    if len(providers) > 1:
        named = listed(sorted(one or "(default)" for one in providers))
        estate.notes.append(
            f"The resources are of {len(providers):,} providers: {named}. Is that one cluster? {_ALONE}"
        )


def _resources(estate: Estate, source: Source) -> Iterator[Resource]:
    root = source.root
    assert root is not None
    if "lineage" in root.map or {"terraform_version", "resources"} <= root.map.keys():
        yield from _of_state(estate, root)
    elif source.path.endswith((".tf", ".tofu")):
        yield from _of_blocks(estate, root)
    elif "resource" in root.map:
        yield from _of_json(estate, root)
    else:
        estate.leave(root, "a file", "it has no resource of Terraform")


def _of_state(estate: Estate, root: Node) -> Iterator[Resource]:
    """The instances of a state of version 4."""
    version = root.map.get("version")
    if version is None or version.text != "4":
        shown = version.text if version is not None else "nothing"
        estate.error((version or root).head, f"found a state of version {shown}, expected 4", "terraform state pull")
        return
    listed = root.map.get("resources")
    for one in listed.items if listed is not None else ():
        kind, name, mode = (one.map.get(key) for key in ("type", "name", "mode"))
        if kind is None or name is None or (mode is not None and mode.text == "data"):
            continue
        instances = one.map.get("instances")
        for instance in instances.items if instances is not None else ():
            status, attributes = instance.map.get("status"), instance.map.get("attributes")
            if status is not None and not status.is_null and status.text != "":
                estate.leave(status, f"{kind.text}.{name.text}", f"it is {status.text} in the state")
            elif attributes is not None and attributes.is_map:
                yield Resource(kind.text, name.text, attributes, attributes, True, _provider(one))
            else:
                estate.leave(instance, f"{kind.text}.{name.text}", "it has no attributes in the state")


def _of_blocks(estate: Estate, root: Node) -> Iterator[Resource]:
    """The resources of a file of HCL."""
    for block in root.items:
        kind = block.map["block"].text if "block" in block.map else ""
        labels = [one.text for one in block.map["labels"].items] if kind else []
        if kind == "resource" and len(labels) == 2:
            yield Resource(labels[0], labels[1], block.map["body"], block, False, _provider(block.map["body"]))
        elif kind == "module":
            estate.leave(block, f"module {' '.join(labels)}", _STATE)
        elif kind == "provider" and labels[:1] in (["kafka"], ["confluent"]):
            estate.leave(block, f"provider {labels[0]}", "the connection is said in kafka-gitops.yaml")


def _of_json(estate: Estate, root: Node) -> Iterator[Resource]:
    """The resources of a configuration in JSON: by type, by name, a mapping or a list of one."""
    for kinds in _each(root.map["resource"]):
        for kind, names in kinds.map.items():
            for named in _each(names):
                for name, bodies in named.map.items():
                    yield from (Resource(kind, name, one, one, False, _provider(one)) for one in _each(bodies))
    for modules in _each(root.map["module"]) if "module" in root.map else ():
        for name, node in modules.map.items():
            estate.leave(node, f"module {name}", _STATE)


def _provider(node: Node) -> str:
    """Which configuration of a provider a resource has: its alias; nothing for the default one."""
    named = node.map.get("provider")
    text = "" if named is None else expression(named) or named.raw or ""
    return (text.rpartition("]") if "]" in text else text.partition("."))[2].lstrip(".")


def _each(node: Node) -> list[Node]:
    return node.items if node.is_list else [node]


def _take(estate: Estate, resource: Resource) -> None:
    kind = KINDS.get(resource.type)
    if kind is None:
        theirs = "kafka" in resource.type or resource.type.startswith("confluent_")
        why = "no reader knows this resource" if theirs else "it is nothing of Kafka"
        estate.leave(resource.node, f"a {resource.type}", why)
        return
    body = resource.body
    unknown = next((key for key in _MADE if key in body.map and not resource.settled), None)
    if unknown is not None:
        estate.leave(body.map[unknown], resource.address, f"{unknown}: {_STATE}")
        return
    if not resource.settled:
        pending = next(_pending(body, kind.reads), None)
        if pending is not None:
            key, node, text = pending
            estate.leave(node, resource.address, f"{key} is {text}: {_STATE}")
            return
    passed = (*kind.reads, *kind.passes, *(_WORKED_OUT if resource.settled else _META))
    nothing = {key for key, node in body.map.items() if node.is_null}
    estate.rest(body, {*passed, *nothing}, f"{resource.address}: ", {}, "its provider")
    if estate.fits(body, kind.shape):
        read: Callable[[Estate, Node], None] = kind.read
        read(estate, body)


def _pending(body: Node, reads: tuple[str, ...]) -> Iterator[tuple[str, Node, str]]:
    """What is no literal of the attributes that are read."""
    for key in reads:
        node = body.map.get(key)
        for one in (node, *(node.map.values() if node is not None else ())):
            text = expression(one) if one is not None else None
            if one is not None and text is not None:
                yield key, one, text
