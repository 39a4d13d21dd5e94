"""Where the value came from that a finding is about: beside `${values.NAME}` its place in kafka-gitops.yaml."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.diagnostics import Diagnostic, Span
from kafka_gitops.errors import listed
from kafka_gitops.text.source import Source
from kafka_gitops.text.values import RULE, said

# how the words of such places begin
_SAID = "values."
_ENVIRONMENT = "environment "


def known(found: Collection[Diagnostic]) -> Iterable[Diagnostic]:
    """The findings but for what else is said of a value in which a name is unknown: nobody knows yet what it is."""
    unknown = {(one.span.path, one.span.line): one.span for one in found if one.rule == RULE}
    if not unknown:
        return found
    return [
        one for one in found if one.rule == RULE or not _around(one.span, unknown.get((one.span.path, one.span.line)))
    ]


def _around(span: Span, inner: Span | None) -> bool:
    if inner is None or span.end_line > span.line:
        return False
    return span.column <= inner.column and inner.end_column <= span.end_column


def placed(found: Iterable[Diagnostic], sources: Mapping[str, Source]) -> Iterator[Diagnostic]:
    """The findings; one at a replaced value with the place of that as a further one."""
    places: dict[str, list[tuple[int, int]]] = {}  # of the values in a file, in order
    for one in found:
        source = _source(one.span, sources)
        if source is None or source.values is None:
            yield one
            continue
        if one.span.path not in places:
            places[one.span.path] = sorted(source.used)
        values = {name: source.values[name] for name in _used(one.span, source, places[one.span.path])}
        more = tuple((value.place, said(name, value)) for name, value in values.items())
        yield one._replace(related=(*one.related, *more)) if more else one


def _used(span: Span, source: Source, places: Sequence[tuple[int, int]]) -> Iterator[str]:
    """The names of the values in the scalars that begin in a stretch of a line."""
    start, end = (span.line, span.column), (span.line, max(span.end_column, span.column + 1))
    for at in range(bisect_left(places, start), len(places)):
        if places[at] >= end:
            return
        yield from source.used[places[at]]


class Run(NamedTuple):
    """The findings of one environment, and its files."""

    environment: str | None
    found: Collection[Diagnostic]
    sources: Mapping[str, Source]


def merged(runs: Sequence[Run]) -> list[Diagnostic]:
    """Each finding once, in their order: what differs only by where its value came from has all these places.

    In a file with values one that not every environment has also tells which have it.
    """
    having: dict[Diagnostic, list[tuple[str, Diagnostic]]] = {}
    for run in runs:
        for one in run.found:
            having.setdefault(_bare(one), []).append((run.environment or "", one))
    return [_joined(dict(found), runs) for found in having.values()]


def _bare(one: Diagnostic) -> Diagnostic:
    """A finding without what may differ between environments."""
    related = tuple(place for place in one.related if not _is_value(place))
    return one._replace(related=related, help=None if one.rule == RULE else one.help)


def _joined(having: Mapping[str, Diagnostic], runs: Sequence[Run]) -> Diagnostic:
    """One finding of what some environments have."""
    first, *others = having.values()
    places = [place for one in others for place in one.related if _is_value(place)]
    reading = [run.environment for run in runs if first.span.path in run.sources]
    if len(having) < len(reading) and any(_source(first.span, run.sources) for run in runs):
        places += [(first.span, _ENVIRONMENT + name) for name in having]
    return first._replace(related=tuple(dict.fromkeys((*first.related, *places)))) if places else first


def told(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings as they are shown: their help ends with whose they are, and where their values came from."""
    for one in found:
        names = [word.removeprefix(_ENVIRONMENT) for _, word in one.related if word.startswith(_ENVIRONMENT)]
        values = [f"{word}, {place.path}:{place.line}" for place, word in filter(_is_value, one.related)]
        shown = "; ".join([*([f"in {listed(names)}"] if names else []), *values])
        yield one._replace(help=f"{one.help} ({shown})" if one.help else shown) if shown else one


def _source(span: Span, sources: Mapping[str, Source]) -> Source | None:
    """The file of a place, where it has values."""
    source = sources.get(span.path)
    return None if source is None or source.values is None else source


def _is_value(place: tuple[Span, str]) -> bool:
    return place[1].startswith(_SAID)
