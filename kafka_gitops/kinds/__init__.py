"""The kinds of resources, one module or package each; outside nobody knows how many there are."""

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from kafka_gitops.kinds.contract import Kind
from kafka_gitops.kinds.looks import Looks

NAMES = (  # modules of this room, in the order in which plans list them; mypy looks at each in its test
    "topic",
    "acl",
    "quota",
    "user",
    "schema",
    "connector",
)
_ALL = tuple(cast("Kind", import_module(f"{__name__}.{name}")) for name in NAMES)
KINDS: Mapping[str, Kind] = {kind.NAME: kind for kind in _ALL}
PLURALS: Mapping[str, str] = {kind.PLURAL: kind.NAME for kind in _ALL}  # the words of the config and of plan files
LOOKS: Mapping[str, Looks] = {kind.NAME: kind.LOOKS for kind in _ALL}
DANGERS = {danger.name: danger for kind in _ALL for danger in kind.DANGERS}  # every risk that a plan can name
