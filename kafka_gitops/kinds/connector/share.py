"""The share of connectors in a plan: what differs on the workers, what they say of it, what is to go."""

from collections.abc import Iterator, Mapping, Sequence

from kafka_gitops.changes import Change, Refused, Risk, Unsupported
from kafka_gitops.errors import ConfigError, listed
from kafka_gitops.holds import Hold
from kafka_gitops.kinds.connector import compare, fence, seen, succession
from kafka_gitops.kinds.connector.declared import One, connectors
from kafka_gitops.kinds.connector.judge import Judged, Wanted, judge, plugin_of
from kafka_gitops.kinds.connector.live import HIDDEN, Live
from kafka_gitops.kinds.connector.section import RESTART
from kafka_gitops.kinds.connector.seen import Reading
from kafka_gitops.kinds.connector.spec import NAME, Connector, parts
from kafka_gitops.kinds.declared import Going, dropped, stated, taken_over
from kafka_gitops.kinds.holding import told
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.section import JULIEOPS
from kafka_gitops.kinds.wish import Part, Wish
from kafka_gitops.model import Key
from kafka_gitops.settings import Settings

PLURAL = "connectors"


def plan(wish: Wish, settings: Settings, systems: Systems) -> Part | None:
    """The changes of connectors. Raises ConfigError where a file names a cluster that is not configured."""
    part = Part(PLURAL)
    declared = [one for one in connectors(wish.topology) if _is_configured(one, settings, systems, part)]
    going = _going(wish, settings)
    left = {one.key for one in connectors(wish.base)} - {one.key for one in declared}
    asked = [*((one.key, one.spec) for one in declared), *((key, None) for key in (*going, *left))]
    clusters = seen.clusters_of(asked) & {*systems.connect} if asked and systems.has("connect") else set()
    if not clusters:
        return part if asked or part.notes else None
    reading = seen.read(systems, clusters)
    _declared(part, wish, settings, reading, declared)
    _removals(part, settings, reading, going)
    _rest(part, wish, settings, reading, going)
    return part


def _is_configured(one: One, settings: Settings, systems: Systems, part: Part) -> bool:
    """Whether the environment has the cluster of a connector; where JulieOps' form names it, that is only told."""
    if systems.has("connect") and one.cluster in systems.connect:
        return True
    place, known = one.at(), ", ".join(sorted(systems.connect)) if systems.has("connect") else ""
    label, has = one.cluster or "main", f"has {known}" if known else "has no `connect`"
    env = settings.environment or "NAME"
    key = f"environments.{env}.connect: {{{label}: {{url: http://HOST:8083}}}}"
    if JULIEOPS not in one.flags:
        said = f"{place}: the connector {one.name} is for Connect cluster {label}, and the environment {has}."
        raise ConfigError(said, help=f"Write {key}")
    note = f"connectors are not planned: {place} names Connect cluster {label}, and the environment {has}; write {key}"
    if not any(told.startswith("connectors are not planned") for told in part.notes):
        part.notes.append(note)
    return False


def _going(wish: Wish, settings: Settings) -> dict[Key, Going]:
    """Connectors to delete: by a `removed:` statement, or declared at the base and no longer, with prune."""
    going = {one.key: one for one in stated(wish, NAME)}
    if PLURAL in settings.prune:
        replaced = {one.spec.replaces for one in connectors(wish.topology)}
        going |= {one.key: one for one in dropped(wish, NAME) if one.key.name not in replaced}
    return going


def _declared(part: Part, wish: Wish, settings: Settings, reading: Reading, declared: Sequence[One]) -> None:
    """The changes that bring what the files declare, with what speaks against them."""
    base = {one.key: one.spec for one in connectors(wish.base)}
    names = {one.key.name for one in connectors(wish.topology)}
    todo: list[tuple[One, Connector | None]] = []
    same = {one.key for one in declared if base.get(one.key) == one.spec}
    declared = [_free(one, reading, wish.holds.get(one.key), part) for one in declared]
    for one in declared:
        why = fence.outside(settings.scopes, one.key, one.spec)
        if why is not None:
            part.nevers.append(Unsupported(one.key, why, one.origin()))
        elif against := [*succession.against(one, reading, settings.protect, names)]:
            part.unsupported += [Refused(one.key, said, one.origin("replaces")) for said in against]
        elif not (wish.only_change and one.key in same):
            before = reading.spec(one.key, one.spec)
            if before != one.spec:
                todo.append((one, before))
            elif (act := _act(reading.get(one.key), one)) is not None:
                part.changes.append(act)
    part.notes += _unknown(reading, declared)
    judged = _judged(reading, [one for one, _ in todo])
    for one, before in todo:
        found = judged[one.key]
        part.unsupported += [_refused(one, key, said) for key, said in found.against]
        if not found.against:
            risks = (*_risks(one, before, wish, settings, reading), *found.told)
            part.changes.append(Change(one.key, before, one.spec, risks, one.origin(), pending=one.key in same))


