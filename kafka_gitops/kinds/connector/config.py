"""The config of a connector in the files: of an item or of a JSON file, as the texts that Connect gets."""

from kafka_gitops.kinds.connector.secrets import MASK, is_literal_secret
from kafka_gitops.kinds.connector.spec import CLASS
from kafka_gitops.reading import artefacts
from kafka_gitops.reading.draft import Draft
from kafka_gitops.redact import keep_secret
from kafka_gitops.text.scalars import BOOLEANS, plain_text
from kafka_gitops.text.source import Node, parse

CLASS_HELP = f"for example {CLASS}: org.apache.kafka.connect.file.FileStreamSinkConnector"


def of_file(draft: Draft, path: Node, name: str, *, entry: Node | None = None) -> Node | None:
    """The config in a JSON file: the whole of it, or what is under `config` where `name` and `config` are all.

    `entry` is the item of our own section that names it; without one it is of JulieOps' artefacts.
    """
    if path.raw is None or draft.read is None:
        return None
    text, why = draft.read(path.path, path.raw, beside=entry is not None)
    if text is None:
        if entry is not None:  # what is wrong with JulieOps' artefacts is told where they are looked at
            help = "the path is relative to this file"
            draft.error(path.span, "file-not-found", f"{path.raw}: {why}", help)
        return None
    draft.named.add(artefacts.plain(path.raw))
    if entry is not None:
        text = artefacts.filled(draft, entry, path.raw, text)
    broken = artefacts.not_json(path.raw, text)
    if broken:
        draft.problems.extend(broken)
        return None
    source = parse(path.raw if path.raw.endswith(".json") else f"{path.raw}.json", text)
    draft.problems.extend(source.problems)
    root = source.root
    if root is None or not root.is_map:
        if not source.problems:
            draft.error(path.span, "artefact-syntax", f"{path.raw} is not a JSON object", CLASS_HELP)
        return None
    if root.map.keys() != {"name", "config"}:
        return root
    inner = root.map["name"].text
    if inner.lower() != name.lower():
        help = "correct one of the two"
        draft.error(root.map["name"].span, "wrong-type", f'the file is about "{inner}", the item about "{name}"', help)
        return None
    return root.map["config"] if root.map["config"].is_map else None


def texts_of(draft: Draft, config: Node) -> dict[str, str]:
    """The config as Connect gets it: every value as written, `name` left out, a literal secret as `(secret)`."""
    texts = {}
    for key, node in config.map.items():
        if key == "name":
            continue
        if node.children is not None or node.is_null:
            said = f"{key}: found {node.what}, expected text"
            draft.error(node.head, "connector-value", said, _FORMS.get(node.what, "write one text in quotes"))
            continue
        text = node.raw or ""
        if is_literal_secret(key, text):
            draft.error(node.head, "connector-secret", f"{key} holds a secret in clear", _SECRET_HELP)
            keep_secret(text)
            text = MASK
        elif node.plain and text in BOOLEANS and text not in ("true", "false"):
            said = f"plain {text} is {plain_text(text)} for YAML, and text for Connect"
            draft.warn(
                node.span, "unquoted-oddity", said, f'write "{text}" if that is meant, {plain_text(text)} otherwise'
            )
        texts[key] = text
    return texts


_FORMS = {"a list": 'write the items in one text: "a,b"', "nothing": "delete the key, or write text in quotes"}
_SECRET_HELP = "write a reference that the worker resolves, such as ${file:/etc/secrets/app.properties:password}"
