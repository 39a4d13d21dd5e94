"""Two Avro schemas compared field by field, and the changes of meaning that no compatibility check sees."""

from kafka_gitops.schemas import json_text
from kafka_gitops.schemas.avro_form import Walk
from kafka_gitops.schemas.contract import Alarm, Json, Path, Row
from kafka_gitops.schemas.said import shown, texts

_NAMED = ("record", "error", "enum", "fixed")
_TIMES = ("time-", "timestamp-", "local-timestamp-")
_SAID = ("type", "name", "fields", "items", "values", "symbols", "size", "aliases")  # by the walk itself


def compare(before: str, after: str) -> tuple[list[Row], list[Alarm]]:
    """The differences of two texts that are JSON, and what readers break on. Raises Unread."""
    old, new = Walk(), Walk()
    diff = _Diff(old, new)
    diff.types("", old.schema(json_text.read(before)), new.schema(json_text.read(after)), ())
    places = json_text.places(after, {path for _, path in diff.alarms})
    return diff.rows, [alarm._replace(line=places[path][0], column=places[path][1]) for alarm, path in diff.alarms]


class _Diff:
    """Walks both at once; a type that is named several times is compared where it is met first."""

    def __init__(self, old: Walk, new: Walk) -> None:
        self.old, self.new = old, new
        self.rows: list[Row] = []
        self.alarms: list[tuple[Alarm, Path]] = []
        self.met: set[tuple[str, str]] = set()
        self.moved: set[tuple[str, str]] = set()

    def row(self, field: str, what: str, before: Json, after: Json) -> None:
        if shown(before) != shown(after):
            self.rows.append(Row(field, what, shown(before), shown(after)))

    def types(self, field: str, old: Json, new: Json, path: Path) -> None:
        """What differs between two types of a field."""
        kinds = _kind(old, self.old), _kind(new, self.new)
        if kinds[0] in _NAMED and kinds[1] in _NAMED:
            self._named(field, old, new, path)
        elif kinds == ("array", "array"):
            self.types(f"{field}[]", old["items"], new["items"], (*path, "items"))
        elif kinds == ("map", "map"):
            self.types(f"{field}{{}}", old["values"], new["values"], (*path, "values"))
        elif kinds == ("union", "union"):
            self._unions(field, old, new, path)
        elif said(old) != said(new):
            self.rows.append(Row(field, "type", said(old), said(new)))
            self._meaning(field, old, new, path)
        elif isinstance(old, dict) and isinstance(new, dict):
            self._rest(field, old, new)

    def _named(self, field: str, old: Json, new: Json, path: Path) -> None:
        before, after = self.old.defined[_name(old)], self.new.defined[_name(new)]
        names = before["name"], after["name"]
        if names in self.met:
            return
        self.met.add(names)
        path = self.new.where.get(names[1], path)
        kinds = before["type"], after["type"]
        if names[0] != names[1]:
            self._renamed(field, names[0], names[1], path)
        if "fixed" in kinds or "enum" in kinds or kinds[0] == kinds[1]:
            if kinds[0] != kinds[1]:
                self.rows.append(Row(field, "type", said(before), said(after)))
                return
        else:
            self.row(field, "type", kinds[0], kinds[1])
        self.row(field, "aliases", texts(before.get("aliases")), texts(after.get("aliases")))
        self.row(field, "symbols", texts(before.get("symbols")), texts(after.get("symbols")))
        self.row(field, "size", before.get("size"), after.get("size"))
        self._meaning(field, before, after, path)
        self._rest(field, before, after)
        if "fields" in before and "fields" in after:
            self._fields(f"{field}." if field else "", before["fields"], after["fields"], path)

    def _renamed(self, field: str, old: str, new: str, path: Path) -> None:
        (space, _, name), (now, _, called) = old.rpartition("."), new.rpartition(".")
        if name != called:
            self.rows.append(Row(field, "name", old, new))
        elif (space, now) not in self.moved:  # the types within inherit it
            self.moved.add((space, now))
            self.rows.append(Row(field, "namespace", space or "(none)", now or "(none)"))
            said = f"{old} -> {new}: who looks a type up by its full name (generated classes, unions) does not find it"
            self.alarms.append((Alarm("namespace", field, said), (*path, "name")))

    def _fields(self, prefix: str, old: list[Json], new: list[Json], path: Path) -> None:
        before = {one.get("name"): one for one in old}
        after = {one.get("name"): one for one in new}
        renamed = {
            name: alias
            for name, one in after.items()
            for alias in one.get("aliases", ())
            if name not in before and alias in before and alias not in after
        }
        for index, (name, one) in enumerate(after.items()):
            here = (*path, "fields", index)
            if name not in before and name not in renamed:
                self.rows.append(Row(f"{prefix}{name}", "added", None, _whole(one)))
                continue
            was = before[renamed.get(name, name)]
            self.row(f"{prefix}{name}", "name", was.get("name"), name)
            for what in ("aliases", "order"):
                self.row(f"{prefix}{name}", what, texts(was.get(what)), texts(one.get(what)))
            self.types(f"{prefix}{name}", was.get("type"), one.get("type"), (*here, "type"))
            self._rest(f"{prefix}{name}", was, one, leave=("order",))
        left = set(renamed.values())
        for name, one in before.items():
            if name not in after and name not in left:
                self.rows.append(Row(f"{prefix}{name}", "removed", _whole(one), None))
        orders = [name for name in before if name in after], [name for name in after if name in before]
        if orders[0] != orders[1]:
            self.rows.append(Row(prefix.rstrip("."), "order of fields", ", ".join(orders[0]), ", ".join(orders[1])))

    def _unions(self, field: str, old: list[Json], new: list[Json], path: Path) -> None:
        before = {_label(one): one for one in old}
        after = {_label(one): (index, one) for index, one in enumerate(new)}
        if list(before) != list(after):
            self.rows.append(Row(field, "type", said(old), said(new)))
        for label, (index, one) in after.items():
            if label in before:
                self.types(field, before[label], one, (*path, index))

    def _rest(self, field: str, old: Json, new: Json, leave: tuple[str, ...] = ()) -> None:
        """The attributes that are left: doc, default, logical type, and what others write there."""
        for key in (*new, *(key for key in old if key not in new)):
            if key not in _SAID and key not in leave:
                self.row(field, key, _value(old, key), _value(new, key))

    def _meaning(self, field: str, old: Json, new: Json, path: Path) -> None:
        (was, scale), (now, after) = _logical(old), _logical(new)
        if was == now == "decimal" and scale != after:
            said = f"decimal scale {scale} -> {after}: readers with the old schema see each number"
            said += f" {'as 1' + '0' * min(abs(after - scale), 9)} times too {'large' if after > scale else 'small'}"
            self.alarms.append((Alarm("scale", field, said), path))
        elif was != now and was.startswith(_TIMES) and now.startswith(_TIMES):
            said = f"{was} -> {now}: the same number means another time, and readers with the old schema do not notice"
            self.alarms.append((Alarm("unit", field, said), path))


