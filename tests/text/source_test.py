"""Text to nodes: places, aliases, merge keys, and input that would hurt a naive reader; with both parsers."""

import time

import pytest

from kafka_gitops.text.node import Node
from kafka_gitops.text.source import parse, span_at

PARSERS = pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "python"])


def plain(node: Node | None) -> object:
    """A tree as plain data, every scalar as its text."""
    if node is None:
        return None
    if node.is_map:
        return {key: plain(child) for key, child in node.map.items()}
    return [plain(child) for child in node.items] if node.is_list else node.text


def said(text: str, *, pure: bool, path: str = "t.yaml") -> list[str]:
    """What is wrong with a text, a line each."""
    return [f"{problem.span} {problem.rule}: {problem.message}" for problem in parse(path, text, pure=pure).problems]


def test_what_yaml_calls_printable_is_read_and_nothing_else() -> None:
    for char in "\t ~\xa0\ud7ff\ue000\ufffd\U00010000\U0010ffff":
        assert parse("t.yaml", f"a: x{char}x\n").problems == (), hex(ord(char))
    for char in "\x00\x08\x0b\x0c\x0e\x1b\x1f\x7f\x84\x86\x9f\ud800\udfff\ufffe\uffff":
        (problem,) = parse("t.yaml", f"a: x{char}x\n").problems
        assert problem.message == f"the control character U+{ord(char):04X} is not allowed in YAML"


@PARSERS
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb:\n- x\n- 'y'\n", {"a": "1", "b": ["x", "y"]}),
        ('{"a": [1, {"b": "c\\u00e9"}], "t": true}', {"a": ["1", {"b": "cé"}], "t": "true"}),
        ('{\n\t"a":\t1\n}', {"a": "1"}),
        ('{"a": "\\ud83d\\ude00"}', {"a": "\U0001f600"}),
        ("---\na: 1\n", {"a": "1"}),
        ("%YAML 1.2\n---\na: 1\n", {"a": "1"}),
        ("a: 1\n...\n", {"a": "1"}),
        ("a: 1\r\nb:\r\n  c: 2\r\n", {"a": "1", "b": {"c": "2"}}),
        ("\ufeffa: 1\n", {"a": "1"}),
        ("", None),
        ("# only\n# comments\n", None),
        ("- a\n- b\n", ["a", "b"]),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
        ("a: &x {k: v}\nb: *x\n", {"a": {"k": "v"}, "b": {"k": "v"}}),
        ("a: &x {k: v, l: 1}\nb: {<<: *x, k: w}\n", {"a": {"k": "v", "l": "1"}, "b": {"k": "w", "l": "1"}}),
        (
            "a: &x {k: v}\nb: &y {k: q, z: 1}\nc: {<<: [*x, *y]}\n",
            {"a": {"k": "v"}, "b": {"k": "q", "z": "1"}, "c": {"k": "v", "z": "1"}},
        ),
        ("yes: 1\n01: b\n", {"true": "1", "1": "b"}),
        ('a: "{{ quoted }}"\n', {"a": "{{ quoted }}"}),
        ("a: !!str 010\n", {"a": "010"}),
    ],
)
def test_reads(text: str, expected: object, pure: bool) -> None:
    source = parse("t.yaml", text, pure=pure)
    assert source.problems == ()
    assert plain(source.root) == expected


@PARSERS
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", 't.yaml:3:1 duplicate-key: the key "a" is in this mapping twice, first in line 1'),
        ("m: {x: 1, x: 2}\n", 't.yaml:1:11 duplicate-key: the key "x" is in this mapping twice, first in line 1'),
        ("a: *nope\n", 't.yaml:1:4 yaml-syntax: the alias "*nope" has no anchor "&nope" before it'),
        ("a: &a [*a]\n", 't.yaml:1:8 yaml-syntax: the alias "*a" has no anchor "&a" before it'),
        ("a: {<<: 3}\n", 't.yaml:1:9 wrong-type: "<<" merges mappings, found a number'),
        ("a: b\x00c", "t.yaml:1:5 yaml-syntax: the control character U+0000 is not allowed in YAML"),
        ("a: \ud800", "t.yaml:1:4 yaml-syntax: the control character U+D800 is not allowed in YAML"),
        ("a:\n\tb: 1\n", "t.yaml:2:1 yaml-syntax: a tab character where YAML allows only blanks"),
        (
            "a: 1\n---\nb: 2\n",
            "t.yaml:2:1 second-document: a second YAML document begins here; only the first of a file is read",
        ),
        ("a: {{ x }}\n", "t.yaml:1:5 yaml-syntax: this is a template, not YAML yet"),
        ("{% for x in y %}\na: 1\n", "t.yaml:1:2 yaml-syntax: this is a template, not YAML yet"),
        ("{{- if .x }}\na: 1\n{{ end }}", "t.yaml:1:2 yaml-syntax: this is a template, not YAML yet"),
        (
            "a: !!python/object:os.system x\n",
            't.yaml:1:4 yaml-syntax: the YAML tag "tag:yaml.org,2002:python/object:os.system" means nothing here',
        ),
        ("a: !secret x\n", 't.yaml:1:4 yaml-syntax: the YAML tag "!secret" means nothing here'),
        (
            "? [a, b]\n: c\n",
            "t.yaml:1:3 wrong-type: a mapping or a list is where a key belongs, expected text",
        ),
        ('a: "foo\nb: 1\n', "t.yaml:1:4 yaml-syntax: this quote is never closed"),
        ("a: [b\n", "t.yaml:1:4 yaml-syntax: this bracket is never closed"),
        ("a: {b: c\n", "t.yaml:1:4 yaml-syntax: this brace is never closed"),
        ("a: @x", 't.yaml:1:4 yaml-syntax: no plain text begins with "@"'),
        ("a: b\nfoo\n", "t.yaml:2:1 yaml-syntax: could not find expected ':' while scanning a simple key"),
    ],
)
def test_says(text: str, expected: str, pure: bool) -> None:
    assert said(text, pure=pure) == [expected]


