"""Small words that several formats share: plurals, values with units, one line per edit."""

from kafka_gitops.catalog import humanize
from kafka_gitops.changes import Change, Edit
from kafka_gitops.model import Acl, Key, Topic


def count(number: int, word: str, plural: str | None = None) -> str:
    """`1 topic`, `1,204 ACLs`."""
    return f"{number:,} {word if number == 1 else plural or word + 's'}"


def value(field: str, text: str) -> str:
    """`604800000 (7 days)`: the value as Kafka has it, the human reading beside."""
    human = humanize(field, text)
    return f"{text} ({human})" if human else text


def edit_text(change: Change, edit: Edit) -> tuple[str, str]:
    """What an edit does (`old -> new`), and a remark (`not in the file`) or nothing."""
    if change.before is None:
        return value(edit.field, edit.after or ""), ""
    before = value(edit.field, edit.before) if edit.before is not None else None
    if edit.after is None:
        fallback = change.defaults.get(edit.field)
        default = f"default {value(edit.field, fallback)}" if fallback is not None else "default"
        return f"{before} -> {default}", "not in the file"
    after = value(edit.field, edit.after)
    return f"{before} -> {after}" if before is not None else f"default -> {after}", ""


def short_id(cluster: str) -> str:
    """A cluster id short enough for a headline."""
    return cluster if len(cluster) <= 10 else f"{cluster[:9]}…"


def noun(key: Key) -> str:
    """`topic orders`; an ACL's own sentence stands for itself: `acl   User:a may READ topic t`."""
    return f"{key.kind.ljust(5)} {key.name}"


def left_open(change: Change) -> list[str]:
    """Which of partitions and replication a creation leaves to the broker."""
    after = change.after
    if change.before is not None or not isinstance(after, Topic):
        return []
    fields = (("partitions", after.partitions), ("replication", after.replication))
    return [name for name, number in fields if number is None]


def sentence(change: Change) -> str:
    """A change in a few words, for reports: `+ topic orders`."""
    sign = {"create": "+", "update": "~", "delete": "-"}[change.action]
    return f"{sign} {noun(change.key)}"


def is_acl(change: Change) -> bool:
    """Whether the change is of an ACL binding."""
    return isinstance(change.after or change.before, Acl)
