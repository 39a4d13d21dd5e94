"""Texts to findings, for the tests of lint: settings stand in comments at the head of a text."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import yaml
from making import scope

from kafka_gitops.descriptor import build
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Topology
from kafka_gitops.rules import RULES
from kafka_gitops.settings import Language, Naming, RuleSetting, Settings
from kafka_gitops.text.source import Source, parse

TODAY = date(2026, 6, 15)
_HEAD = re.compile(
    r"^# ((?:kafka_version|brokers|broker_defaults|ignore_configs|manage|naming|optimized|options|prune|roles): .*)$",
    re.M,
)


def read(text: str, *, path: str = "t.yaml", roles: Source | None = None, language: Language | None = None) -> Topology:
    """The topology of one text."""
    return build.topology({path: parse(path, text)}, language or Language(), roles=roles)


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
    topology = read("\n" * (old.count("\n") + 2) + new if mark else text, roles=roles, language=settings.language)
    return lint.run(topology, settings, base=base, today=TODAY)


def _settings(said: Mapping[str, object], rule: str) -> Settings:
    naming, manage, options = said.get("naming", {}), said.get("manage"), said.get("options")
    assert isinstance(naming, dict)
    settings = Settings(language=Language(naming=Naming(**naming), optimized_acls=bool(said.get("optimized"))))
    if isinstance(manage, dict):
        lists: dict[str, Any] = {key: tuple(value) for key, value in manage.items()}
        settings = replace(settings, scopes=(scope(**lists),))
    prune = said.get("prune", [])
    assert isinstance(prune, list)
    settings = replace(settings, prune=frozenset(map(str, prune)))
    on = Severity.warning if rule and RULES[rule].SEVERITY is Severity.off else None
    if isinstance(options, dict) or on is not None:
        own = options if isinstance(options, dict) else {}
        settings = replace(settings, rules={rule: RuleSetting(on, own)})
    version, brokers, defaults = said.get("kafka_version"), said.get("brokers"), said.get("broker_defaults", {})
    ignore = said.get("ignore_configs", [])
    assert isinstance(defaults, dict) and (brokers is None or isinstance(brokers, int)) and isinstance(ignore, list)
    texts = {key: str(value) for key, value in defaults.items()}
    return replace(
        settings,
        kafka_version=None if version is None else str(version),
        brokers=brokers,
        broker_defaults=texts,
        ignore_configs=tuple(ignore),
    )
