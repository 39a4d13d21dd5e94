"""Effective settings as text that can be pasted as kafka-gitops.yaml, with the origin of each value beside it."""

import json
import re
from collections.abc import Iterator, Mapping

from kafka_gitops import pem
from kafka_gitops.config.client_keys import Given
from kafka_gitops.config.resolve import Effective
from kafka_gitops.config.schema import manage
from kafka_gitops.config.servers import REGISTRY, SECRET, Server
from kafka_gitops.diagnostics import Severity
from kafka_gitops.kinds import KINDS
from kafka_gitops.redact import is_secret_key
from kafka_gitops.settings import CONTROL_CENTER, Forks, Language, Ledger, Limits, RuleSetting, Scope, Settings, Value
from kafka_gitops.text import characters
from kafka_gitops.text.scalars import plain_value

Tree = dict[str, object]
_JULIE = {"topics": "topics", "principals": "service_accounts"}
_PLAIN = re.compile(r"[A-Za-z_./][A-Za-z0-9_./-]*(?::[A-Za-z0-9_./-]+)*$")


def tree(found: Effective) -> Tree:
    """The settings in the keys of kafka-gitops.yaml; a secret stands as `${VARIABLE}`."""
    settings, language = found.settings, found.settings.language
    naming, usual = language.naming, Language()
    center = dict(zip(CONTROL_CENTER, language.control_center_topics, strict=True))
    whole: Tree = {
        "topology": list(settings.topology) or None,
        "recursive": settings.recursive,
        "contexts": "many" if language.many_contexts else "one",
        "kafka_version": settings.kafka_version,
        "naming": {
            "topic": naming.topic,
            "project": naming.project,
            "separator": naming.separator,
            "dlq": {name: _plain(value) for name, value in naming.dlq._asdict().items()},
        },
        "roles": language.roles,
        "plans": language.plans,
        "acls": {
            "optimized": language.optimized_acls,
            "connector_topic_create": language.connector_topic_create,
            **({"provider": language.provider} if language.provider != usual.provider else {}),
            **({"control_center": center} if language.control_center_topics != usual.control_center_topics else {}),
        },
        "values": {name: _typed(value) for name, value in language.values.items()},
        "rules": {
            **_rules(settings.rules),
            **({"plugins": list(settings.plugins.values())} if settings.plugins else {}),
        },
        "baseline": settings.baseline,
        "overrides": [{"paths": list(one.paths), "rules": _rules(one.rules)} for one in settings.overrides] or None,
        "manage": _scope(settings.scopes[0]) if settings.scopes else None,
        "protect": {name: list(patterns) for name, patterns in settings.protect.items() if patterns} or None,
        "limits": _limits(settings.limits),
        "max_hold": settings.max_hold,
        "prune": sorted(settings.prune),
        "schemas": {"foreign_versions": settings.foreign_versions} if settings.foreign_versions != "allow" else None,
        "ci": _forks(settings.forks),
        "owner": settings.ledger.owner,
        "ledger": _ledger(settings.ledger),
        "undeclared_configs": "keep" if settings.keep_undeclared_configs else "remove",
        "ignore_configs": [*settings.ignore_undeclared, *settings.ignore_configs],
        "environments": _environment(settings, found),
    }
    return {name: value for name, value in whole.items() if value is not None and value != {}}


def _forks(forks: Forks) -> Tree:
    """What is said of changes from forks, where anything is."""
    allowed = {"snapshot_for_forks": True} if forks.allowed else {}
    return {**allowed, **({"snapshot": forks.snapshot} if forks.snapshot is not None else {})}


def _ledger(ledger: Ledger) -> object:
    """The mode alone where all else is as usual, nothing where there is no ledger."""
    if ledger._replace(owner=None, mode="off") == Ledger():
        return ledger.mode if ledger.on else None
    return {"mode": ledger.mode, "actors": ledger.actors, "keep": f"{ledger.keep}d"}


def _typed(value: Value) -> object:
    """A value as YAML has it again: a number or true/false where it stands without quotes."""
    found = plain_value(value.text) if value.plain else value.text
    return found if isinstance(found, bool | int) and str(found).lower() == value.text else value.text


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _scope(scope: Scope) -> Tree:
    return {name: list(scope.lists[name]) for name in manage() if name in scope.lists}


def _limits(limits: Limits) -> Tree:
    """The limits that are stated, and those of what every plan counts."""
    kinds = [kind for kind in KINDS.values() if kind.ALWAYS or kind.PLURAL in limits.deletes]
    deletes = {kind.PLURAL: limits.deletes.get(kind.PLURAL, kind.DELETES) for kind in kinds}
    return {**deletes, **{name: value for name, value in limits._asdict().items() if name != "deletes"}}


def _rules(rules: Mapping[str, RuleSetting]) -> Tree:
    return {
        name: {**({} if _least(rule) is None else {"severity": str(_least(rule))}), **rule.options}
        if rule.options
        else str(_least(rule))
        for name, rule in rules.items()
    }


