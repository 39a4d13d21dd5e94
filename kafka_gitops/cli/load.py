"""Files to a Topology: the way that lint, plan, apply and render share."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from kafka_gitops import files
from kafka_gitops.cli import terminal
from kafka_gitops.cli.request import Files
from kafka_gitops.config.find import customary
from kafka_gitops.descriptor import build, crew, workers
from kafka_gitops.descriptor.others import looks_like_topology
from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.errors import UsageError, listed
from kafka_gitops.files import artefacts
from kafka_gitops.git import Repository
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Topology
from kafka_gitops.settings import Language, Settings
from kafka_gitops.text.source import Source, parse

Texts = Mapping[str, str]
Shelves = Callable[[Settings, Source | None, Source | None], crew.Shelf | None]  # under settings, roles and plans
CONFIGS = ("kafka-gitops.yaml", "kafka-gitops.yml", ".pre-commit-config.yaml", ".gitlab-ci.yml")  # never a topology


def topology_paths(request: Files, settings: Settings) -> tuple[str, ...]:
    """The paths to read: the command line's, else the config's, else the customary ones; empty when there are none."""
    named = tuple(request.paths) or settings.topology
    return named or customary()


def whole(request: Files, settings: Settings, *, complete: bool = False) -> str | None:
    """The whole topology in words where the PATHs are only a part of it, else None; `complete`: they must be all of it.

    What is not read would look as if it had been removed. PATHs outside of the topology are wholes of their own.
    """
    named = settings.topology or customary()
    there, given = ({Path(path).resolve() for path in paths} for paths in (named, topology_paths(request, settings)))
    if complete:
        fits = given == there
    else:
        fits = all(path in there or not any(path.is_relative_to(one) for one in there) for path in given)
    return None if fits and "-" not in request.paths else listed(named) or "files"


def load_topology(
    request: Files,
    settings: Settings,
    shelf: Shelves | None = None,
    *,
    meanwhile: Callable[[], None] = lambda: None,
    keep: bool = False,
) -> Topology:
    """Read, parse and understand the topology files of a run, and look at the files that they name.

    `meanwhile` starts what goes on beside it, a thread it may be: the processes that read files are there by then.
    Of many files it also says what the rules find that judge a file by itself, for a lint with the same settings. Of
    `shelf` it takes what is known of files that are as they were.

    Raises UsageError for a path that is not there and ConfigError for a name format that cannot be used.
    """
    with without_gc():
        language, recursive = settings.language, _recursive(request, settings)
        paths = topology_paths(request, settings)
        loaded = files.load(paths, recursive=recursive, tracked=request.tracked, wanted=looks_like_topology)
        roles, plans = _side_file(language.roles, "roles"), _side_file(language.plans, "plans")
        found = build.topology(
            _parsed(loaded.texts, paths, language, {}),
            language,
            roles=roles,
            plans=plans,
            read=artefacts.reader(loaded.roots),
            judge=partial(lint.alone, settings=settings),
            cores=workers.cores(),
            meanwhile=meanwhile,
            keep=keep,
            shelf=None if shelf is None else shelf(settings, roles, plans),
        )
    problems = (*loaded.problems, *found.problems) if loaded.problems else found.problems
    return found._replace(problems=problems, notes=(*loaded.notes, *found.notes), unread=tuple(loaded.closed))


def as_if(request: Files, settings: Settings, now: Topology) -> Callable[[Texts, Texts], Topology]:
    """(topology files by path, files beside them) -> what the files of a run would say with these new texts."""
    language = settings.language
    paths = topology_paths(request, settings)
    roots = files.load(paths, recursive=_recursive(request, settings), tracked=request.tracked).roots
    roles, plans = _side_file(language.roles, "roles"), _side_file(language.plans, "plans")
    there = artefacts.reader(roots)

    def made(texts: Texts, beside_them: Texts) -> Topology:
        def read(topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
            own = beside_them.get(str(Path(topology).parent / path))
            return there(topology, path, beside=beside) if own is None else (own, None)

        sources = {**now.sources, **{path: parse(path, text) for path, text in texts.items()}}
        return build.topology(sources, language, roles=roles, plans=plans, read=read)

    return made


def say_notes(topology: Topology, found: Iterable[Diagnostic]) -> None:
    """Say what is no finding, and of the findings those that tell what no run makes."""
    for note in topology.notes:
        terminal.say(f"note: {note}")
    for one in found:
        if one.rule == "not-managed":
            terminal.problem(f"warning: {one.span}: {one.message}")


def load_base(
    request: Files,
    settings: Settings,
    repo: Repository,
    revision: str,
    now: Topology,
    *,
    renamed: Sequence[str] = (),
    keep: bool = False,
) -> Topology:
    """The same files as they were at a git commit, with the roles and plans files of then.

    `now` are the files as they are: one that is the same is not parsed again, nor understood again where its part was
    kept, as `keep` says for the next ones. `renamed` are what files outside the paths were called whose new names are
    inside.
    Raises UsageError when there is no git, no repository, or no such commit.
    """
    with without_gc():
        language, recursive = settings.language, _recursive(request, settings)

        known = {path: source.text for path, source in now.sources.items()}

        def at(paths: tuple[str, ...]) -> dict[str, str]:
            return files.at_commit(repo, revision, paths, recursive=recursive, known=known)

        paths = (*topology_paths(request, settings), *renamed)
        side = {path: at((path,)).get(path) for path in (language.roles, language.plans) if path is not None}
        return build.topology(
            _parsed(at(paths), paths, language, now.sources),
            language,
            roles=_source(language.roles, side.get),
            plans=_source(language.plans, side.get),
            read=artefacts.reader_at(repo, revision, paths),
            now=now,
            keep=keep,
        )


def _parsed(
    texts: Mapping[str, str], named: tuple[str, ...], language: Language, known: Mapping[str, Source]
) -> dict[str, Source]:
    """The topology files among the texts: all that were named, of a directory's neither configs nor side files.

    `known` are parsed already, and taken where the text is the same.
    """
    side = {Path(path).absolute() for path in (language.roles, language.plans) if path is not None}
    return {
        path: known[path] if path in known and known[path].text == text else Source.unread(path, text)
        for path, text in texts.items()
        if path in named or not (_is_config(path) or (side and Path(path).absolute() in side))
    }


def _is_config(path: str) -> bool:
    return path.endswith(CONFIGS) and Path(path).name in CONFIGS  # a path of each of very many files takes its time


def _recursive(request: Files, settings: Settings) -> bool:
    return request.recursive or settings.recursive


def _source(path: str | None, texts: Callable[[str], str | None]) -> Source | None:
    text = texts(path) if path is not None else None
    return parse(path, text) if path is not None and text is not None else None


def _side_file(path: str | None, what: str) -> Source | None:
    """The roles or plans file; one that is not there becomes a problem of its own."""
    if path is None:
        return None
    try:
        loaded = files.load([path], recursive=False)
    except UsageError:
        said = f"there is no such file; it is named as the {what} file"
        missing = Diagnostic(Span(path, 1, 1, 1, 1), "file-not-found", Severity.error, said, "correct the config")
        return Source(path, "", None, (missing,))
    texts: Mapping[str, str] = loaded.texts
    return parse(path, texts[path]) if path in texts else Source(path, "", None, tuple(loaded.problems))


@contextmanager
def without_gc() -> Iterator[None]:
    """No garbage collection while the tree grows: nothing in it is garbage, and looking for some doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
