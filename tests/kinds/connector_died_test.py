"""A replacement whose run died: the state that the old connector had before decides, where somebody wrote it down."""

import pytest
from connector_case import SINK, Remembering, World, running

from kafka_gitops.changes import Change
from kafka_gitops.kinds.connector import steps
from kafka_gitops.kinds.connector.live import Live
from kafka_gitops.kinds.connector.spec import Connector
from kafka_gitops.model import Key
from kafka_gitops.plan.steps import before

CONFIG = {"connector.class": SINK, "topics": "a"}
CHANGE = Change(Key("connector", "main/new"), None, Connector(config=CONFIG, replaces="main/old"))
RUNNING = running(**CONFIG)
STOPPED = RUNNING._replace(state="STOPPED", tasks=(), expected=0)


@pytest.mark.parametrize(("old", "said"), [(RUNNING, "running"), (STOPPED, "stopped")])
def test_what_is_written_down_before(old: Live, said: str) -> None:
    assert before(World(main=Remembering(old=old)), [CHANGE]) == {CHANGE.key: said}


def test_what_an_earlier_run_wrote_is_written_down_again() -> None:
    world = World(main=Remembering(old=STOPPED))
    world.recalled = {CHANGE.key: "running"}
    assert before(world, [CHANGE]) == {CHANGE.key: "running"}


def test_nothing_is_written_down_of_others() -> None:
    plain = Change(CHANGE.key, None, Connector(config=CONFIG))
    assert before(World(main=Remembering(old=RUNNING)), [plain]) == {}


@pytest.mark.parametrize("new", [None, STOPPED])  # the run died before it made the new one, or before it started it
@pytest.mark.parametrize("known", ["running", "stopped"])
def test_the_new_one_is_what_the_old_one_was(new: Live | None, known: str) -> None:
    box = Remembering(old=STOPPED, **({"new": new} if new is not None else {}))
    world = World(main=box)
    world.recalled = {CHANGE.key: known}
    assert steps.write(world, [CHANGE]) == {CHANGE.key: None}
    assert {name: live.target for name, live in box.there.items()} == {"new": known}
