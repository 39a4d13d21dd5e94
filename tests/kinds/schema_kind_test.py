"""Schemas without a server: their section, levels, order, what may be merged by itself, faults of an apply."""

import pytest
from registering import Memory, WithRegistry, avro, files, understood

from kafka_gitops.changes import Outcome
from kafka_gitops.kinds import schema
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.kinds.schema import levels
from kafka_gitops.kinds.schema.declared import order
from kafka_gitops.kinds.schema.spec import Reference, Schema, key_of, parts
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Topology
from kafka_gitops.plan.apply import carry_out
from kafka_gitops.plan.make import Plan, make
from kafka_gitops.settings import Language, ManagedPrefixes, Scope, Settings

ONE = "schemas: [{subject: s, file: a.avsc, compatibility: %s}]"
LOST = Problem("NO_ANSWER", "it closes the connection", "lost")


def planned(memory: Memory, wanted: Topology, base: Topology | None = None, *, only_change: bool = False) -> Plan:
    """The plan of these files against a registry in memory."""
    return make(Wish(wanted, base, only_change=only_change), Settings(), WithRegistry(memory=memory))


def outcomes(memory: Memory, plan: Plan) -> list[Outcome]:
    """What became of the changes of a plan."""
    return carry_out(plan, WithRegistry(memory=memory), settings=Settings(), deadline=0.0).outcomes


def messages(text: str, **given: str) -> list[str]:
    """What is found in a file with schemas."""
    return [f"{one.span.line}: {one.rule} {one.message}" for one in files(text, **given).problems]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("{subject: s, file: gone.avsc}", "2: file-not-found gone.avsc: there is no such file"),
        ("{subject: s, file: a.txt}", "2: missing-key the ending of a.txt does not tell the type of the schema"),
        ("{subject: ' s', file: a.avsc}", '2: wrong-type no subject is called " s"'),
        ("{subject: ':.ctx:s', file: a.avsc}", '2: wrong-type no subject is called ":.ctx:s"'),
        ("{subject: s}", '2: missing-key a schema of a subject needs the key "file"'),
        ("{subject: s, file: a.avsc, type: XML}", "2: wrong-type"),
        ("{subject: s, file: a.avsc, compatibility: BACKWARDS}", "2: wrong-type"),
        ("{subject: s, file: a.avsc, references: [{name: n}]}", "2: missing-key a reference of a schema needs the key"),
        ("{subject: s, file: a.avsc, references: [{name: n, subject: o, version: 0}]}", "2: wrong-type"),
    ],
)
def test_what_is_wrong_with_an_item_is_said_once(item: str, said: str) -> None:
    (found,) = messages(f"schemas: [{item}]", a=avro("x"), **{"a.txt": "x"})
    assert found.startswith(said)


def test_a_topic_declares_its_schemas_by_its_strategy() -> None:
    topic = (
        "projects: [{name: p, topics: [{name: t, subject.name.strategy: %s, schemas: {value.schema.file: a.avsc, "
        "value.record.type: acme.A, value.compatibility: FULL, key.schema.file: k.avsc, key.record.type: acme.K}}]}]"
    )
    names = {
        "TopicNameStrategy": ["acme.p.t-key", "acme.p.t-value"],
        "RecordNameStrategy": ["acme.K", "acme.A"],
        "TopicRecordNameStrategy": ["acme.p.t-acme.K", "acme.p.t-acme.A"],
    }
    for strategy, expected in names.items():
        found = files(topic % strategy, a=avro("x"), k='"string"')
        assert [one.key.name for one in found.of("schema")] == expected
        assert [one.spec for one in found.of("schema")] == [
            Schema("AVRO", '"string"'),
            Schema("AVRO", avro("x"), (), "FULL"),
        ]


@pytest.mark.parametrize(
    ("before", "after", "loosens", "first"),
    [
        ("FULL", "BACKWARD", True, True),
        ("BACKWARD", "FULL", False, False),
        ("BACKWARD", "NONE", True, True),
        ("NONE", "BACKWARD", False, False),
        ("BACKWARD_TRANSITIVE", "BACKWARD", True, True),
        ("BACKWARD", "BACKWARD_TRANSITIVE", False, False),
        ("BACKWARD", "FORWARD", True, False),
        ("BACKWARD_TRANSITIVE", "FULL", True, False),
        ("FULL_TRANSITIVE", "BACKWARD_TRANSITIVE", True, True),
        ("FULL", "FULL", False, False),
    ],
)
def test_levels_are_ordered_where_one_lets_less_pass(before: str, after: str, loosens: bool, first: bool) -> None:
    assert levels.loosens(before, after) is loosens
    assert levels.level_first(before, after) is first


