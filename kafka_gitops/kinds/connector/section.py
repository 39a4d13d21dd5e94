"""`connectors:` in the files: our own items, and JulieOps' artefacts, which are the same kind."""

from kafka_gitops import holds
from kafka_gitops.kinds.connector import spec
from kafka_gitops.kinds.connector.config import CLASS_HELP, of_file, texts_of
from kafka_gitops.kinds.connector.spec import CLASS, Connector
from kafka_gitops.kinds.section import JULIEOPS, Removable, Section
from kafka_gitops.model import Declared
from kafka_gitops.reading.artefacts import SAYS_VALUES, VALUES
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.naming import Place
from kafka_gitops.shape.check import Anything, Boolean, ListOf, Map, OneOf, Text
from kafka_gitops.shape.json_schema import SCALAR, Json, name_of
from kafka_gitops.text.source import Node

MARKS = ("config", "file")  # what an item has that JulieOps' list of principals does not know
RESTART = "restart"  # the flag of a connector whose failed tasks an apply restarts
ITEM = Map(
    {
        "name": Text(),
        "cluster": Text(),
        "config": Anything("a mapping of texts"),
        "file": Text(),
        VALUES: Boolean(),
        "state": OneOf(spec.STATES),
        "keep": ListOf(Text(), called="a list of config keys"),
        "replaces": Text(),
        "restart": OneOf(("failed",)),
        holds.KEY: holds.SHAPE,
    },
    ("name",),
    called="a connector of Kafka Connect",
)
SAYS = {
    "name": "The connector's name, as Connect shows it.",
    "cluster": "The Connect cluster, by its name under `connect` of the environment; needed where there are several.",
    "config": "What the worker gets: texts by key, with `connector.class`; secrets are references: ${file:/path:key}.",
    "file": "A JSON file with the config (or with `name` and `config`), relative to this file.",
    VALUES: SAYS_VALUES,
    "state": "running, paused or stopped; left out, the state is never touched.",
    "keep": "Config keys whose value only the worker has: not compared, and sent back as they are.",
    "replaces": "The connector whose offsets this one takes over before that one is deleted: NAME, or CLUSTER/NAME.",
    "restart": "failed: an apply restarts the connector and its tasks where they have failed.",
}


def read(draft: Draft, listed: Node, where: Place | None) -> None:
    """Declare the connectors of a list; an item that gives a principal rights is JulieOps' and passed over."""
    for node in listed.items:
        if node.is_map and not (node.map.keys() >= {"principal"} and not node.map.keys() & set(MARKS)):
            _item(draft, node, where.project if where else None)


def artefacts(draft: Draft, listed: Node, where: Place | None) -> None:
    """Declare the connectors of JulieOps' artefacts (`path`, `server`, `name`) whose files can be read."""
    for node in listed.items:
        name, server, path = draft.optional(node, "name"), draft.optional(node, "server"), node.get("path")
        if name is None or path is None or not _named(draft, node.map["name"], name):
            continue
        config = of_file(draft, path, name)
        if config is not None:
            key, project = spec.key_of(server or "", name), where.project if where else None
            found, whole = Connector(texts_of(draft, config)), _with(node, config)
            draft.declare(Declared(key, found, whole, project, frozenset({JULIEOPS})))


def removed_name(draft: Draft, node: Node) -> str | None:
    """The name of a key from what `removed:` says: CLUSTER/NAME, or the name where there is one cluster at most."""
    known, text = draft.language.connect_servers, draft.text(node)
    if "/" in text or not known:
        return text
    if len(known) == 1:
        return f"{known[0]}/{text}"
    said = f'which Connect cluster has the connector "{text}"?'
    draft.error(node.span, "wrong-type", said, f"write {sorted(known)[0]}/{text}")
    return None


def _item(draft: Draft, node: Node, project: str | None) -> None:
    if "principal" in node.map:
        return  # the shape has said so
    name = draft.optional(node, "name")
    if name is None or not _named(draft, node.map["name"], name):
        return
    config, cluster = _config(draft, node, name), _cluster(draft, node)
    if config is None or cluster is None:
        return
    if CLASS not in config.map:
        draft.error(config.head, "missing-key", f'the connector "{name}" needs the key "{CLASS}"', CLASS_HELP)
        return
    keep, state = _keep(draft, node, config), draft.optional(node, "state")
    texts = {key: text for key, text in texts_of(draft, config).items() if key not in keep}
    replaces = _replaces(draft, node, cluster, name)
    found = Connector(texts, state if state in spec.STATES else None, keep, replaces)
    flags = frozenset({RESTART} if draft.optional(node, "restart") == "failed" else ())
    draft.declare(Declared(spec.key_of(cluster, name), found, _with(node, config), project, flags))


