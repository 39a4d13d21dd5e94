"""What a plan and an apply of connectors make of what a Connect cluster tells, where a real one cannot be made to."""

import pytest
from connecting import both, item
from connector_case import SINK, Remembering, World, running
from reading import understood

from kafka_gitops.changes import Change
from kafka_gitops.errors import ConfigError, Unreachable
from kafka_gitops.kinds.connector import answers, settle, share, steps
from kafka_gitops.kinds.connector.live import Live, Task
from kafka_gitops.kinds.connector.spec import Connector
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.kinds.wish import Part, Wish
from kafka_gitops.model import Key
from kafka_gitops.settings import Language, Settings

CANARY = "canary-5d1f9e"
CONFIG = {"connector.class": SINK, "topics": "a"}


def planned(box: Remembering, text: str, *, base: str | None = None, settings: Settings | None = None) -> Part:
    language = Language(connect_servers=("main",))
    then = understood(base, settings=language) if base is not None else None
    part = share.plan(Wish(understood(text, settings=language), then), settings or Settings(), World(main=box))
    assert part is not None
    return part


def written(box: Remembering, change: Change) -> Problem | None:
    return steps.write(World(main=box), [change])[change.key]


def test_without_any_connector_nothing_is_asked() -> None:
    nothing = understood("context: acme\nprojects: []\n")
    assert share.plan(Wish(nothing), Settings(), World()) is None


def test_a_cluster_that_nobody_configured_is_an_error_with_the_key_to_write() -> None:
    topology = understood(item("x", CONFIG), settings=Language(connect_servers=("other",)))
    with pytest.raises(ConfigError) as failure:
        share.plan(Wish(topology), Settings(environment="prod"), World(main=Remembering()))
    assert "a.yaml:3:4: the connector x is for Connect cluster other, and the environment has main." in str(
        failure.value
    )
    assert failure.value.help == "Write environments.prod.connect: {other: {url: http://HOST:8083}}"


def test_a_secret_that_only_the_plugin_knows_as_one_is_never_shown() -> None:
    box = Remembering(x=running(**CONFIG, magic=CANARY, y="1"))
    (change,) = planned(box, item("x", CONFIG)).changes
    assert isinstance(change.before, Connector)
    assert change.before.config == {**CONFIG, "magic": "(secret)", "y": "1"}
    assert CANARY not in str(change)


def test_a_secret_in_clear_is_never_sent() -> None:
    text = item("x", {**CONFIG, "db.password": CANARY})
    part = planned(Remembering(), text)
    assert not part.changes and "a secret in clear is never sent" in part.unsupported[0].reason


def test_protected_connectors_are_never_deleted() -> None:
    text = "context: acme\nprojects: []\nremoved: [{connector: x}]\n"
    for pattern in ("x", "main/x", "main/*"):
        part = planned(Remembering(x=running(**CONFIG)), text, settings=Settings(protect={"connectors": (pattern,)}))
        assert not part.changes and "protected" in part.nevers[0].reason
    assert planned(Remembering(x=running(**CONFIG)), text, settings=Settings(protect={"connectors": ("y",)})).changes


def test_prune_deletes_what_the_base_declared_and_no_other() -> None:
    box = Remembering(x=running(**CONFIG), other=running(**CONFIG))
    settings = Settings(prune=frozenset({"connectors"}))
    part = planned(box, "context: acme\nprojects: []\n", base=item("x", CONFIG), settings=settings)
    assert [(change.key.name, change.action) for change in part.changes] == [("main/x", "delete")]
    assert part.others == ("main/other",)
    replaced = item("y", CONFIG, replaces="x")
    part = planned(box, replaced, base=item("x", CONFIG), settings=settings)
    assert [(change.key.name, change.action) for change in part.changes] == [("main/y", "create")]


def test_a_released_connector_stays() -> None:
    released = understood("context: acme\nprojects: []\nremoved: [{connector: main/x, release: true}]\n")
    assert share.plan(Wish(released), Settings(), World(main=Remembering(x=running(**CONFIG)))) is None


FAILED = running(**CONFIG, url=f"jdbc://me:{CANARY}@db")._replace(
    tasks=(Task(0, "FAILED", f"boom jdbc://me:{CANARY}@db password={CANARY}\n\tat x"), Task(1, "RUNNING")), expected=2
)


def test_a_trace_is_told_by_its_first_line_without_secrets() -> None:
    problem = settle.failed(FAILED)
    assert str(problem) == "TASK_FAILED: task 0 has failed: boom (secret) password=(secret)"
    assert problem.fate == "partly"


def test_of_several_failures_the_first_is_told_and_the_rest_counted() -> None:
    failed = FAILED._replace(state="FAILED", trace="first\nsecond")
    assert settle.failed(failed).message == "the connector has failed (and 1 more): first"


class Late(Remembering):
    """A cluster that shows something else for some looks."""

    def __init__(self, *looks: Live | Exception | None, **there: Live) -> None:
        super().__init__(**there)
        self.looks = list(looks)

    def connectors(self) -> dict[str, Live]:
        if not self.looks:
            return self.there
        look = self.looks.pop(0)
        if isinstance(look, Exception):
            raise look
        return {"x": look} if look is not None else {}


def settled(*looks: Live | Exception | None, state: str = "running", deadline: float = 0.9) -> Problem | None:
    box = Late(*looks, x=running(**CONFIG))
    return settle.settle(box, {"x": settle.Expected(state)}, deadline=deadline)["x"]


