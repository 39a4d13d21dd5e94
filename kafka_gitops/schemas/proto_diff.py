"""Two Protobuf schemas compared by field number, the identity of a field on the wire."""

from kafka_gitops.schemas.contract import Alarm, Json, Row
from kafka_gitops.schemas.said import shown


def compare(old: Json, new: Json) -> tuple[list[Row], list[Alarm]]:
    """The differences of two forms, and what readers break on."""
    rows: list[Row] = []
    alarms: list[Alarm] = []
    if old["name"] != new["name"]:
        names = old["name"] or "(none)", new["name"] or "(none)"
        rows.append(Row("", "package", *names))
        said = f"package {names[0]} -> {names[1]}: who looks a message up by its full name does not find it"
        alarms.append(Alarm("namespace", "", said))
    _blocks(rows, "", old, new)
    return rows, alarms


def _blocks(rows: list[Row], path: str, old: Json, new: Json) -> None:
    prefix = f"{path}." if path else ""
    for key in _keys(old["fields"], new["fields"]):
        _fields(rows, prefix, old["fields"].get(key), new["fields"].get(key))
    for key in _keys(old["options"], new["options"]):
        _row(rows, path, key, old["options"].get(key), new["options"].get(key))
    for what in ("reserved", "statements"):
        for one in sorted({*old[what]} - {*new[what]}):
            rows.append(Row(path, f"{_word(what, new)} removed", one, None))
        for one in sorted({*new[what]} - {*old[what]}):
            rows.append(Row(path, f"{_word(what, new)} added", None, one))
    for key in _keys(old["blocks"], new["blocks"]):
        before, after = old["blocks"].get(key), new["blocks"].get(key)
        name = f"{prefix}{(after or before)['name']}"
        if before is None:
            rows.append(Row(name, "added", None, after["kind"]))
        elif after is None:
            rows.append(Row(name, "removed", before["kind"], None))
        else:
            _blocks(rows, name, before, after)


def _fields(rows: list[Row], prefix: str, old: Json, new: Json) -> None:
    if old is None:
        rows.append(Row(f"{prefix}{new['name']}", "added", None, _said(new)))
    elif new is None:
        rows.append(Row(f"{prefix}{old['name']}", "removed", _said(old), None))
    else:
        name = f"{prefix}{new['name']}"
        for what in ("name", "number", "type", "label", "oneof"):
            _row(rows, name, what, old.get(what), new.get(what))
        before, after = old.get("options", {}), new.get("options", {})
        for key in _keys(before, after):
            _row(rows, name, key, before.get(key), after.get(key))


def _said(field: Json) -> str:
    label = f"{field['label']} " if "label" in field else ""
    return f"{label}{field['type']}" if "number" not in field else str(field["number"])


def _word(what: str, block: Json) -> str:
    words = {"file": "import", "service": "rpc", "message": "range for extensions"}
    return "reserved" if what == "reserved" else words.get(block["kind"], "statement")


def _row(rows: list[Row], field: str, what: str, old: Json, new: Json) -> None:
    if old != new:
        rows.append(Row(field, what, shown(old), shown(new)))


def _keys(old: dict[str, Json], new: dict[str, Json]) -> list[str]:
    return [*new, *(key for key in old if key not in new)]