def _value(form: dict[str, Json], key: str) -> Json:
    """An attribute as a row shows it: a default that is null is not the same as none."""
    return "null" if key in form and form[key] is None else form.get(key)


def _kind(form: Json, walk: Walk) -> str:
    if isinstance(form, list):
        return "union"
    if isinstance(form, dict):
        kind = form.get("type")
        return kind if isinstance(kind, str) else "other"
    return str(walk.defined[form]["type"]) if isinstance(form, str) and form in walk.defined else "other"


def _name(form: Json) -> str:
    return str(form["name"]) if isinstance(form, dict) else str(form)


def _label(form: Json) -> str:
    """What stays the same of a union's branch when its namespace or logical type changes."""
    if isinstance(form, dict):
        return _label(form["name"] if form.get("type") in _NAMED else form.get("type"))
    return form.rpartition(".")[2] if isinstance(form, str) else "union"


def _logical(form: Json) -> tuple[str, int]:
    if not isinstance(form, dict):
        return "", 0
    scale = form.get("scale", 0)
    return str(form.get("logicalType", "")), scale if isinstance(scale, int) else 0


def said(form: Json) -> str:
    """A type in words: `long (timestamp-millis)`, `null | array of string`, `record Address`."""
    if isinstance(form, list):
        return " | ".join(map(said, form))
    if not isinstance(form, dict):
        return str(form)
    kind = form.get("type")
    if kind in _NAMED:
        return f"{kind} {form.get('name')}"
    if kind in ("array", "map"):
        return f"{kind} of {said(form.get('items', form.get('values')))}"
    logical, scale = _logical(form)
    more = f" {form.get('precision')},{scale}" if logical == "decimal" else ""
    return f"{said(kind)} ({logical}{more})" if logical else said(kind)


def _whole(form: dict[str, Json]) -> str:
    default = f" = {shown(_value(form, 'default'))}" if "default" in form else ""
    return f"{said(form.get('type'))}{default}"