def _free(one: One, reading: Reading, hold: Hold | None, part: Part) -> One:
    """What counts of a connector in the files while some of its fields are held; how these differ is told."""
    before = reading.spec(one.key, one.spec)
    if hold is None or not hold.fields or before is None:
        return one
    free = compare.without(one.spec, before, hold.fields)
    whole, rest = (Change(one.key, now, spec) for spec in (one.spec, free) if (now := reading.spec(one.key, spec)))
    part.held += (entry._replace(origin=one.origin()) for entry in told(one.key, whole, rest, hold))
    return one._replace(spec=free)


def _unknown(reading: Reading, declared: Sequence[One]) -> Iterator[str]:
    """A note on each connector whose values could not be compared, as a snapshot does not have them."""
    for one in declared:
        live = reading.get(one.key)
        keys = [key for key, text in (live.config if live is not None else {}).items() if text == HIDDEN]
        if keys := [key for key in keys if key in one.spec.config]:
            yield f"{one.key}: {listed(keys, most=5)} not known from the snapshot, so not compared"


def _judged(reading: Reading, todo: Sequence[One]) -> dict[Key, Judged]:
    """What speaks against each; each cluster is asked once for all of its own."""
    found: dict[Key, Judged] = {}
    for cluster, connect in reading.connects.items():
        own = [one for one in todo if one.cluster == cluster]
        if own:
            wanted = [Wanted(one.name, one.spec, reading.get(one.key)) for one in own]
            found.update(zip((one.key for one in own), judge(connect, wanted), strict=True))
    return found


def _refused(one: One, key: str | None, said: str) -> Refused:
    named = f"{key}: " if key is not None and not said.startswith(key) else ""
    return Refused(one.key, f"{named}{said}", one.origin(key))


def _act(live: Live | None, one: One) -> Change | None:
    """A restart, where the files ask for one and something has failed."""
    if live is None or RESTART not in one.flags or not live.failures:
        return None
    failed = ", ".join(what for what, _ in live.failures)
    return Change(one.key, one.spec, one.spec, origin=one.origin(), act="restart", because=f"{failed} failed")


def _risks(one: One, before: Connector | None, wish: Wish, settings: Settings, reading: Reading) -> Iterator[Risk]:
    """The dangers of a change that brings a connector to what the files declare."""
    live, plugins = reading.get(one.key), reading.connects[one.cluster].plugins()
    plugin = plugin_of(one.spec, plugins)
    sink = plugin.sink if plugin is not None else None
    if before is not None and live is not None:
        yield from taken_over(wish, one.key, "the connector is there already")
        yield from compare.risks(before, one.spec, live, sink)
    elif one.spec.replaces is None:
        yield from compare.looks_renamed(one.key.name, one.spec, _dropped(wish, reading))
    for why in fence.reachable(settings.scopes, one.spec, sink=sink):
        yield compare.REACH(f"{why}, so it may reach beyond `manage.topics`")


def _dropped(wish: Wish, reading: Reading) -> dict[str, Live]:
    """The connectors that are there and that this change takes out of the files, or deletes."""
    dropped = {one.key for one in connectors(wish.base)} | {one.key for one in wish.topology.removed(NAME)}
    dropped -= {one.key for one in connectors(wish.topology)}
    return {key.name: live for key in dropped if (live := reading.get(key)) is not None}


def _removals(part: Part, settings: Settings, reading: Reading, going: Mapping[Key, Going]) -> None:
    """The deletions of those that are there."""
    for key, removal in sorted(going.items()):
        live = reading.get(key)
        before = reading.spec(key, None)
        if live is None or before is None:
            continue
        why = fence.outside(settings.scopes, key, None) or fence.protected(settings.protect, key)
        if why is not None:
            part.nevers.append(Unsupported(key, why, removal.origin))
            continue
        risks = (compare.deletion(parts(key)[1], live),)
        because, pending = removal.because, removal.pending
        part.changes.append(Change(key, before, None, risks, removal.origin, pending=pending, because=because))


def _rest(part: Part, wish: Wish, settings: Settings, reading: Reading, going: Mapping[Key, Going]) -> None:
    """What stays although the files no longer declare it, and what is there and in no file."""
    wanted = list(connectors(wish.topology))
    replaced = {one.spec.replaces for one in wanted}
    there = {Key(NAME, name) for name in reading.names} - {one.key for one in wanted} - going.keys()
    for one in dropped(wish, NAME):
        if one.key in there and one.key.name not in replaced:
            part.stay(one.key, fence.outside(settings.scopes, one.key, None), one.origin)
    inside = (key.name for key in there if key.name.isprintable() and fence.outside(settings.scopes, key, None) is None)
    part.others = tuple(sorted(name for name in inside if name not in replaced))
