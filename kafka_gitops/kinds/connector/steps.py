"""How a change of connectors is carried out: sent once, then watched until every task runs or one has failed."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from kafka_gitops.changes import Change
from kafka_gitops.kinds.connector.compare import shown, to_send
from kafka_gitops.kinds.connector.live import Connect, Live
from kafka_gitops.kinds.connector.replace import replace_old
from kafka_gitops.kinds.connector.settle import Expected, settle
from kafka_gitops.kinds.connector.spec import NAME, Connector, parts
from kafka_gitops.kinds.contract import in_portions, taking
from kafka_gitops.kinds.parts import Problem, Stage, Step, Systems
from kafka_gitops.model import Key

AT_ONCE = 20  # connectors whose start is waited for together


def write(systems: Systems, changes: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """Create, change, turn or restart connectors; None for those that run as they should, so far."""
    answers: dict[Key, Problem | None] = {}
    for cluster, own in _by_cluster(changes):
        connect = systems.connect[cluster]
        live = connect.connectors()
        waiting = {}
        for change in own:
            found = _send(systems, connect, change, live.get(parts(change.key)[1]))
            if isinstance(found, Expected):
                waiting[parts(change.key)[1]] = found
            else:
                answers[change.key] = found
        settled = settle(connect, waiting)
        answers.update({change.key: settled[name] for change in own if (name := parts(change.key)[1]) in settled})
    return answers


def drop(systems: Systems, changes: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """Delete connectors; their offsets, groups and topics stay."""
    return {
        change.key: systems.connect[cluster].delete(parts(change.key)[1])
        for cluster, own in _by_cluster(changes)
        for change in own
    }


def _by_cluster(changes: Sequence[Change]) -> Iterator[tuple[str, list[Change]]]:
    def cluster(change: Change) -> str:
        return parts(change.key)[0]

    for label, own in groupby(sorted(changes, key=cluster), cluster):
        yield label, list(own)


def _send(systems: Systems, connect: Connect, change: Change, live: Live | None) -> "Expected | Problem | None":
    """Send what a change needs, and say what is to be seen of it then; a Problem where it could not be sent."""
    wanted, name = change.after, parts(change.key)[1]
    assert isinstance(wanted, Connector)
    state = wanted.state or (live.target if live is not None else "running")
    if change.act is not None:
        return _then(connect.restart(name), state)
    if wanted.replaces is not None and _is_there(systems, wanted.replaces):
        return replace_old(systems, connect, name, wanted, live, systems.recalled.get(change.key))
    lacking = [key for key in wanted.keep if live is None or key not in live.config]
    if lacking:
        return Problem("NOTHING_TO_KEEP", f"the connector has no {', '.join(lacking)} that could be kept")
    config, kept = to_send(wanted, live), frozenset(wanted.keep)
    if live is None:
        made = connect.put(name, config) if state == "running" else connect.create(name, config, state)
        return _then(made, state)
    if shown(live, wanted).config != wanted.config:
        problem = connect.put(name, config, kept)
        if problem is not None:
            return problem
    if live.target != state:
        problem = connect.turn(name, state)
        if problem is not None:
            return problem.after()
    return Expected(state)


def _then(problem: Problem | None, state: str) -> "Expected | Problem":
    return Expected(state) if problem is None else problem


def _is_there(systems: Systems, old: str) -> bool:
    cluster, name = parts(Key(NAME, old))
    return name in systems.connect[cluster].connectors()


def before(systems: Systems, changes: Sequence[Change]) -> Mapping[Key, str]:
    """The states of connectors that are about to be replaced: in between they are stopped, whatever they were."""
    found: dict[Key, str] = {}
    for change in changes:
        old = change.after.replaces if isinstance(change.after, Connector) else None
        if old is not None:
            cluster, name = parts(Key(NAME, old))
            was = systems.connect[cluster].connectors().get(name)
            state = systems.recalled.get(change.key) or (was.target if was is not None else None)
            found.update({change.key: state} if state is not None else {})
    return found


STEPS = (
    Step(Stage.RUN, taking(NAME, "create", "update"), in_portions(AT_ONCE), write, before=before),
    Step(Stage.DROP_RUNNING, taking(NAME, "delete"), in_portions(AT_ONCE), drop),
)
