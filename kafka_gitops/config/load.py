"""Find and read kafka-gitops.yaml or a policy: a tree with places, checked; all that is wrong is said at once."""

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from kafka_gitops import pem, seen
from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.errors import ConfigError
from kafka_gitops.redact import is_secret_key, keep_secret
from kafka_gitops.shape.check import check
from kafka_gitops.text import characters
from kafka_gitops.text.source import Node, parse


class File(NamedTuple):
    """A config file: its path and its directory's, both as seen from the current directory, and its root."""

    path: str
    directory: str
    root: Node

    def below(self, written: str) -> str:
        """A path in the file as seen from the current directory."""
        return written if not self.directory else str(os.path.join(self.directory, written))  # noqa: PTH118 - keeps a trailing /


def text_of(path: str, what: str) -> str:
    """The text of a file that was named, its line ends as they are; raises ConfigError where it cannot be read."""
    if "\n" in path:  # what should be a path is the text of a file, which may hold passwords
        pem.keep(path)
        raise ConfigError(f"What should name {what} has several lines", help="Give the file's path.")
    try:
        return seen.contents(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: {what} is not UTF-8 (byte {error.start})", help="Save it as UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"{path}: {what} cannot be read: {(error.strerror or str(error)).lower()}") from None


def read(path: str, text: str | None = None) -> File:
    """kafka-gitops.yaml, or what its text was at another time; raises ConfigError with a line for each problem."""
    return _read(path, "the config file", policy=False, text=text)


def read_policy(path: str, text: str | None = None) -> File:
    """A platform's policy, or what its text is elsewhere; raises ConfigError with a line for each problem."""
    return _read(path, "the policy", policy=True, text=text)


def _read(path: str, what: str, *, policy: bool, text: str | None = None) -> File:
    source_text = text_of(path, what) if text is None else text
    source = parse(path, source_text)
    problems = [*source.problems]
    root = source.root
    if root is None or root.is_null:
        root = Node.empty(path)
    from kafka_gitops.config.schema import FILE_SHAPE, POLICY_SHAPE

    problems += [*check(root, POLICY_SHAPE if policy else FILE_SHAPE), *_hidden(root)]
    wrong = [line(found) for found in sorted(problems) if found.severity is Severity.error]
    if wrong:
        _keep_secrets(source_text)
        raise ConfigError("\n".join(wrong))
    return File(path, os.path.dirname(path), root)  # noqa: PTH120 - "" for the current directory


def _hidden(root: Node) -> Iterator[Diagnostic]:
    """Keys and values with something that cannot be seen: a name that protects or bounds nothing, and looks right.

    Passwords may have it: `client` is not looked at, nor are they themselves.
    """
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for name, child in node.map.items():
            if (char := characters.hidden(name)) is not None:
                yield _unseen(child.key_span, char)
            if name not in ("client", "password", "token"):
                waiting.append(child)
        waiting += node.items
        if node.raw is not None and (char := characters.hidden(node.raw)) is not None:
            yield _unseen(node.span, char)


def _unseen(span: Span, char: str) -> Diagnostic:
    said = f"{characters.named(char)} is in this name, and cannot be seen"
    return Diagnostic(span, "name-hidden-character", Severity.error, said, "delete it")


_VALUE = re.compile(r"""([\w.]+)["']?[ \t]*[:=][ \t]*(?=["'*&!@%{\[]*([^\s,\]}]+))""")


def _keep_secrets(text: str) -> None:
    """Keep what looks like the value of a secret key, and PEM, from the problems of a text that cannot be read."""
    pem.keep(text)
    for key, value in _VALUE.findall(text):
        if is_secret_key(key) and not value.startswith("$"):
            keep_secret(value.rstrip("\"':"))


def line(found: Diagnostic) -> str:
    """One problem on one line: place, what was found, what to do."""
    return f"{found.span}: {found.message}" + (f"; {found.help}" if found.help else "")
