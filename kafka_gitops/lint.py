"""Run the rules over a topology: add names and severities, apply settings and overrides, sort."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.errors import ConfigError
from kafka_gitops.model import Topology
from kafka_gitops.rules import CHECKS, RULES, Options, Rule
from kafka_gitops.rules.contract import min_isr, replication
from kafka_gitops.rules.options import KINDS, Pattern
from kafka_gitops.settings import RuleSetting, Settings, globs, plain_path

_EXAMPLES = {Pattern: '"[a-z.]+"', dict: '{"topologies/pay/**": [acme.pay.]}'}
_LEVELS = {severity.name: severity for severity in Severity}


def run(topology: Topology, settings: Settings) -> list[Diagnostic]:
    """Every finding of a topology, sorted by place, each once: those made while reading and those of the rules.

    Raises ConfigError when the settings name a rule or an option that does not exist, or give an option a wrong value.
    """
    _check_settings(settings)
    levels = _Levels(settings)
    found = [*topology.problems]
    for rule in CHECKS:
        if levels.ever_on(rule):
            found.extend(_findings(rule, topology, settings, levels))
    shown = (_shown(problem, levels) for problem in dict.fromkeys(found))
    return sorted((one for one in shown if one is not None), key=lambda one: (one.span, one.rule, one.message))


def notes(topology: Topology, settings: Settings) -> Iterator[str]:
    """What is said once about a run: what declaring `broker_defaults` would let the rules judge."""
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
        yield f"left to the broker, so not judged: {', '.join(keys)}; declare `broker_defaults` in kafka-gitops.yaml"


class _Levels:
    """Which severity and options a rule has for a file, by `rules:` and, later ones winning, `overrides:`."""

    def __init__(self, settings: Settings) -> None:
        self._rules = settings.rules
        self._overrides = [(globs(entry.paths), entry.rules) for entry in settings.overrides]
        self.for_path = cache(self._for_path)

    def _for_path(self, path: str) -> Mapping[str, RuleSetting]:
        rules = dict(self._rules)
        for covers, changes in self._overrides:
            if covers.fullmatch(plain_path(path)):
                rules.update({name: _merged(rules.get(name), change) for name, change in changes.items()})
        return rules

    def severity(self, rule: str, path: str, default: Severity) -> Severity:
        """The severity of a finding of a rule in a file."""
        return _severity(self.for_path(path).get(rule), default)

    def ever_on(self, rule: Rule) -> bool:
        """Whether a rule can find anything at all: it is not off, or some override turns it on."""
        off = _severity(self._rules.get(rule.NAME), rule.SEVERITY) is Severity.off
        return not off or any(rule.NAME in changes for _, changes in self._overrides)

    def options(self, rule: Rule, paths: Sequence[str]) -> Iterator[tuple[Mapping[str, object], frozenset[str] | None]]:
        """Each different set of options of a rule, with the files that it holds for (None: all)."""
        if not any(changes.get(rule.NAME, RuleSetting()).options for _, changes in self._overrides):
            yield {**rule.OPTIONS, **self._rules.get(rule.NAME, RuleSetting()).options}, None
            return
        groups: dict[str, tuple[Mapping[str, object], set[str]]] = {}
        for path in paths:
            own = {**rule.OPTIONS, **self.for_path(path).get(rule.NAME, RuleSetting()).options}
            groups.setdefault(repr(own), (own, set()))[1].add(path)
        for options, members in groups.values():
            yield options, frozenset(members)


def _severity(setting: RuleSetting | None, default: Severity) -> Severity:
    """A setting's severity, else the rule's own; a rule that is off until configured is on, once it has options."""
    if setting is None or setting.severity is None:
        return Severity.warning if default is Severity.off and setting is not None and setting.options else default
    return setting.severity


def _merged(before: RuleSetting | None, change: RuleSetting) -> RuleSetting:
    if before is None:
        return change
    severity = before.severity if change.severity is None else change.severity
    return RuleSetting(severity, {**before.options, **change.options})


def _findings(rule: Rule, topology: Topology, settings: Settings, levels: _Levels) -> Iterator[Diagnostic]:
    for values, paths in levels.options(rule, tuple(topology.sources)):
        options = Options(
            values, settings.kafka_version, settings.broker_defaults, settings.brokers, tuple(settings.scopes)
        )
        for note in rule.check(topology, options):
            if paths is None or note.span.path in paths:
                yield Diagnostic(note.span, rule.NAME, rule.SEVERITY, note.message, note.help, note.related)


def _shown(problem: Diagnostic, levels: _Levels) -> Diagnostic | None:
    severity = levels.severity(problem.rule, problem.span.path, problem.severity)
    return None if severity is Severity.off else problem._replace(severity=severity)


def _check_settings(settings: Settings) -> None:
    every = (settings.rules, *(entry.rules for entry in settings.overrides))
    for rules in every:
        for name, setting in rules.items():
            if name not in RULES:
                raise ConfigError(f'There is no rule "{name}".{_meant(name, RULES)}', help=_known("rules", RULES))
            for option, value in setting.options.items():
                _check_option(name, option, value, RULES[name].OPTIONS)
    for name, setting in ((name, setting) for rules in every for name, setting in rules.items()):
        _check_needs(name, setting, [rules[name] for rules in every if name in rules])


def _check_option(rule: str, option: str, value: object, known: Mapping[str, object]) -> None:
    if option not in known:
        help = _known(f"options of {rule}", known) if known else f"{rule} has no options."
        raise ConfigError(f'The rule {rule} has no option "{option}".{_meant(option, known)}', help=help)
    expected, fits = KINDS[type(known[option])]
    if not fits(value):
        said = f"The option {option} of the rule {rule} is {value!r}, expected {expected}."
        raise ConfigError(said, help=_known(f"options of {rule}", known))


def _check_needs(rule: str, setting: RuleSetting, every: Sequence[RuleSetting]) -> None:
    """A rule that is switched on, and that has nothing to go by, would be silent: say so."""
    if not setting.severity:
        return
    for option, default in RULES[rule].OPTIONS.items():
        if isinstance(default, Pattern | dict) and not default and not any(option in one.options for one in every):
            help = f"For example {rule}: {{severity: {setting.severity}, {option}: {_EXAMPLES[type(default)]}}}"
            raise ConfigError(f"The rule {rule} needs the option {option}.", help=help)


def _meant(name: str, known: Mapping[str, object]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    return f' Did you mean "{near[0]}"?' if near else ""


def _known(what: str, known: Mapping[str, object]) -> str:
    return f"The {what}: {', '.join(sorted(known))}"
