"""Single fields that are held: a file's word on them does not count for now, and their difference is told."""

from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple, TypeAlias

from kafka_gitops.changes import Change, Edit, Unsupported
from kafka_gitops.holds import Hold
from kafka_gitops.kinds import LOOKS
from kafka_gitops.model import Key

Without: TypeAlias = Callable[[Any, Any, Collection[str]], Any]
"""(what a file wants, what is there, names of a hold) -> what the file wants without these fields."""


class Single(NamedTuple):
    """The fields of a resource that a hold may name, in the words of files.

    `field` gives for a spec and a name what plans call that field, None where there is none; `names` are some, from
    which a wrong one is mended; `near` is what else may have been meant, `says` what is written where nothing is near.
    """

    field: Callable[[Any, str], str | None]
    names: Callable[[Any], Collection[str]]
    says: str
    near: Callable[[str], str | None] = lambda _name: None


def among(*names: str) -> Single:
    """The same few fields for every resource of a kind, which plans call as files do."""
    return Single(
        lambda _spec, name: name if name in names else None, lambda _spec: names, f"write one of {', '.join(names)}"
    )


def told(key: Key, found: object, free: object, hold: Hold) -> list[Unsupported]:
    """What differs in the held fields: between what a comparison found and what it finds without them."""
    left = {*said(free)}
    texts = [text for text in said(found) if text not in left]
    return [Unsupported(key, f"{hold} ({', '.join(texts)})")] if texts else []


def said(found: object) -> Iterator[str]:
    """What differs, each field in a few words."""
    if isinstance(found, Unsupported):
        yield found.reason
    elif isinstance(found, Change):
        if found.act is not None:
            yield found.act
        yield from (_edit(found.key, edit) for edit in found.edits())


def _edit(key: Key, edit: Edit) -> str:
    looks = LOOKS[key.kind]
    if (tells := looks.tells(edit)) is not None:
        return f"{edit.field} {tells}"
    return f"{edit.field} {_shown(key, edit.field, edit.before)} -> {_shown(key, edit.field, edit.after)}"


def _shown(key: Key, field: str, text: str | None) -> str:
    if text is None:
        return LOOKS[key.kind].unset
    read = LOOKS[key.kind].reads(field, text)
    return f"{text} ({read})" if read else text
