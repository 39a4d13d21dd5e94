"""What hides in a file is found, wherever it stands, and never shown as it is."""

import io
import json
import subprocess
from pathlib import Path

import pytest
from desk import Desk
from linting import lint_text

from kafka_gitops import files
from kafka_gitops.report import markup, plan_picture
from kafka_gitops.report.findings import inert
from kafka_gitops.text import characters
from kafka_gitops.text.source import parse

BREAKS = ["\x85", "\u2028", "\u2029", "\r"]
TURNS = [*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]
SEEN = "context: acme\nprojects:\n- name: pay\n  topics:\n  - name: orders\n"
GHOST = "acls: [{principals: ['User:ghost'], allow: [READ], topics: ['acme.pay.*']}]"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty directory."""
    return Desk(tmp_path)


@pytest.mark.parametrize("char", [*BREAKS, *TURNS], ids=lambda char: f"{ord(char):04X}")
def test_a_comment_that_hides_something_is_an_error_and_nothing_is_read(char: str) -> None:
    source = parse("t.yaml", f"{SEEN}# see the wiki{char}{GHOST}\n")
    (problem,) = source.problems
    assert (str(problem.span), problem.rule, source.root) == ("t.yaml:6:15", "hidden-text", None)


@pytest.mark.parametrize("char", [*BREAKS, *TURNS], ids=lambda char: f"{ord(char):04X}")
def test_also_within_a_text_a_key_and_json(char: str) -> None:
    for text in (f'a: "x{char}y"\n', f"a{char}b: 1\n", f'{{"a": "x{char}"}}\n', f"a: |\n  x{char}y\n"):
        assert [one.rule for one in parse("t.yaml", text).problems] == ["hidden-text"], text


def test_it_is_told_once_for_each_kind() -> None:
    text = "a: 1 # \x85\n# \u202e\u202e\u2066 \x85\nb: 2\rc: 3\n"
    assert [f"{one.span} {one.message}; {one.help}" for one in parse("t.yaml", text).problems] == [
        "t.yaml:3:5 a carriage return without a line feed ends a line for YAML, but not for git; "
        "end every line with LF or CR LF",
        "t.yaml:1:8 U+0085 (next line) ends a line for YAML, but not for git and editors: what follows it can look like "
        "a comment; 1 more in this file; delete it, and end the line with LF",
        "t.yaml:2:3 U+202E (right-to-left override) changes the order in which text is shown: what people see is not "
        "what is read; 2 more in this file; delete it",
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{SEEN}",
        SEEN.replace("\n", "\r\n"),
        SEEN.replace("\n", "\r"),
        f"# zero\u200bwidth, \u3164, e\u0301, \xa0, \xad: no harm in a comment\n{SEEN}",
        f'{SEEN}    metadata: {{note: "e\u0301\u200b\\u2028\\u202e"}}\n',
    ],
    ids=["bom", "crlf", "cr", "comment", "metadata"],
)
def test_what_hides_nothing_is_fine(text: str) -> None:
    hiding = {"hidden-text", "name-hidden-character", "name-mixed-scripts", "yaml-syntax"}
    assert not hiding & {one.rule for one in lint_text(text)}


def test_git_shows_a_comment_where_yaml_read_a_grant(desk: Desk) -> None:
    text = f"# topics of the pay team, see the wiki\x85{GHOST}\n{SEEN}"
    (desk.home / "topologies").mkdir()
    (desk.home / "topologies" / "pay.yaml").write_bytes(text.encode())
    added = subprocess.run(
        ["git", "diff", "--no-index", "--numstat", "/dev/null", "topologies/pay.yaml"],
        cwd=desk.home, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert added.stdout.split()[0] == "6"
    result = desk.run("lint")
    assert result.code == 1 and "topologies/pay.yaml:1:39: error[hidden-text]: U+0085 (next line)" in result.out
    assert "acls:" in result.out and "\x85" not in result.out  # the line as git counts it, escaped
    assert desk.run("render", "topologies").code == 1


@pytest.mark.parametrize("where", ["kafka-gitops.yaml", "policy.yaml", "roles.yaml", "plans.yaml"])
@pytest.mark.parametrize("char", ["\x85", "\u2029", "\r", "\u2066"], ids=lambda char: f"{ord(char):04X}")
def test_every_file_that_is_yaml_is_looked_at(desk: Desk, where: str, char: str) -> None:
    texts = {
        "kafka-gitops.yaml": "roles: roles.yaml\nplans: plans.yaml\n",
        "policy.yaml": "limits: {topics: 1}\n",
        "roles.yaml": "roles: []\n",
        "plans.yaml": "plans: {}\n",
        "topologies/t.yaml": SEEN,
    }
    texts[where] += f"# ok{char}limits: {{topics: 99}}\n"
    for name, text in texts.items():
        (desk.home / name).parent.mkdir(exist_ok=True)
        (desk.home / name).write_bytes(text.encode())
    result = desk.run("lint", "--policy", "policy.yaml")
    line = texts[where].count("\n")
    assert result.code in (1, 78) and f"{where}:{line}:5" in result.out + result.err, result


def test_a_name_in_the_config_is_what_it_looks_like(desk: Desk) -> None:
    desk.write("kafka-gitops.yaml", 'protect: {topics: ["acme.\u200bpay.*"]}\n')
    result = desk.run("config")
    assert result.code == 78
    assert "kafka-gitops.yaml:1:20: U+200B (zero width space) is in this name, and cannot be seen" in result.err


def test_a_client_file_hides_no_key_behind_a_carriage_return(desk: Desk) -> None:
    (desk.home / "c.properties").write_bytes(b"# brokers\rbootstrap.servers=evil:9092\nbootstrap.servers=a:9092\n")
    result = desk.run("config", "--client-config", "c.properties")
    assert result.code == 78 and "c.properties:1: a carriage return without a line feed" in result.err


@pytest.mark.parametrize("rule", ["hidden-text", "name-hidden-character"])
def test_nothing_silences_it(desk: Desk, rule: str) -> None:
    bad = "# \u202e\n" if rule == "hidden-text" else ""
    entry = '  producers:\n  # kafka-gitops: allow name-hidden-character: x\n  - principal: "User:a\\u200b"\n'
    desk.write("topologies/t.yaml", f"# kafka-gitops: allow hidden-text: x\n{bad}{SEEN}{entry}")
    assert desk.run("lint").code == 1
    desk.run("lint", "--write-baseline=b.json")
    assert rule not in (desk.home / "b.json").read_text(encoding="utf-8")
    desk.write("kafka-gitops.yaml", f"rules: {{{rule}: off}}\n")
    assert f"The rule {rule} is always error, not off" in desk.run("lint").err


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_file_of_which_git_shows_no_diff_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.yaml").write_bytes(SEEN.encode(encoding))
    loaded = files.load(["t.yaml"], recursive=False)
    assert loaded.texts == {"t.yaml": SEEN}
    assert [f"{one.severity} {one.rule} {one.message}" for one in loaded.problems] == [
        f"warning file-encoding this file is {encoding.upper()}: git takes it for binary and shows no diff, "
        "so nobody can review a change"
    ]


def test_stdin_keeps_its_line_ends() -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfa: 1\rb: 2\n"), encoding="utf-8")
    assert files.load(["-"], recursive=False, stdin=stdin).texts == {"<stdin>": "a: 1\rb: 2\n"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u200bb", "a\\u200bb"),
        ("a\xa0b\u3000c", "a\\xa0b\\u3000c"),
        ("e\u0301", "e\\u0301"),
        ("a\u3164\u115f\uffa0\u2800", "a\\u3164\\u115f\\uffa0\\u2800"),
        ("\U000e0041\U0001d159", "\\U000e0041\\U0001d159"),
        ("a\ufe0f\u034f\u180e", "a\\ufe0f\\u034f\\u180e"),
        ("\x07\x9b\ud800", "\\x07\\x9b\\ud800"),
        ("Grüße, 注文 … → 😀", "Grüße, 注文 … → 😀"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert inert(text) == shown


def test_json_keeps_the_value_and_shows_the_escape() -> None:
    body = {"a": "x\u202e\xa0\U000e0041é"}
    text = characters.json_escaped(json.dumps(body, ensure_ascii=False))
    assert text == '{"a": "x\\u202e\\u00a0\\udb40\\udc41é"}' and json.loads(text) == body


def test_a_terminal_gets_nothing_that_hides(desk: Desk) -> None:
    entry = '  producers:\n  - principal: "User:a\\u200c\\e[31m"\n'
    desk.write("topologies/t.yaml", SEEN + entry)
    for command in (("lint",), ("lint", "--format", "json"), ("render",), ("render", "--format", "json")):
        result = desk.run(*command)
        assert not set("\u200c\x1b") & set(result.out + result.err), command


def test_a_blank_of_another_kind_is_seen_in_a_comment_and_a_picture() -> None:
    assert markup.code("User:a\xa0b \n c") == "`User:a\\xa0b c`"
    assert markup.text("a\u3000b") == "a\\\\u3000b"
    assert plan_picture.label("a\xa0b") == "a#92;xa0b"
