"""An Avro schema in one form whatever its layout: names in full, bare primitives; and what is wrong with it.

Rules by Avro 1.12's specification ("Schema Declaration", "Names", "Aliases", "Logical Types"); the stricter reading
where implementations differ, since a schema is read by many.
"""

import re
from dataclasses import dataclass, field

from kafka_gitops.schemas.contract import Fault, Json, Path
from kafka_gitops.schemas.logical import beside, logical
from kafka_gitops.shape.found import near

PRIMITIVES = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
_NAMED = ("record", "error", "enum", "fixed")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z", re.ASCII)
_HOW = "letters, digits and _, not beginning with a digit"


@dataclass
class Walk:
    """What one walk over a schema finds: its types by full name, the names that it uses, the defaults, the faults."""

    defined: dict[str, Json] = field(default_factory=dict)
    where: dict[str, Path] = field(default_factory=dict)  # of each type in `defined`
    used: list[tuple[str, str, Path]] = field(default_factory=list)  # in full, as written, where
    defaults: list[tuple[Path, Json, Json]] = field(default_factory=list)  # where, type, value
    faults: list[Fault] = field(default_factory=list)

    def schema(self, value: Json, space: str = "", path: Path = ()) -> Json:
        """The form of a schema at a path, in a namespace; what cannot be read is noted and stands as it is."""
        if isinstance(value, str):
            return self._name(value, space, path)
        if isinstance(value, list):
            return self._union(value, space, path)
        if not isinstance(value, dict):
            self._fault("syntax", path, f"found {_what(value)}, expected a type: a name, a mapping or a list")
            return value
        kind = value.get("type")
        if kind in _NAMED:
            return self._named(kind, value, space, path)
        if kind in ("array", "map"):
            return self._container(kind, value, space, path)
        if kind is None:
            self._fault("syntax", path, 'a type needs the key "type"')
            return value
        form = self.schema(kind, space, (*path, "type"))
        self.faults.extend(logical(value, form, path))
        rest = {name: one for name, one in value.items() if name != "type"}
        return {"type": form, **rest} if rest else form

    def resolve(self, known: set[str]) -> None:
        """Note each name that no type has, neither here nor among the `known` ones."""
        for full, written, path in self.used:
            if full not in self.defined and full not in known and written not in self.defined:
                meant = near(full, (*self.defined, *known)) or near(written, PRIMITIVES)
                help = f'did you mean "{meant}"?' if meant else "define it, or name it under `references`"
                self._fault("reference", path, f'no type is called "{full}"', help)

    def _fault(self, kind: str, path: Path, said: str, help: str | None = None) -> None:
        self.faults.append(Fault(kind, path, said, help))

    def _name(self, value: str, space: str, path: Path) -> str:
        if value in PRIMITIVES:
            return value
        full = value if "." in value or not space else f"{space}.{value}"
        self.used.append((full, value, path))
        return full

    def _union(self, value: list[Json], space: str, path: Path) -> Json:
        form: list[Json] = []
        seen: set[str] = set()
        if not value:
            self._fault("syntax", path, "a union of no types holds no value")
        for index, branch in enumerate(value):
            here = (*path, index)
            one = self.schema(branch, space, here)
            label = _label(one)
            if isinstance(branch, list):
                self._fault("syntax", here, "a union directly in a union", "put its types into the outer one")
            elif label in seen:
                self._fault("syntax", here, f"{label} is there twice in this union", "keep one of the two")
            seen.add(label)
            form.append(one)
        return form

    def _container(self, kind: str, value: dict[str, Json], space: str, path: Path) -> Json:
        key = "items" if kind == "array" else "values"
        if key not in value:
            article = "an array" if kind == "array" else "a map"
            self._fault("syntax", path, f'{article} needs the key "{key}"')
            return value
        self.faults.extend(logical(value, kind, path))
        return {**value, key: self.schema(value[key], space, (*path, key))}

    def _named(self, kind: str, value: dict[str, Json], space: str, path: Path) -> Json:
        full = self._full_name(kind, value, space, path)
        inner = full.rpartition(".")[0]
        form = {key: one for key, one in value.items() if key != "namespace"}
        form["name"] = full
        aliases = _texts(value.get("aliases", []))
        if aliases is None:
            self._fault("syntax", (*path, "aliases"), "aliases are a list of names")
        elif aliases:
            form["aliases"] = sorted(_in_full(alias, inner) for alias in aliases)
        if full in self.defined:
            self._fault("syntax", (*path, "name"), f'"{full}" is defined twice', "name the type where it is used again")
        self.defined.setdefault(full, form)
        self.where.setdefault(full, path)
        if kind in ("record", "error"):
            form["fields"] = self._fields(value.get("fields"), inner, path)
        elif kind == "enum":
            self._symbols(value, path)
        elif not _is_whole(value.get("size")) or value["size"] < 0:
            self._fault(
                "syntax",
                (*path, "size"),
                f'a fixed type needs "size", a whole number: found {_what(value.get("size"))}',
            )
        if kind == "fixed":
            self.faults.extend(logical(value, kind, path))
        return form

    def _full_name(self, kind: str, value: dict[str, Json], space: str, path: Path) -> str:
        name, own = value.get("name"), value.get("namespace", space)
        if not isinstance(name, str) or not name:
            self._fault("syntax", path, f'{"an" if kind[0] == "e" else "a"} {kind} needs the key "name", a text')
            name = "_"
        if not isinstance(own, str):
            self._fault("syntax", (*path, "namespace"), f"found {_what(own)}, expected a text")
            own = ""
        full = _in_full(name, own)
        for part in full.split("."):
            if not _NAME.match(part):
                where = (*path, "name" if part in name.split(".") else "namespace")
                self._fault("syntax", where, f'"{full}" is no name: "{part}" may have only {_HOW}')
                break
        if full in PRIMITIVES:
            self._fault("syntax", (*path, "name"), f'"{full}" is the name of one of Avro\'s own types')
        return full

    def _fields(self, fields: Json, space: str, path: Path) -> Json:
        if not isinstance(fields, list):
            self._fault("syntax", path, 'a record needs the key "fields", a list')
            return []
        forms = [self._field(one, space, (*path, "fields", index)) for index, one in enumerate(fields)]
        names: dict[str, int] = {}
        for index, form in enumerate(forms):
            name = str(form.get("name"))
            if name in names:
                said = f'the field "{name}" is there twice in this record'
                self._fault("syntax", (*path, "fields", index, "name"), said, "keep one of the two")
            names.setdefault(name, index)
        for index, form in enumerate(forms):
            for alias in form.get("aliases", []):
                if alias in names:
                    said = f'the alias "{alias}" is the name of a field of the same record'
                    help = "Java cannot tell then which of the two it reads; drop the alias or rename the field"
                    self._fault("name", (*path, "fields", index, "aliases"), said, help)
        return forms

    def _field(self, value: Json, space: str, path: Path) -> dict[str, Json]:
        if not isinstance(value, dict):
            self._fault("syntax", path, f"found {_what(value)}, expected a field: a mapping with name and type")
            return {}
        form = dict(value)
        name = value.get("name")
        if not isinstance(name, str) or not _NAME.match(name):
            found = f'"{name}"' if isinstance(name, str) else _what(name)
            self._fault("syntax", (*path, "name"), f"found {found}, expected a field's name: {_HOW}")
            form["name"] = str(name)
        aliases = _texts(value.get("aliases", []))
        if aliases is None:
            self._fault("syntax", (*path, "aliases"), "aliases are a list of names")
        form.pop("aliases", None)
        if aliases:
            form["aliases"] = sorted(aliases)
        order = form.pop("order", "ascending")
        if order not in ("ascending", "descending", "ignore"):
            said = f"found {_what(order)}, expected ascending, descending or ignore"
            self._fault("syntax", (*path, "order"), said)
        elif order != "ascending":
            form["order"] = order
        if "type" not in value:
            self._fault("syntax", path, 'a field needs the key "type"')
            return form
        form["type"] = self.schema(value["type"], space, (*path, "type"))
        self.faults.extend(beside(value, path))
        if "default" in value:
            self.defaults.append(((*path, "default"), form["type"], value["default"]))
        return form

    def _symbols(self, value: dict[str, Json], path: Path) -> None:
        symbols = _texts(value.get("symbols"))
        if symbols is None:
            self._fault("syntax", (*path, "symbols"), 'an enum needs the key "symbols", a list of names')
            return
        seen: set[str] = set()
        for index, symbol in enumerate(symbols):
            if not _NAME.match(symbol):
                self._fault("syntax", (*path, "symbols", index), f'"{symbol}" is no symbol: it may have only {_HOW}')
            elif symbol in seen:
                self._fault("syntax", (*path, "symbols", index), f'the symbol "{symbol}" is there twice')
            seen.add(symbol)
        if "default" in value and value["default"] not in seen:
            said = f"the default of an enum is one of its symbols: found {_what(value['default'])}"
            self._fault("default", (*path, "default"), said, f"symbols: {', '.join(symbols)}")


def _in_full(name: str, space: str) -> str:
    return name if "." in name or not space else f"{space}.{name}"


def _label(form: Json) -> str:
    """What two branches of a union must not share: a named type's name, else the type."""
    if isinstance(form, dict):
        kind = form.get("type")
        return str(form["name"]) if kind in _NAMED and "name" in form else _label(kind)
    return form if isinstance(form, str) else "union" if isinstance(form, list) else ""


def _texts(value: Json) -> list[str] | None:
    return value if isinstance(value, list) and all(isinstance(one, str) for one in value) else None


def _is_whole(value: Json) -> bool:
    return type(value) is int


def _what(value: Json) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool | int | float | str):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return f'"{text}"' if len(text) <= 40 else f'"{text[:37]}..."'
    return "a mapping" if isinstance(value, dict) else "a list"
