"""The formats of findings, word by word; hostile text stays text."""

import json

from linting import read

from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.lint import run as lint
from kafka_gitops.report import concise, full, github, json_
from kafka_gitops.report.findings import Findings, inert, summary
from kafka_gitops.settings import Settings
from kafka_gitops.text.source import Source

PAY = """\
context: acme
projects:
- name: pay
  topics:
  - name: orders
    config:
      retention.mss: "86400000"
    consumers:
    - principal: User:reporting
"""


def findings(text: str = PAY, path: str = "topologies/pay.yaml") -> Findings:
    """What lint finds in a text, in 0.21 s."""
    topology = read(text, path=path)
    return Findings(lint.run(topology, Settings()), topology.sources, len(topology.topics), 0.21)


def at(text: str, line: int, column: int, end: int, **other: object) -> Findings:
    """One made-up finding in a text."""
    span = Span("t.yaml", line, column, line, end)
    one = Diagnostic(span, "topic-duplicate", Severity.error, "said", "do")._replace(**other)  # type: ignore[arg-type]
    return Findings([one], {"t.yaml": Source("t.yaml", text, None, ())}, 1, 0.0)


def shown(text: str, line: int, column: int, end: int) -> list[str]:
    """The source line and the line of carets."""
    lines = full.render(at(text, line, column, end)).splitlines()
    return lines[-4:-2]


def test_full() -> None:
    assert (
        full.render(findings())
        == """\
topologies/pay.yaml:7:7: error[topic-config-unknown]: no topic config is called "retention.mss"
  |
6 |     config:
7 |       retention.mss: "86400000"
  |       ^^^^^^^^^^^^^ did you mean "retention.ms"?
  |
topologies/pay.yaml:9:7: warning[acl-group-wildcard]: User:reporting may read every consumer group
  |
8 |     consumers:
9 |     - principal: User:reporting
  |       ^^^^^^^^^ add "group: NAME" (or "NAME*") to say which
  |
2 problems (1 error, 1 warning) in 1 file, 1 topic, 0.21 s
"""
    )


def test_full_when_clean() -> None:
    assert full.render(findings("context: acme\nprojects: []\n")) == "No problems in 1 file, 0 topics.\n"
    sources = {f"{n}": Source("", "", None, ()) for n in range(12)}
    assert full.render(Findings([], sources, 1348, 0.2)) == "No problems in 12 files, 1,348 topics.\n"


def test_full_in_colour() -> None:
    painted = full.render(at("a: b\n", 1, 1, 2), lambda text, style: f"<{style}>{text}</>")
    assert painted.splitlines()[0] == "<bold>t.yaml:1:1</>: <red>error[topic-duplicate]</>: said"
    assert painted.splitlines()[3] == "  | <red>^</> do"


def test_full_without_a_line_keeps_the_help() -> None:
    assert full.render(at("", 7, 1, 1)).splitlines()[:2] == ["t.yaml:7:1: error[topic-duplicate]: said", "   = do"]


def test_carets_are_clipped_to_the_line() -> None:
    assert shown("name: x\n", 1, 7, 99) == ["1 | name: x", "  |       ^ do"]
    assert shown("name: x\n", 1, 99, 120) == ["1 | name: x", "  |        ^ do"]
    assert shown("\n", 1, 1, 1) == ["1 |", "  | ^ do"]


def test_carets_stand_below_tabs_and_wide_characters() -> None:
    assert shown("a:\t名前: x\n", 1, 4, 6) == ["1 | a:    名前: x", "  |       ^^^^ do"]
    assert shown("e\u0301: x\n", 1, 5, 6) == ["1 | e\\u0301: x", "  |          ^ do"]


def test_a_long_line_is_cut_around_the_place() -> None:
    source, carets = shown(f"{'a' * 500} X {'b' * 500}\n", 1, 502, 503)
    assert source.startswith("1 | ...a") and source.endswith("b...") and len(source) < 180
    assert source[carets.index("^")] == "X"


def test_line_ends_count_as_git_and_editors_count_them() -> None:
    assert shown("a: 1\r\nb: 2\x85\u2028\r\nc: 3\n", 3, 1, 2) == ["3 | c: 3", "  | ^ do"]
    assert shown("a: 1\rb: 2\rc: 3", 3, 1, 2) == ["3 | c: 3", "  | ^ do"]


def test_findings_of_one_cause_are_counted_at_the_first_place() -> None:
    topics = "".join(f"  - name: t{n}\n    config: {{replication.factor: '1'}}\n" for n in range(51))
    found = findings(f"context: c\nprojects:\n- name: p\n  topics:\n{topics}")
    text = full.render(found)
    assert text.count("warning[topic-replication]") == 1
    assert text.splitlines()[-3:] == [
        "  and 50 more like it: topologies/pay.yaml:8:34, topologies/pay.yaml:10:34, topologies/pay.yaml:12:34, ...",
        "kafka-gitops lint -v shows each finding, --format json too",
        "51 problems (51 warnings) in 1 file, 51 topics, 0.21 s",
    ]
    assert full.render(found, every=True).count("warning[topic-replication]") == 51


