"""Spoils the text of a topology file as people, editors and attackers do; the same `Random` spoils it the same way."""

import json
from collections.abc import Callable
from random import Random

import yaml

ODD = (
    *("~", "null", "yes", "Off", "0x1F", "0o17", "017", "1_000", "1e3", ".inf", ".nan", "-0", "+7", "12:30:45"),
    *("2026-01-02", "2026-01-02T03:04:05Z", "''", '""', "[]", "{}", "[1, [2]]", "{a: {b: c}}", "!!str 1", "!!int '3'"),
    *(
        "!!binary aGk=",
        "!own x",
        "*nowhere",
        "&here there",
        "'a''b'",
        '"\\u0041\\x42\\n"',
        '"\\ud800"',
        "|\n    a\n    b",
    ),
    *(
        ">-\n    a\n    b",
        "a #b",
        "a: b",
        "- a",
        "${WORD_SHOP}",
        "${NOT_SET:-x}",
        "${}",
        "{{topic}}",
        "User:*",
        "*",
        "a*b",
    ),
    *(
        "<changeme>",
        "TODO",
        "-1",
        "604800000",
        "99999999999999999999",
        "é",
        "日本",
        "😀",
        "x" * 300,
        "=",
        "<<",
        "@a",
        "`a`",
    ),
)
PIECES = (
    *('"', "'", "[", "]", "{", "}", ":", ": ", "- ", "#", " #", "&a ", "*a", "!x ", "|", ">", "%", "@", "`", ",", "? "),
    *(
        "\t",
        "  ",
        "\u00a0",
        "\u200b",
        "\u202e",
        "\ufeff",
        "\u2028",
        "\x85",
        "\x00",
        "\x07",
        "\x1b[31m",
        "\r",
        "é",
        "😀",
    ),
    *("\u0430", "\u0301", "\n", "\n\n", "\n---\n", "\n...\n", "<<: *a", "::add-mask::x", "</script>", "|x|", "\\"),
)
_SECTIONS = """\
removed:
- {topic: t0.shop.old, because: replaced}
- {topic: t0.shop.placed, release: true}
====
removed:
- acl: {principals: [User:t0.shop], allow: [READ], topics: [t0.shop.placed]}
- {schema: s, version: 3}
====
access:
- {principal: User:a, can: read, topic: acme.pay.orders}
- {principal: User:b, cannot: write, topic: x}
====
acls:
- {principals: [User:a, b], allow: [READ, Describe], topics: ['*', t0.*], groups: [g], hosts: [10.0.0.1]}
====
acls:
- {principals: [User:*], deny: [ALL], cluster: true}
- {principals: User:x, allow: READ}
====
quotas:
- {user: app, producer_byte_rate: 1_000}
- {ip: 10.9.9.9, connection_creation_rate: 5}
====
users:
- {name: app, mechanism: SCRAM-SHA-512, password: plain}
- {name: two, mechanisms: {SCRAM-SHA-1: {}}}
====
schemas:
- {subject: s-value, file: ../schemas/placed.avsc}
- {subject: gone, file: nowhere.avsc}
====
connectors:
- name: c
  config: {connector.class: X, topics: nowhere, password: secret}
- {name: d, file: no.json}
====
platform:
  kafka:
    quotas: [{principal: app, producer_byte_rate: 1024}]
====
special_topics:
- {name: __special, producers: [{principal: User:w, transactionId: 7}]}
====
projects: []
====
context: other
====
base: &base {num.partitions: '3'}
projects:
- name: m
  topics:
  - {name: a, config: {<<: *base, retention.ms: 1}}
"""
SECTIONS = _SECTIONS.split("====\n")
WAIVERS = (
    "  # kafka-gitops: allow topic-retention: OPS-1",
    "  # kafka-gitops: allow topic-owner until 2020-01-01: OPS-2",
    "  # kafka-gitops: allow topic-partitions, topic-unused until 2099-12-31: OPS-3",
    "  # kafka-gitops: allow nothing-such: OPS-4",
    "  # kafka-gitops: allow topic-unused",
    "  # kafka-gitops: alow",
)

Spoil = Callable[[Random, str], str]


def _lines(change: Callable[[Random, list[str], int], None]) -> Spoil:
    def spoil(random: Random, text: str) -> str:
        lines = text.split("\n")
        change(random, lines, random.randrange(len(lines)))
        return "\n".join(lines)

    return spoil


def _drop(_random: Random, lines: list[str], at: int) -> None:
    del lines[at]


def _double(_random: Random, lines: list[str], at: int) -> None:
    lines.insert(at, lines[at])


def _swap(random: Random, lines: list[str], at: int) -> None:
    other = random.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]


def _shift(random: Random, lines: list[str], at: int) -> None:
    lines[at] = random.choice((" ", "  ", "\t", "")) + (lines[at][1:] if random.random() < 0.5 else lines[at])


def _waive(random: Random, lines: list[str], at: int) -> None:
    lines[at] += random.choice(WAIVERS)


def _value(random: Random, lines: list[str], at: int) -> None:
    valued = [number for number, line in enumerate(lines) if ": " in line]
    if valued:
        at = random.choice(valued)
        lines[at] = lines[at].split(": ", 1)[0] + ": " + random.choice(ODD)


def _key(random: Random, lines: list[str], at: int) -> None:
    keyed = [number for number, line in enumerate(lines) if ":" in line]
    if keyed:
        at = random.choice(keyed)
        key, _, rest = lines[at].partition(":")
        lines[at] = f"{key[:-1] if random.random() < 0.5 else key + key[-1:]}:{rest}"


def _insert(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(PIECES) + text[at:]


def _erase(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + text[at + 1 :]


def _cut(random: Random, text: str) -> str:
    return text[: random.randrange(len(text) + 1)]


def _append(random: Random, text: str) -> str:
    return f"{text.rstrip()}\n{random.choice(SECTIONS)}"


def _again(dump: Callable[[object], str]) -> Spoil:
    def spoil(_random: Random, text: str) -> str:
        try:
            return dump(yaml.safe_load(text))
        except (yaml.YAMLError, TypeError, ValueError):
            return text

    return spoil


FLOW = _again(lambda data: yaml.safe_dump(data, default_flow_style=True, width=100, allow_unicode=True))
JSON = _again(lambda data: json.dumps(data, indent=2))
SPOILS: tuple[Spoil, ...] = (
    *(_lines(change) for change in (_drop, _double, _swap, _shift, _waive, _waive, _value, _value, _value, _key, _key)),
    *(_insert, _insert, _erase, _cut, _append, _append, _append, FLOW, JSON),
    lambda _random, text: text.replace("\n", "\r\n"),
    lambda random, _text: random.choice(("", "\n", "# nothing\n", "---\n", "[]\n", "7\n", "context:\n", "\ufeff")),
)


def spoiled(random: Random, text: str, times: int) -> bytes:
    """A text after so many changes, as the bytes of its file; now and then those are no UTF-8."""
    for _ in range(times):
        text = random.choice(SPOILS)(random, text)
    codec = random.choices(("utf-8", "utf-8-sig", "utf-16", "latin-1"), (40, 1, 1, 1))[0]
    return text.encode(codec, "surrogatepass" if codec.startswith("utf") else "replace")