@PARSERS
def test_a_duplicate_key_names_both_places(pure: bool) -> None:
    (problem,) = parse("t.yaml", "a: 1\nb: 2\na: 3\n", pure=pure).problems
    assert [(str(span), word) for span, word in problem.related] == [("t.yaml:1:1", "first here")]


@PARSERS
@pytest.mark.parametrize(
    "text",
    [
        "[" * 5_000,
        "[" * 5_000 + "]" * 5_000,
        "{a: " * 3_000,
        "".join(" " * level + "a:\n" for level in range(1_000)),
        "- " * 5_000 + "x",
        "? " * 3_000,
        "a: " + "x" * 1_000_001,
        'a: "\\ud83d"',
        'a: "\\U99999999"',
        "a: &m {x: *m}\n",
        "a: &a {<<: *a, x: 1}\n",
        ": x\n",
        "a: 'b\n",
        "a: *\n",
        "%FOO\na: 1",
        "a: 1\n...\nfoo\n",
    ],
    ids=range(16),
)
def test_never_raises(text: str, pure: bool) -> None:
    source = parse("t.yaml", text, pure=pure)
    assert source.root is None
    (problem,) = source.problems
    assert problem.rule in ("yaml-syntax", "wrong-type")
    assert problem.span.line >= 1 and problem.span.column >= 1


@PARSERS
def test_an_alias_bomb_is_defused_at_once(pure: bool) -> None:
    rows = [f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(12)]
    began = time.perf_counter()
    assert said("a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(rows), pure=pure) == [
        "t.yaml:7:8 yaml-syntax: its aliases expand to more than 1,000,000 values"
    ]
    assert time.perf_counter() - began < 2


def test_aliases_that_nest_deeper_than_any_text_do_not_recurse() -> None:
    rows = ["a0: &a0 " + "[" * 90 + "x" + "]" * 90]
    rows += [f"a{i}: &a{i} " + "[" * 90 + f"*a{i - 1}" + "]" * 90 for i in range(1, 60)]
    root = parse("t.yaml", "\n".join(rows)).root
    assert root is not None
    assert str(root.map["a59"].head) == "t.yaml:1:99"


@PARSERS
def test_places_count_characters_not_bytes(pure: bool) -> None:
    root = parse("t.yaml", 'ä: "ö"\nx: {ü: [y, "z\U0001f600", q]}\n', pure=pure).root
    assert root is not None
    assert [root.at("ä")[1:], root.at("x", "ü", 2)[1:]] == [(1, 4, 1, 7), (2, 18, 2, 19)]
    assert root.map["x"].map["ü"].key_span[1:] == (2, 5, 2, 6)


def test_a_value_under_an_alias_stands_where_it_was_written_under_its_own_key() -> None:
    root = parse("t.yaml", "a: &x\n  k: v\nb: *x\n").root
    assert root is not None
    below = root.map["b"]
    assert (str(below.key_span), str(below.at("k"))) == ("t.yaml:3:1", "t.yaml:2:6")


def test_the_nearest_place_stands_for_a_path_that_ends_early() -> None:
    root = parse("t.yaml", "a:\n  b:\n    c: 1\n").root
    assert root is not None
    assert [str(root.at("a", "b", "zzz")), str(root.at("a", 3)), str(root.at())] == [
        "t.yaml:3:5",
        "t.yaml:2:3",
        "t.yaml:1:1",
    ]
    assert root.get("a", "zzz", "c") is None


def test_says_what_it_is() -> None:
    root = parse("t.yaml", 'a: x\nb: 1\nc: 1.5\nd: yes\ne:\nf: []\ng: {}\nh: "1"\n').root
    assert root is not None
    assert [child.what for child in root.map.values()] == [
        *("text", "a number", "a number", "true/false", "nothing", "a list", "a mapping", "text"),
    ]


def test_span_at() -> None:
    assert span_at("t", "ab\ncd", 4, 1) == ("t", 2, 2, 2, 3)


@PARSERS
def test_many_tag_directives_are_refused_before_they_are_compared(pure: bool) -> None:
    text = "".join(f"%TAG !a{number}! x\n" for number in range(60_000)) + "---\na: b\n"
    began = time.process_time()
    assert said(text, pure=pure) == ["t.yaml:1:1 yaml-syntax: more than 100 %TAG, which mean nothing here"]
    assert time.process_time() - began < 1
