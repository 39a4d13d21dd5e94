"""A platform's policy over a repository's settings: whatever it says, the result is at most as wide as either."""

from collections.abc import Mapping
from typing import Any

from kafka_gitops.config import merge
from kafka_gitops.config.load import File
from kafka_gitops.diagnostics import Severity
from kafka_gitops.errors import ConfigError
from kafka_gitops.kinds import KINDS, PLURALS
from kafka_gitops.settings import ACTORS, LEDGER_MODES, Ledger, Limits, PathRules, RuleSetting, Settings


def narrow(
    settings: Settings, file: File, environment: str | None, origins: Mapping[str, str]
) -> tuple[Settings, dict[str, str]]:
    """The settings inside the policy, and the origins of what it changed. Raises ConfigError for another cluster."""
    named = file.root.get("environments", environment) if environment else None
    values = merge.merged(merge.level(file.root), named)
    rules = merge.rules(file.root.get("rules"), named.get("rules") if named is not None else None)
    narrowed = settings._replace(
        scopes=(*settings.scopes, *merge.scopes(values)),
        limits=_lower(settings.limits, values),
        max_hold=min(settings.max_hold, merge.number(values.get(("max_hold",)), settings.max_hold)),
        prune=_prune(settings, values),
        protect=_protect(settings.protect, values),
        ignore_configs=_union(settings.ignore_configs, values, ("ignore_configs",)),
        keep_undeclared_configs=settings.keep_undeclared_configs or _says(values, "undeclared_configs") == "keep",
        cluster_id=_cluster(settings, values, origins),
        rules=_rules(settings.rules, rules),
        plugins=_plugins(settings.plugins, values),
        ledger=_ledger(settings.ledger, values),
        overrides=tuple(_stricter(one, rules) for one in settings.overrides),
    )
    return narrowed, _origins(settings, narrowed, values, origins)


def _origins(ours: Settings, narrowed: Settings, values: merge.Values, origins: Mapping[str, str]) -> dict[str, str]:
    """Where the values that the policy changed come from: itself, or both files where both have a share."""
    found: dict[str, str] = {}
    for path, node in values.items():
        name, place = ".".join(path), str(node.head)
        if path[0] == "rules" and len(path) > 1:
            found.update(_rule_origin(ours.rules.get(path[1], RuleSetting()), path, place, node.raw or ""))
        elif path[0] != "manage" or not ours.scopes:  # a second scope stands beside the first, which stays as it is
            before, after = _value(ours, path), _value(narrowed, path)
            both = isinstance(before, tuple | frozenset) and before and name in origins
            if before != after:
                found[name] = f"{origins[name]}, {place}" if both else place
    return found


def _value(settings: Settings, path: tuple[str, ...]) -> object:
    """The value that a path of the policy is about."""
    first = {"undeclared_configs": "keep_undeclared_configs", "manage": "scopes"}.get(path[0], path[0])
    value: Any = getattr(settings, first)
    if path[0] == "limits":
        return _limit(value, path[1])
    if path[0] == "ledger":
        return getattr(value, path[1])
    return value.get(path[1], ()) if path[0] == "protect" else value


def _limit(limits: Limits, name: str) -> int:
    """One number of `limits`, as it is where nobody states it."""
    if name in PLURALS:
        return limits.deletes.get(name, KINDS[PLURALS[name]].DELETES)
    return int(getattr(limits, name))


def _rule_origin(ours: RuleSetting, path: tuple[str, ...], place: str, said: str) -> dict[str, str]:
    """A severity is the policy's where it is above ours, or where we state none; an option always is."""
    if path[2:] not in ((), ("severity",)):
        return {".".join(path): place}
    if ours.severity is not None and ours.severity >= Severity[said]:
        return {}
    return {".".join(path[:2]): place, ".".join((*path[:2], "severity")): place}


def _says(values: merge.Values, name: str) -> str | None:
    node = values.get((name,))
    return None if node is None else node.raw


def _lower(ours: Limits, values: merge.Values) -> Limits:
    """Each limit at most the policy's."""
    deletes, others = merge.limits(values)
    lower = {name: min(_limit(ours, name), there) for name, there in {**deletes, **others}.items()}
    stated = {**ours.deletes, **{name: lower[name] for name in deletes}}
    return ours._replace(deletes=stated, **{name: lower[name] for name in others})


def _ledger(ours: Ledger, values: merge.Values) -> Ledger:
    """The stricter mode of the two, actors that tell less, and what is kept longer."""
    theirs = merge.ledger(values, ours)
    return ours._replace(
        mode=max(ours.mode, theirs.mode, key=LEDGER_MODES.index),
        actors=max(ours.actors, theirs.actors, key=ACTORS.index),
        keep=max(ours.keep, theirs.keep),
    )


def _protect(ours: Mapping[str, tuple[str, ...]], values: merge.Values) -> dict[str, tuple[str, ...]]:
    named = dict.fromkeys([*ours, *(path[1] for path in values if path[0] == "protect")])
    return {name: _union(ours.get(name, ()), values, ("protect", name)) for name in named}


def _prune(settings: Settings, values: merge.Values) -> frozenset[str]:
    node = values.get(("prune",))
    return settings.prune if node is None else settings.prune & set(merge.texts(node))


def _union(ours: tuple[str, ...], values: merge.Values, path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*ours, *merge.texts(values.get(path)))))


def _cluster(settings: Settings, values: merge.Values, origins: Mapping[str, str]) -> str | None:
    node = values.get(("cluster_id",))
    if node is None:
        return settings.cluster_id
    if settings.cluster_id not in (None, node.raw):
        raise ConfigError(
            f"{node.span}: the policy allows cluster {node.raw}, but environment {settings.environment} is cluster "
            f"{settings.cluster_id} at {origins.get('cluster_id', 'the config file')}",
            help="Use the policy of this cluster, or correct cluster_id.",
        )
    return node.raw


def _rules(ours: Mapping[str, RuleSetting], theirs: Mapping[str, RuleSetting]) -> dict[str, RuleSetting]:
    """The higher severity of the two; options are the policy's where it states them."""
    return {**ours, **{name: _higher(ours.get(name, RuleSetting()), rule) for name, rule in theirs.items()}}


def _plugins(ours: Mapping[str, str], values: merge.Values) -> Mapping[str, str]:
    """The files of own rules that the policy lists too; all where it says nothing, none where its list is empty."""
    node = values.get(("rules", "plugins"))
    return ours if node is None else {path: file for path, file in ours.items() if path in merge.texts(node)}


def _higher(ours: RuleSetting, theirs: RuleSetting) -> RuleSetting:
    """The policy's severity is a floor under ours and under the rule's own."""
    floor = ours.floor if theirs.severity is None else theirs.severity
    severity = None if ours.severity is None else max(ours.severity, floor)
    return RuleSetting(severity, {**ours.options, **theirs.options}, ours.place or theirs.place, floor)


def _stricter(one: PathRules, theirs: Mapping[str, RuleSetting]) -> PathRules:
    """An override for some paths may not go below the policy either."""
    return PathRules(
        one.paths,
        {**one.rules, **{name: _higher(one.rules[name], theirs[name]) for name in theirs if name in one.rules}},
    )