def _named(draft: Draft, node: Node, name: str) -> bool:
    why = spec.unreachable(name)
    if why is not None:
        said = f'no path of the REST API of Connect reaches a connector called "{name}": {why}'
        help = 'use letters, digits, ".", "_" and "-": such a connector can be made, and never changed or deleted'
        draft.error(node.span, "connector-name", said, help)
    return why is None


def _cluster(draft: Draft, node: Node) -> str | None:
    """The cluster of an item: the one that it names, else the only one that is configured; None after an error."""
    known, named = draft.language.connect_servers, draft.optional(node, "cluster")
    if named is None and known is not None and len(known) > 1:
        said = f"which Connect cluster? The environment has {', '.join(sorted(known))}"
        draft.error(node.head, "missing-key", said, f"add cluster: {sorted(known)[0]}")
        return None
    if named is None:
        return known[0] if known else ""
    if known is not None and named not in known:
        said = f'no Connect cluster is called "{named}"'
        help = f"configured: {', '.join(sorted(known)) or 'none'}"
        draft.error(node.map["cluster"].span, "wrong-type", said, help)
        return None
    return named


def _config(draft: Draft, node: Node, name: str) -> Node | None:
    """The config of an item as a mapping, from the item or from its file; None after an error."""
    given = [key for key in ("config", "file") if key in node.map]
    if len(given) != 1:
        said = 'a connector needs one of "config" and "file"' + (", found both" if given else "")
        draft.error(node.head, "missing-key", said, "keep one of them" if given else CLASS_HELP)
        return None
    if given == ["file"]:
        return of_file(draft, node.map["file"], name, entry=node)
    config = node.map["config"]
    if not config.is_map:
        draft.error(config.head, "wrong-type", f"found {config.what}, expected a mapping of texts", CLASS_HELP)
        return None
    return config


def _keep(draft: Draft, node: Node, config: Node) -> tuple[str, ...]:
    """The keys that are kept as the worker has them; one that is also written is an error."""
    listed = node.get("keep")
    found = [item for item in listed.items if item.raw] if listed is not None else []
    for item in found:
        if item.text in config.map:
            said = f'"{item.text}" is both kept and written'
            related = ((config.map[item.text].key_span, "written here"),)
            draft.error(item.span, "wrong-type", said, "delete one of the two", related=related)
    return tuple(sorted({item.text for item in found} - config.map.keys()))


def _replaces(draft: Draft, node: Node, cluster: str, name: str) -> str | None:
    text = draft.optional(node, "replaces")
    if text is None:
        return None
    old_cluster, _, old = text.rpartition("/")
    key = spec.key_of(old_cluster or cluster, old)
    if key == spec.key_of(cluster, name) or spec.unreachable(old) is not None:
        said = f'a connector cannot replace "{text}"' + (": that is itself" if old == name else "")
        draft.error(node.map["replaces"].span, "wrong-type", said, "write the NAME that it had, or CLUSTER/NAME")
        return None
    return key.name


def _with(node: Node, config: Node) -> Node:
    """The item with its config in it, so that a key's place is found the same way wherever it was written."""
    return node.only({**node.map, "config": config})


def _texts_only(defs: dict[str, Json]) -> None:
    """In the JSON Schema: a config holds texts, which the reader tells in words of its own."""
    properties = defs[name_of(ITEM.called)]["properties"]
    assert isinstance(properties, dict)
    properties["config"].update({"type": "object", "additionalProperties": SCALAR})


SECTIONS = (
    Section(
        "connectors",
        ("file", "project"),
        ListOf(ITEM, called="a list of connectors"),
        {"connectors": "Connectors and their rights, or a mapping with access_control and artefacts.", **SAYS},
        read,
        MARKS,
        refine=_texts_only,
    ),
)
REMOVED = Removable(
    "The connector to delete: CLUSTER/NAME, or NAME where there is one cluster.",
    name=removed_name,
)
FORMS = {"connectors.artefacts": artefacts}
