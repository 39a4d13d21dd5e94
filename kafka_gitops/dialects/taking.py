"""What the dialects share: a topic, a config, a user, a connector of another tool as entries of our sections."""

import re
from collections.abc import Callable, Mapping

from kafka_gitops.catalog.names import is_topic
from kafka_gitops.dialects.estate import Estate
from kafka_gitops.kinds.connector.secrets import is_literal_secret
from kafka_gitops.redact import keep_secret
from kafka_gitops.shape.check import Anything, Integer, ListOf, Map, Text
from kafka_gitops.text.scalars import plain_value
from kafka_gitops.text.source import Node
from kafka_gitops.writing.entries import Leaf

ANY = Anything()
TEXT = Text()
LABELS = Map(others=Text(null=True), null=True, called="labels")
COUNT = Integer(-1, null=True)
CONFIG = Map(others=ANY, null=True, called="a config")
NAMES = ListOf(TEXT, null=True, called="a list of names")
_TEMPLATE = re.compile(r"[${%<]")
_RENDER = "put the values of variables in before"
SECRET = "a secret in clear, which is copied nowhere"


def number(node: Node | None, otherwise: int) -> int:
    """A whole number that its shape has looked at; what counts where there is none."""
    value = plain_value(node.raw) if node is not None and node.raw is not None else None
    return value if isinstance(value, int) else otherwise


def text_of(node: Node) -> str:
    """The text of a scalar as a reader in Java has it."""
    return node.text


def metadata(labels: Node | None, **more: Node | None) -> dict[str, object]:
    """Labels, and what else describes a topic, as its metadata."""
    nodes = {**(labels.map if labels is not None else {}), **{key: one for key, one in more.items() if one is not None}}
    return {key: Leaf(node.text, node) for key, node in nodes.items() if node.raw is not None and not node.is_null}


def config(estate: Estate, node: Node | None, above: str, text: Callable[[Node], str] = text_of) -> dict[str, object]:
    """A config as texts; a list is one text with commas; a key without a value is left out."""
    found: dict[str, object] = {}
    for key, child in node.map.items() if node is not None else ():
        if child.is_list and child.items and all(one.raw is not None for one in child.items):
            found[key] = Leaf(",".join(map(text, child.items)), child)
        elif child.raw is not None and not child.is_null:
            found[key] = Leaf(text(child), child)
        elif child.raw is None:
            said = f"found {child.what} under {above}{key}, expected text"
            estate.error(child.head, said, "write one text")
        else:
            estate.leave(child, f"{above}{key}", "it has no value")
    return found


def topic(
    estate: Estate,
    name: Node | str,
    *,
    node: Node,
    partitions: Node | None,
    replication: Node | None,
    config: Mapping[str, object],
    metadata: Mapping[str, object],
) -> None:
    """A topic by its full name, a node or the key of one; -1, nothing and null leave a number to the broker."""
    called, place = (name, node.key_span) if isinstance(name, str) else (name.text, name.span)
    if not is_topic(called):
        estate.error(place, f'no topic can be called "{called}"', _RENDER if _TEMPLATE.search(called) else None)
        return
    numbers = {"num.partitions": partitions, "replication.factor": replication}
    own: dict[str, object] = {
        key: Leaf(str(plain_value(one.raw)), one)
        for key, one in numbers.items()
        if one is not None and one.raw is not None and not one.is_null and plain_value(one.raw) != -1
    }
    value: dict[str, object] = {"name": _name(name), "config": {**own, **config}, "metadata": dict(metadata)}
    estate.add("special_topics", value, node)


def _name(name: Node | str) -> object:
    return name if isinstance(name, str) else Leaf(name.text, name)


def user(estate: Estate, name: str, mechanisms: Mapping[str, tuple[int, Node | None]], node: Node) -> None:
    """A SCRAM user with these iterations by mechanism; a password that stands there becomes a variable's name."""
    held = estate.variable(name)
    for _, written in mechanisms.values():
        if written is not None and written.raw and not written.is_null:
            keep_secret(written.raw)
            estate.leave(written, f"the password of {name}", f"{SECRET}: set {held} for the first apply")
    found: dict[str, object] = {
        mechanism: {"iterations": iterations, "password": f"${{{held}}}"}
        for mechanism, (iterations, _) in mechanisms.items()
    }
    if len(found) == 1:
        ((mechanism, (iterations, _)),) = mechanisms.items()
        one: dict[str, object] = {"mechanism": mechanism, "iterations": iterations, "password": f"${{{held}}}"}
        estate.add("users", {"name": name, **one}, node)
    elif found:
        estate.add("users", {"name": name, "mechanisms": found}, node)


def connector(
    estate: Estate, name: Node, *, cluster: str | None, config: Mapping[str, object], state: str | None, node: Node
) -> None:
    """A connector; a secret in clear becomes a key whose value only the worker has."""
    kept = []
    for key, leaf in config.items():
        if isinstance(leaf, Leaf) and is_literal_secret(key, str(leaf.value)):
            keep_secret(str(leaf.value))
            kept.append(key)
            why = f"{SECRET}: the worker keeps it (`keep`) until a reference such as ${{file:PATH:KEY}} replaces it"
            estate.leave(leaf.node, f"{key} of {name.text}", why)
    value: dict[str, object] = {"name": Leaf(name.text, name), "cluster": cluster}
    value["config"] = {key: one for key, one in config.items() if key not in kept}
    estate.add("connectors", {**value, "state": state, "keep": kept}, node)
