"""Entries go into files that exist by lines alone: comments, order, quotes, line ends and the rest stay."""

import os
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kafka_gitops.adopt.insert import Addition, extended
from kafka_gitops.descriptor.build import topology
from kafka_gitops.model import Key, Spec, Topic, topic_key
from kafka_gitops.settings import Language
from kafka_gitops.text.source import Node, parse
from kafka_gitops.writing.entries import Entry

MANY = 1000 if os.environ.get("KAFKA_GITOPS_LONG") else 60  # `make long`
PROJECT = ("projects", 0)


def topic(name: str, section: str = "topics") -> Entry:
    return Entry(section, {"name": name, "config": {"num.partitions": "6"}}, Node.empty(""))


def state(text: str, path: str = "a.yaml") -> dict[Key, Spec]:
    return topology({path: parse(path, text)}, Language()).state


def only_added(before: str, after: str) -> list[str]:
    """The lines that are new; fails where an old one is gone or at another place."""
    rest = iter(after.splitlines())
    added: list[str] = []
    for line in before.splitlines():
        for new in rest:
            if new == line:
                break
            added.append(new)
        else:
            raise AssertionError(f"{line!r} is gone")
    return [*added, *rest]


def added(text: str, *additions: Addition, path: str = "a.yaml") -> str:
    made, why = extended(path, text, additions)
    assert why is None
    only_added(text, made)
    return made


def refused(text: str, *additions: Addition) -> str | None:
    made, why = extended("a.yaml", text, additions)
    assert made == text
    return why


def test_comments_order_and_quotes_stay() -> None:
    text = """\
context: 'acme'   # ours

projects:
- name: pay
  topics:
  - name: "a"   # the first
    config:
      x: 1
      # y: 2
  # - name: gone
  #   config: {}

  # who reads
  consumers:
  - principal: User:a
- name: other
# end
"""
    assert added(
        text, Addition(PROJECT, "topics", (topic("new"),)), Addition((), "special_topics", (topic("old"),))
    ) == (
        """\
context: 'acme'   # ours

projects:
- name: pay
  topics:
  - name: "a"   # the first
    config:
      x: 1
      # y: 2
  # - name: gone
  #   config: {}
  - name: new
    config:
      num.partitions: "6"

  # who reads
  consumers:
  - principal: User:a
- name: other
# end

special_topics:
- name: old
  config:
    num.partitions: "6"
"""
    )


def test_a_waiver_stays_with_its_entry() -> None:
    text = "context: a\nspecial_topics:\n- name: x\n  # kafka-gitops: ignore[topic-owner] because\n- name: y\nacls:\n"
    lone = "context: a\nspecial_topics:\n- name: x\n# kafka-gitops: ignore[acl-redundant] because\nacls:\n- {}\n"
    assert added(lone, Addition((), "special_topics", (topic("z"),))).splitlines()[2:7] == [
        "- name: x",
        "- name: z",
        "  config:",
        '    num.partitions: "6"',
        "# kafka-gitops: ignore[acl-redundant] because",
    ]
    assert added(text, Addition((), "special_topics", (topic("z"),))).index("- name: z") > text.index("- name: y")


def test_line_ends_and_a_last_line_without_one_stay() -> None:
    text = "context: acme\r\nspecial_topics:\r\n    -   name: a\r\n        config:\r\n            x: 1"
    assert added(text, Addition((), "special_topics", (topic("b"),))) == (
        text + '\r\n    -   name: b\r\n        config:\r\n            num.partitions: "6"'
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("context: a\nspecial_topics: [\n  {name: a}\n]\n", '  , {"name": "b", "config": {"num.partitions": "6"}}'),
        ("context: a\nspecial_topics: [\n  {name: a},\n]\n", '  {"name": "b", "config": {"num.partitions": "6"}},'),
    ],
)
def test_brackets_with_a_line_of_their_own_take_lines(text: str, line: str) -> None:
    assert only_added(text, added(text, Addition((), "special_topics", (topic("b"),)))) == [line]


def test_json_stays_json() -> None:
    import json

    text = '{\n\t"context": "a",\n\t"special_topics": [\n\t\t{"name": "a"}\n\t]\n}\n'
    made = added(
        text, Addition((), "special_topics", (topic("b"),)), Addition(PROJECT[:0], "acls", (ITEM,)), path="a.json"
    )
    assert [one["name"] for one in json.loads(made)["special_topics"]] == ["a", "b"]
    assert json.loads(made)["acls"] == [ITEM.value]


