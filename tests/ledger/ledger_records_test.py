"""Records as JSON and back, what is said of damaged and newer ones, and that a secret is in none."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from making import topic

from kafka_gitops.changes import Change, Outcome, Risk
from kafka_gitops.kinds import KINDS
from kafka_gitops.ledger import nouns, people, records
from kafka_gitops.ledger.nouns import Accepted, Hold, Owner, Run, RunOutcome
from kafka_gitops.ledger.people import Fact
from kafka_gitops.ledger.records import Damaged, Newer
from kafka_gitops.model import Key, Topic, topic_key
from kafka_gitops.redact import keep_secret

RUN = Run("20261128-091122-0a1b2c", 1, None, "c", "pay", "prod", "running")


@pytest.mark.parametrize("name", records.TYPES)
def test_what_is_written_is_read_again_and_is_what_the_schema_says(name: str) -> None:
    validator = Draft202012Validator(records.document())

    @settings(max_examples=20, deadline=None, suppress_health_check=[*HealthCheck])
    @given(st.from_type(records.TYPES[name]))
    def look(record: nouns.AnyRecord) -> None:
        value = records.encode(record)
        assert records.body(records.decode(record.key, value)) == json.loads(value)
        assert value.isascii()
        assert next(validator.iter_errors(json.loads(value)), None) is None

    look()


@settings(deadline=None)
@given(st.binary() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(records.canonical))
def test_what_is_no_record_is_said_and_no_traceback(value: bytes) -> None:
    with pytest.raises((Damaged, Newer)):
        records.decode("owner", value)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "the record 'owner' is damaged: its format is 'None', expected 1"),
        ({"format": 1, "record": "run"}, "the record 'owner' is damaged: it says that it is of 'run'"),
        (
            {"format": 1, "record": "owner", "cluster": 1},
            "the record 'owner' is damaged: cluster is a int, expected str",
        ),
        ({"format": 7}, "the ledger has a record of format 7 ('owner'), and this version knows format 1"),
    ],
)
def test_a_wrong_record_is_told_in_a_sentence(data: object, says: str) -> None:
    with pytest.raises((Damaged, Newer)) as found:
        records.decode("owner", records.canonical(data))
    assert found.value.message == says


def test_a_later_version_may_add_keys() -> None:
    owner = Owner("c", "pay", "prod", "github.com/acme/pay", "kafka-gitops.yaml", "abc")
    assert records.typed("owner", {**records.body(owner), "colour": "blue"}) == owner


def test_a_record_under_the_key_of_another_is_damaged() -> None:
    hold = Hold("c", "topic", "orders", 5, "night", "r")
    with pytest.raises(Damaged, match="it is that of 'hold/topic orders'"):
        records.decode("hold/topic payments", records.encode(hold))


def test_an_outcome_holds_what_the_plan_showed_and_who_accepted_what() -> None:
    risk = Risk("retention-shrink", "records older than 1 day are deleted", True)
    before, after = Topic(3, 1, {"retention.ms": "604800000"}), Topic(3, 1, {"retention.ms": "86400000"})
    change = Change(Key("topic", "orders"), before, after, (risk,), because="cheaper")
    who = people.person("ada", "platform API", "00ff")
    found = RunOutcome.of(Outcome(change, "done"), {"retention-shrink": (who, "label")})
    accepted = Accepted(*risk, who, "label")
    edits = (nouns.Edited("retention.ms", "604800000", "86400000"),)
    assert found == RunOutcome("topic", "orders", "update", "done", None, edits, (accepted,), "cheaper")


def test_of_a_very_long_value_the_beginning_is_kept() -> None:
    change = Change(Key("topic", "orders"), Topic(1, 1, {"a": "x"}), Topic(1, 1, {"a": "y" * 5_000}))
    (edit,) = RunOutcome.of(Outcome(change, "done")).edits
    assert (edit.before, len(edit.after or "")) == ("x", 1_095)
    assert (edit.after or "").startswith("y" * 1_000 + "... (5,000 characters, sha256:")


def test_a_run_is_named_by_its_time_and_can_be_spoken() -> None:
    assert records.run_id(1_795_857_082.9, "0a1b2c") == "20261128-091122-0a1b2c"


def test_facts_carry_their_source() -> None:
    run = replace(RUN, facts={"change_request": Fact("41", "git (unproved)")})
    found = json.loads(records.encode(run))["facts"]
    assert found == {"change_request": {"source": "git (unproved)", "value": "41"}}


def test_the_variable_of_a_password_is_in_a_record_and_its_value_never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_PASSWORD", "canary-5f2e")
    spec = KINDS["user"].load(
        "app", {"mechanisms": {"SCRAM-SHA-256": {"iterations": 4096, "variable": "APP_PASSWORD"}}}
    )
    change = Change(Key("user", "app"), None, spec)
    value = records.encode(replace(RUN, outcomes=(RunOutcome.of(Outcome(change, "done")),)))
    assert b"canary" not in value
    assert b"APP_PASSWORD" in value


def test_an_outcome_is_recorded_without_known_secrets() -> None:
    keep_secret("s3cret-value")
    before = topic(1, 1, a="x" * 995 + "s3cret-value" + "y" * 4_000)
    change = Change(topic_key("t"), before, topic(1, 1), (Risk("r", "of s3cret-value", True),), because="s3cret-value")
    found = RunOutcome.of(Outcome(change, "failed", "no s3cret-value"))
    assert (found.detail, found.because, found.risks[0].sentence) == ("no [redacted]", "[redacted]", "of [redacted]")
    assert "s3c" not in str(found)


def test_a_key_that_an_earlier_version_did_not_write_has_its_default() -> None:
    data = json.loads(records.encode(RUN))
    del data["notes"], data["resumes"]
    assert records.decode(RUN.key, json.dumps(data).encode()) == replace(RUN, notes=(), resumes=None)
