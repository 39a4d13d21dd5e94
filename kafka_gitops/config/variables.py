"""`${VAR}` in values of kafka-gitops.yaml and of client files, read from the process environment."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from kafka_gitops.redact import is_secret_key, keep_secret
from kafka_gitops.text.source import Node

_REFERENCE = re.compile(r"\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{")

_PROVIDER = re.compile(r"\$\{\w+:(?!-)")  # KIP-297: ${file:/etc/login:password}
_NO_NAME = "a ${ without a name and a }"


class Expanded(NamedTuple):
    """A value with its variables filled in, the names of those that it used, what is wrong, and what is not set."""

    text: str
    variables: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()


def expand(node: Node, variables: Mapping[str, str], *, key: str, secret: bool = False) -> Expanded:
    """The value of a node, with its variables filled in as `fill` does it."""
    return fill(node.raw or "", str(node.span), variables, key=key, secret=secret)


def fill(raw: str, place: str, variables: Mapping[str, str], *, key: str, secret: bool = False) -> Expanded:
    """Fill in `${VAR}` and `${VAR:-text}`; `$${` stands for `${`. `key` says whose value it is in a problem.

    What comes from a variable whose name tells a secret, and for a `secret` value from any, is kept from every output.
    Hosts and users are not: errors must name them, and a user's name is part of principals and topics.
    """
    if "${" not in raw:
        return Expanded(raw)
    used: list[str] = []
    problems: list[str] = []
    unset: list[str] = []

    def value(match: re.Match[str]) -> str:
        if match[0] == "$${":
            return "${"
        name, default = match[1], match[2]
        if name is None:
            said = "a config provider of Java, which is not read" if _PROVIDER.match(raw, match.start()) else _NO_NAME
            problems.append(f"{place}: {said} ({key}); write $${{ for the two characters")
            return ""
        used.append(name)
        text = variables.get(name)
        if not text:  # GitHub gives a job empty text for a variable or a secret that nobody set
            if default is None:
                unset.append(f"{place}: the variable {name} is {'not set' if text is None else 'empty'} ({key})")
            return default or ""
        if secret or is_secret_key(name):
            keep_secret(text)
        return text

    return Expanded(_REFERENCE.sub(value, raw), tuple(used), tuple(problems), tuple(unset))