def test_what_is_referred_to_comes_first() -> None:
    found = order({"c": ["b", "x"], "b": ["a"], "a": [], "d": ["d"], "e": ["d"]})
    assert (found.layers, found.circle) == ([["a"], ["b"], ["c"]], ["d"])


def test_a_key_is_a_subject_or_one_of_its_versions() -> None:
    assert parts(key_of("a b")) == ("a b", None)
    assert parts(key_of("a b", "12")) == ("a b", 12)


def test_a_plan_file_holds_all_of_a_schema() -> None:
    spec = Schema("AVRO", avro("x"), (Reference("n", "s", 3), Reference("m", "t")), "FULL")
    assert schema.load("s", schema.dump(spec)) == spec
    for wrong in ({"type": "XML"}, {"schema": 1}, {"references": [{"name": "n", "subject": "s", "version": True}]}):
        with pytest.raises((KeyError, TypeError, ValueError)):
            schema.load("s", {**schema.dump(spec), **wrong})


@pytest.mark.parametrize(
    ("spec", "lists", "person"),
    [
        (Schema("AVRO", avro("x")), {"subjects": ("s*",)}, False),
        (Schema("AVRO", avro("x")), {"subjects": ("*",)}, True),
        (Schema("AVRO", avro("x")), {}, True),
        (Schema("AVRO", avro("x"), (Reference("n", "o", 1),)), {"subjects": ("s*",)}, True),
        (Schema("AVRO", avro("x"), (), "FULL"), {"subjects": ("s*",)}, True),
    ],
)
def test_only_a_new_subject_of_our_own_needs_nobody(
    spec: Schema, lists: dict[str, tuple[str, ...]], person: bool
) -> None:
    settings = Settings(scopes=(Scope(lists),))
    assert bool(list(schema.by_itself(key_of("s"), None, spec, settings))) is person
    assert list(schema.by_itself(key_of("s"), spec, spec._replace(text=avro("y")), settings))
    assert list(schema.by_itself(key_of("s"), spec, None, settings))


def test_the_level_goes_first_only_where_it_gets_looser() -> None:
    memory = Memory().put("s", avro("x"), level="FULL")
    assert [one.status for one in outcomes(memory, planned(memory, files(ONE % "NONE", a=avro("x", "y=0"))))] == [
        "done"
    ]
    assert [call for call in memory.calls if call.startswith(("level ", "register"))] == ["level s NONE", "register s"]
    memory.calls.clear()
    outcomes(memory, planned(memory, files(ONE % "FULL", a=avro("x", "y=0", "z=0"))))
    assert [call for call in memory.calls if call.startswith(("level ", "register"))] == ["register s", "level s FULL"]


@pytest.mark.parametrize(
    ("fails", "status", "said", "level"),
    [
        ({("register", "s"): Problem("INVALID_SCHEMA", "no")}, "failed", "no; the level is FULL again", "FULL"),
        ({("register", "s"): LOST}, "unknown", "since the version may be there", "NONE"),
        ({("level", "NONE"): Problem("HTTP 403", "no")}, "failed", "HTTP 403: no", "FULL"),
        (
            {("register", "s"): Problem("INVALID_SCHEMA", "no"), ("level", "FULL"): Problem("HTTP 500", "oh")},
            "failed",
            "the level could not be set back: HTTP 500: oh",
            "NONE",
        ),
    ],
    ids=["refused", "lost", "level", "not back"],
)
def test_a_loosened_level_is_set_back(
    fails: dict[tuple[str, str], Problem], status: str, said: str, level: str
) -> None:
    memory = Memory(fails=fails).put("s", avro("x"), level="FULL")
    (found,) = outcomes(memory, planned(memory, files(ONE % "NONE", a=avro("x", "y=0"))))
    assert found.status == status
    assert said in (found.detail or "")
    assert memory.own["s"] == level


