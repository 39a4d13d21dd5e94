"""Java's .properties syntax, as java.util.Properties reads it."""

import pytest

from kafka_gitops.config.properties import Property, parse
from kafka_gitops.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("a=b", "a", "b"),
        ("a:b", "a", "b"),
        ("a b", "a", "b"),
        ("  a \t= \t b  ", "a", "b  "),
        ("a", "a", ""),
        ("a=", "a", ""),
        ("a = = b", "a", "= b"),
        ("a==b", "a", "=b"),
        (r"a\=b\:c\ d=e", "a=b:c d", "e"),
        (r"a=\u00e9\t\n\q", "a", "é\t\nq"),
        (r"a=\uD83D\uDE00", "a", "😀"),
        (r"a=C:\\temp", "a", r"C:\temp"),
        ("a=b\\\n   c", "a", "bc"),
        ("a=b\\\\\nc=d", "a", "b\\"),
        ("a=b\\\n# no comment", "a", "b# no comment"),
        ("a=b\r\nc=d", "a", "b"),
        ("a=b\\", "a", "b"),
        ("a=1\na=2", "a", "2"),
        ('a="q"', "a", '"q"'),
    ],
)
def test_a_line_reads_as_java_reads_it(text: str, key: str, value: str) -> None:
    assert parse("x.properties", text)[key].value == value


def test_comments_and_empty_lines_are_nothing() -> None:
    assert parse("x.properties", "# a=b\n ! c=d\n\n\t\n#e\\\nf=g") == {"f": Property("g", 6)}


def test_the_line_is_where_a_value_begins() -> None:
    assert parse("x.properties", "\na=b\\\n c\\\n d\ne=f") == {"a": Property("bcd", 2), "e": Property("f", 5)}


def test_a_broken_escape_has_its_line() -> None:
    with pytest.raises(ConfigError) as caught:
        parse("x.properties", "a=b\nc=\\u12z4")
    assert caught.value.message == "x.properties:2: \\u needs four hexadecimal digits"
    assert caught.value.help == "Write a backslash as \\\\ in a .properties file."
