"""All connectors of the Connect clusters: their configs without any secret, and what was told them last."""

from kafka_gitops.errors import ConfigError
from kafka_gitops.kinds import census as asked
from kafka_gitops.kinds.census import Census, Choice
from kafka_gitops.kinds.connector import fence, seen
from kafka_gitops.kinds.connector.compare import shown
from kafka_gitops.kinds.connector.live import Connect, Live
from kafka_gitops.kinds.connector.secrets import MASK
from kafka_gitops.kinds.connector.spec import CLASS, Connector, key_of, unreachable
from kafka_gitops.kinds.connector.topics import reach
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.settings import Settings

PLURAL = "connectors"
NULL = "(null)"  # what `Live` has for a null


def census(systems: Systems, settings: Settings, choice: Choice) -> Census:
    """Every connector; with patterns of topics those of which every topic is one of them.

    A secret in clear is no part of the spec: its key is in `keep`. Raises ConfigError where somebody asked for
    connectors by name and the environment names no Connect cluster.
    """
    found = Census()
    if not systems.has("connect"):
        line = f"environments.{settings.environment or 'NAME'}.connect: {{main: {{url: http://HOST:8083}}}}"
        if choice.kinds is not None and PLURAL in choice.kinds:
            raise ConfigError("The environment has no `connect`, so there are no connectors.", help=f"Write {line}")
        found.leave(PLURAL, f"the environment names no Connect cluster; write {line}")
        return found
    reading = seen.read(systems, [*systems.connect])
    for cluster, live in reading.live.items():
        for name in sorted(live):
            key, one = key_of(cluster, name), live[name]
            why = unsaid(name, one) or (None if _about(one, choice) else asked.NOT_OF_THE_TOPICS)
            spec = _spec(reading.connects[cluster], one) if why is None else None
            why = why or (fence.outside(settings.scopes, key, spec) if settings.scopes else None)
            if spec is not None and why is None:
                found.specs[key] = spec
            else:
                found.leave(key, why or "")
    return found


def unsaid(name: str, live: Live) -> str | None:
    """Why no file can say a connector, in a clause, or None."""
    if (why := unreachable(name)) is not None:
        return f"no path of Connect's REST API reaches it: {why}"
    if (why := asked.unwritable(name, *live.config)) is not None:
        return why
    nulls = sorted(key for key, value in live.config.items() if value == NULL)
    if nulls:
        return f"its config has null for {', '.join(nulls)}, which no file may have"
    if not live.config.get(CLASS):
        return f"its config has no {CLASS}"
    if any("${values." in value for value in live.config.values()):
        return "its config has ${values., which is replaced where a file says it"
    return None


def _spec(connect: Connect, live: Live) -> Connector:
    """A connector as a file declares it; that it runs needs no word."""
    found = shown(live, None, connect.passwords(live.config[CLASS]))
    keep = tuple(sorted(key for key, text in found.config.items() if text == MASK))
    config = {key: text for key, text in sorted(found.config.items()) if text != MASK}
    return Connector(config, None if live.target == "running" else live.target, keep)


def _about(live: Live, choice: Choice) -> bool:
    found = reach(live.config, sink=live.sink)
    return not choice.topics or (bool(found.topics) and not found.open and all(map(choice.wants, found.topics)))
