"""Where in the text of an Avro schema a field stands, by the names on the way to it."""

from collections.abc import Iterator, Sequence

from kafka_gitops.schemas.avro_form import Walk
from kafka_gitops.schemas.contract import Json, Path
from kafka_gitops.schemas.json_text import read


def paths_of(text: str, fields: Sequence[Sequence[str]]) -> list[Path]:
    """The paths of the fields that steps such as `address`, `lines[]`, `price` lead to. Raises Unread."""
    walk = Walk()
    form = walk.schema(read(text))
    return [_path(walk, form, steps) for steps in fields]


def _path(walk: Walk, form: Json, steps: Sequence[str]) -> Path:
    """As far as the steps lead."""
    path: Path = ()
    for step in steps:
        name = step.rstrip("[]{}")
        found = next((one for one in _fields(walk, form, path) if name in _names(one[0])), None)
        if found is None:
            return path
        form, path = found[0].get("type"), (*found[1], "type")
        for _ in range((len(step) - len(name)) // 2):
            form, path = _inside(walk, form, path)
    return path


def _names(field: Json) -> list[str]:
    return [field.get("name"), *field.get("aliases", ())]


def _records(walk: Walk, form: Json, path: Path) -> Iterator[tuple[Json, Path]]:
    """The types that a form may be: of a union each branch, of a name what it names."""
    if isinstance(form, list):
        for index, branch in enumerate(form):
            yield from _records(walk, branch, (*path, index))
    elif isinstance(form, str):
        yield walk.defined.get(form), walk.where.get(form, path)
    else:
        yield form, path


def _fields(walk: Walk, form: Json, path: Path) -> Iterator[tuple[Json, Path]]:
    for one, where in _records(walk, form, path):
        if isinstance(one, dict):
            yield from ((field, (*where, "fields", index)) for index, field in enumerate(one.get("fields", ())))


def _inside(walk: Walk, form: Json, path: Path) -> tuple[Json, Path]:
    """What an array or a map holds."""
    for one, where in _records(walk, form, path):
        for key in ("items", "values"):
            if isinstance(one, dict) and key in one:
                return one[key], (*where, key)
    return form, path
