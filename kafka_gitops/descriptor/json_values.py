"""What an editor marks in values: topic configs by the catalogue, principals, names, misspelt keys."""

import re
from collections.abc import Iterable

from kafka_gitops.catalog.acls import operations, resource_types
from kafka_gitops.catalog.topics import UNCHECKED, Definition, known
from kafka_gitops.shape.json_schema import MAYBE, SCALAR, Json, any_case

_TOPIC = "[a-zA-Z0-9._-]{1,249}"
# The commonest of what cannot be seen: controls, blanks of other widths, marks, format characters
_HIDDEN = r"[\u0000-\u001f\u007f-\u00a0\u00ad\u0300-\u036f\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3000\u3164\ufeff]"
_VARIABLE = r"\$\{|\{\{"

TOPIC_NAME: Json = {**SCALAR, "pattern": f"^{_TOPIC}$"}
TOPIC_PATTERN: Json = {**SCALAR, "pattern": rf"^(\*|{_TOPIC}\*?)$"}
OPERATION: Json = {
    "type": "string",
    "pattern": f"^({'|'.join(any_case(one) for one in sorted({o for t in resource_types() for o in operations(t)}))})$",
}
NAME: Json = {
    **SCALAR,
    "not": {"type": "string", "pattern": rf"^ | $|{_HIDDEN}"},
}  # a group: every text that can be seen is legal


def nearly(word: str) -> str:
    """A pattern for what is one slip of the pen away from a word, in any case: a letter less, more, other, swapped."""
    letters = [any_case(letter) if letter.isalpha() else re.escape(letter) for letter in word]
    before = ["".join(letters[:at]) for at in range(len(letters) + 1)]
    after = ["".join(letters[at:]) for at in range(len(letters) + 1)]
    slips = {before[at] + after[at + 1] for at in range(len(word))}
    slips |= {before[at] + "[A-Za-z0-9_]" + after[at] for at in range(len(word) + 1)}
    slips |= {f"{before[at]}[^{word[at].lower()}{word[at].upper()}.:]{after[at + 1]}" for at in range(len(word))}
    slips |= {
        before[at] + letters[at + 1] + letters[at] + after[at + 2]
        for at in range(len(word) - 1)
        if word[at] != word[at + 1]
    }
    return f"^({'|'.join(sorted(slips))})$"


def not_nearly(words: Iterable[str]) -> Json:
    """A schema of keys: none may be a slip of the pen of one of these words."""
    slips: list[Json] = []
    for word in words:
        other_case: Json = {"pattern": f"^{any_case(word)}$", "not": {"const": word}}
        slips += [{"pattern": nearly(word)}, other_case]
    return {"propertyNames": {"not": {"anyOf": slips}}}


def where_absent(words: Iterable[str]) -> list[Json]:
    """The same, each only where the word itself is not among the keys."""
    return [{"if": {"not": {"required": [word]}}, "then": not_nearly([word])} for word in words]


def principal() -> Json:
    """A principal, as the rules about principals and names want it."""
    types = ("User", "Group")
    other_case = "|".join(map(any_case, types))
    return {
        "type": "string",
        "pattern": r"^[A-Za-z][A-Za-z0-9_]*:\S(.*\S)?$",
        "anyOf": [{"pattern": f"^({'|'.join(types)}):"}, {"not": {"pattern": f"^({other_case}):"}}],
        "not": {
            "anyOf": [
                *({"pattern": nearly(kind).removesuffix("$") + ":"} for kind in types),
                {"pattern": rf"[,;]\s*({'|'.join(types)}):"},
                {"pattern": r"[^:]\*$"},
                {"pattern": f"{_VARIABLE}|{_HIDDEN}"},
            ]
        },
    }


def configs() -> Json:
    """The schema of `config`: each topic config of the newest known Kafka with its values; others are marked."""
    own = {
        "num.partitions": ("How many partitions.", _count()),
        "replication.factor": ("On how many brokers each record is kept.", _count()),
    }
    texts = {key: f"{one.doc} ({one.type}, default {one.default or 'none'})" for key, one in known().items()}
    rows = {**{key: (texts[key], _value(one)) for key, one in known().items()}, **own}
    return {
        "properties": {key: {"description": text, **body} for key, (text, body) in sorted(rows.items())},
        "patternProperties": {f"^{re.escape(prefix)}": MAYBE for prefix in UNCHECKED},
        "additionalProperties": False,
    }


def _count() -> Json:
    return {"type": ["integer", "string"], "minimum": 1, "pattern": r"^\+?0*[1-9][0-9]{0,8}$"}


def _value(found: Definition) -> Json:
    """What a config may be, plain or quoted; bounds of quoted numbers are left to lint, but for their sign."""
    match found.type:
        case "boolean":
            anyhow = f"{any_case('true')}|{any_case('false')}"
            return {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": rf"^\s*({anyhow})\s*$"}]}
        case "short" | "int" | "long":
            return _number(found)
        case "double":
            return {"type": ["number", "string"], **_bounds(found)}
        case "list" if found.allowed:
            one = f"({'|'.join(map(re.escape, found.allowed))})"
            return {"type": "string", "pattern": rf"^\s*({one}(\s*,\s*{one})*)?\s*$"}
        case "string" if found.allowed and found.form is None:
            return {"enum": list(found.allowed)}
    return dict(MAYBE)


def _number(found: Definition) -> Json:
    least = found.minimum
    signed = least is None or (found.also is not None and found.also < 0) or least < -9
    below = "|".join(f"-{number}" for number in range(1, 1 - int(least or 0))) if not signed and least else ""
    digits = r"[+-]?[0-9]+" if signed else rf"\+?[0-9]+|-0+{'|' + below if below else ''}"
    return {"type": ["integer", "string"], "pattern": rf"^\s*({digits})\s*$", **_bounds(found)}


def _bounds(found: Definition) -> Json:
    least = found.minimum if found.also is None else min(found.also, found.minimum or found.also)
    bounds = {"minimum": least, "maximum": found.maximum}
    return {name: bound for name, bound in bounds.items() if bound is not None}