def test_absent_unassigned_and_unreachable_are_waited_out() -> None:
    unassigned = running(**CONFIG)._replace(tasks=(Task(0, "UNASSIGNED"),))
    assert settled(None) is None
    assert settled(unassigned) is None
    assert settled(running(**CONFIG)._replace(expected=2)) is None
    assert settled(Unreachable("no answer")) is None


def test_waiting_has_an_end() -> None:
    unassigned = running(**CONFIG)._replace(tasks=(Task(0, "UNASSIGNED"),))
    problem = settled(*[unassigned] * 9)
    assert problem is not None and problem.code == "NOT_YET" and problem.fate == "partly"
    assert problem.message.endswith("it is not running: it is RUNNING, task 0 UNASSIGNED")
    lost = settled(*[Unreachable("no answer")] * 9)
    assert lost is not None and (lost.code, lost.fate) == ("NOT_SEEN", "lost")
    assert "no worker shows it" in str(settled(*[None] * 9))


def test_a_state_is_turned_without_sending_the_config_again() -> None:
    box = Remembering(x=running(**{**CONFIG, "connector.class": "FileStreamSink"}))
    key = Key("connector", "main/x")
    change = Change(key, Connector(CONFIG, "running"), Connector(CONFIG, "paused"))
    assert written(box, change) is None
    assert box.asked == ["turn x paused"]


def test_nothing_is_sent_when_what_should_be_kept_is_gone() -> None:
    box, key = Remembering(x=running(**CONFIG)), Key("connector", "main/x")
    change = Change(key, Connector(CONFIG, None, ("z",)), Connector({**CONFIG, "y": "1"}, None, ("z",)))
    problem = written(box, change)
    assert problem is not None and problem.code == "NOTHING_TO_KEEP" and not box.asked


def test_an_old_connector_that_does_not_stop_is_left_with_all_that_it_has() -> None:
    class Busy(Remembering):
        def turn(self, name: str, state: str) -> Problem | None:
            return Problem("HTTP 500", "no")

    box = Busy(old=running(**CONFIG))
    change = Change(Key("connector", "main/x"), None, Connector(CONFIG, None, (), "main/old"))
    problem = written(box, change)
    assert problem is not None and problem.fate == "partly" and "old did not stop" in problem.message
    assert not box.asked and [*box.there] == ["old"]


def test_several_of_a_plan_are_waited_for_together() -> None:
    text = both(*({"name": f"c{number}", "config": CONFIG} for number in range(5)))
    box = Remembering()
    part = planned(box, text)
    answers = steps.write(World(main=box), part.changes)
    assert [*answers.values()] == [None] * 5 and len(box.asked) == 5


def refused(text: str, box: Remembering, settings: Settings | None = None) -> list[str]:
    part = planned(box, text, settings=settings)
    assert not part.changes
    return [entry.reason for entry in part.unsupported]


def test_who_is_replaced_must_be_free_to_go() -> None:
    box = Remembering(old=running(**CONFIG))
    both_declared = both({"name": "new", "config": CONFIG, "replaces": "old"}, {"name": "old", "config": CONFIG})
    assert "which the files still declare" in refused(both_declared, box)[0]
    new = item("new", CONFIG, replaces="old")
    assert "protected" in refused(new, box, Settings(protect={"connectors": ("old",)}))[0]
    assert "no Connect cluster is called other" in refused(item("new", CONFIG, replaces="other/old"), box)[0]
    strange = Remembering(old=running(**{**CONFIG, "connector.class": "com.acme.Other"}))
    assert "its offsets mean nothing to another class" in refused(new, strange)[0]
    assert len(planned(box, new).changes) == 1


def test_a_sink_that_moves_stays_on_its_kafka() -> None:
    there, here = Remembering(old=running(**CONFIG)), Remembering()
    there.kafka = "another"
    text = item("new", CONFIG, cluster="main", replaces="other/old")
    topology = understood(text, settings=Language(connect_servers=("main", "other")))
    part = share.plan(Wish(topology), Settings(), World(main=here, other=there))
    assert part is not None and "reads from another Kafka cluster" in part.unsupported[0].reason


def test_what_is_exported_is_read_as_the_same() -> None:
    spec = Connector({**CONFIG, "db.password": "(secret)", "x": "1"}, "paused")
    section, entry = answers.export(Key("connector", "main/x"), spec)
    assert section == "connectors" and entry["keep"] == ["db.password"]
    text = both(entry)
    (declared,) = understood(text, settings=Language(connect_servers=("main",))).declared
    assert declared.spec == Connector({**CONFIG, "x": "1"}, "paused", ("db.password",))
    assert "db.password" not in str(planned(Remembering(x=running(**CONFIG, x="1")._replace(state="PAUSED")), text))


def test_nothing_that_a_worker_tells_begins_a_line_or_hides() -> None:
    odd = "x\n::error::y\x1b[31m\u202e"
    box = Remembering(**{"x": running(**{**CONFIG, odd: "1"}), f"name{odd}": running(**CONFIG)})
    part = planned(box, item("x", CONFIG))
    (edit,) = part.changes[0].edits()
    assert edit.field == "x\\n::error::y\\x1b[31m\\u202e"
    assert part.others == ()
    problem = settle.failed(running(**CONFIG)._replace(tasks=(Task(0, "FAILED", "boom \x1b[31m\u202e"),)))
    assert problem.message == "task 0 has failed: boom [31m"
