"""A connector takes the place of another one, of another name or cluster, and goes on where that one stopped.

Each part can be done again: whoever is killed in between runs the same apply once more. The new one is made STOPPED and
started last, so as long as it is stopped its offsets may be overwritten.
"""

import json
from collections.abc import Mapping, Sequence

from kafka_gitops.kinds.connector.compare import to_send
from kafka_gitops.kinds.connector.live import Connect, Live, Offset
from kafka_gitops.kinds.connector.settle import Expected, settle
from kafka_gitops.kinds.connector.spec import NAME, Connector, parts
from kafka_gitops.kinds.parts import Problem, Systems
from kafka_gitops.model import Key


def replace_old(
    systems: Systems, connect: Connect, name: str, wanted: Connector, live: Live | None, known: str | None
) -> Problem | None:
    """Stop the old, make the new one stopped, copy the offsets, start the new, delete the old; `live` is the new one
    where an earlier try left it, `known` the old one's state before that try, where somebody wrote it down.

    None for done, else what stopped it: the old one is deleted last, or not at all.
    """
    cluster, old = parts(Key(NAME, wanted.replaces or ""))
    there = systems.connect[cluster]
    was = there.connectors().get(old)
    state = wanted.state or known or (was.target if was is not None and live is None else "running")
    if live is None or live.target == "stopped":
        problem = _hand_over(systems, there, old, connect, name, wanted, live)
        if problem is not None:
            return problem
        if state != "stopped":
            problem = connect.turn(name, state)
            if problem is not None:
                return problem.after(f"{old} is stopped, {name} has its offsets and did not start")
    problem = settle(connect, {name: Expected(state)})[name]
    if problem is not None:
        return problem.after(f"{wanted.replaces} is kept, stopped")
    problem = there.delete(old)
    return None if problem is None else problem.after(f"{name} runs, and {wanted.replaces} is still there, stopped")


def _hand_over(
    systems: Systems, there: Connect, old: str, connect: Connect, name: str, wanted: Connector, live: Live | None
) -> Problem | None:
    problem = there.turn(old, "stopped") or settle(there, {old: Expected("stopped")})[old]
    if problem is not None:
        return problem.after(f"{old} did not stop, nothing else is done")
    if live is None:
        problem = connect.create(name, to_send(wanted, None), "stopped")
        problem = problem or settle(connect, {name: Expected("stopped")})[name]
        if problem is not None:
            return problem.after(f"{old} is stopped")
    offsets = there.offsets(old)
    beyond = [*_beyond(systems, offsets)]
    if beyond:
        return Problem("OFFSET_BEYOND_END", f"{beyond[0]}; {old} is stopped, {name} is made and stopped", "partly")
    problem = connect.set_offsets(name, offsets) if offsets else None
    return None if problem is None else problem.after(f"{old} and {name} are stopped, no offset is copied")


def _beyond(systems: Systems, offsets: Sequence[Offset]) -> list[str]:
    """Offsets of a sink beyond the end of a partition: Connect takes them, and then delivers everything again."""
    wanted: dict[tuple[str, int], int] = {}
    for one in offsets:
        partition, offset = json.loads(one.partition), json.loads(one.offset)
        if isinstance(partition, dict) and {"kafka_topic", "kafka_partition"} <= partition.keys():
            wanted[str(partition["kafka_topic"]), int(partition["kafka_partition"])] = int(offset["kafka_offset"])
    ends = _ends(systems, [*wanted]) if wanted else {}
    return [
        f"offset {offset} of topic {topic}, partition {number} is beyond its end, {end}"
        for (topic, number), offset in sorted(wanted.items())
        if (end := ends.get((topic, number))) is not None and offset > end
    ]


def _ends(systems: Systems, places: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], int | None]:
    found: Mapping[tuple[str, int], int | None] = systems.on_kafka("ends").end_offsets(places)
    return found
