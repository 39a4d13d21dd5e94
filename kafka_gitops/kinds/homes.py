"""Who owns what is on a registry or a Connect cluster of several environments: one of them, its home."""

from kafka_gitops.model import Key
from kafka_gitops.settings import Rest, Settings


def server(key: Key, settings: Settings) -> Rest | None:
    """The server beside the brokers that a resource is on, where it is on one that is configured."""
    if key.kind == "schema":
        return settings.registry
    if key.kind == "connector":
        return settings.connect.get(key.name.rpartition("/")[0])  # as connector.spec.parts has it, which is large
    return None


def elsewhere(key: Key, settings: Settings) -> str | None:
    """Why this environment does not remove a resource, in a clause: another one is its server's home."""
    found = server(key, settings)
    if found is None or found.home in (None, settings.environment):
        return None
    return f"its server is that of several environments, and {found.home} is its home (`{found.at}.home`)"


def servers(settings: Settings) -> dict[str, tuple[str, Rest]]:
    """The servers that may have a home, by their key in an environment, each with the plural of what is on it."""
    found = {"schema_registry": ("schemas", settings.registry)}
    found |= {f"connect.{name}": ("connectors", rest) for name, rest in settings.connect.items()}
    return {name: (plural, rest) for name, (plural, rest) in found.items() if rest is not None}


def known(settings: Settings) -> bool:
    """Whether any server has a home."""
    return any(rest.home is not None for _, rest in servers(settings).values())
