"""A platform's policy over a repository's settings: whatever it says, the result is at most as wide as either."""

from collections.abc import Mapping
from dataclasses import replace

from kafka_gitops.config import merge
from kafka_gitops.config.load import File
from kafka_gitops.errors import ConfigError
from kafka_gitops.settings import Limits, PathRules, RuleSetting, Settings


def narrow(
    settings: Settings, file: File, environment: str | None, origins: Mapping[str, str]
) -> tuple[Settings, dict[str, str]]:
    """The settings inside the policy, and the origins of what it changed. Raises ConfigError for another cluster."""
    named = file.root.get("environments", environment) if environment else None
    values = merge.merged(merge.level(file.root), named)
    rules = merge.rules(file.root.get("rules"), named.get("rules") if named is not None else None)
    changed = {".".join(path): str(node.head) for path, node in values.items()}
    return (
        replace(
            settings,
            scopes=(*settings.scopes, *merge.scopes(values)),
            limits=_lower(settings.limits, values, changed),
            prune=_prune(settings, values),
            protect=_union(settings.protect, values, ("protect", "topics")),
            ignore_configs=_union(settings.ignore_configs, values, ("ignore_configs",)),
            keep_undeclared_configs=settings.keep_undeclared_configs or _says(values, "undeclared_configs") == "keep",
            cluster_id=_cluster(settings, values, origins),
            rules=_rules(settings.rules, rules),
            plugins=_plugins(settings.plugins, values),
            overrides=tuple(_stricter(one, rules) for one in settings.overrides),
        ),
        changed,
    )


def _says(values: merge.Values, name: str) -> str | None:
    node = values.get((name,))
    return None if node is None else node.raw


def _lower(ours: Limits, values: merge.Values, changed: dict[str, str]) -> Limits:
    """Each limit at most the policy's; one that ours undercuts keeps its own origin."""
    lower: dict[str, int] = {}
    for path, node in values.items():
        if path[0] == "limits" and len(path) == 2:
            here, there = getattr(ours, path[1]), merge.number(node, 0)
            lower[path[1]] = min(here, there)
            if here <= there:
                changed.pop(".".join(path), None)
    return replace(ours, **lower)


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
            help="Use the policy of this cluster, or mend cluster_id.",
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