def test_three_errors_of_one_cause_are_shown_for_each_may_be_another_slip() -> None:
    topics = "".join(f"  - name: t{n}\n    config: {{retention.m{n}: '1'}}\n" for n in range(5))
    lines = full.render(findings(f"context: c\nprojects:\n- name: p\n  topics:\n{topics}")).splitlines()
    assert [line.split(": ")[0] for line in lines if "error[" in line] == [
        f"topologies/pay.yaml:{line}:14" for line in (6, 8, 10)
    ]
    assert "  and 2 more like it: topologies/pay.yaml:12:14, topologies/pay.yaml:14:14" in lines
    assert lines[-1] == "5 problems (5 errors) in 1 file, 5 topics, 0.21 s"


def test_what_a_change_does_to_a_resource_is_folded_into_no_other() -> None:
    span = Span("t.yaml", 1, 1, 1, 2)
    one = Diagnostic(span, "change-topic-deleted", Severity.error, 'the topic "t" is deleted', "accept it")
    each = [one._replace(subject=f"t{number}") for number in range(51)]
    text = full.render(Findings(each))
    assert text.count("error[change-topic-deleted]") == 20
    assert "\nand 31 more of change-topic-deleted\nkafka-gitops lint -v shows each finding" in text
    assert text.count("error[") == 20 and full.render(Findings(each), every=True).count("error[") == 51


def test_concise() -> None:
    assert concise.render(findings()) == (
        'topologies/pay.yaml:7:7: error topic-config-unknown no topic config is called "retention.mss"\n'
        "topologies/pay.yaml:9:7: warning acl-group-wildcard User:reporting may read every consumer group\n"
    )
    assert concise.render(Findings([])) == ""


def test_json() -> None:
    document = json.loads(json_.render(findings()))
    assert document["diagnostics"][0] == {
        "rule": "topic-config-unknown",
        "severity": "error",
        "path": "topologies/pay.yaml",
        "line": 7,
        "column": 7,
        "end_line": 7,
        "end_column": 20,
        "message": 'no topic config is called "retention.mss"',
        "help": 'did you mean "retention.ms"?',
    }
    assert document["summary"] == {"error": 1, "warning": 1, "info": 0, "files": 1, "topics": 1}
    assert json.loads(json_.render(Findings([])))["diagnostics"] == []


def test_github() -> None:
    assert github.render(findings()).splitlines() == [
        "::error file=topologies/pay.yaml,line=7,col=7,endColumn=20,title=topic-config-unknown::"
        'no topic config is called "retention.mss"%0Adid you mean "retention.ms"?',
        "::warning file=topologies/pay.yaml,line=9,col=7,endColumn=16,title=acl-group-wildcard::"
        'User:reporting may read every consumer group%0Aadd "group: NAME" (or "NAME*") to say which',
        "2 problems (1 error, 1 warning) in 1 file, 1 topic, 0.21 s",
    ]


def test_github_escapes_what_is_hostile() -> None:
    span = Span("a,b:c%.yaml", 1, 1, 3, 9)
    one = Diagnostic(span, "yaml-syntax", Severity.error, "x\n::stop-commands::y 100% ##[error]z \x1b[31m")
    line, closing = github.render(Findings([one], {}, 0, None)).splitlines()
    assert line == (
        "::error file=a%2Cb%3Ac%25.yaml,line=1,col=1,title=yaml-syntax::"
        "x%0A::stop-commands::y 100%25 ## [error]z \\x1b[31m"
    )
    assert closing == "1 problem (1 error) in 0 files, 0 topics"


def test_github_points_at_what_the_runner_would_drop() -> None:
    one = at("a\n", 1, 1, 2).diagnostics[0]
    hostile = one._replace(span=Span("::error::.yaml", 1, 1, 1, 2))
    lines = github.render(Findings([one] * 10 + [hostile], {}, 0, None)).splitlines()
    assert lines[0] == "::error title=kafka-gitops::2 more findings of level error: see the log of this step"
    assert sum(line.startswith("::error") for line in lines) == 10
    assert lines[10:12] == [
        "t.yaml:1:1: error topic-duplicate said",
        "\u200b::error::.yaml:1:1: error topic-duplicate said",
    ]


def test_no_format_lets_a_control_character_through() -> None:
    hostile = "\x1b]0;owned\x07\r\u202e\x9b31m"
    one = Diagnostic(Span(f"{hostile}.yaml", 1, 1, 1, 9), "topic-duplicate", Severity.error, hostile, hostile)
    given = Findings([one], {one.span.path: Source("", f"{hostile}\n", None, ())}, 1, None)
    for text in (full.render(given), concise.render(given), github.render(given), json_.render(given)):
        assert not set(text.replace("\n", "")) & set("\x1b\x07\r\u202e\x9b\x00")
        assert "owned" in text


def test_inert_keeps_ordinary_text() -> None:
    assert inert("größe 名前 🙂") == "größe 名前 🙂"
    assert inert("a\tb\nc\x00\u2028\ud800") == "a\\tb\\nc\\x00\\u2028\\ud800"


def test_the_counts_are_pluralised() -> None:
    assert (
        summary(Findings(at("a", 1, 1, 2).diagnostics, {}, 1, 1.5)) == "1 problem (1 error) in 0 files, 1 topic, 1.50 s"
    )
