"""The kinds of resources, one module or package each; outside nobody knows how many there are."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

from kafka_gitops.tables import Table

if TYPE_CHECKING:
    from kafka_gitops.changes import Danger
    from kafka_gitops.kinds.contract import Kind
    from kafka_gitops.kinds.looks import Looks


class Line(NamedTuple):
    """What is asked of a kind before its module is loaded: the names of its sections, and of its JulieOps' forms,
    and whether a plan looks at it where no file names any (`ALWAYS`)."""

    plural: str
    sections: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    always: bool = False


LINES = {  # modules of this room, in the order in which plans list them; a test holds module and line to each other
    "topic": Line("topics", always=True),
    "acl": Line("acls", always=True),
    "quota": Line("quotas", ("quotas",), ("platform.kafka.quotas",)),
    "user": Line("users", ("users",)),
    "schema": Line("schemas", ("schemas",), ("topic.schemas",)),
    "connector": Line("connectors", ("connectors",), ("connectors.artefacts",)),
}
KINDS: Mapping[str, "Kind"] = Table(LINES, lambda name: cast("Kind", import_module(f"{__name__}.{name}")))
PLURALS: Mapping[str, str] = {line.plural: name for name, line in LINES.items()}  # words of the config and plan files
LOOKS: Mapping[str, "Looks"] = Table(LINES, lambda name: KINDS[name].LOOKS)


def dangers() -> dict[str, "Danger"]:
    """Every risk that a plan can name."""
    return {danger.name: danger for kind in KINDS.values() for danger in kind.DANGERS}
