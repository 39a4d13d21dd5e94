"""What the cluster shows of the changes of a plan: as planned before, and as written afterwards."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.changes import Change
from kafka_gitops.errors import KafkaGitopsError, Unreachable
from kafka_gitops.kinds import acl, topic
from kafka_gitops.kinds.contract import Cluster, LiveConfig
from kafka_gitops.model import Key, Spec, Topic

RIVAL_SECONDS = 60.0  # reads lag writes
LOOK_SECONDS = 3.0  # for what nobody knows whether it was done


class Seen(NamedTuple):
    """What a look after the writes came to: changes that did not become visible, and why others could not be read."""

    missing: list[Change]
    unread: dict[Key, KafkaGitopsError]


def unread(changes: Sequence[Change]) -> Seen:
    """What comes of no look at all: somebody stopped it."""
    stopped = KafkaGitopsError("stopped before it was looked at.", help="A plan shows what is there.")
    return Seen([], {change.key: stopped for change in changes})


def actual(
    cluster: Cluster, changes: Iterable[Change], context: topic.Context, *, edited: bool = False
) -> dict[Key, Spec]:
    """The touched resources as they are now, as Specs of the same kind as the changes'.

    With `edited` only the configs that the changes name are looked at: enough to see whether they came through.
    """
    live: dict[Key, Spec] = {}
    topics = [change for change in changes if change.key.kind == topic.NAME]
    if topics:
        specs = [spec for change in topics for spec in (change.before, change.after) if isinstance(spec, Topic)]
        keys = sorted({key for spec in specs for key in spec.config}) if edited else ()
        reading = topic.read(cluster, [change.key.name for change in topics], keys, only=edited)
        for change in topics:
            found = reading.live.get(change.key.name)
            if found is not None:
                named = [spec.config for spec in (change.before, change.after) if isinstance(spec, Topic)]
                config = reading.configs.get(change.key.name, LiveConfig({}, {}))
                live[change.key] = topic.spec(found, config, topic.considered(context, *named))
                if change.topic_id not in (None, found.topic_id):
                    live[change.key] = Topic(None, None, {})  # made anew under the name: not what was planned for
    bindings = {change.key for change in changes if change.key.kind == acl.NAME}
    if bindings:
        wanted = {change.after or change.before: change.key for change in changes if change.key in bindings}
        live.update((wanted[binding], binding) for binding in cluster.list_acls() if binding in wanted)
    return live


def reached(change: Change, now: Spec | None) -> bool:
    """Whether the cluster is what the change wants it to be."""
    if now is None or change.after is None:
        return now is None and change.after is None
    if isinstance(now, Topic) and isinstance(change.after, Topic):
        made = change.before is None  # else the replicas are none of our doing: a move may end meanwhile
        return topic.same(now, change.after if made else change.after._replace(replication=None))
    return now == change.after


def made_by_others(changes: Sequence[Change], cluster: Cluster, context: topic.Context) -> Mapping[Key, Spec]:
    """Topics that the controller has already, once they can be read: a killed run's last request may have made them."""
    until = time.monotonic() + RIVAL_SECONDS
    live: Mapping[Key, Spec] = {}
    while changes:
        live = actual(cluster, changes, context)
        if len(live) == len(changes) or time.monotonic() >= until:
            break
        time.sleep(0.5)
    return live


def converge(
    done: Sequence[Change],
    cluster: Cluster,
    context: topic.Context,
    *,
    deadline: float,
    sleep: Callable[[float], None] = time.sleep,
    stop: Callable[[], bool] = lambda: False,
    told: Callable[[Sequence[Change]], None] = lambda _missing: None,
) -> Seen:
    """Wait until everything done is visible, or until `deadline` seconds after the last that is.

    `told` hears after each read what is still missing.

    `stop` is asked before each further read. Raises nothing: a kind that cannot be read is told, the others go on.
    Kafka's reads lag its writes: 10,000 new topics were seen to need 38 s, 15,000 partitions on a busy machine 150 s.
    """
    end = time.monotonic() + deadline
    pause = 0.05
    seen = Seen(list(done), {})
    try:
        while seen.missing:
            begun, before = time.monotonic(), len(seen.missing)
            seen = _look(seen, cluster, context)
            told(seen.missing)
            now = time.monotonic()
            end = now + deadline if len(seen.missing) < before else end
            if not seen.missing or now >= end or stop():
                break
            sleep(min(max(pause, now - begun), end - now))  # the broker that is at work is asked half the time at most
            pause = min(pause * 2, 2.0)
    except KeyboardInterrupt:
        return Seen([], {**seen.unread, **unread(seen.missing).unread})
    return seen


def _look(seen: Seen, cluster: Cluster, context: topic.Context) -> Seen:
    """One more look at what is missing, kind by kind."""
    missing, failed = [], dict(seen.unread)
    gone: Unreachable | None = None
    for kind in dict.fromkeys(change.key.kind for change in seen.missing):
        of_kind = [change for change in seen.missing if change.key.kind == kind]
        try:
            if gone is not None:  # the other kinds have not to wait for it as well
                raise gone
            live = actual(cluster, of_kind, context, edited=True)
        except KafkaGitopsError as failure:
            gone = failure if isinstance(failure, Unreachable) else None
            failed.update((change.key, failure) for change in of_kind)
        else:
            missing += [change for change in of_kind if not reached(change, live.get(change.key))]
    return Seen(missing, failed)
