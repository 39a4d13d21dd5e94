"""Jikkou's resources of the REST services: connectors of Kafka Connect, subjects of a schema registry."""

from collections.abc import Callable, Mapping

from kafka_gitops.dialects.estate import Estate
from kafka_gitops.dialects.jikkou_shapes import BECAUSE
from kafka_gitops.dialects.taking import config, connector
from kafka_gitops.text.source import Node
from kafka_gitops.writing.entries import Leaf

_ENDINGS = {"AVRO": ".avsc", "JSON": ".json", "PROTOBUF": ".proto"}


def _connector(estate: Estate, node: Node, deleted: bool) -> None:
    name, spec = node.map["metadata"].map["name"], node.map["spec"]
    labels = node.get("metadata", "labels", "kafka.jikkou.io/connect-cluster")
    cluster = labels.text if labels is not None else None
    if deleted:
        estate.remove("connector", f"{cluster}/{name.text}" if cluster else name.text, node, BECAUSE)
        return
    estate.rest(spec, ("connectorClass", "tasksMax", "config", "state"), "spec.", {}, "Jikkou")
    own: dict[str, object] = {"connector.class": Leaf(spec.map["connectorClass"].text, spec.map["connectorClass"])}
    if "tasksMax" in spec.map and not spec.map["tasksMax"].is_null:
        own["tasks.max"] = Leaf(spec.map["tasksMax"].text, spec.map["tasksMax"])
    connector(
        estate,
        name,
        cluster=cluster,
        config={**own, **config(estate, spec.map.get("config"), "spec.config.")},
        state=spec.map["state"].text.lower() if "state" in spec.map else None,
        node=node,
    )


def _subject(estate: Estate, node: Node, deleted: bool) -> None:
    name, spec = node.map["metadata"].map["name"], node.map["spec"]
    if deleted:
        estate.remove("schema", name.text, node, BECAUSE)
        return
    read = ("schemaType", "compatibilityLevel", "schema", "references")
    estate.rest(spec, read, "spec.", {}, "Jikkou")
    schema, form, level = spec.map["schema"], spec.map.get("schemaType"), spec.map.get("compatibilityLevel")
    if schema.is_map:
        why = "the schema is in another file: declare it under schemas: with file: PATH"
        estate.leave(schema.map["$ref"], f"the subject {name.text}", why)
        return
    kind = form.text.upper() if form is not None else "AVRO"
    safe = "".join(char if char.isalnum() or char in "._-" else "_" for char in name.text)
    path = f"schemas/{safe}{_ENDINGS[kind]}"
    estate.texts[path] = f"{schema.text.rstrip()}\n"
    refs = spec.map.get("references")
    listed = [
        {"name": one.map["name"].text, "subject": one.map["subject"].text, **_version(one)}
        for one in (refs.items if refs is not None else ())
    ]
    value: dict[str, object] = {"subject": Leaf(name.text, name), "file": Leaf(path, schema), "type": kind}
    value["compatibility"] = Leaf(level.text.upper(), level) if level is not None else None
    estate.add("schemas", {**value, "references": listed}, node)


def _version(reference: Node) -> dict[str, object]:
    node = reference.map.get("version")
    return {} if node is None else {"version": node.value}


RESTS: Mapping[str, Callable[[Estate, Node, bool], None]] = {
    "KafkaConnector": _connector,
    "SchemaRegistrySubject": _subject,
}
