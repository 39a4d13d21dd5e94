"""Shapes: what was found, what was expected, what to do."""

import pytest

from kafka_gitops.shape.check import AnyOf, Anything, Boolean, Integer, ListOf, Map, Number, OneOf, Shape, Text, check
from kafka_gitops.shape.found import near
from kafka_gitops.text.source import parse

USER = Map({"name": Text(), "group": Text(null=True)}, ("name",), called="a user", hints={"nom": "it is called name"})


def said(text: str, shape: Shape) -> list[str]:
    """What is wrong with a text, a line each, help behind a bar."""
    root = parse("t", text).root
    assert root is not None
    return [
        f"{problem.span.line}:{problem.span.column} {problem.rule} {problem.message} | {problem.help}"
        for problem in check(root, shape)
    ]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("x", Text()),
        ("12", Text()),
        ("~", Text(null=True)),
        ("[1, {a: b}]", Anything()),
        ("6", Integer(1, 10)),
        ('"6"', Integer(6)),
        ("~", Integer(null=True)),
        ("1.5", Number(0)),
        ("yes", Boolean()),
        ('"true"', Boolean()),
        ("~", Boolean(null=True)),
        ("b", OneOf(("a", "b"))),
        ("B", OneOf(("a", "b"), fold=True)),
        ("[a, b]", ListOf(Text())),
        ("~", ListOf(Text(), null=True)),
        ("{name: x, group: }", USER),
        ("User:a", AnyOf((USER, Text()))),
        ("{name: a}", AnyOf((USER, Text()))),
        ("{free: 1}", Map(others=Text())),
    ],
)
def test_fits(text: str, shape: Shape) -> None:
    assert said(text, shape) == []


@pytest.mark.parametrize(
    ("text", "shape", "expected"),
    [
        ("[a]", Text(), ["1:2 wrong-type found a list, expected text | write \"a\""]),
        ("~", Text(), ["1:1 wrong-type found nothing, expected text | None"]),
        ("0", Integer(1), ['1:1 wrong-type found a number, "0", expected a whole number of at least 1 | None']),
        ("1.5", Integer(), ['1:1 wrong-type found a number, "1.5", expected a whole number | None']),
        ("11", Integer(1, 9), ['1:1 wrong-type found a number, "11", expected a whole number from 1 to 9 | None']),
        ("yes", Number(most=3), ['1:1 wrong-type found true/false, "yes", expected a number up to 3 | None']),
        ("x", Boolean(), ['1:1 wrong-type found text, "x", expected true or false | None']),
        ("lates", OneOf(("latest", "none")),
         ['1:1 wrong-type found text, "lates", expected one of latest, none | did you mean "latest"?']),
        ("{a: b}", ListOf(Text()), ['1:2 wrong-type found a mapping, expected a list | begin every entry with "- "']),
        ("x", ListOf(Text()), ['1:1 wrong-type found text, "x", expected a list | write [x]']),
        ("[]", ListOf(Text(), least=1),
         ["1:1 wrong-type found an empty list, expected a list with at least 1 | add one, or delete the key"]),
        ("{}", USER, ['1:1 missing-key a user needs the key "name" | None']),
        ("x", USER, ['1:1 wrong-type found text, "x", expected a mapping (a user) | write "name: x"']),
        ("{name: x, gruop: y}", USER,
         ['1:11 unknown-key a user has no key "gruop" | did you mean "group"?; known keys: group, name']),
        ("{name: x, nom: y}", USER,
         ['1:11 unknown-key a user has no key "nom" | it is called name; known keys: group, name']),
        ("{name: x, colour: y}", USER, ['1:11 unknown-key a user has no key "colour" | known keys: group, name']),
        ("{Nam: [x]}", AnyOf((USER, Text())),
         ['1:2 unknown-key a user has no key "Nam" | did you mean "name"?; known keys: group, name']),
        ("[x]", AnyOf((USER, Text())), ["1:2 wrong-type found a list, expected a mapping (a user) or text | None"]),
    ],
)  # fmt: skip
def test_says(text: str, shape: Shape, expected: list[str]) -> None:
    assert said(text, shape) == expected


def test_a_lenient_mapping_refuses_only_near_misses() -> None:
    shape = Map({"config": Text(), "name": Text()}, lenient=True, called="a topic")
    assert said("{configs: x, owner: y}", shape) == [
        '1:2 unknown-key a topic has no key "configs" | did you mean "config"?; known keys: config, name',
        '1:14 ignored-input the key "owner" of a topic has no effect: nobody reads it | delete it',
    ]


def test_a_long_text_is_cut() -> None:
    assert said("x" * 60, Boolean()) == [
        f'1:1 wrong-type found text, "{"x" * 37}...", expected true or false | None',
    ]


@pytest.mark.parametrize(("name", "expected"), [("Principle", "principal"), ("xyz", None), ("GROUP", "group")])
def test_near(name: str, expected: str | None) -> None:
    assert near(name, ("principal", "group")) == expected
