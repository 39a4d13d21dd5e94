"""Places to addresses: by names, whatever stands above, fast, and once for what an alias repeats."""

import time

import pytest

from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.lint.fingerprint import fingerprints
from kafka_gitops.text.address import finder
from kafka_gitops.text.source import Source, parse

TEXT = """\
context: acme
projects:
- name: pay
  consumers:
  - principal: User:a
    group: "*"
  - group: x
  topics:
  - config: {retention.ms: 1}
    name: orders/eu~1
    principals: [User:b, "User:c"]
- topics:
  -
    name: late
"""


def places(text: str) -> dict[str, str]:
    """The address of each `line:column` where a word begins."""
    source = parse("t.yaml", text)
    find = finder({"t.yaml": source})
    return {
        f"{number}:{column + 1}": find(Span("t.yaml", number, column + 1, number, column + 2))
        for number, line in enumerate(text.splitlines(), 1)
        for column in range(len(line))
        if line[column].isalnum() and (column == 0 or not line[column - 1].isalnum())
    }


@pytest.mark.parametrize(
    ("place", "address"),
    [
        ("1:1", "/context"),
        ("1:10", "/context"),
        ("2:1", "/projects"),
        ("3:3", "/projects/pay"),
        ("3:9", "/projects/pay"),
        ("5:5", "/projects/pay/consumers/User:a"),
        ("5:16", "/projects/pay/consumers/User:a"),
        ("6:5", "/projects/pay/consumers/User:a/group"),
        ("7:5", "/projects/pay/consumers/1/group"),
        ("9:5", "/projects/pay/topics/orders~1eu~01/config"),
        ("9:14", "/projects/pay/topics/orders~1eu~01/config/retention.ms"),
        ("9:28", "/projects/pay/topics/orders~1eu~01/config/retention.ms"),
        ("10:11", "/projects/pay/topics/orders~1eu~01"),
        ("11:18", "/projects/pay/topics/orders~1eu~01/principals/User:b"),
        ("11:27", "/projects/pay/topics/orders~1eu~01/principals/User:c"),
        ("12:3", "/projects/1/topics"),
        ("14:11", "/projects/1/topics/late"),
    ],
)
def test_an_address_goes_by_names(place: str, address: str) -> None:
    assert places(TEXT)[place] == address


def test_entries_of_sections_go_by_what_they_are_about() -> None:
    text = (
        "quotas:\n- {user: a, client_id: b, producer_byte_rate: 1}\n- {ip: 10.0.0.1, connection_creation_rate: 2}\n"
        "removed:\n- {user: x, mechanism: m}\n- {connector: main/c, release: true}\n"
    )
    found = places(text)
    assert found["2:4"] == "/quotas/a b"
    assert found["2:27"] == "/quotas/a b/producer_byte_rate"
    assert found["3:18"] == "/quotas/10.0.0.1/connection_creation_rate"
    assert found["5:13"] == "/removed/x/mechanism"
    assert found["6:23"] == "/removed/main~1c/release"


def test_edits_above_do_not_change_an_address() -> None:
    before = set(places(TEXT).values())
    assert set(places(TEXT.replace("projects:\n", "# a\nsource: x\n\nprojects:\n- name: new\n")).values()) > before - {
        "/projects/1/topics",
        "/projects/1/topics/late",
    }


def test_an_unreadable_or_unknown_file_has_one_address() -> None:
    broken = parse("t.yaml", "a: [")
    find = finder({"t.yaml": broken})
    assert find(Span("t.yaml", 1, 4, 1, 5)) == find(Span("other.yaml", 1, 1, 1, 1)) == "/"


def test_what_an_alias_repeats_keeps_the_address_of_its_anchor() -> None:
    text = """\
topics:
- name: a
  config: &c
    retention.ms: 1
- name: b
  config: *c
- name: c
  config:
    <<: *c
    x: 2
"""
    found = places(text)
    assert found["4:5"] == "/topics/a/config/retention.ms"
    assert found["6:3"] == "/topics/b/config"
    assert found["10:5"] == "/topics/c/config/x"


def test_aliases_of_aliases_are_walked_once() -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 6))]
    started = time.perf_counter()
    assert places("\n".join(lines))["6:1"] == "/a5"
    assert time.perf_counter() - started < 1


def test_a_thousand_findings_cost_little() -> None:
    topics = "".join(f"  - name: t{n}\n    config:\n      retention.ms: {n}\n" for n in range(2_000))
    source = parse("t.yaml", f"context: a\nprojects:\n- name: p\n  topics:\n{topics}")
    find = finder({"t.yaml": source})
    started = time.perf_counter()
    found = [find(Span("t.yaml", 4 + 6 * n + 3, 7, 4, 8)) for n in range(1_000)]
    assert time.perf_counter() - started < 2
    assert found[1] == "/projects/p/topics/t2/config/retention.ms"
    assert len(set(found)) == 1_000


def test_a_long_text_is_cut() -> None:
    assert places(f"- {'x' * 500}")["1:3"] == f"/{'x' * 100}"


def finding(line: int, column: int, rule: str = "topic-duplicate", path: str = "t.yaml") -> Diagnostic:
    """A finding at a place of TEXT."""
    return Diagnostic(Span(path, line, column, line, column + 1), rule, Severity.error, f"said in {line}")


def prints(text: str, *found: Diagnostic) -> list[str]:
    """Their fingerprints in a text."""
    sources = {path: Source(path, text, parse(path, text).root, ()) for path in {one.span.path for one in found}}
    return list(fingerprints(found, sources))


def test_a_fingerprint_survives_edits_above() -> None:
    assert prints(TEXT, finding(6, 5)) == prints(f"# new\n\n{TEXT}", finding(8, 5))


def test_rule_path_and_address_make_a_fingerprint() -> None:
    found = (finding(6, 5), finding(6, 5, "unknown-key"), finding(6, 5, path="u.yaml"), finding(7, 5))
    assert len(set(prints(TEXT, *found))) == 4


def test_true_duplicates_are_numbered() -> None:
    first, second = prints(TEXT, finding(6, 5), finding(6, 5))
    assert first != second
    assert prints(TEXT, finding(6, 5)) == [first]


def test_one_file_has_one_name() -> None:
    plain, dotted, windows = (
        prints(TEXT, finding(6, 5, path=path)) for path in ("a/t.yaml", "./a/t.yaml", "a\\t.yaml")
    )
    assert plain == dotted == windows
