"""Jikkou's resources: topics, rights, roles, quotas, users, connectors, subjects; one by one and as lists.

What Jikkou makes of them: KafkaTopicConfigMapsTransformation (a ConfigMap's value counts over the topic's own),
KafkaPrincipalAuthorization (the ACLs of its roles and its own), KafkaClientQuotaType, V1KafkaUserAuthentication (8192
iterations), the annotation `jikkou.io/delete`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from kafka_gitops.dialects import documents
from kafka_gitops.dialects.estate import Estate
from kafka_gitops.dialects.jikkou_rest import RESTS
from kafka_gitops.dialects.jikkou_shapes import BECAUSE, DELETE, FORMS, LISTS, OLD_TOPIC, deleted
from kafka_gitops.dialects.jikkou_who import names, principal, quota, user
from kafka_gitops.dialects.taking import config, metadata, topic
from kafka_gitops.text.source import Node
from kafka_gitops.writing.entries import Leaf

TOOL = "Jikkou"
SUFFIXES = (".yaml", ".yml", ".json", ".tpl", ".jinja")
NEXT = (
    "Jikkou deletes only what says jikkou.io/delete: true, or all that is in no file with delete-orphans=true: "
    "run it with neither while both tools know these resources, then delete its files."
)
OLD = "a topic of the older form"
_WHY = {"status": "Jikkou writes it"}
_OF_LIST = "what is said of a list is of no single resource"
_NOTE = "an annotation is for Jikkou"


@dataclass
class _Run:
    """What documents refer to by name."""

    estate: Estate
    maps: dict[str, Node] = field(default_factory=dict)
    roles: dict[str, Node] = field(default_factory=dict)


def take(estate: Estate, texts: Mapping[str, str]) -> None:
    """Put into the estate what the resources say; what they refer to may stand in another file."""
    run = _Run(estate)
    found = list(_resources(run, texts))
    for kind, node in found:
        if kind == "ConfigMap":
            run.maps[node.map["metadata"].map["name"].text] = node
        elif kind == "KafkaPrincipalRole":
            run.roles[node.map["metadata"].map["name"].text] = node
    for kind, node in found:
        if kind in _READ:
            if kind != OLD:
                _meta(estate, node, labels_kept=kind == "KafkaTopic")
            _READ[kind](run, node)
        elif kind in RESTS:
            _meta(estate, node, labels_kept=False)
            RESTS[kind](estate, node, deleted(node))


def _resources(run: _Run, texts: Mapping[str, str]) -> Iterator[tuple[str, Node]]:
    """Each resource with its kind, those of lists too; what is not of its shape is noted and left out."""
    estate = run.estate
    for root in documents.of(estate, texts, "jikkou", TOOL):
        kind = root.map["kind"].raw or ""
        single = kind.removesuffix("List")
        if single not in FORMS:
            estate.leave(root.map["kind"], f"a {kind}", "this command does not read its kind")
        elif kind == single:
            if estate.fits(root, FORMS[single]):
                estate.rest(root, ("apiVersion", "kind", "metadata", "spec", "data"), "", _WHY, TOOL)
                yield kind, root
        else:
            yield from _listed(estate, root, single)


def _listed(estate: Estate, root: Node, kind: str) -> Iterator[tuple[str, Node]]:
    """The resources of a list; the older form has topics under `spec.topics`, without `metadata`."""
    if not estate.fits(root, LISTS):
        return
    estate.rest(root, ("apiVersion", "kind", "metadata", "items", "spec"), "", _WHY, TOOL)
    estate.rest(root.map.get("metadata"), ("labels",), "metadata.", {"annotations": _OF_LIST}, TOOL)
    estate.rest(root.map.get("spec"), ("topics",), "spec.", {}, TOOL)
    labels, old = root.get("metadata", "labels"), root.get("spec", "topics")
    for name, node in labels.map.items() if labels is not None else ():
        estate.leave(node, f"metadata.labels.{name} of a list", _OF_LIST)
    for item in root.map["items"].items if "items" in root.map else ():
        if estate.fits(item, FORMS[kind]):
            estate.rest(item, ("apiVersion", "kind", "metadata", "spec", "data"), "", _WHY, TOOL)
            yield kind, item
    for item in old.items if old is not None else ():
        if estate.fits(item, OLD_TOPIC):
            yield OLD, item


def _meta(estate: Estate, node: Node, *, labels_kept: bool) -> None:
    estate.rest(node.map.get("metadata"), ("name", "labels", "annotations"), "metadata.", {}, TOOL)
    for key in ("annotations",) if labels_kept else ("annotations", "labels"):
        named = node.get("metadata", key)
        for name, one in named.map.items() if named is not None else ():
            if name not in (DELETE, "kafka.jikkou.io/connect-cluster"):
                why = "only a topic has metadata" if key == "labels" else _NOTE
                estate.leave(one, f"metadata.{key}.{name}", why)


def _topic(run: _Run, node: Node) -> None:
    name = node.map["metadata"].map["name"]
    if deleted(node):
        run.estate.remove("topic", name.text, node, BECAUSE)
    else:
        _declare(run, name, node.map.get("spec"), metadata(node.get("metadata", "labels")), node)


def _old_topic(run: _Run, node: Node) -> None:
    _declare(run, node.map["name"], node, {}, node)


def _declare(run: _Run, name: Node, spec: Node | None, labels: Mapping[str, object], node: Node) -> None:
    keys = spec.map if spec is not None else {}
    read = ("name", "partitions", "replicas", "replicationFactor", "configs", "configMapRefs")
    run.estate.rest(spec, read, "spec.", _WHY, TOOL)
    own = config(run.estate, keys.get("configs"), "spec.configs.")
    topic(
        run.estate,
        name,
        node=node,
        partitions=keys.get("partitions"),
        replication=keys.get("replicas", keys.get("replicationFactor")),
        config={**own, **_from_maps(run, keys.get("configMapRefs"), own)},
        metadata=labels,
    )


def _from_maps(run: _Run, refs: Node | None, own: Mapping[str, object]) -> dict[str, object]:
    """What the ConfigMaps of a topic give it."""
    found: dict[str, object] = {}
    for ref in refs.items if refs is not None else ():
        if ref.text not in run.maps:
            said = f'found the ConfigMap "{ref.text}", which no file has, expected one of {names(run.maps)}'
            run.estate.error(ref.head, said, "name its file too")
            continue
        for key, leaf in config(run.estate, run.maps[ref.text].get("data"), "data.").items():
            assert isinstance(leaf, Leaf)
            before, stated = found.setdefault(key, leaf), own.get(key)
            if isinstance(before, Leaf) and before.value != leaf.value:
                said = f'the ConfigMap "{ref.text}" gives {key} another value than {before.node.head}'
                run.estate.error(ref.head, said, "give it in one of the two")
            if isinstance(stated, Leaf) and stated.value != leaf.value:
                why = f'the ConfigMap "{ref.text}" has another value, which counts'
                run.estate.leave(stated.node, f"spec.configs.{key}", why)
    return found


def _role(run: _Run, node: Node) -> None:
    """Read where it is referred to."""
    run.estate.rest(node.map["spec"], ("acls",), "spec.", {}, TOOL)


def _nothing(run: _Run, node: Node) -> None:
    """Read where it is referred to."""


_READ: Mapping[str, Callable[[_Run, Node], None]] = {
    "ConfigMap": _nothing,
    "KafkaTopic": _topic,
    OLD: _old_topic,
    "KafkaPrincipalAuthorization": lambda run, node: principal(run.estate, node, run.roles),
    "KafkaPrincipalRole": _role,
    "KafkaClientQuota": lambda run, node: quota(run.estate, node),
    "KafkaUser": lambda run, node: user(run.estate, node),
}
