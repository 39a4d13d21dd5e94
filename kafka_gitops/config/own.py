"""What kafka-gitops.yaml says besides how to connect and how files are read, and JulieOps' prefixes, as Settings."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from kafka_gitops.config import merge
from kafka_gitops.config.load import File
from kafka_gitops.settings import Forks, Limits, PathRules, Scope, Settings
from kafka_gitops.text.source import Node

Levels: TypeAlias = Sequence[Node | None]


def settings(environment: str | None, file: File | None, values: merge.Values, levels: Levels) -> Settings:
    """What the levels of the config say; what they leave out is as usual."""
    usual = Settings()
    below = file.below if file else str
    version, cluster = values.get(("kafka_version",)), values.get(("cluster_id",))
    brokers, ignore = values.get(("brokers",)), values.get(("ignore_configs",))
    undeclared = values.get(("undeclared_configs",))
    foreign = values.get(("schemas", "foreign_versions"))
    overrides, baseline = values.get(("overrides",)), values.get(("baseline",))
    return usual._replace(
        environment=environment,
        topology=tuple(below(path) for path in merge.texts(values.get(("topology",)))),
        recursive=merge.flag(values.get(("recursive",)), usual.recursive),
        kafka_version=None if version is None else version.raw,
        rules=merge.rules(*(level.get("rules") if level is not None else None for level in levels)),
        overrides=() if overrides is None else tuple(_path_rules(item, file) for item in overrides.items),
        plugins={path: below(path) for path in merge.texts(values.get(("rules", "plugins")))},
        baseline=None if baseline is None else below(baseline.raw or ""),
        scopes=merge.scopes(values),
        protect={path[1]: merge.texts(node) for path, node in values.items() if path[0] == "protect"},
        limits=_limits(values, usual.limits),
        max_hold=merge.number(values.get(("max_hold",)), usual.max_hold),
        prune=frozenset(merge.texts(values.get(("prune",)))),
        keep_undeclared_configs=undeclared is not None and undeclared.raw == "keep",
        ignore_configs=merge.texts(ignore),
        ignore_undeclared=usual.ignore_undeclared if ignore is None else (),
        cluster_id=None if cluster is None else cluster.raw,
        brokers=None if brokers is None else merge.number(brokers, 0),
        broker_defaults={path[1]: node.raw or "" for path, node in values.items() if path[0] == "broker_defaults"},
        forks=_forks(values, below),
        ledger=merge.ledger(values, usual.ledger),
        foreign_versions=foreign.raw or "" if foreign is not None else usual.foreign_versions,
    )


def _forks(values: merge.Values, below: Callable[[str], str]) -> Forks:
    path = values.get(("ci", "snapshot"))
    allowed = merge.flag(values.get(("ci", "snapshot_for_forks")), Forks().allowed)
    return Forks(allowed, None if path is None else below(path.raw or ""))


def _path_rules(item: Node, file: File | None) -> PathRules:
    below = file.below if file else str
    return PathRules(tuple(below(path) for path in merge.texts(item.get("paths"))), merge.rules(item.get("rules")))


def _limits(values: merge.Values, usual: Limits) -> Limits:
    """`limits`, each that is not stated as in `usual`."""
    deletes, others = merge.limits(values)
    return usual._replace(deletes=deletes, **others)


# What no prefix of JulieOps bounds: schemas of topics and artefacts are such a file's own
_UNBOUND = ("delegation_tokens", "subjects", "connectors", "connector_classes", "connector_overrides", "secrets")


def managed(settings: Settings, origins: Mapping[str, str]) -> tuple[Scope, ...]:
    """JulieOps' managed prefixes as a scope.

    Groups stay open: there, `*` is managed whatever the prefixes; so does all that has no prefixes in the reference.
    """
    prefixes = settings.language.managed
    if not prefixes.topics and not prefixes.service_accounts:
        return ()
    topics = {"topics": tuple(f"{prefix}*" for prefix in prefixes.topics)} if prefixes.topics else {}
    principals = tuple(f"{prefix}*" for prefix in prefixes.service_accounts) or ("*",)
    named = {"topics": "julie.managed.topics", "principals": "julie.managed.service_accounts"}
    places = {dimension: origins[name] for dimension, name in named.items() if name in origins}
    lists = {**topics, "principals": principals, "cluster": ("ALL",), **dict.fromkeys(_UNBOUND, ("*",))}
    return (Scope(lists, places),)
