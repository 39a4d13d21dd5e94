"""Run the rules over a topology: add names and severities, apply settings, approvals and waivers, sort."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple, TypeAlias

from kafka_gitops import catalog
from kafka_gitops.acceptance import Approval, approved
from kafka_gitops.authorizer import MOST_LOOKS, TooMuch
from kafka_gitops.diagnostics import Diagnostic, Note, Severity, Span
from kafka_gitops.errors import ConfigError
from kafka_gitops.lint import holds, origins, waivers
from kafka_gitops.lint.levels import Levels, check
from kafka_gitops.model import Topology
from kafka_gitops.rules import FAMILIES, RULES, ChangeRule, Options, Page, Rule, changes, orders, to_ask
from kafka_gitops.rules.contract import min_isr, replication
from kafka_gitops.rules.options import Pattern
from kafka_gitops.settings import Settings

_REFUSED = ("topic-config-value", "topic-partitions-invalid")  # a value that is wrong needs no word on its quotes
MOST_NOTES = 100_000  # findings of one rule in one run
Alone: TypeAlias = Mapping[str, Sequence[Diagnostic]]
"""What the rules with `ALONE` say of each file."""


class Looked(NamedTuple):
    """What reading and the rules say of a topology under its settings, before any waiver; `own` is of own rules."""

    topology: Topology
    settings: Settings
    plugins: tuple[Rule, ...]
    without: frozenset[str]
    found: tuple[Diagnostic, ...]
    own: tuple[Diagnostic, ...] = ()

    def without_own(self) -> "Looked":
        """The same as if there were no own rules."""
        return self._replace(plugins=(), own=())


def run(
    topology: Topology,
    settings: Settings,
    *,
    base: Topology | None = None,
    earlier: Topology | None = None,
    today: date | None = None,
    approvals: Sequence[Approval] = (),
    plugins: Sequence[Rule] = (),
    without: Collection[str] = (),
    found_alone: Alone | None = None,
) -> list[Diagnostic]:
    """Every finding of a topology: what `judge` makes of what `look` sees. Raises ConfigError as that does."""
    looked = look(topology, settings, plugins=plugins, without=without, found_alone=found_alone)
    return judge(looked, base=base, earlier=earlier, today=today, approvals=approvals)


def look(
    topology: Topology,
    settings: Settings,
    *,
    plugins: Sequence[Rule] = (),
    without: Collection[str] = (),
    found_alone: Alone | None = None,
) -> Looked:
    """Ask every rule that needs no base.

    `plugins` are own rules, `without` names rules that are left out; `found_alone` is what `alone` said of each of the
    files under the same settings, if anybody asked. Raises ConfigError when the settings name a rule or an option that
    does not exist, or give an option a wrong value.
    """
    check(settings, _known(plugins), complete=bool(plugins) or not settings.plugins)
    levels = Levels(settings)
    found: dict[Diagnostic, None] = dict.fromkeys(topology.problems)
    given = _by_rule(found_alone or {})
    for rule in to_ask(topology, levels.named):
        if rule.NAME not in without and levels.ever_on(rule):
            there = given.get(rule.NAME, [])  # how much a rule may say is for all files together
            ready = found_alone is not None and _is_alone(rule, settings) and len(there) <= MOST_NOTES
            found.update(dict.fromkeys(there if ready else _findings(rule, topology, settings, levels)))
    refused = {one.span for one in found if one.rule in _REFUSED}
    told = (one for one in origins.known(found) if one.rule != "unquoted-oddity" or one.span not in refused)
    asked = (rule for rule in plugins if rule.NAME not in without and levels.ever_on(rule))
    own = dict.fromkeys(one for rule in asked for one in _findings(rule, topology, settings, levels))
    shown, shown_own = (tuple(_all_shown(some, levels)) for some in (told, own))
    return Looked(topology, settings, tuple(plugins), frozenset(without), shown, shown_own)


def judge(
    looked: Looked,
    *,
    base: Topology | None = None,
    earlier: Topology | None = None,
    today: date | None = None,
    approvals: Sequence[Approval] = (),
) -> list[Diagnostic]:
    """The findings that no waiver covers, sorted by place, each once.

    `base` is what the change starts from (None: no change is judged), `earlier` is the environment before this one, if
    these are in an order; `approvals` turn findings about the change into
    remarks; `today` decides whether waivers have expired (None: none has).
    """
    topology, settings, without = looked.topology, looked.settings, looked.without
    known, levels = _known(looked.plugins), Levels(settings)
    shown = [*looked.found, *looked.own]
    shown.extend(_all_shown(holds.judged(topology, today, settings.max_hold), levels))
    if base is not None:
        shown.extend(_changes(base, topology, settings, levels, approvals))
    if earlier is not None:
        for rule in filter(levels.ever_on, orders()):
            shown.extend(_of_change(rule, earlier, topology, settings, levels, ()))

    def judged(rule: str, path: str) -> bool:
        return rule not in without and levels.on(known[rule], path)

    left, about = waivers.apply(shown, topology.sources, known, today, fixed=levels.fixed, judged=judged)
    left.extend(_all_shown(about, levels))
    found = origins.placed((one for one in left if one.rule not in without), topology.sources)
    return sorted(found, key=lambda one: (one.span, one.rule, one.message))


def _known(plugins: Sequence[Rule]) -> Mapping[str, Page]:
    return {**RULES, **{rule.NAME: rule for rule in plugins}} if plugins else RULES


def _all_shown(found: Iterable[Diagnostic], levels: Levels) -> Iterator[Diagnostic]:
    """The findings of rules that are on where they are, with the severities of the settings."""
    return (shown for one in found if (shown := _shown(one, levels)) is not None)


def alone(topology: Topology, settings: Settings) -> dict[str, list[Diagnostic]]:
    """What the rules that judge each file by itself find in the files of a topology, by file, for `run`.

    The severities are the rules' own. Nothing where the settings cannot be: `run` says so.
    """
    try:
        check(settings, RULES, complete=not settings.plugins)
    except ConfigError:
        return {}
    levels = Levels(settings)
    found: dict[str, list[Diagnostic]] = {path: [] for path in topology.sources}
    for rule in to_ask(topology, levels.named):
        if _is_alone(rule, settings) and levels.ever_on(rule):
            for one in _findings(rule, topology, settings, levels):
                found[one.span.path].append(one)
    return found


def _is_alone(rule: Rule, settings: Settings) -> bool:
    """Whether a rule judges each file by itself; the time that a pattern may take is for all files together."""
    if any(isinstance(default, Pattern) for default in rule.OPTIONS.values()):
        return False
    return rule.ALONE if isinstance(rule.ALONE, bool) else rule.ALONE(Options(kafka_version=settings.kafka_version))


def _by_rule(found: Alone) -> dict[str, list[Diagnostic]]:
    rules: dict[str, list[Diagnostic]] = {}
    for of_file in found.values():
        for one in of_file:
            rules.setdefault(one.rule, []).append(one)
    return rules


def notes(topology: Topology, settings: Settings) -> Iterator[str]:
    """What is said once about a run: a version that is not known, what `broker_defaults` would let the rules judge."""
    if (outside := catalog.outside(settings.kafka_version)) is not None:
        yield outside
    if FAMILIES["schema"](topology):
        from kafka_gitops.rules.schema import unseen

        yield from unseen.notes(topology)
    options = Options(broker_defaults=settings.broker_defaults)
    topics = [declared for declared in topology.topics if not declared.dlq]
    factors = sum(replication(declared, options) is None for declared in topics)
    minimums = sum(min_isr(declared, options) is None for declared in topics)
    keys = [
        f"{key} ({count:,} topics)" if count != 1 else f"{key} (1 topic)"
        for key, count in (("default.replication.factor", factors), ("min.insync.replicas", minimums))
        if count and key not in settings.broker_defaults
    ]
    if keys and settings.brokers != 1:
        yield f"not checked, because the broker decides: {', '.join(keys)}; set `broker_defaults` to check"


def _findings(rule: Rule, topology: Topology, settings: Settings, levels: Levels) -> Iterator[Diagnostic]:
    for values, paths in options(rule, topology, settings, levels):
        first = next(iter(topology.sources if paths is None else sorted(paths)), "-")
        notes = _bounded(within(paths, rule.check(topology, values)), Span(first, 1, 1, 1, 1))
        yield from (_diagnostic(rule, note) for note in notes)


def _bounded(notes: Iterator[Note], place: Span) -> Iterator[Note]:
    """The notes of a rule, until it has said enough or has compared more than anybody waits for: then it says that."""
    try:
        yield from islice(notes, MOST_NOTES)
        more = next(notes, None)
        if more is not None:
            said = f"the rule has found {MOST_NOTES:,} more before this; what is left is not looked for"
            yield more._replace(message=f"{more.message}; {said}", help="fix what it found, or switch the rule off")
    except TooMuch:
        said = f"{MOST_LOOKS:,} comparisons of bindings were not enough; what is left is not looked for"
        yield Note(place, said, "name prefixes, so that there are fewer bindings to compare")


def _changes(
    base: Topology, topology: Topology, settings: Settings, levels: Levels, approvals: Sequence[Approval]
) -> Iterator[Diagnostic]:
    """The findings about the change, those that somebody approved as remarks."""
    for rule in changes():
        if levels.ever_on(rule):
            yield from _of_change(rule, base, topology, settings, levels, approvals)


def _of_change(
    rule: ChangeRule,
    base: Topology,
    topology: Topology,
    settings: Settings,
    levels: Levels,
    approvals: Sequence[Approval],
) -> Iterator[Diagnostic]:
    for values, paths in options(rule, topology, settings, levels):
        for note in within(paths, rule.check(base, topology, values)):
            shown = _shown(_diagnostic(rule, note), levels)
            if shown is not None:
                yield approved(shown._replace(subject=note.subject), approvals)


def options(
    rule: Page, topology: Topology, settings: Settings, levels: Levels
) -> Iterator[tuple[Options, frozenset[str] | None]]:
    """Each different set of options of a rule, with the files that it holds for (None: all)."""
    facts = settings.kafka_version, settings.broker_defaults, settings.brokers, tuple(settings.scopes), settings.prune
    for values, paths in levels.options(rule, tuple(topology.sources)):
        yield Options(values, *facts, settings.ignore_configs, settings.environment), paths


def within(paths: frozenset[str] | None, found: Iterable[Note]) -> Iterator[Note]:
    """The notes about some files (None: all)."""
    return (note for note in found if paths is None or note.span.path in paths)


def _diagnostic(rule: Page, note: Note) -> Diagnostic:
    return Diagnostic(note.span, rule.NAME, rule.SEVERITY, note.message, note.help, note.related)


def _shown(problem: Diagnostic, levels: Levels) -> Diagnostic | None:
    severity = levels.severity(problem.rule, problem.span.path, problem.severity)
    return None if severity is Severity.off else problem._replace(severity=severity)
