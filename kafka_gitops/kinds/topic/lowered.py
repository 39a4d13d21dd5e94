"""Configs of a topic whose lowering takes something from those who write or read it."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from kafka_gitops.catalog import humanize
from kafka_gitops.changes import Danger, Risk

_WHEN = "%s by a reset (only reported if a file sets it)"
MESSAGE_SIZE_SHRINK = Danger("message-size-shrink", True, _WHEN % "`max.message.bytes` is lowered")
MIN_ISR_SHRINK = Danger("min-isr-shrink", True, _WHEN % "`min.insync.replicas` is lowered")
COMPACTION_SHRINK = Danger(
    "compaction-shrink",
    True,
    _WHEN % "`delete.retention.ms` or `min.compaction.lag.ms` of a compacted topic is lowered",
)
TIMESTAMP_SHRINK = Danger("timestamp-shrink", True, _WHEN % "`message.timestamp.*.max.ms` is lowered")
DANGERS = (MESSAGE_SIZE_SHRINK, MIN_ISR_SHRINK, COMPACTION_SHRINK, TIMESTAMP_SHRINK)


class _Lowered(NamedTuple):
    danger: Danger
    sentence: str  # of {old}, {new} and {bytes}
    compacted: bool = False  # only a compacted topic has it in effect


_AHEAD = "records whose timestamp is more than {new} %s the broker's clock are refused"
_LOWERED = {
    "max.message.bytes": _Lowered(MESSAGE_SIZE_SHRINK, "record batches of more than {bytes} bytes are refused"),
    "min.insync.replicas": _Lowered(
        MIN_ISR_SHRINK, "writes with acks=all are acknowledged by {new} instead of {old} replicas"
    ),
    "delete.retention.ms": _Lowered(
        COMPACTION_SHRINK, "readers that are more than {new} behind miss deletions of keys", compacted=True
    ),
    "min.compaction.lag.ms": _Lowered(
        COMPACTION_SHRINK, "readers that are more than {new} behind miss values of keys", compacted=True
    ),
    "message.timestamp.before.max.ms": _Lowered(TIMESTAMP_SHRINK, _AHEAD % "behind"),
    "message.timestamp.after.max.ms": _Lowered(TIMESTAMP_SHRINK, _AHEAD % "ahead of"),
    "message.timestamp.difference.max.ms": _Lowered(TIMESTAMP_SHRINK, _AHEAD % "off"),
}
KEYS = tuple(_LOWERED)


def risks(now: Mapping[str, str], then: Mapping[str, str], gone: Collection[str], *, compacted: bool) -> Iterator[Risk]:
    """The risks of values in effect that are lowered: blocking where an override goes that no file mentions (`gone`),
    which nobody has written down; told where a file says so."""
    for key, (danger, sentence, only_compacted) in _LOWERED.items():
        old, new = _number(now.get(key)), _number(then.get(key))
        if old is None or new is None or new >= old or (only_compacted and not compacted):
            continue
        change = f"{key} {shown(key, now[key])} -> {shown(key, then[key])}"
        short = f"{new} ms" if key.endswith(".ms") else str(new)
        said = f"{change}: {sentence.format(old=old, new=humanize(key, then[key]) or short, bytes=new)}"
        yield danger(said) if key in gone else danger.told(said)


def _number(text: str | None) -> int | None:
    try:
        return int(text) if text is not None else None
    except ValueError:
        return None


def shown(key: str, value: str) -> str:
    """`604800000 (7 days)`."""
    human = humanize(key, value)
    return f"{value} ({human})" if human else value
