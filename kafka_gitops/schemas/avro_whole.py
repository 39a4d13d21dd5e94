"""An Avro schema by itself: what it refers to written into it, each type where it is first used."""

from collections.abc import Mapping

from kafka_gitops.schemas.avro_form import PRIMITIVES
from kafka_gitops.schemas.contract import Json

_NAMED = ("record", "error", "enum", "fixed")
NOWHERE = "_"  # the namespace that types without one get: within another's fields they could not be named else


class Unknown(Exception):
    """A name has no type here: what is left cannot be judged."""


def whole(form: Json, types: Mapping[str, Json]) -> Json:
    """A form with the types of all its names written in, as the libraries judge it; `error` is a record.

    A name may stand before its type (Java takes that, the libraries do not); aliases are in full, since
    `avro.compatibility` compares them as they stand. Raises Unknown.
    """
    return _Whole(types).schema(form)


class _Whole:
    def __init__(self, types: Mapping[str, Json]) -> None:
        self.types = types
        self.done: set[str] = set()

    def schema(self, form: Json) -> Json:
        if isinstance(form, str):
            return form if form in PRIMITIVES else self._named(form)
        if isinstance(form, list):
            return [self.schema(branch) for branch in form]
        kind = form["type"]
        if kind in _NAMED:
            return self._named(form["name"])
        if kind == "array":
            return {"type": kind, "items": self.schema(form["items"])}
        if kind == "map":
            return {"type": kind, "values": self.schema(form["values"])}
        return self.schema(kind)

    def _named(self, name: str) -> Json:
        form = self.types.get(name) or self.types.get(name.rpartition(".")[2])
        if form is None:
            raise Unknown(name)
        full = _in_full(form["name"])
        if full in self.done:
            return full
        self.done.add(full)
        kept = {key: form[key] for key in ("size", "symbols", "default") if key in form}
        kind = "record" if form["type"] == "error" else form["type"]
        made: dict[str, Json] = {"type": kind, "name": full, **kept}
        if "aliases" in form:
            made["aliases"] = [_in_full(alias) for alias in form["aliases"]]
        if "fields" in form:
            made["fields"] = [self._field(one) for one in form["fields"]]
        return made

    def _field(self, form: dict[str, Json]) -> dict[str, Json]:
        kept: dict[str, Json] = {key: form[key] for key in ("name", "default", "aliases") if key in form}
        return {**kept, "type": self.schema(form["type"])}


def _in_full(name: str) -> str:
    return name if "." in name else f"{NOWHERE}.{name}"
