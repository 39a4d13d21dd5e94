"""Which severity and options a rule has for a file, by `rules:` and `overrides:`; whether these settings can be."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from kafka_gitops.diagnostics import Severity
from kafka_gitops.errors import ConfigError
from kafka_gitops.rules import Page
from kafka_gitops.rules.options import KINDS, Pattern
from kafka_gitops.settings import FIXED, RuleSetting, Settings, globs, plain_path

_EXAMPLES = {Pattern: '"[a-z.]+"', dict: '{"topologies/pay/**": [acme.pay.]}'}
_NONE = RuleSetting()


class Levels:
    """The settings of rules for each file: those of `rules:` and, later ones winning, of `overrides:`."""

    def __init__(self, settings: Settings) -> None:
        self._rules = settings.rules
        self._overrides = [(globs(entry.paths), entry.rules) for entry in settings.overrides]
        self.named = {*self._rules, *(name for _, changes in self._overrides for name in changes)}
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

    def fixed(self, rule: str, path: str) -> bool:
        """Whether a platform's policy demands a rule, or it is FIXED: nothing in the files can then silence it."""
        return rule in FIXED or self.for_path(path).get(rule, _NONE).floor is not Severity.off

    def on(self, rule: Page, path: str) -> bool:
        """Whether a rule looks at a file."""
        return self.severity(rule.NAME, path, rule.SEVERITY) is not Severity.off

    def ever_on(self, rule: Page) -> bool:
        """Whether a rule can find anything at all: it is not off, or some override turns it on."""
        off = _severity(self._rules.get(rule.NAME), rule.SEVERITY) is Severity.off
        return not off or any(rule.NAME in changes for _, changes in self._overrides)

    def options(self, rule: Page, paths: Sequence[str]) -> Iterator[tuple[Mapping[str, object], frozenset[str] | None]]:
        """Each different set of options of a rule, with the files that it holds for (None: all)."""
        if not any(changes.get(rule.NAME, _NONE).options for _, changes in self._overrides):
            yield {**rule.OPTIONS, **self._rules.get(rule.NAME, _NONE).options}, None
            return
        groups: dict[str, tuple[Mapping[str, object], set[str]]] = {}
        for path in paths:
            own = {**rule.OPTIONS, **self.for_path(path).get(rule.NAME, _NONE).options}
            groups.setdefault(repr(own), (own, set()))[1].add(path)
        for options, members in groups.values():
            yield options, frozenset(members)


def _severity(setting: RuleSetting | None, default: Severity) -> Severity:
    """A setting's severity, else the rule's own, never below a policy's floor.

    A rule that is off until configured is on, once it has options.
    """
    if setting is None:
        return default
    stated = setting.severity
    if stated is None:
        stated = Severity.warning if default is Severity.off and setting.options else default
    return max(stated, setting.floor)


def _merged(before: RuleSetting | None, change: RuleSetting) -> RuleSetting:
    if before is None:
        return change
    severity = before.severity if change.severity is None else change.severity
    floor = max(before.floor, change.floor)
    return RuleSetting(severity, {**before.options, **change.options}, change.place, floor)


def check(settings: Settings, rules: Mapping[str, Page], *, complete: bool = True) -> None:
    """Raise ConfigError when the settings name a rule or an option that does not exist, or give it a wrong value.

    Without `complete` there may be further rules, those of plug-ins that are not loaded: unknown names are let pass.
    """
    every = (settings.rules, *(entry.rules for entry in settings.overrides))
    for stated in every:
        for name, setting in stated.items():
            if name in rules:
                for option, value in setting.options.items():
                    _check_option(rules[name], setting.place, option, value)
                _check_needs(rules[name], setting, [one[name] for one in every if name in one])
                _check_fixed(rules[name], setting)
            elif complete:
                raise _wrong(setting.place, f'There is no rule "{name}".{meant(name, rules)}', _known("rules", rules))


def _wrong(place: str, said: str, help: str) -> ConfigError:
    return ConfigError(f"{place}: {said}" if place else said, help=help)


def _check_option(rule: Page, place: str, option: str, value: object) -> None:
    name, known = rule.NAME, rule.OPTIONS
    if option not in known:
        help = _known(f"options of {name}", known) if known else f"{name} has no options."
        raise _wrong(place, f'The rule {name} has no option "{option}".{meant(option, known)}', help)
    expected, fits = KINDS[type(known[option])]
    if not fits(value):
        said = f"The option {option} of the rule {name} is {value!r}, expected {expected}."
        raise _wrong(place, said, _known(f"options of {name}", known))


def _check_fixed(rule: Page, setting: RuleSetting) -> None:
    if rule.NAME in FIXED and setting.severity is not None and setting.severity < rule.SEVERITY:
        said = f"The rule {rule.NAME} is always {rule.SEVERITY}, not {setting.severity}: a plan refuses the same."
        raise _wrong(setting.place, said, "Delete this setting, and fix what the rule finds.")


def _check_needs(rule: Page, setting: RuleSetting, every: Sequence[RuleSetting]) -> None:
    """A rule that is switched on, and that has nothing to go by, would be silent: say so."""
    if not setting.severity:
        return
    for option, default in rule.OPTIONS.items():
        if isinstance(default, Pattern | dict) and not default and not any(option in one.options for one in every):
            help = f"For example {rule.NAME}: {{severity: {setting.severity}, {option}: {_EXAMPLES[type(default)]}}}"
            raise _wrong(setting.place, f"The rule {rule.NAME} needs the option {option}.", help)


def meant(name: str, known: Mapping[str, object]) -> str:
    """` Did you mean "x"?`, or nothing where no known name is near."""
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    return f' Did you mean "{near[0]}"?' if near else ""


def _known(what: str, known: Mapping[str, object]) -> str:
    return f"The {what}: {', '.join(sorted(known))}"
