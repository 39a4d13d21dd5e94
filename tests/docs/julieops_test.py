"""The tables of docs/julieops.md are those of the code: no option, no property is missing or says something else."""

import re
from pathlib import Path

import pytest

from kafka_gitops.cli.julieops import OPTIONS
from kafka_gitops.config import julieops, validations
from kafka_gitops.config.julieops_unread import MANAGED, REASONS

PAGE = Path(__file__).parents[2] / "docs" / "julieops.md"
MANAGED_KEYS = {  # what has a key of another meaning, which the page explains
    "julie.managed.topics": "`manage.topics` (see below)",
    "julie.managed.service_accounts": "`manage.principals` (see below)",
    "julie.managed.groups": "none (see below)",
    "julie.connect_servers": "`environments.NAME.connect`",
}


def table(name: str) -> dict[str, str]:
    """The rows of a table by the words of their first cell."""
    body = re.search(f"<!-- {name} -->\n(.*?)<!-- /{name} -->", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert body is not None
    rows = [line.strip("| ").split(" | ") for line in body[1].strip().splitlines()[2:]]
    return {key: row[1] for row in rows for key in re.findall("`([^`]+)`", row[0])}


def test_every_option_is_in_the_table() -> None:
    assert table("options") == {name: option.here for name, option in OPTIONS.items()}


def test_every_property_that_is_read_is_in_the_table() -> None:
    rows = table("keys")
    read = {**julieops.TEXTS, **julieops.FLAGS, **julieops.LISTS}
    del read[validations.CLASSES]
    assert {key: rows[key] for key in read} == {key: MANAGED_KEYS.get(to, f"`{to}`") for key, to in read.items()}
    assert MANAGED.keys() < MANAGED_KEYS.keys()


@pytest.mark.parametrize("key", sorted(REASONS))
def test_every_property_without_an_effect_is_in_the_table(key: str) -> None:
    assert table("unread")[key] == REASONS[key]


def test_the_tables_have_nothing_more() -> None:
    assert table("unread").keys() == REASONS.keys()
    others = {"validations.*", "topology.validations", "topology.builder.access.control.class"}
    others |= {"schema.registry.url", "schema.registry.*", "platform.servers.basic.auth"}
    assert table("keys").keys() - others == {*julieops.TEXTS, *julieops.FLAGS, *julieops.LISTS} - others
