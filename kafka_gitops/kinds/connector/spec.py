"""A connector as the files want it or as a worker has it: its config with secrets out, and its state."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from kafka_gitops.model import Key

NAME = "connector"
CLASS = "connector.class"
STATE = "state"  # the field beside the config that a hold may name too
STATES = ("running", "paused", "stopped")


class Connector(NamedTuple):
    """A connector: texts by config key, a literal secret as `(secret)`; `state` None where nobody declares one.

    `keep` are keys whose value only the worker has: they are not in `config`. `replaces` is the connector
    (`CLUSTER/NAME`) whose offsets this one takes over before that one goes, None as soon as it is gone.
    """

    config: Mapping[str, str]
    state: str | None = None
    keep: tuple[str, ...] = ()
    replaces: str | None = None

    def fields(self) -> dict[str, str | None]:
        """What a person reads: `replaces`, `state`, then the config by key, of which nothing begins a line."""
        own = {"replaces": self.replaces, "state": self.state}
        config = {_shown(key): text for key, text in sorted(self.config.items())}
        return {**{name: text for name, text in own.items() if text is not None}, **config}


def _shown(key: str) -> str:
    """A config key, which whoever may write to a worker chooses."""
    return key if key.isprintable() else key.encode("unicode_escape").decode()


def key_of(cluster: str, name: str) -> Key:
    """The key of a connector: `connector main/orders-sink`; without a cluster where no file and no config names one."""
    return Key(NAME, f"{cluster}/{name}" if cluster else name)


def parts(key: Key) -> tuple[str, str]:
    """The cluster (empty where there is none) and the name of a connector's key."""
    cluster, _, name = key.name.rpartition("/")
    return cluster, name


def unreachable(name: str) -> str | None:
    """Why no path of Connect's REST API leads to a connector of this name, None where one does.

    Jetty refuses `%2F`, `%5C`, `%25` and dot segments as ambiguous (400 on every path), and Connect trims blanks and
    controls off the ends when it creates one: the connector would live on and could be neither changed nor deleted.
    """
    if not name:
        return "it is empty"
    if name != name.strip() or ord(name[-1]) < 32:
        return "Connect takes the blanks around it away"
    odd = next((char for char in name if char in "/\\%" or ord(char) < 32 or ord(char) == 127), None)
    if odd is not None:
        return f"it contains {odd if odd.isprintable() else f'the control character U+{ord(odd):04X}'}"
    return "it is a step in a path" if name in (".", "..") else None


def same_class(one: str | None, other: str | None) -> bool:
    """Whether two values of `connector.class` name one plugin: in full, or by an alias of Connect (`PluginUtils`).

    `FileStreamSource` and `FileStreamSourceConnector` are aliases of
    `org.apache.kafka.connect.file.FileStreamSourceConnector`.
    """
    if one is None or other is None or one == other:
        return one == other
    if "." in one and "." in other:
        return False
    return _short(one) == _short(other)


def _short(name: str) -> str:
    return re.sub("Connector$", "", name.rpartition(".")[2])


def dump(spec: Connector) -> dict[str, object]:
    """A connector as plain data, for plan files and `render`."""
    found: dict[str, object] = {"config": dict(sorted(spec.config.items()))}
    if spec.state is not None:
        found["state"] = spec.state
    if spec.keep:
        found["keep"] = list(spec.keep)
    if spec.replaces is not None:
        found["replaces"] = spec.replaces
    return found


def load(data: object) -> Connector:
    """The connector of plain data. Raises TypeError for anything else, also where a key or a value is no text."""
    if not isinstance(data, dict) or not set(data) <= {"config", "state", "keep", "replaces"}:
        raise TypeError("a connector is a mapping of config, state, keep, replaces")
    config, keep, state, replaces = (data.get(key) for key in ("config", "keep", "state", "replaces"))
    keep = [] if keep is None else keep
    texts = [*config, *config.values()] if isinstance(config, dict) else [None]
    if not isinstance(keep, list) or not all(isinstance(text, str) for text in (*texts, *keep)):
        raise TypeError("a connector's config and keep hold texts")
    if state not in (None, *STATES) or not isinstance(replaces, str | None):
        raise TypeError("a connector's state is running, paused or stopped, and it replaces a connector by its name")
    assert isinstance(config, dict)
    return Connector(config, state, tuple(keep), replaces)
