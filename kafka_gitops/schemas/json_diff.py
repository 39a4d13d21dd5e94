"""Two JSON Schemas compared property by property."""

from kafka_gitops.schemas.contract import Json, Row
from kafka_gitops.schemas.said import shown

_INSIDE = ("properties", "patternProperties", "$defs", "definitions")  # maps of schemas by name
_OURS = (*_INSIDE, "required", "items")


def compare(old: Json, new: Json) -> list[Row]:
    """The differences of two JSON Schemas."""
    rows: list[Row] = []
    _schemas(rows, "", old, new)
    return rows


def _schemas(rows: list[Row], field: str, old: Json, new: Json) -> None:
    if not isinstance(old, dict) or not isinstance(new, dict):
        _row(rows, field, "type", old, new)
        return
    for key in (*new, *(key for key in old if key not in new)):
        if key not in _OURS:
            _row(rows, field, key, old.get(key), new.get(key))
    for key in _INSIDE:
        _named(rows, field, key, old, new)
    if "items" in old or "items" in new:
        both = isinstance(old.get("items"), dict) and isinstance(new.get("items"), dict)
        if both:
            _schemas(rows, f"{field}[]", old["items"], new["items"])
        else:
            _row(rows, f"{field}[]", "type", old.get("items"), new.get("items"))


def _named(rows: list[Row], field: str, key: str, old: Json, new: Json) -> None:
    before, after = _map(old.get(key)), _map(new.get(key))
    needs = (_names(old.get("required")), _names(new.get("required"))) if key == "properties" else (set(), set())
    prefix = f"{field}." if field else ""
    prefix = prefix if key == "properties" else f"{prefix}{key}."
    for name in (*after, *(name for name in before if name not in after)):
        here = f"{prefix}{name}"
        if name not in before:
            rows.append(Row(here, "added", None, f"{_type(after[name])}{', required' * (name in needs[1])}"))
        elif name not in after:
            rows.append(Row(here, "removed", f"{_type(before[name])}{', required' * (name in needs[0])}", None))
        else:
            _schemas(rows, here, before[name], after[name])
            _row(rows, here, "required", name in needs[0], name in needs[1])
    for name in sorted((needs[0] ^ needs[1]) - before.keys() - after.keys()):
        _row(rows, f"{prefix}{name}", "required", name in needs[0], name in needs[1])


def _row(rows: list[Row], field: str, what: str, old: Json, new: Json) -> None:
    if shown(old) != shown(new):
        rows.append(Row(field, what, shown(old), shown(new)))


def _type(form: Json) -> str:
    kind = form.get("type", form.get("$ref")) if isinstance(form, dict) else form
    return (shown(kind) if kind is not None else None) or "anything"


def _map(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _names(value: Json) -> set[str]:
    return {one for one in value if isinstance(one, str)} if isinstance(value, list) else set()
