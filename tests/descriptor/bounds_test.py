"""What a few lines multiply to is counted before it is made; a comment, a name and a file are looked at once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from linting import TODAY, read
from making import scope
from reading import messages, understood

from kafka_gitops.descriptor.build import topology
from kafka_gitops.errors import ConfigError
from kafka_gitops.files import artefacts
from kafka_gitops.lint import run as lint
from kafka_gitops.settings import Dlq, Language, Naming, Settings
from kafka_gitops.text.source import parse

HEAD = "context: c\nprojects:\n- name: p\n"
NAMES = ", ".join(f"t{number}" for number in range(1000))
USERS = ", ".join(f"User:{number}" for number in range(1000))


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail when it takes longer, in processor time."""
    began = time.process_time()
    yield
    assert time.process_time() - began < seconds


def roles(acls: int, name: str = "t{}") -> str:
    rows = (
        f"  - {{resourceType: Topic, resourceName: '{name.format(number)}', patternType: LITERAL, host: '*',"
        " operation: READ}\n"
        for number in range(acls)
    )
    return "roles:\n- name: auditor\n  acls:\n" + "".join(rows)


def users(count: int) -> str:
    return HEAD + "  auditor:\n" + "".join(f"  - principal: User:{number}\n" for number in range(count))


def test_a_custom_role_of_many_acls_for_many_users() -> None:
    with within(10):
        found = understood(users(3000), roles=roles(3000))
        assert messages(found) == [
            "a.yaml:38:5: error acl-too-many the entries multiply to 102,000 bindings here, at most 100,000 are read"
            " (give the role a prefix, or fewer acls and users)"
        ]
        assert len(found.acls) == 99_000


@pytest.mark.parametrize("role", ["consumers", "producers"])
def test_topics_that_share_a_list_of_users(role: str) -> None:
    rows = "".join(f"  - {{name: t{number}, {role}: *u}}\n" for number in range(900))
    text = f"{HEAD}  topics:\n  - {{name: t, {role}: &u [{USERS}]}}\n{rows}"
    with within(10):
        (said,) = messages(understood(text))
    assert said.partition(" bindings")[0] == ("a.yaml:5:30: error acl-too-many the entries multiply to 100,005")


def test_users_of_a_project_with_many_topics() -> None:
    names = ", ".join(f"{{name: t{number}}}" for number in range(3000))
    with within(10):
        found = understood(f"{HEAD}  topics: [{names}]\n  consumers: [{USERS}]\n")
    assert [one.rule for one in found.problems] == ["acl-too-many"]
    assert found.problems[0].help == "use acls: {optimized: true}, a prefix under acls, or fewer topics and users"


def test_streams_that_share_a_list_of_topics() -> None:
    rows = "".join(f"  - {{principal: User:{number}, topics: *t}}\n" for number in range(500))
    text = f"{HEAD}  streams:\n  - {{principal: User:x, topics: &t {{read: [{NAMES}]}}}}\n{rows}"
    assert [one.rule for one in understood(text).problems] == ["acl-too-many"]


def test_what_is_written_out_is_no_product() -> None:
    rows = "".join(f"  - {{principal: User:{number}, group: g{number}}}\n" for number in range(40_000))
    found = understood(f"{HEAD}  topics: [{{name: t}}]\n  consumers:\n{rows}")
    assert (messages(found), len(found.acls)) == ([], 120_000)


def test_comments_in_a_row_and_before_every_entry() -> None:
    mark = "# kafka-gitops: allow topic-replication: one broker\n"
    entries = "".join(f"{mark}  - {{name: t{number}, config: {{replication.factor: '1'}}}}\n" for number in range(8000))
    with within(10):
        found = lint.run(read(f"{HEAD}  topics:\n{entries}{mark * 20_000}"), Settings(), today=TODAY)
    assert {one.rule for one in found} == {"waiver-unused"}
    assert len(found) == 20_000


def test_a_comment_of_blanks() -> None:
    with within(2):
        (one,) = lint.run(read(f"context: c\nprojects: [] # kafka-gitops: a{' ' * 500_000}b\n"), Settings())
    assert one.rule == "waiver-malformed"


def test_a_context_that_is_no_name() -> None:
    topics = "".join(f"  - name: t{number}\n" for number in range(20_000))
    with within(5):
        found = understood(f"context: {'c' * 30_000}\nprojects:\n- name: p\n  topics:\n{topics}")
    assert messages(found) == [
        "a.yaml:1:10: error topic-name-legal the context with the further parts of names: 30,000 characters,"
        " at most 500 are read (shorten it: Kafka takes at most 249 in a name)"
    ]


