"""A connector on a worker beside what the files want of it: what differs, and what is dangerous about that."""

from collections.abc import Collection, Iterator, Mapping

from kafka_gitops.changes import Danger, Risk
from kafka_gitops.errors import listed
from kafka_gitops.kinds.connector.live import HIDDEN, Live
from kafka_gitops.kinds.connector.secrets import MASK, masked
from kafka_gitops.kinds.connector.spec import CLASS, STATE, Connector, same_class
from kafka_gitops.kinds.connector.topics import Reach, reach
from kafka_gitops.kinds.contract import TAKEN_OVER

DELETE = Danger("connector-delete", True, "a connector is deleted: it moves no records any more")
CLASS_CHANGED = Danger("connector-class", True, "a connector gets another class")
TOPICS = Danger("connector-topics", True, "a connector reads or writes other topics than before")
REACH = Danger("connector-reach", True, "nobody can tell whether the topics of a connector are inside `manage.topics`")
OFFSETS = Danger("connector-offsets", True, "a connector starts anew what another one has done: a rename, a move")
TASKS = Danger("connector-tasks", False, "a connector and its tasks are restarted, or their number changes")
UNKNOWN_KEY = Danger("connector-unknown-key", False, "a plugin declares no such config key: Connect never says so")
DANGERS = (DELETE, CLASS_CHANGED, TOPICS, REACH, OFFSETS, TAKEN_OVER, TASKS, UNKNOWN_KEY)


def shown(
    live: Live, wanted: Connector | None, passwords: Collection[str] = (), *, present: Collection[str] = ()
) -> Connector:
    """A connector of a worker as a spec that compares with what is wanted: no secret, nothing that is kept.

    `passwords` are keys that the plugin declares so; `present` are the connectors (`CLUSTER/NAME`) that are there: one
    that is to be replaced and is gone counts as replaced. A value that is HIDDEN counts as the wanted one.
    """
    keep = wanted.keep if wanted is not None else ()
    config = masked({key: text for key, text in live.config.items() if key != "name" and key not in keep}, passwords)
    if wanted is None:
        return Connector(config, live.target)
    config = {key: wanted.config.get(key, text) if text == HIDDEN else text for key, text in config.items()}
    if CLASS in config and same_class(config[CLASS], wanted.config.get(CLASS)):
        config[CLASS] = wanted.config[CLASS]
    gone = wanted.replaces is not None and wanted.replaces not in present
    return Connector(config, live.target if wanted.state else None, keep, wanted.replaces if gone else None)


def without(wanted: Connector, there: Connector, names: Collection[str]) -> Connector:
    """A connector of the files in which the worker's word counts on some keys: a secret in clear is kept there."""
    config = {key: text for key, text in wanted.config.items() if key not in names}
    live = {key: text for key, text in there.config.items() if key in names}
    keep = {*wanted.keep, *(key for key, text in live.items() if text == MASK)}
    config |= {key: text for key, text in live.items() if text != MASK}
    state = None if STATE in names else wanted.state
    return wanted._replace(config=config, state=state, keep=tuple(sorted(keep)))


def has_secret(config: Mapping[str, str]) -> bool:
    """Whether a config of the files has a literal secret, whose text is nowhere: it cannot be sent."""
    return MASK in config.values()


def to_send(wanted: Connector, live: Live | None) -> dict[str, str]:
    """The config to send: that of the files, and the live values of what is kept."""
    kept = {key: live.config[key] for key in wanted.keep if key in live.config} if live is not None else {}
    return {**wanted.config, **kept}


def deletion(name: str, live: Live) -> Risk:
    """What a deletion leaves behind."""
    group = live.config.get("consumer.override.group.id", f"connect-{name}")
    left = f"the offsets of its group {group}" if live.sink else "its source offsets"
    topics = reach(live.config, sink=live.sink).topics
    more = f"; topics ({listed(topics, most=3)})" if topics else ""
    return DELETE(f"it moves no records any more. What stays: {left}, so that one of this name would go on there{more}")


def risks(before: Connector, after: Connector, live: Live, sink: bool | None) -> Iterator[Risk]:
    """The dangers of a change of a connector that is there; `sink` is what the worker says of the new class."""
    old, new = before.config.get(CLASS, "none"), after.config.get(CLASS, "none")
    if not same_class(old, new):
        yield CLASS_CHANGED(f"{old} -> {new}: the new class may not understand the offsets of the old one")
    was, now = reach(before.config, sink=live.sink), reach(after.config, sink=sink)
    if was != now:
        yield TOPICS(_moved(was, now))
    if before.config != after.config:
        yield TASKS(_restarted(before, after, live.expected))


def _moved(was: Reach, now: Reach) -> str:
    more, less = set(now.topics) - set(was.topics), set(was.topics) - set(now.topics)
    said = [f"{listed(sorted(more), most=5)} added"] if more else []
    said += [f"{listed(sorted(less), most=5)} left"] if less else []
    said += [why for why in now.open if why not in was.open]
    read = " (a topic that is new to a sink is read from where auto.offset.reset says)" if more & set(now.reads) else ""
    return f"topics: {', '.join(said) or 'they are read and written the other way round'}{read}"


def _restarted(before: Connector, after: Connector, tasks: int) -> str:
    number = f"{tasks} task{'s' * (tasks != 1)}"
    old, new = before.config.get("tasks.max", "1"), after.config.get("tasks.max", "1")
    more = f"; tasks.max {old} -> {new}" if old != new else ""
    return f"restarts the connector and its {number}{more}"


def looks_renamed(name: str, wanted: Connector, gone: Mapping[str, Live]) -> Iterator[Risk]:
    """A risk where a new connector does what one does that the files no longer declare, and begins anew.

    `gone` are connectors (`CLUSTER/NAME`) that are there and that this change takes out of the files.
    """
    new = reach(wanted.config)
    for old, live in sorted(gone.items()):
        same = same_class(live.config.get(CLASS), wanted.config.get(CLASS))
        if same and reach(live.config, sink=live.sink).topics == new.topics:
            begins = "reads from where auto.offset.reset says" if live.sink else "begins at the start of its source"
            help = f"with `replaces: {old}` it goes on where that one stops"
            yield OFFSETS(f"it has the class and the topics of {old}, without its offsets: it {begins}; {help}")
