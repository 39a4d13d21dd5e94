"""What a change of a topic may cost, judged on effective values before and after."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kafka_gitops.catalog import humanize
from kafka_gitops.changes import Danger, Risk
from kafka_gitops.errors import listed
from kafka_gitops.kinds.topic import figures, lowered
from kafka_gitops.kinds.topic.figures import Figures
from kafka_gitops.model import Topic

_UNBOUNDED = float("inf")
_NOBODY_LOOKED = "nobody looked whether it holds records and who reads it: they are lost"
RETENTION_SHRINK = Danger("retention-shrink", True, "less time or bytes are kept than now, also by a reset")
CLEANUP_POLICY = Danger("cleanup-policy", True, "`delete` to `compact` or any other change of it")
TOPIC_DELETE = Danger(
    "topic-delete",
    True,
    "the topic holds records, or a group consumes it, or the principal may not see every group (`Describe` on groups)",
)
KEY_ORDER = Danger("key-order", True, "more partitions on a compacted or `keyed: true` topic")
PARTITIONS_GROW = Danger("partitions-grow", False, "more partitions on any other topic")
UNCLEAN_ELECTION = Danger(
    "unclean-election",
    True,
    "a replica that lags may become leader from now on by a reset (only reported if a file sets it)",
)
MOVES_UNKNOWN = Danger(
    "moves-unknown",
    False,
    "more partitions, and the principal may not ask whether replicas are being moved",
)
BROKERS_DIFFER = Danger("brokers-differ", False, "a config is set that some brokers have by default, but not all")
MIN_ISR = Danger("min-isr", False, "one broker down stops the writers")
UNDECLARED_RESET = Danger("undeclared-reset", False, "an override that no file mentions is reset to the default")
DANGERS = (
    RETENTION_SHRINK,
    CLEANUP_POLICY,
    TOPIC_DELETE,
    KEY_ORDER,
    UNCLEAN_ELECTION,
    *lowered.DANGERS,
    PARTITIONS_GROW,
    MOVES_UNKNOWN,
    BROKERS_DIFFER,
    MIN_ISR,
    UNDECLARED_RESET,
)


TIERED, WITH_DATA = "remote.storage.enable", "remote.log.delete.on.disable"
KEYS = (  # whose values in effect decide
    "cleanup.policy",
    WITH_DATA,
    TIERED,
    "retention.bytes",
    "retention.ms",
    "unclean.leader.election.enable",
    *lowered.KEYS,
)


class Facts(NamedTuple):
    """Whether it is declared keyed, its effective configs now, the defaults behind removed overrides, whether the
    principal may not ask which replicas are being moved (`blind`), and what it holds, where somebody looked."""

    keyed: bool
    effective: Mapping[str, str]
    defaults: Mapping[str, str]
    blind: bool = False
    figures: Figures | None = None


def risks_of_update(before: Topic, after: Topic, facts: Facts) -> list[Risk]:
    """The risks of changing a topic, blocking ones first."""
    return sorted(_of_update(before, after, facts), key=lambda risk: not risk.blocks)


def _of_update(before: Topic, after: Topic, facts: Facts) -> Iterator[Risk]:
    gone = sorted(set(before.config) - set(after.config))
    now, then = _values(before, facts, removed=()), _values(after, facts, removed=gone)
    yield from _cleanup(now, then, facts.figures)
    yield from _retention(now, then, facts.figures)
    yield from _partitions(before, after, then, facts)
    unclean = "unclean.leader.election.enable"
    if _true(then, unclean) and not _true(now, unclean):
        risk = UNCLEAN_ELECTION if unclean in gone else UNCLEAN_ELECTION.told
        yield risk("a replica that lags may become leader: acknowledged records can be lost")
    yield from lowered.risks(now, then, gone, compacted="compact" in _policies(then))
    old, new = _number(now, "min.insync.replicas"), _number(then, "min.insync.replicas")
    raised = new is not None and (old is None or new > old)
    if new is not None and raised and after.replication is not None and new >= after.replication > 1:
        yield MIN_ISR(f"one broker down stops the writers ({new:.0f} of {after.replication} replicas)")
    if gone:
        yield UNDECLARED_RESET(f"{listed(gone)} {'is' if len(gone) == 1 else 'are'} set on the cluster only")


def risks_of_delete(found: Figures | None) -> Iterator[Risk]:
    """A deletion blocks when the topic holds records or is being read, when nobody looked, and when nobody can tell."""
    said = figures.of_delete(found) if found is not None else _NOBODY_LOOKED
    if said:
        yield TOPIC_DELETE(said)


def deletes_more(before: Topic, after: Topic, facts: Facts) -> Mapping[str, str] | None:
    """The values in effect afterwards where Kafka would delete more records of a topic than now, else None."""
    now, then = (
        _values(before, facts, removed=()),
        _values(after, facts, removed=set(before.config) - set(after.config)),
    )
    turned_on = "delete" in _policies(then) and "delete" not in _policies(now)
    return then if turned_on or any(_retention(now, then, None)) else None


def age(then: Mapping[str, str]) -> int | None:
    """The milliseconds that records are kept by these values, None for no limit."""
    kept = _number(then, "retention.ms")
    return int(kept) if kept is not None and kept >= 0 else None


def _values(spec: Topic, facts: Facts, *, removed: object) -> dict[str, str]:
    values = {**facts.effective, **spec.config}
    if removed:
        values.update(facts.defaults)
    return values


def _cleanup(now: Mapping[str, str], then: Mapping[str, str], found: Figures | None) -> Iterator[Risk]:
    old, new = _policies(now), _policies(then)
    if not {"cleanup.policy"} <= now.keys() & then.keys() or old == new:
        return
    what = " -> ".join(",".join(sorted(policies)) or "none" for policies in (old, new)) + ": "
    if "delete" in new and "delete" not in old:
        sentence = f"old records are deleted by time and size, the last value of a key too{_by_limits(then, found)}"
    elif "compact" in new and "compact" not in old:
        sentence = "only the last record of each key is kept, and records without a key are refused"
    else:
        sentence = "records are no longer removed as before"
    yield CLEANUP_POLICY(what + sentence)


def _by_limits(then: Mapping[str, str], found: Figures | None) -> str:
    """How much is beyond the limits of time and size now."""
    if found is None:
        return ""
    loss, most = figures.older(found.holding), _number(then, "retention.bytes")
    if most is not None and most >= 0:
        loss = figures.either(loss, figures.beyond(found.holding, int(most)))
    return figures.of_shrink(found, loss, "none is beyond them now")


def _by_limit(key: str, most: float, found: Figures | None) -> str:
    """How much is beyond one limit now."""
    if found is None:
        return ""
    if key.endswith(".ms"):
        return figures.of_shrink(found, figures.older(found.holding), "none is that old now")
    loss = figures.beyond(found.holding, int(most))
    return figures.of_shrink(found, loss, "none is that large now", by_size=True)


def _retention(now: Mapping[str, str], then: Mapping[str, str], found: Figures | None) -> Iterator[Risk]:
    if all(_true(*at) for at in ((now, TIERED), (then, WITH_DATA))) and not _true(then, TIERED):
        more = figures.of_shrink(found, figures.tiered(found.holding), "it keeps nothing now") if found else ""
        yield RETENTION_SHRINK(f"{TIERED} true -> false with {WITH_DATA}: what tiered storage keeps is deleted{more}")
    if "cleanup.policy" in then and "delete" not in _policies(then):
        return
    for key, what in (("retention.ms", "older than"), ("retention.bytes", "beyond")):
        old, new = _number(now, key), _number(then, key)
        if old is None or new is None:
            continue
        if (_UNBOUNDED if new < 0 else new) < (_UNBOUNDED if old < 0 else old):
            change = f"{lowered.shown(key, now[key])} -> {lowered.shown(key, then[key])}"
            size = humanize(key, then[key]) or then[key]
            per = " a partition" if key.endswith("bytes") else ""
            yield RETENTION_SHRINK(f"{change}: records {what} {size}{per} are deleted{_by_limit(key, new, found)}")


def _partitions(before: Topic, after: Topic, then: Mapping[str, str], facts: Facts) -> Iterator[Risk]:
    if before.partitions is None or after.partitions is None or after.partitions <= before.partitions:
        return
    if facts.keyed or "compact" in _policies(then):
        why = "the topic is declared keyed" if facts.keyed else "the topic is compacted"
        sentence = f"{why}: new records of a key go to another partition than its old ones"
        yield KEY_ORDER(sentence)
    else:
        yield PARTITIONS_GROW("records with the same key may land in another partition")
    if facts.blind:
        yield MOVES_UNKNOWN("while replicas are moved, new partitions get too many (needs Describe on the cluster)")


def _policies(values: Mapping[str, str]) -> set[str]:
    return {part.strip() for part in values.get("cleanup.policy", "").split(",") if part.strip()}


def _true(values: Mapping[str, str], key: str) -> bool:
    return values.get(key, "").strip().lower() == "true"


def _number(values: Mapping[str, str], key: str) -> float | None:
    try:
        return float(values[key])
    except (KeyError, ValueError):
        return None
