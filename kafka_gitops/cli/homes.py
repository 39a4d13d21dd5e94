"""Registries and Connect clusters of several environments: one of them has to be the home of what is on them."""

from collections.abc import Iterator, Mapping

from kafka_gitops.cli.setup import Configured
from kafka_gitops.errors import ConfigError, listed
from kafka_gitops.kinds import homes
from kafka_gitops.settings import Rest, Settings
from kafka_gitops.text.source import Node


def stop_on_homeless(config: Configured, settings: Settings) -> None:
    """Raise ConfigError where `prune` may remove from a server that another environment names too, without a home.

    Addresses with variables in them are compared where they are filled in: those of the environment of this run.
    """
    for name, (plural, rest) in homes.servers(settings).items():
        others = [*_others(config, settings, rest)] if plural in settings.prune and rest.home is None else []
        if others:
            where = f"{rest.urls[0]} is {name} of environments {listed([settings.environment, *others])}"
            said = f"{where}, and `prune` names {plural}: the run of one would remove what another has"
            key = f"environments.NAME.{name}.home: {settings.environment}"
            raise ConfigError(said, help=f"Say in each of them which one owns what is there: {key}")


def _others(config: Configured, settings: Settings, rest: Rest) -> Iterator[str]:
    """The other environments that have the same server."""
    file = config.file
    environments = file.root.get("environments") if file is not None else None
    for environment, node in {} if environments is None else environments.map.items():
        if environment != settings.environment and any(_same(one, rest) for one in _servers(node.map)):
            yield environment


def _servers(environment: Mapping[str, Node]) -> Iterator[Node]:
    if "schema_registry" in environment:
        yield environment["schema_registry"]
    if "connect" in environment:
        yield from environment["connect"].map.values()


def _same(node: Node, rest: Rest) -> bool:
    """Whether both have an address in common, and the same context of a registry."""
    below = node.map
    if "url" not in below or (below["context"].raw if "context" in below else None) != rest.context:
        return False
    urls = below["url"].items if below["url"].is_list else [below["url"]]
    return any((url.raw or "").rstrip("/").lower() in {one.lower() for one in rest.urls} for url in urls)
