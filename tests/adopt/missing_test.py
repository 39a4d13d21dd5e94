"""What is on the servers and in no file goes into the files that exist, where it belongs, and nothing else changes."""

import os
from collections.abc import Mapping
from pathlib import Path, PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from reading import language

from kafka_gitops.adopt.inventory import Inventory, Left
from kafka_gitops.adopt.missing import Missing, missing
from kafka_gitops.descriptor.build import topology
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds.quota import spec as quotas
from kafka_gitops.kinds.schema.spec import Schema
from kafka_gitops.kinds.user.spec import Credential, User
from kafka_gitops.model import Acl, Key, Spec, Topic, Topology, acl_key, topic_key
from kafka_gitops.settings import Dlq, Language, Naming, Scope, Value
from kafka_gitops.text.source import parse

MANY = 1000 if os.environ.get("KAFKA_GITOPS_LONG") else 60  # `make long`
GOLDEN = sorted((Path(__file__).parents[1] / "golden").iterdir())
PAY = """\
context: acme
projects:
- name: pay
  # ours
  topics:
  - name: orders   # the first
- name: risk
  consumers:
  - principal: User:scorer
  topics:
  - name: scores
"""
OTHER = "context: acme\nspecial_topics:\n- {name: legacy}\n"


def read(texts: Mapping[str, str], language: Language) -> Topology:
    def beside(topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
        found = texts.get(str(PurePath(topology).parent / path))
        return (found, None) if found is not None else (None, "there is no such file")

    sources = {path: parse(path, text) for path, text in texts.items() if path.endswith((".yaml", ".json"))}
    return topology(sources, language, read=beside)


def found(*specs: Topic | str | Acl, more: Mapping[Key, Spec] | None = None) -> dict[Key, Spec]:
    """Topics by their names, rights, and more."""
    topics: dict[Key, Spec] = {topic_key(one): Topic(3, 1, {}) for one in specs if isinstance(one, str)}
    return {**topics, **{acl_key(one): one for one in specs if isinstance(one, Acl)}, **(more or {})}


def may(who: str, operation: str, name: str, kind: str = "TOPIC", pattern: str = "LITERAL") -> Acl:
    return Acl(who, "*", operation, "ALLOW", kind, pattern, name)


def run(
    texts: Mapping[str, str],
    specs: Mapping[Key, Spec],
    *,
    language: Language = Language(),  # noqa: B008 - it is frozen
    scopes: tuple[Scope, ...] = (),
    folder: str | None = "t",
) -> tuple[Missing, dict[str, str]]:
    """What is missing, and the files then; what they say is proved."""
    own = language
    now = read(texts, own)
    result = missing(
        Inventory({**now.state, **specs}),
        now,
        lambda new, beside: read({**texts, **new, **beside}, own),
        scopes=scopes,
        language=own,
        folder=folder,
        taken=texts.__contains__,
    )
    made = {**texts, **result.texts, **result.beside}
    left = {one.what for one in result.left}
    if not scopes:
        assert read(made, own).state.keys() == now.state.keys() | {key for key in specs if str(key) not in left}
    return result, made


def test_a_topic_goes_to_the_project_that_its_name_fits() -> None:
    result, made = run({"t/pay.yaml": PAY, "t/z.yaml": OTHER}, found("acme.pay.new", "acme.misc.lone", "elsewhere"))
    assert made["t/pay.yaml"].splitlines()[4:10] == [
        "  topics:",
        "  - name: orders   # the first",
        "  - name: new",
        "    config:",
        '      num.partitions: "3"',
        '      replication.factor: "1"',
    ]
    assert made["t/z.yaml"].startswith(f"{OTHER}- name: acme.misc.lone\n")
    assert made["t/imported.yaml"].startswith("context: acme\nspecial_topics:\n- name: elsewhere\n")
    assert result.left == ()


def test_a_second_time_adds_nothing() -> None:
    specs = found("acme.pay.new", "acme.misc.lone", "elsewhere", may("User:x", "READ", "acme.pay.new"))
    _, made = run({"t/pay.yaml": PAY, "t/z.yaml": OTHER}, specs)
    again, _ = run(made, specs)
    assert again == Missing({}, {}, {}, ())


def test_a_project_that_gives_rights_on_each_topic_takes_one_only_with_these_rights() -> None:
    who = "User:scorer"
    rights = [may(who, operation, "acme.risk.new") for operation in ("READ", "DESCRIBE")]
    result, made = run({"t/pay.yaml": PAY}, found("acme.risk.new", *rights))
    assert "- name: new\n" in made["t/pay.yaml"] and "acls" not in made["t/pay.yaml"]
    assert [key.kind for key in result.added] == ["topic"]
    _, made = run({"t/pay.yaml": PAY}, found("acme.risk.new", rights[0]))
    assert "special_topics:\n- name: acme.risk.new\n" in made["t/pay.yaml"]
    assert '  acls:\n  - principals: ["User:scorer"]\n' in made["t/pay.yaml"]


def test_rights_go_to_the_project_of_their_names_else_to_the_file_of_their_principal() -> None:
    rights = [
        may("User:x", "READ", "acme.pay.orders"),
        may("User:x", "READ", "acme.pay.app", "GROUP", "PREFIXED"),
        may("User:scorer", "READ", "far", "GROUP"),
        may("User:nobody", "DESCRIBE", "kafka-cluster", "CLUSTER"),
    ]
    _, made = run({"t/pay.yaml": PAY, "t/z.yaml": OTHER}, found(*rights))
    assert (
        made["t/pay.yaml"]
        == PAY.replace(
            "- name: risk\n",
            """\
  acls:
  - principals: ["User:x"]
    allow: [READ]
    groups: ["acme.pay.app*"]
  - principals: ["User:x"]
    allow: [READ]
    topics: [acme.pay.orders]
- name: risk
""",
        )
        + 'acls:\n- principals: ["User:scorer"]\n  allow: [READ]\n  groups: [far]\n'
    )
    assert made["t/imported.yaml"] == (
        'context: acme\nacls:\n- principals: ["User:nobody"]\n  allow: [DESCRIBE]\n  cluster: true\n'
    )


def test_every_other_kind_goes_to_its_section_and_a_schema_beside_it() -> None:
    subject = "acme.pay.orders-value"
    more: dict[Key, Spec] = {
        quotas.key((("user", "scorer"),)): quotas.Quota((("user", "scorer"),), {"producer_byte_rate": "5"}),
        Key("user", "scorer"): User({"SCRAM-SHA-256": Credential(4096)}),
        Key("schema", subject): Schema("AVRO", '"string"'),
    }
    texts = {"t/pay.yaml": PAY, "t/z.yaml": OTHER, "t/schemas/acme.pay.orders-value.avsc": "taken"}
    _, made = run(texts, found(more=more))
    assert made["t/schemas/acme.pay.orders-value-2.avsc"] == '"string"'
    assert made["t/z.yaml"] == OTHER
    assert made["t/pay.yaml"].removeprefix(PAY) == (
        """\
quotas:
- {user: scorer, producer_byte_rate: 5}
users:
- {name: scorer, mechanism: SCRAM-SHA-256, iterations: 4096, password: "${SCORER_PASSWORD}"}
schemas:
- subject: acme.pay.orders-value
  file: schemas/acme.pay.orders-value-2.avsc
  type: AVRO
"""
    )


@pytest.mark.parametrize(
    "text",
    [
        "context: acme\nprojects: [{name: pay, topics: [{name: orders}]}]\nspecial_topics: []\n",
        "context: acme\nx-t: &t\n- name: orders\nprojects:\n- name: pay\n  topics: *t\nspecial_topics: *t\n",
    ],
)
def test_what_lines_cannot_extend_goes_to_a_file_beside(text: str) -> None:
    _, made = run({"t/pay.yaml": text}, found("acme.pay.new"))
    assert made["t/pay.yaml"] == text
    assert made["t/imported.yaml"].startswith("context: acme\nspecial_topics:\n- name: acme.pay.new\n")


def test_without_a_directory_that_is_left_out() -> None:
    text = "context: acme\nspecial_topics: []\n"
    result, made = run({"t/pay.yaml": text}, found("lone"), folder=None)
    assert made == {"t/pay.yaml": text}
    assert result.left == (Left("topic lone", "t/pay.yaml: it is written in brackets on one line"),)


def test_manage_and_removals_keep_things_out() -> None:
    text = f"{OTHER}removed:\n- {{topic: acme.old}}\n- {{topic: acme.lent, release: true}}\n"
    result, made = run(
        {"t/z.yaml": text},
        found("acme.new", "acme.old", "acme.lent", "far"),
        scopes=(Scope({"topics": ("acme.*",)}),),
    )
    assert [str(key) for key in result.added] == ["topic acme.new"]
    assert result.left == (
        Left("topic acme.lent", "`removed:` lets go of it"),
        Left("topic acme.old", "`removed:` takes it away"),
        Left("topic far", "it is not in `manage.topics` (acme.*)"),
    )
    assert made["t/z.yaml"].index("acme.new") < made["t/z.yaml"].index("removed")


def test_what_another_repository_has_now_is_not_taken_back() -> None:
    text = (
        "context: acme\nspecial_topics:\n- {name: acme.x}\nremoved:\n"
        "- {release: {project: pay}}\n- {release: {topics: ['acme.lent*']}}\n"
    )
    result, _ = run(
        {"t/z.yaml": text}, found("acme.pay.old", "acme.lent.1", "acme.mine", may("User:a", "READ", "acme.pay.old"))
    )
    assert [str(key) for key in result.added] == ["topic acme.mine"]
    assert result.left == (
        Left("topic acme.lent.1", "`removed:` lets go of topics acme.lent*"),
        Left("topic acme.pay.old", "`removed:` lets go of project pay"),
        Left("acl User:a may READ topic acme.pay.old", "`removed:` lets go of project pay"),
    )


def test_templates_and_dead_letters_are_respected() -> None:
    naming = Naming(topic="{{context}}-{{project}}-{{topic}}-x", project="{{context}}-{{project}}-", dlq=Dlq(True))
    _, made = run(
        {"t/pay.yaml": "context: acme\nprojects:\n- name: pay\n"}, found("acme-pay-new-x"), language=Language(naming)
    )
    assert "special_topics:\n- name: acme-pay-new-x\n" in made["t/pay.yaml"]
    plain = Language(naming._replace(dlq=Dlq()))
    _, made = run({"t/pay.yaml": "context: acme\nprojects:\n- name: pay\n"}, found("acme-pay-new-x"), language=plain)
    assert "- name: pay\n  topics:\n  - name: new\n" in made["t/pay.yaml"]


WORDS = some.sampled_from(["acme.pay.", "acme.risk.", "acme.", "other.", ""])
NAMES = some.builds(lambda first, last: f"{first}{last}", WORDS, some.text("abc.", min_size=1, max_size=5))
ACLS = some.builds(
    may,
    some.sampled_from(["User:a", "User:scorer", "User:b c"]),
    some.sampled_from(["READ", "WRITE", "DESCRIBE"]),
    NAMES,
    some.just("TOPIC"),
    some.sampled_from(["LITERAL", "PREFIXED"]),
)


@settings(max_examples=MANY, deadline=None)
@given(some.lists(NAMES, unique=True, max_size=6), some.lists(ACLS, unique=True, max_size=6), some.booleans())
def test_whatever_is_missing_is_declared_then_and_the_old_lines_are_there(
    names: list[str], acls: list[Acl], two: bool
) -> None:
    texts = {"t/pay.yaml": PAY, **({"t/z.yaml": OTHER} if two else {})}
    specs = found(*names, *acls)
    result, made = run(texts, specs)
    assert result.left == ()
    for path, text in texts.items():
        rest = iter(made[path].splitlines())
        assert all(line in rest for line in text.splitlines())
    assert run(made, specs)[0] == Missing({}, {}, {}, ())


def test_files_that_would_say_something_else_are_not_written() -> None:
    now = read({"t/pay.yaml": PAY}, Language())
    with pytest.raises(KafkaGitopsError, match="something else than before"):
        missing(
            Inventory({**now.state, **found("acme.pay.new")}),
            now,
            lambda new, _: read({"t/pay.yaml": new["t/pay.yaml"].replace("orders", "gone")}, Language()),
            language=Language(),
            folder=None,
        )


def test_values_stay_as_they_are_written() -> None:
    text = "context: ${values.env}\nprojects:\n- name: pay\n  topics:\n  - name: orders\n"
    own = Language(values={"env": Value("dev", plain=True)})
    _, made = run({"t/pay.yaml": text}, found("dev.pay.new", "other"), language=own)
    assert made["t/pay.yaml"].startswith(f"{text}  - name: new\n")
    lone = f"{text}special_topics: []\n"
    _, made = run({"t/pay.yaml": lone}, found("other"), language=own)
    assert made["t/imported.yaml"].startswith('context: "${values.env}"\nspecial_topics:\n- name: other\n')


@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: folder.name)
def test_every_golden_takes_lines_alone(folder: Path) -> None:
    own = language((folder / "config.properties").read_text(encoding="utf-8"))
    text = (folder / "topology.yaml").read_text(encoding="utf-8")
    now = read({"t/t.yaml": text}, own)
    more = {f"{name.rpartition('.')[0]}.added" for name in now.specs if "." in name}
    rights = [may(grant.principal, "DELETE", "of*", "GROUP") for grant in now.grants[:2]]
    specs = {key: spec for key, spec in found("lone", *more, *rights).items() if key not in now.state}
    result, made = run({"t/t.yaml": text}, specs, language=own)
    assert result.left == ()
    rest = iter(made["t/t.yaml"].splitlines())
    assert all(line in rest for line in text.splitlines())
