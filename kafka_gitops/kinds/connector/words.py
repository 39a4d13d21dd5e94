"""What a worker says of a config, without the values that its references stand for: it answers with them in clear."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from kafka_gitops.kinds.connector.secrets import MASK, is_literal_secret, references, scrubbed

_INVALID = re.compile(r"(Invalid value )(.*?)( for configuration )([\w.$-]+)", re.DOTALL)
_END = "\0"  # what follows may be a part of a value that nobody can tell
_LISTS = {"transforms", "predicates"}
_LEFT_OUT = "the worker does not take it; its words are left out, which may hold what the reference stands for"


def resolved(entries: Sequence[Mapping[str, Any]], config: Mapping[str, str]) -> Iterator[str]:
    """The values that the worker put for references, and the items of those that are lists."""
    for entry in entries:
        sent, value = config.get(str(entry["value"]["name"]), ""), str(entry["value"].get("value") or "")
        if value and any(references(sent)) and value != sent:
            yield value
            yield from (item.strip() for item in value.split(",") if item.strip() not in sent.split(","))


def about(name: str, config: Mapping[str, str], known: Collection[str]) -> str:
    """The name of a key in an answer; it may have in it what the value of another one lists (`transforms`)."""
    return name if name in config or not known else scrubbed(name, known)


def of_key(
    entry: Mapping[str, Any], said: str, config: Mapping[str, str], secret: Collection[str], known: Collection[str]
) -> str:
    """A worker's words about one key. A value that it could not read is in them, and nowhere else in its answer."""
    key = str(entry["name"])
    if not any(references(config.get(key, ""))):
        return told(said, config, secret, known)
    if entry.get("value") is None and not _INVALID.search(said) and not said.startswith("Missing required"):
        return _LEFT_OUT
    return told(said, config, secret, known, whole=True)


def told(
    said: str,
    config: Mapping[str, str],
    secret: Collection[str] = (),
    known: Collection[str] = (),
    *,
    whole: bool = False,
) -> str:
    """A worker's words about a config, without a value of it that may be secret; `whole`: every value may be.

    A key that the config does not have is a part of one that it has (`schemas.cache.size` of a converter).
    """
    hidden = _hidden(config, secret)
    shaded = {key for key, text in config.items() if any(references(text))} | hidden
    values = [config[key] for key in hidden]

    def without(found: re.Match[str]) -> str:
        name = found[4].rstrip(".")
        if not (whole or name in shaded or (shaded and name not in config)):
            return found[0]
        values.append(found[2])
        rest = "" if whole or name in config else _END
        return f"{found[1]}{MASK}{found[3]}{found[4]}{rest}"

    plain = _INVALID.sub(without, said.partition(" You can also find the above list")[0])
    plain = plain.partition(_END)[0]
    for key in _LISTS & shaded:  # what they list is in the names of other keys
        plain = re.sub(rf"\b{key}\.[^\s\"]+?(?=\.)", f"{key}.{MASK}", plain)
    return scrubbed(plain, (*known, *values))


def _hidden(config: Mapping[str, str], secret: Collection[str]) -> set[str]:
    return {key for key, text in config.items() if key in secret or is_literal_secret(key, text)}
