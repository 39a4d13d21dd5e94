"""A lint that ran before, here and with the same options: where all that it saw is as it was, its result is told again.

Where some files are not, the others are not read anew. Only the command `lint` does so, and not in a pipeline: what
decides there is judged anew.
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
    from kafka_gitops.cache.shelf import Shelf
    from kafka_gitops.cache.store import Store
    from kafka_gitops.report.findings import Findings
    from kafka_gitops.settings import Settings
    from kafka_gitops.text.source import Source

_NEVER = ("base", "changed_only", "accept", "commit_msg", "write_baseline", "client")  # a change; -X may hold a secret
_WRONG = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)  # what wrong data raises


class Kept:
    """What is known from earlier runs, and what this one adds."""

    def __init__(self, store: "Store") -> None:
        self.store = store
        self.found: Findings | None = None
        self._shelves: dict[str, Shelf] = {}

    def done(self, found: "Findings") -> None:
        """Take what the run found, before that is told."""
        self.found = found

    def shelf(self, settings: "Settings", *sides: "Source | None") -> "Shelf | None":
        """What is known of single files under some settings, and with these roles and plans."""
        from kafka_gitops.cache import key
        from kafka_gitops.cache.shelf import Shelf

        try:
            name = key.shelf(settings, *(None if side is None else (side.path, side.text) for side in sides))
        except TypeError:  # no plain data, of which nobody can tell whether it is the same
            return None
        if name not in self._shelves:
            self._shelves[name] = Shelf(self.store, name)
        return self._shelves[name]

    def save(self, name: str, record: seen.Record, said: list[str]) -> None:
        """Keep all of it for the next run; no result where a secret was taken out of what the run said."""
        from kafka_gitops.cache import result

        for shelf in self._shelves.values():
            shelf.save()
        found = self.found
        if found is not None and not redact.hidden():
            files = dict.fromkeys(found.sources, b"")
            entry = result.dump(result.Result(said, found.diagnostics, files, found.topics, found.environment), record)
            if entry is not None and redact.redact(text := entry.decode()) == text:
                self.store.put(name, entry)
        self.store.tidy()


def check(request: Lint, lint: Callable[[Kept | None], int]) -> int:
    """The exit code of a lint: told again where its result is known, else of `lint`."""
    if request.no_cache or terminal.in_ci() or "-" in request.paths or any(vars(request)[name] for name in _NEVER):
        return lint(None)
    from kafka_gitops.cache import key
    from kafka_gitops.cache.store import Store, directory

    folder = directory(environment())
    if folder is None:
        return lint(None)
    store, name = Store(folder), key.result(vars(request), datetime.now(timezone.utc).date())
    code = _again(request, store.get(name))
    return code if code is not None else _anew(Kept(store), name, lint)


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


def _anew(kept: Kept, name: str, lint: Callable[[Kept | None], int]) -> int:
    try:
        with seen.recording() as record, terminal.heard() as said:
            code = lint(kept)
    except _WRONG:  # an entry may hold what we did not write: the files decide
        return lint(None)
    kept.save(name, record, said)
    return code


class _Sources(Mapping[str, "Source"]):
    """The files of a run by path, each read as YAML when somebody looks at it: most are only counted."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def __getitem__(self, path: str) -> "Source":
        from kafka_gitops.files import decode
        from kafka_gitops.text.source import Source

        return Source.unread(path, decode(path, self._files[path])[0])

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)