ITEM = Entry("acls", {"principals": ["User:x"], "allow": ["READ"], "topics": ["a"]}, Node.empty(""))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("context: a\nspecial_topics: []\n", "it is written in brackets on one line"),
        ("context: a\nx-t: &t [{name: a}]\nspecial_topics: *t\n", "its special_topics are written as an alias"),
        ("context: a\nspecial_topics: &t\n- name: a\n", "its special_topics are written as a list with an anchor"),
        ("context: a\nspecial_topics: ~\n", "its special_topics are written as a text"),
        ("{context: a}\n", "it is written in brackets on one line"),
        ("context: a\n---\ncontext: b\n", "it cannot be read as one document"),
        ("context: a\nspecial_topics: &t\n  - {name: a}\n", "its special_topics are written as a list with an anchor"),
    ],
)
def test_what_lines_cannot_extend_is_refused(text: str, why: str) -> None:
    assert refused(text, Addition((), "special_topics", (topic("b"),))) == why


def test_an_end_of_the_document_stays_the_end() -> None:
    assert added("---\ncontext: a\nacls:\n...\n# tail\n", Addition((), "acls", (ITEM,))).endswith("[a]\n...\n# tail\n")


def test_blank_lines_that_a_text_keeps_are_its_own() -> None:
    text = "context: a\nspecial_topics:\n- name: a\n  metadata:\n    x: |+\n      text\n\n\nacls:\n"
    made = added(text, Addition((), "special_topics", (topic("b"),)))
    assert "text\n\n\n- name: b\n" in made


NAMES = some.text("abcdefghij", min_size=1, max_size=4)
COMMENTS = some.sampled_from(["", "", "", "# note", "# - name: gone", "#   deeper", "#", "# it's: [odd, {"])


@some.composite
def files(draw: some.DrawFn) -> tuple[str, int, int]:
    """A topology with comments, blank lines and an indentation of somebody's own; its projects, its special topics."""
    unit, dash, gap = (
        draw(some.sampled_from([2, 3, 4])),
        draw(some.sampled_from([0, 2, 4])),
        draw(some.sampled_from([2, 4])),
    )
    projects, special = (
        draw(some.lists(some.lists(NAMES, unique=True, max_size=3), max_size=3)),
        draw(some.integers(0, 3)),
    )

    def topics(names: Sequence[str], column: int) -> Iterator[str]:
        for name in names:
            quoted = draw(some.sampled_from([name, f"'{name}'", f'"{name}"  # why']))
            yield f"{' ' * column}-{' ' * (gap - 1)}name: {quoted}"
            if draw(some.booleans()):
                yield f"{' ' * (column + gap)}config:"
                value = draw(some.sampled_from(["1", '"2"', "'3'  # why"]))
                yield f"{' ' * (column + gap + unit)}retention.ms: {value}"

    lines = ["context: acme"]
    if projects:
        lines.append("projects:")
    for number, names in enumerate(projects):
        lines.append(f"{' ' * dash}-{' ' * (gap - 1)}name: p{number}")
        if names:
            lines.append(f"{' ' * (dash + gap)}topics:")
            lines.extend(topics(names, dash + gap + dash))
    if special:
        lines.append("special_topics:")
        lines.extend(topics([f"s{at}" for at in range(special)], dash))
    return draw(with_comments(lines)), len(projects), special


@some.composite
def with_comments(draw: some.DrawFn, lines: list[str]) -> str:
    """The lines with comments and blank lines between them, and line ends of one kind."""
    made: list[str] = []
    for line in lines:
        made.append(line)
        for comment in draw(some.lists(COMMENTS, max_size=2)):
            made.append(" " * draw(some.integers(0, 8)) + comment)
    end = draw(some.sampled_from(["\n", "\r\n"]))
    return end.join(made) + draw(some.sampled_from(["", end, end * 3]))


@settings(max_examples=MANY, deadline=None)
@given(files(), some.data())
def test_any_file_gets_lines_alone_and_declares_what_is_added(
    found: tuple[str, int, int], data: some.DataObject
) -> None:
    text, projects, _ = found
    wanted: dict[Key, Spec] = {}
    additions = []
    for number in data.draw(some.sets(some.integers(0, projects - 1), max_size=2)) if projects else ():
        additions.append(Addition(("projects", number), "topics", (topic("new"), topic("newer"))))
        wanted |= {topic_key(f"acme.p{number}.{name}"): Topic(6, None, {}) for name in ("new", "newer")}
    if data.draw(some.booleans()):
        additions.append(Addition((), "special_topics", (topic("lone", "special_topics"),)))
        wanted[topic_key("lone")] = Topic(6, None, {})
    made = added(text, *data.draw(some.permutations(additions)))
    assert state(made) == state(text) | wanted
    assert added(made) == made
