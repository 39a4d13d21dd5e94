"""What stands in the way of a change of a connector: our own checks, its plugin, and what the worker says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.changes import Risk
from kafka_gitops.errors import listed
from kafka_gitops.kinds.connector import checks
from kafka_gitops.kinds.connector.compare import UNKNOWN_KEY, has_secret, to_send
from kafka_gitops.kinds.connector.live import Asked, Connect, Live, Plugin, Verdict
from kafka_gitops.kinds.connector.secrets import MASK, is_literal_secret
from kafka_gitops.kinds.connector.spec import CLASS, Connector, same_class
from kafka_gitops.shape.found import near

# Keys that the framework reads for transforms, clients and topics: they are in no plugin's listing
_OF_CONNECT = ("transforms.", "predicates.", "topic.creation.", *checks.OVERRIDES)
_CONVERTERS = ("key.converter.", "value.converter.", "header.converter.")


class Wanted(NamedTuple):
    """A connector that is to be created or changed: `live` is None where it is not there."""

    name: str
    spec: Connector
    live: Live | None


class Judged(NamedTuple):
    """What speaks against a change: reasons by config key (None: about all of it), and what is only told."""

    against: tuple[tuple[str | None, str], ...]
    told: tuple[Risk, ...] = ()


def judge(connect: Connect, wanted: Sequence[Wanted]) -> list[Judged]:
    """What speaks against each; the worker is asked about those that nothing of our own speaks against."""
    own = [[*_own(one, connect.plugins())] for one in wanted]
    asked = [one for one, against in zip(wanted, own, strict=True) if not against]
    said = iter(connect.validate([_asked(one) for one in asked]))
    return [
        Judged(tuple(against)) if against else _judged(one, next(said))
        for one, against in zip(wanted, own, strict=True)
    ]


def plugin_of(spec: Connector, plugins: Sequence[Plugin]) -> Plugin | None:
    """The plugin that `connector.class` names, in full or by an alias."""
    return next((one for one in plugins if same_class(spec.config.get(CLASS), one.name)), None)


def _asked(one: Wanted) -> Asked:
    """The worker wants the class in the path as it is in the config, in full or by its alias."""
    return Asked(one.spec.config[CLASS], one.name, to_send(one.spec, one.live), frozenset(one.spec.keep))


def _own(one: Wanted, plugins: Sequence[Plugin]) -> Iterator[tuple[str | None, str]]:
    spec, live = one.spec, one.live
    if has_secret(spec.config):
        keys = [key for key, text in spec.config.items() if text == MASK]
        yield keys[0], f"{listed(keys)}: a secret in clear is never sent, write a reference"
    for key in spec.keep:
        if live is None:
            yield None, f"`keep` names {key}, and no worker has this connector: nothing is there to keep"
        elif key not in live.config:
            yield None, f"`keep` names {key}, which the connector does not have: nothing is there to keep"
    for wrong in checks.fatal(spec.config):
        yield wrong.key, f"{wrong.said}; {wrong.help}"
    if plugin_of(spec, plugins) is None:
        yield CLASS, _missing(spec.config.get(CLASS, ""), plugins)


def _missing(name: str, plugins: Sequence[Plugin]) -> str:
    last = name.rpartition(".")[2]
    alike = [one.name for one in plugins if same_class(last, one.name.rpartition(".")[2])]
    meant = near(last, [one.name.rpartition(".")[2] for one in plugins])
    alike = alike or [one.name for one in plugins if one.name.rpartition(".")[2] == meant]
    has = f"it has {listed(alike)}" if alike else f"it has {listed(sorted(one.name for one in plugins), most=5)}"
    return f"no worker has the plugin {name}; {has}"


def _judged(one: Wanted, said: Verdict) -> Judged:
    against = list(said.messages)
    for key, text in one.spec.config.items():
        if key in said.passwords and is_literal_secret(key, text, said.passwords):
            against.append((key, "its plugin takes it for a password: a secret in clear, write a reference"))
    return Judged(tuple(against), tuple(_unknown(one.spec.config, said)))


def _unknown(config: Mapping[str, str], said: Verdict) -> Iterator[Risk]:
    """A risk that names the keys that the plugin does not declare: it may read them all the same."""
    if not said.known:
        return
    odd = [key for key in config if key not in said.known and not key.startswith((*_OF_CONNECT, *_CONVERTERS))]
    if odd:
        meant = [f'{key} (did you mean "{found}"?)' if (found := near(key, said.known)) else key for key in odd]
        yield UNKNOWN_KEY(f"its plugin declares no {listed(meant)}: a slip has no effect, and Connect never says so")