def test_a_version_without_its_level_is_done_in_part() -> None:
    memory = Memory(fails={("level", "FULL"): Problem("HTTP 403", "no")}).put("s", avro("x"))
    (found,) = outcomes(memory, planned(memory, files(ONE % "FULL", a=avro("x", "y=0"))))
    assert (found.status, found.fate) == ("failed", "partly")
    assert found.detail == "HTTP 403: no; its version is registered, its level is not set"
    again = planned(memory, files(ONE % "FULL", a=avro("x", "y=0")))
    assert [edit.field for change in again.changes for edit in change.edits()] == ["compatibility"]


def test_a_level_that_could_not_be_sent_leaves_a_version_that_was_written() -> None:
    gone = Problem("NO_ANSWER", "Connection refused", "unsent")
    memory = Memory(fails={("level", "FULL"): gone}).put("s", avro("x"))
    (found,) = outcomes(memory, planned(memory, files(ONE % "FULL", a=avro("x", "y=0"))))
    assert (found.status, found.fate, found.wrote) == ("failed", "partly", True)


def test_what_refers_to_a_failed_version_is_skipped() -> None:
    text = "schemas: [{subject: b, file: b.avsc, references: [{name: acme.A, subject: a}]}, {subject: a, file: a.avsc}]"
    memory = Memory(fails={("register", "a"): Problem("HTTP 500", "oh")})
    plan = planned(memory, files(text, a=avro("x"), b=avro("a:acme.A", name="acme.B")))
    assert {one.change.key.name: one.status for one in outcomes(memory, plan)} == {"a": "failed", "b": "skipped"}


def test_what_leaves_the_files_is_told_to_stay_unless_it_is_released() -> None:
    memory, base = Memory(), files("schemas: [{subject: s, file: a.avsc}]", a=avro("x"))
    outcomes(memory, planned(memory, base))
    (stays,) = planned(memory, files("context: a"), base).stays
    assert (str(stays.key), stays.reason) == ("schema s", "no `removed:` names it and `prune` names no schemas")
    released = planned(memory, files("removed: [{schema: s, release: true}]"), base)
    assert (released.stays, released.changes) == ((), ())


def test_a_change_of_nothing_asks_little() -> None:
    memory = Memory()
    for number in range(100):
        memory.put(f"s{number}", avro("x"))
    items = ", ".join(f"{{subject: s{number}, file: a.avsc}}" for number in range(100))
    assert planned(memory, files(f"schemas: [{items}]", a=avro("x"))).changes == ()
    assert [call for call in memory.calls if not call.endswith(" 0")] == ["subjects", "latest 100"]


@pytest.mark.parametrize(
    ("based", "risks"), [(None, [("taken-over", False)]), ("", [("taken-over", True)]), (ONE % "FULL", [])]
)
def test_a_subject_that_the_base_did_not_declare_is_taken_over(
    based: str | None, risks: list[tuple[str, bool]]
) -> None:
    memory = Memory().put("s", avro("x"), level="FULL")
    base = None if based is None else files(based, a=avro("x"))
    (change,) = planned(memory, files(ONE % "FULL", a=avro("x", "y=0")), base).changes
    assert [(risk.name, risk.blocks) for risk in change.risks] == risks


@pytest.mark.parametrize(
    ("new", "name"),
    [
        (avro("x", "y=0", name="other.A"), "schema-namespace"),
        ('{"$schema":"http://json-schema.org/draft-07/schema#","type":"object"}', "schema-type"),
    ],
)
def test_what_readers_break_on_blocks(new: str, name: str) -> None:
    memory = Memory().put("s", avro("x"), level="NONE")
    type_ = "JSON" if name == "schema-type" else "AVRO"
    wanted = files(f"schemas: [{{subject: s, file: a.avsc, type: {type_}}}]", a=new)
    (change,) = planned(memory, wanted, files("schemas: [{subject: s, file: a.avsc}]", a=avro("x"))).changes
    assert [risk.name for risk in change.risks if risk.blocks] == [name]


def test_schemas_of_topics_outside_the_managed_prefixes_are_left_out_and_others_stay_inside() -> None:
    text = "projects: [{name: p, topics: [{name: t, schemas: {value.schema.file: a.avsc}}]}]"
    managed = {prefix: Language(managed=ManagedPrefixes(topics=(prefix,))) for prefix in ("acme.", "other.")}
    found = {prefix: understood(language, text, {"a": avro("x")}).of("schema") for prefix, language in managed.items()}
    assert [one.key.name for one in found["acme."]] == ["acme.p.t-value"]
    assert list(found["other."]) == []
