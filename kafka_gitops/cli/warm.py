"""A lint that ran before, here and with the same options: where all that it saw is as it was, its result is told again.

Only the command `lint` does so, and not in a pipeline: what decides there is judged anew.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from kafka_gitops import redact, seen
from kafka_gitops.cli import terminal
from kafka_gitops.cli.request import Lint
from kafka_gitops.config import environment

if TYPE_CHECKING:
    from kafka_gitops.cache.store import Store
    from kafka_gitops.report.findings import Findings
    from kafka_gitops.text.source import Source

Done = Callable[["Findings"], None]  # is shown what a lint found, before that is told
_ABOUT_CHANGES = ("base", "changed_only", "accept", "commit_msg", "write_baseline", "client")  # -X may hold a secret


def check(request: Lint, lint: Callable[[Done], int]) -> int:
    """The exit code of a lint: told again where its result is known, else of `lint`, whose result is kept."""
    if (
        request.no_cache
        or terminal.in_ci()
        or "-" in request.paths
        or any(vars(request)[name] for name in _ABOUT_CHANGES)
    ):
        return lint(_nothing)
    from kafka_gitops.cache import key
    from kafka_gitops.cache.store import Store, directory

    folder = directory(environment())
    if folder is None:
        return lint(_nothing)
    store, name = Store(folder), key.name(vars(request), datetime.now(timezone.utc).date())
    code = _again(request, store.get(name))
    return code if code is not None else _kept(store, name, lint)


def _nothing(_found: "Findings") -> None:
    """Keep nothing."""


def _again(request: Lint, entry: bytes | None) -> int | None:
    """Tell the result of an entry; None where there is none that holds."""
    from kafka_gitops.cache import result

    started = time.perf_counter()
    known = result.load(entry) if entry is not None else None
    if known is None:
        return None
    from kafka_gitops.cli.result import tell
    from kafka_gitops.report.findings import Findings

    for text in known.said:
        terminal.problem(text)
    seconds = time.perf_counter() - started
    return tell(request, Findings(known.diagnostics, _Sources(known.files), known.topics, seconds, known.environment))


def _kept(store: "Store", name: str, lint: Callable[[Done], int]) -> int:
    from kafka_gitops.cache import result

    found: list[Findings] = []
    with seen.recording() as record, terminal.heard() as said:
        code = lint(found.append)
    if found and not redact.hidden():
        last = found[-1]
        files = dict.fromkeys(last.sources, b"")
        entry = result.dump(result.Result(said, last.diagnostics, files, last.topics, last.environment), record)
        if entry is not None and redact.redact(text := entry.decode()) == text:
            store.put(name, entry)
    return code


class _Sources(Mapping[str, "Source"]):
    """The files of a run by path, each read as YAML when somebody looks at it: most are only counted."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def __getitem__(self, path: str) -> "Source":
        from kafka_gitops.files import decode
        from kafka_gitops.text.source import parse

        return parse(path, decode(path, self._files[path])[0])

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)
