"""Client keys of one source with variables filled in: of an environment, of a client file."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import NamedTuple

from kafka_gitops.config import client_keys, jaas
from kafka_gitops.config.given import Given
from kafka_gitops.config.variables import fill
from kafka_gitops.redact import is_secret_key

NOT_SET = " (not set)"  # behind the variables of an origin
_JAAS = "sasl.jaas.config"


class Written(NamedTuple):
    """A client key as a file has it: its value before any variable, and its place."""

    key: str
    raw: str
    place: str


class Layer(NamedTuple):
    """Client keys, what is wrong with them, and by key what is said of a variable that is not set."""

    given: dict[str, Given]
    problems: list[str]
    unset: list[tuple[str, str]]


def filled(written: Iterable[Written], variables: Mapping[str, str], *, of: str = "") -> Layer:
    """The client keys of a source; `of` says in a problem whose they are (` of environment prod`)."""
    layer = Layer({}, [], [])
    for one in _parts(list(written)):
        text = fill(one.raw, one.place, variables, key=f"{one.key}{of}", secret=is_secret_key(one.key))
        client_keys.keep(one.key, text.text)
        origin = one.place + (f", variable {', '.join(text.variables)}" if text.variables else "")
        as_written = one.raw if text.variables else None
        layer.given[one.key] = Given(text.text, origin + (NOT_SET if text.unset else ""), as_written)
        layer.problems.extend(text.problems)
        layer.unset.extend((one.key, said) for said in text.unset)
    return layer


def _parts(written: list[Written]) -> Iterable[Written]:
    """User and password in place of a JAAS line with variables: what these hold must not be read as JAAS.

    A line that is no JAAS before its variables are filled in (all of it is in one) stays as it is.
    """
    found: dict[str, Written] = {}
    for one in sorted(written, key=lambda one: one.key != _JAAS):  # as in Java, a key of its own wins over the line
        found[one.key] = one
        if one.key == _JAAS and "${" in one.raw:
            with suppress(ValueError):
                user, password = jaas.parse(one.raw)
                del found[_JAAS]
                found["sasl.username"] = Written("sasl.username", user, one.place)
                found["sasl.password"] = Written("sasl.password", password, one.place)
    return found.values()