def test_thousands_of_keys_that_are_parts_of_names() -> None:
    keys = "".join(f"a{number}: 1\n" for number in range(20_000))
    rows = "".join(f"- name: p{number}\n" for number in range(20_000))
    with within(5):
        found = understood(f"context: c\n{keys}projects:\n{rows}")
    assert messages(found) == [
        "a.yaml:51:1: error segment-suspicious this file has more than 50 keys that are parts of names;"
        " the others are not read (a topology file has one or two, such as region: eu)"
    ]


def test_a_schema_that_many_topics_name_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "s.avsc").write_text("[" + "1," * 200_000 + "1]")
    rows = "".join(f"  - {{name: t{n}, schemas: {{value.schema.file: {'./' * (n % 9)}s.avsc}}}}\n" for n in range(2000))
    sources = {"t.yaml": parse("t.yaml", f"{HEAD}  topics:\n{rows}")}
    with within(5):
        found = topology(sources, Language(), read=artefacts.reader({"t.yaml": str(tmp_path)}))
    assert {one.message.partition(": ")[2] for one in found.problems} <= {"the file lies outside the repository"}


def test_no_file_of_git_itself_is_read(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in (".git/config", "config"):
        (tmp_path / name).write_text("[http]")
    (tmp_path / "link.avsc").symlink_to(".git/config")
    read = artefacts.reader({"t.yaml": str(tmp_path)})
    assert read("t.yaml", "config") == ("[http]", None)
    for path in (".git/config", "link.avsc"):
        assert read("t.yaml", path) == (None, "the file lies outside the repository")


def test_a_plan_of_many_configs() -> None:
    plans = "plans:\n  gold:\n    config:\n" + "".join(f"      k{number}: '1'\n" for number in range(2000))
    rows = "".join(f"  - {{name: t{number}, plan: gold, config: {{a: b}}}}\n" for number in range(5000))
    with within(5):
        (said,) = messages(understood(f"{HEAD}  topics:\n{rows}", plans=plans))
    assert said == (
        "a.yaml:504:24: error wrong-type the plans give more than 1,000,000 configs to topics; the others are not read"
        " (take configs out of the plan)"
    )


def test_names_that_nobody_knows() -> None:
    plans = "plans:\n" + "".join(f"  gold{number}: {{config: {{}}}}\n" for number in range(10_000))
    rows = "".join(f"  - {{name: t{number}, plan: golds{number}}}\n" for number in range(10_000))
    with within(10):
        found = understood(f"{HEAD}  topics:\n{rows}", plans=plans)
    assert (len(found.problems), found.problems[-1].help) == (10_000, "the plans are: 10,000 names")


def test_patterns_of_dead_letter_topics() -> None:
    many = Language(Naming(dlq=Dlq(generate=True, allow=("a",) * 101)))
    with pytest.raises(ConfigError, match=r"naming\.dlq has more than 100 patterns"):
        understood(f"{HEAD}  topics: [{{name: t}}]\n", settings=many)


def test_expectations_over_many_bindings() -> None:
    hosts = ", ".join(f'"10.0.{number // 250}.{number % 250}"' for number in range(5000))
    tests = "".join(f"- {{principal: User:a, can: read, topic: t{number}}}\n" for number in range(2000))
    text = (
        f"context: c\nprojects: []\nacls:\n- {{principals: [User:a], allow: [READ], topics: [x], hosts: [{hosts}]}}\n"
    )
    with within(20):
        found = lint.run(read(f"{text}access:\n{tests}"), Settings(), today=TODAY)
    assert [(one.rule, one.message) for one in found if one.span.line == 1] == [
        (rule, "2,000,000 comparisons of bindings were not enough; what is left is not looked for")
        for rule in ("access-test", "acl-redundant")
    ]


def test_thousands_of_renamed_topics() -> None:
    def named(word: str) -> str:
        return f"{HEAD}  topics:\n" + "".join(f"  - name: {word}-of-the-topic-{number}\n" for number in range(5000))

    with within(20):
        found = lint.run(read(named("after")), Settings(), base=read(named("before")), today=TODAY)
    assert {one.rule for one in found} == {"change-topic-absent", "change-name"}


def test_thousands_of_patterns_of_what_is_managed() -> None:
    own = scope(topics=tuple(f"a{number}*" for number in range(20_000)))
    topics = "".join(f"  - name: t{number}\n" for number in range(10_000))
    with within(10):
        found = lint.run(read(f"{HEAD}  topics:\n{topics}"), Settings(scopes=(own,)), today=TODAY)
    assert (len(found), {one.rule for one in found}) == (10_000, {"outside-scope"})