def _least(rule: RuleSetting) -> Severity | None:
    """The severity that counts: the stated one, else a policy's floor, else the rule's own (None)."""
    return rule.severity if rule.severity is not None else rule.floor or None


def _environment(settings: Settings, found: Effective) -> Tree | None:
    client, servers = found.client, {name: _server(name, one) for name, one in found.servers.given.items()}
    bootstrap = client.get("bootstrap.servers")
    connect = {name.partition(".")[2]: one for name, one in servers.items() if name != REGISTRY}
    own: Tree = {
        "bootstrap": None if bootstrap is None else _value("bootstrap.servers", bootstrap),
        "client": {key: _value(key, one) for key, one in client.items() if key != "bootstrap.servers"} or None,
        "schema_registry": servers.get(REGISTRY),
        "connect": connect or None,
        "principal": settings.principal,
        "cluster_id": settings.cluster_id,
        "brokers": settings.brokers,
        "broker_defaults": dict(settings.broker_defaults) or None,
    }
    own = {name: value for name, value in own.items() if value is not None}
    return {settings.environment or "default": own} if own else None


def _server(name: str, server: Server) -> Tree:
    shown = {key: [_value(f"{name}.{key}" if key in SECRET else "", one) for one in server[key]] for key in server}
    return {key: values if len(values) > 1 else values[0] for key, values in shown.items() if values}


def _value(key: str, one: Given) -> str:
    """A client value as it may be shown: with variables as it is written, a secret as the variable to make for it."""
    if one.written is not None and not pem.holds_pem(one.written):
        return one.written
    if pem.holds_pem(one.value) or (is_secret_key(key) and not key.endswith(".location")):
        return f"${{{re.sub('[^A-Z0-9]', '_', key.upper())}}}"
    return one.value.replace("${", "$${")


def as_yaml(found: Effective) -> str:
    """Valid YAML, a comment with the origin beside each value, and what has no key as comments below."""
    settings = found.settings
    return "\n".join([*_lines(tree(found), "", (), found.origins, settings.environment), *_beyond(found)])


def as_json(found: Effective) -> str:
    """The same as JSON: `settings`, `origins` by dotted name (what is missing there is a default), `notes`."""
    body = {"settings": tree(found), "origins": found.origins, "notes": [*found.settings.notes, *found.layered]}
    return characters.json_escaped(json.dumps(body, indent=2, ensure_ascii=False, sort_keys=True))


def _lines(
    node: Mapping[str, object], indent: str, path: tuple[str, ...], origins: Mapping[str, str], name: str | None
) -> Iterator[str]:
    for key, value in node.items():
        here = (*path, key)
        if isinstance(value, Mapping) and value:
            yield f"{indent}{_scalar(key)}:"
            yield from _lines(value, indent + "  ", here, origins, name)
        else:
            yield f"{indent}{_scalar(key)}: {_scalar(value)}".ljust(48) + f"  # {_origin(here, origins)}"


def _origin(path: tuple[str, ...], origins: Mapping[str, str]) -> str:
    if path[0] == "environments":
        path = ("client", "bootstrap.servers") if path[2:] == ("bootstrap",) else path[2:]
    dotted = ".".join(path)
    if dotted in origins:
        return origins[dotted]
    named = {"rules": ("severity",), "ledger": ("mode",)}.get(path[0], ())
    return origins.get(".".join((*path, *named)), _filled(path, origins))


def _filled(path: tuple[str, ...], origins: Mapping[str, str]) -> str:
    """A default, or a scope that JulieOps' prefixes fill."""
    key = f"julie.managed.{_JULIE.get(path[-1], '')}" if path[0] == "manage" else ""
    if path[0] == "manage" and key not in origins:  # what these prefixes leave open
        key = next((f"julie.managed.{name}" for name in _JULIE.values() if f"julie.managed.{name}" in origins), key)
    if path[0] == "rules":
        key = ".".join(path[:2])
    return origins.get(key, "default")


def _scalar(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_scalar, value))}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_scalar(one)}" for key, one in value.items()) + "}"
    if isinstance(value, bool | int):
        return json.dumps(value)
    text = str(value)
    plain = _PLAIN.match(text) and (plain_value(text) == text or text == "off")
    return text if plain else json.dumps(text, ensure_ascii=False)


def _beyond(found: Effective) -> Iterator[str]:
    """What kafka-gitops.yaml has no key for: further scopes, and JulieOps' own settings."""
    for scope in found.settings.scopes[1:]:
        stated = f", stated at {place}" if (place := scope.places.get("")) else ""
        yield f"# also only inside{stated}: {_scalar(_scope(scope))}"
    labels = found.settings.language.connect_servers
    for name, origin in found.origins.items():
        reached = name == "julie.connect_servers" and not {*(labels or ())} - found.settings.connect.keys()
        if name.startswith("julie.") and not reached:
            yield f"# no key here for JulieOps' {name[len('julie.') :]}: kept while {origin} is read"
