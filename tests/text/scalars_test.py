"""Plain scalars: what the reference makes of them, and which deserve a warning."""

import pytest

from kafka_gitops.text.scalars import as_text, java_double, oddity, plain_value


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("delete", "delete"),
        ("yes", "true"),
        ("Off", "false"),
        ("FALSE", "false"),
        ("tRue", "tRue"),
        ("y", "y"),
        ("~", "null"),
        ("", "null"),
        ("Null", "null"),
        ("12", "12"),
        ("-1", "-1"),
        ("+7", "7"),
        ("010", "8"),
        ("0x10", "16"),
        ("0b11", "3"),
        ("1_000", "1000"),
        ("08", "08"),
        ("1.50", "1.5"),
        ("1.0", "1.0"),
        (".5", "0.5"),
        ("1e3", "1000.0"),
        ("1e10", "1.0E10"),
        ("0.0001", "1.0E-4"),
        ("1e99999", "Infinity"),
        ("2020-01-01", "2020-01-01"),
        ("12:30:45", "12:30:45"),
        ("1.2.3", "1.2.3"),
        ("0x", "0x"),
        ("0x" + "f" * 5_000, "0x" + "f" * 5_000),
        ("9" * 5_000, "9" * 5_000),
        ("-", "-"),
        (".", "."),
        ("+", "+"),
    ],
)
def test_text(raw: str, text: str) -> None:
    assert as_text(plain_value(raw)) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (100.0, "100.0"),
        (123456.789, "123456.789"),
        (9999999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (0.001, "0.001"),
        (0.00099, "9.9E-4"),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
    ],
)
def test_doubles_print_as_in_java(number: float, text: str) -> None:
    assert java_double(number) == text


@pytest.mark.parametrize("raw", ["delete", "12", "-1", "true", "False", "1.5", "a-b", "3600000", "User:a", "1.2.3"])
def test_ordinary_values_are_no_oddity(raw: str) -> None:
    assert oddity(raw) is None


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("yes", 'plain yes is read as "true"'),
        ("0777", 'plain 0777 is read as "511"'),
        ("1_000", 'plain 1_000 is read as "1000"'),
        ("1e3", 'plain 1e3 is read as "1000.0"'),
        ("", 'plain (nothing) is read as "null"'),
        ("12:30:45", "plain 12:30:45 is a number to base 60 for some YAML readers"),
        ("2020-01-01", "plain 2020-01-01 is a date for some YAML readers"),
    ],
)
def test_oddities(raw: str, said: str) -> None:
    assert oddity(raw) == said
