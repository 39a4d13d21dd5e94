"""Texts to findings, for the tests of lint: settings stand in comments at the head of a text."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml
from making import scope

from kafka_gitops.descriptor import build
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Topology
from kafka_gitops.rules import RULES, orders
from kafka_gitops.settings import Language, Naming, RuleSetting, Settings
from kafka_gitops.text.source import Source, parse

TODAY = date(2026, 6, 15)
_FILE = re.compile(r"# (\S+\.(?:avsc|json|proto)):")
_HEAD = re.compile(
    r"^# ((?:kafka_version|brokers|broker_defaults|ignore_configs|manage|naming|optimized|options|prune|roles): .*)$",
    re.M,
)


def read(text: str, *, path: str = "t.yaml", roles: Source | None = None, language: Language | None = None) -> Topology:
    """The topology of one text; files that it names stand in comments of it (`files`)."""
    named = files(text)

    def artefact(_topology: str, name: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
        return ("\n".join(named[name].values()), None) if name in named else (None, "there is no such file")

    return build.topology({path: parse(path, text)}, language or Language(), roles=roles, read=artefact)


def files(text: str) -> dict[str, dict[int, str]]:
    """The files in comments of a text: under a line `# order.avsc:` the lines that begin with `#   `, by their numbers.

    Of a name that is there twice the last one counts.
    """
    found: dict[str, dict[int, str]] = {}
    name = None
    for number, line in enumerate(text.splitlines(), 1):
        if head := _FILE.fullmatch(line):
            name = head[1]
            found[name] = {}
        elif name is not None and line.startswith("#   "):
            found[name][number] = line[4:].partition("  # expect:")[0]
        else:
            name = None
    return found


def lint_text(text: str, rule: str = "") -> list[Diagnostic]:
    """The findings of a text under the settings in its comments; `options` are those of `rule`, which is on if named.

    With a line `# after` in it, what stands above is the file before a change; lines are those of the whole text.
    """
    said: dict[str, object] = {}
    for line in _HEAD.findall(text):
        said.update(yaml.safe_load(line))
    settings = _settings(said, rule)
    roles = parse("roles.yaml", yaml.safe_dump(said["roles"])) if "roles" in said else None
    old, mark, new = text.partition("\n# after\n")
    base = read(old, roles=roles, language=settings.language) if mark else None
    now = "\n" * (old.count("\n") + 2) + new if mark else text
    topology = read(now, roles=roles, language=settings.language)
    lines = {name: list(numbered) for name, numbered in files(now).items()}
    earlier = base if rule in {one.NAME for one in orders()} else None
    found = [_of_text(one, lines) for one in lint.run(topology, settings, base=base, earlier=earlier, today=TODAY)]
    return sorted(found, key=lambda one: one.span.line) if lines else found


def _of_text(one: Diagnostic, lines: Mapping[str, list[int]]) -> Diagnostic:
    """A finding in a file that stands in comments, with the line of the comment."""
    if one.span.path not in lines:
        return one
    line = lines[one.span.path][one.span.line - 1]
    return one._replace(span=one.span._replace(line=line, end_line=line))


def _settings(said: Mapping[str, object], rule: str) -> Settings:
    naming, manage, options = said.get("naming", {}), said.get("manage"), said.get("options")
    assert isinstance(naming, dict)
    settings = Settings(language=Language(naming=Naming(**naming), optimized_acls=bool(said.get("optimized"))))
    if isinstance(manage, dict):
        lists: dict[str, Any] = {key: tuple(value) for key, value in manage.items()}
        settings = settings._replace(scopes=(scope(**lists),))
    prune = said.get("prune", [])
    assert isinstance(prune, list)
    settings = settings._replace(prune=frozenset(map(str, prune)))
    on = Severity.warning if rule and RULES[rule].SEVERITY is Severity.off else None
    if isinstance(options, dict) or on is not None:
        own = options if isinstance(options, dict) else {}
        settings = settings._replace(rules={rule: RuleSetting(on, own)})
    version, brokers, defaults = said.get("kafka_version"), said.get("brokers"), said.get("broker_defaults", {})
    ignore = said.get("ignore_configs", [])
    assert isinstance(defaults, dict) and (brokers is None or isinstance(brokers, int)) and isinstance(ignore, list)
    texts = {key: str(value) for key, value in defaults.items()}
    return settings._replace(
        kafka_version=None if version is None else str(version),
        brokers=brokers,
        broker_defaults=texts,
        ignore_configs=tuple(ignore),
    )
