"""What the quick reader reads, and what it leaves to the parser's events; that both agree is in fuzz_quick_test."""

import subprocess
import sys

import pytest

from kafka_gitops.text import quick
from kafka_gitops.text.source import parse

USUAL = """\
# who owns it
context: acme

projects:
- name: pay  # of payments
  consumers:
    - principal: User:a
      topics: [a, 'b', "c"]
  topics:
  - name: "x.y"
    config:
      retention.ms: -1
      cleanup.policy: 'it''s \\\\ "'
  - {name: z, config: {retention.ms: "1"}}
  streams:
"""


def test_usual_lines_are_read() -> None:
    root = quick.read("t.yaml", USUAL)
    assert root is not None
    assert [*root.map] == ["context", "projects"]
    config = root.get("projects", 0, "topics", 0, "config")
    assert config is not None
    assert {name: (node.raw, node.plain) for name, node in config.map.items()} == {
        "retention.ms": ("-1", True),
        "cleanup.policy": ("it's \\\\ \"", False),
    }
    assert str(config.map["retention.ms"].span) == "t.yaml:12:21"
    assert str(config.map["retention.ms"].key_span) == "t.yaml:12:7"
    streams = root.get("projects", 0, "streams")
    assert streams is not None
    assert (streams.is_null, str(streams.span)) == (True, "t.yaml:15:11")
    inner = root.get("projects", 0, "topics", 1, "config", "retention.ms")
    assert inner is not None
    assert (inner.raw, str(inner.span), str(inner.key_span)) == ("1", "t.yaml:14:38", "t.yaml:14:24")
    topics = root.get("projects", 0, "consumers", 0, "topics")
    assert topics is not None
    assert [item.text for item in topics.items] == ["a", "b", "c"]


def test_lines_of_windows_are_read() -> None:
    root = quick.read("t.yaml", USUAL.replace("\n", "\r\n"))
    assert root is not None
    assert str(root.map["projects"].items[0].map["streams"].span) == "t.yaml:15:11"


@pytest.mark.parametrize(
    "text",
    [
        "a: &x b\n", "a: *x\n", "<<: b\n", "a: !!str b\n", "a: |\n  b\n", "a: b\n  c\n", "a: {b}\n", "? a\n", "'a': b\n",
        'a: "\\n"\n', "a: b\na: c\n", "yes: b\non: c\n", "a: b\r\nc: d\n", "a: b\rc: d\r", "a: b\rc: d\n", "a: b\r\nc: d\re: f\r\n", "a:\tb\n", "a: b: c\n", "a: b\n c: d\n",
        "a:\n    b: c\n  d: e\n", "  a: b\nc: d\n", "a: b\n---\n", "a: [b\n", "a: [b: c]\n", "- a\nb: c\n", "a: b\n- c\n", "a\n", "",
        "a: b # %TAG\n", "a: \xa0b\n", "a: b # \u202e\n", "%YAML 1.1\n---\na: b\n", "\ufeffa: b\n", f"a: {'x' * 1_000}\n", "".join(f"{'  ' * n}a:\n" for n in range(60)) + " " * 120 + "a: b\n",
    ],
)  # fmt: skip
def test_all_else_is_left_to_the_events(text: str) -> None:
    assert quick.read("t.yaml", text) is None


def test_escapes_of_json_count_in_a_json_file_whatever_it_is() -> None:
    root = parse("t.json", "a: \\ud83d\\ude00\n").root
    assert root is not None
    assert root.map["a"].text == "\U0001f600"


def test_a_lint_of_usual_files_loads_no_parser() -> None:
    program = (
        "import sys\nfrom kafka_gitops.text.source import parse\n"
        f"assert parse('t.yaml', {USUAL!r}).root is not None\nassert 'yaml' not in sys.modules\n"
        "assert parse('t.yaml', 'a: &x b').root is not None\nassert 'yaml' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
