"""A run that died: what the next one says of it, and how its record is closed."""

from collections.abc import Mapping

from making import topic
from memory_log import CLUSTER, MemoryLog
from unlocked import Plainly

from kafka_gitops.changes import Change, Outcome
from kafka_gitops.kinds.user.spec import Credential, User
from kafka_gitops.ledger import dead, records, state
from kafka_gitops.ledger.dead import Look
from kafka_gitops.ledger.journal import Journal
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Asked, Run
from kafka_gitops.ledger.people import ENVIRONMENT, person
from kafka_gitops.model import Key, topic_key

DIED, MINE = "20270115-080000-0a1b2c", "20270115-081500-ffeeff"
PAY = Key("user", "pay")
SEEN = {topic_key("c"): Look(True, "it is done"), topic_key("d"): Look(False, "it is not done")}
RUN = Run(DIED, 7, "sha256:x", CLUSTER, "acme", "dev", "running", actor=person("anna", ENVIRONMENT, "0" * 32))
ROTATED = User({"SCRAM-SHA-256": Credential(8192, "PAY_PASSWORD")})
CHANGES = (
    Change(topic_key("a"), None, topic(1, 1)),
    Change(topic_key("b"), None, topic(1, 1)),
    Change(topic_key("c"), topic(1, 1), topic(2, 1)),
    Change(topic_key("d"), topic(1, 1), topic(2, 1)),
    Change(PAY, ROTATED, ROTATED, act="rotate"),
)


def died() -> MemoryLog:
    """The ledger of a run that was killed in its second request."""
    log = MemoryLog()
    writes = Journal(Plainly(log), RUN, required=True)
    writes("begin", CHANGES[:2])
    writes.told(Outcome(CHANGES[0], "done"))
    writes.told(Outcome(CHANGES[1], "failed", "POLICY_VIOLATION: no"))
    log.partition.now += 60
    writes("begin", CHANGES[2:])
    return log


def test_what_is_known_of_it() -> None:
    (one,) = dead.dead(state.bounded(died()), MINE)
    assert [(done.name, done.status) for done in one.told] == [("a", "done"), ("b", "failed")]
    assert [asked.name for asked in one.asked] == ["c", "d", "pay"]
    assert [asked.name for asked in one.uncertain] == ["pay"]


def test_the_run_that_looks_is_not_dead() -> None:
    assert dead.dead(state.bounded(died()), DIED) == []


def test_how_its_record_is_closed_and_its_journal_goes() -> None:
    log = died()
    (one,) = dead.dead(state.bounded(log), MINE)
    log.append(dead.entries(one, dead.closed(one, MINE, SEEN)))
    now = state.read(log)
    assert (now.running, now.steps(DIED)) == ((), ())
    run = now.run(DIED)
    assert (run.status, run.number, run.previous) == ("died", 7, "sha256:x")
    assert run.notes == (f"it never told its end; run {MINE} found it so",)
    assert [(item.name, item.status, item.detail) for item in run.outcomes] == [
        ("a", "done", None),
        ("b", "failed", "POLICY_VIOLATION: no"),
        ("c", "done", f"run {MINE} looked: it is done"),
        ("d", "failed", f"run {MINE} looked: it is not done"),
        ("pay", "unknown", dead.NO_ANSWER),
    ]


def told(seen: Mapping[Key, Look], *again: Key) -> str:
    """What is said of it by a run that has looked, and asks for these once more."""
    (one,) = dead.dead(state.bounded(died()), MINE)
    closed = dead.closed(one, MINE, seen)
    return "\n".join(dead.told(one, closed, again, lambda asked: f"kafka-gitops apply --rotate user:{asked.name}"))


def test_what_is_said_of_it() -> None:
    assert told(SEEN) == (
        f"Run {DIED} by anna died: it began at 2027-01-15 08:00:00 UTC and never told its end.\n"
        "  2 changes of it done, topic c without an answer\n"
        "  1 change of it not done: topic b\n"
        "  asked for, and not done: topic d\n"
        "  user pay: rotate was asked for, and no answer came; "
        "to be sure, ask again: kafka-gitops apply --rotate user:pay\n"
        "This run goes on with what is open."
    )


def test_what_is_asked_for_again_needs_nobody() -> None:
    assert "  user pay: rotate was asked for, and no answer came; this run asks for it again\n" in told(SEEN, PAY)


def test_what_a_try_shows() -> None:
    came = "  user pay: rotate was asked for, and no answer came; "
    assert f"{came}the new one is in force: it logs in\n" in told(
        {PAY: Look(True, "the new one is in force: it logs in")}
    )
    old = {PAY: Look(None, "the old one is in force")}
    assert f"{came}the old one is in force; to be sure, ask again: kafka-gitops apply --rotate user:pay\n" in told(old)
    assert "there is none; ask again: kafka" in told({PAY: Look(False, "there is none")})
    assert f"{came}the old one is in force; this run asks for it again\n" in told(old, PAY)


def test_what_was_answered_without_telling_is_looked_at_as_what_has_no_answer() -> None:
    log = MemoryLog()
    writes = Journal(Plainly(log), RUN, required=True, stated=lambda change: change.key.name)
    writes("begin", CHANGES[:2])
    writes.told(Outcome(CHANGES[0], "done"))
    writes.told(Outcome(CHANGES[1], "unknown", "REQUEST_TIMED_OUT"))
    writes("wait", CHANGES[:1])
    (one,) = dead.dead(state.bounded(log), MINE)
    assert ([told.name for told in one.told], [(item.name, item.change) for item in one.asked]) == (["a"], [("b", "b")])


def test_what_cannot_be_looked_at() -> None:
    assert told({}) == (
        f"Run {DIED} by anna died: it began at 2027-01-15 08:00:00 UTC and never told its end.\n"
        "  1 change of it done\n"
        "  1 change of it not done: topic b\n"
        "  asked for, and not to be read now: topic c, topic d\n"
        "  user pay: rotate was asked for, and no answer came; "
        "to be sure, ask again: kafka-gitops apply --rotate user:pay\n"
        "This run goes on with what is open."
    )


def test_a_journal_of_an_earlier_version_is_read() -> None:
    said = (
        f'{{"format":1,"record":"step","cluster":"{CLUSTER}","run":"{DIED}","number":1,"status":"asked",'
        '"changes":[{"kind":"topic","name":"a","action":"create"}]}'
    )
    log = MemoryLog()
    log.append([Entry(RUN.key, records.encode(RUN)), Entry(f"step/{DIED}/1", said.encode())])
    (one,) = dead.dead(state.bounded(log), MINE)
    assert one.asked == (Asked("topic", "a", "create"),)
