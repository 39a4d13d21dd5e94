"""Every format of findings: exact bytes, its published schema, an independent reader, hostile text.

`python tests/report/formats_test.py` writes the goldens again.
"""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as tree
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from goldens import expected
from linting import read
from lxml import etree

from kafka_gitops.descriptor import build
from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.lint import run as lint
from kafka_gitops.report import formats, markdown
from kafka_gitops.report.findings import Findings
from kafka_gitops.rules import RULES
from kafka_gitops.settings import Language, Settings
from kafka_gitops.text.source import parse

DATA = Path(__file__).parents[1] / "data"
ENDS = {
    "gitlab": "json",
    "sarif": "sarif",
    "junit": "xml",
    "checkstyle": "xml",
    "rdjson": "json",
    "bitbucket": "json",
    "json": "json",
}
TEXTS = {
    "topologies/größe 名.yaml": """\
context: acme
projects:
- name: größe
  topics:
  - {name: "orders", config: {retention.mss: "86400000"}}
  - name: "名前"
    consumers:
    - principal: User:reporting
""",
    "topologies/pay.yaml": """\
context: acme
projects:
- name: pay
  topics:
  - name: orders.new
    config:
      retention.mss: "1"
      cleanup.policy: never
""",
    "topologies/zoo.yaml": "context: acme\nprojects:\n- name: pay\n  topics:\n  - name: orders_new\n",
    "./topologies/clean.yaml": "context: acme\nprojects:\n- name: clean\n  topics:\n  - name: t\n",
}
HOSTILE = "a\n::error::b ##[error]c <img src=x> @team [x](http://y) |`\\| \x1b[31m\u202e]]> & \"'"
HOLDS_PATHS = ("gitlab", "json", "rdjson", "bitbucket")  # a path is what it is: their programs read no logs
SHOWN = ("topic-config-unknown", "topic-config-value", "topic-name-collision", "acl-group-wildcard", "topic-name-legal")


def findings() -> Findings:
    """What lint finds in TEXTS, of the rules in SHOWN alone, so that a new rule changes no golden."""
    topology = build.topology({path: parse(path, text) for path, text in TEXTS.items()}, Language())
    found = [one for one in lint.run(topology, Settings()) if one.rule in SHOWN]
    return Findings(found, topology.sources, len(topology.topics), 0.25, "prod")


def golden(name: str) -> Path:
    """Where the exact text of a format is kept."""
    return DATA / "formats" / f"{name}.{ENDS.get(name, 'txt' if name != 'markdown' else 'md')}"


def rendered(name: str) -> str:
    """A format of the findings; in SARIF the pages of the rules are left out, which change for their own reasons."""
    text = formats.render(name, findings())
    if name != "sarif":
        return text
    body = json.loads(text)
    rules = [rule["id"] for rule in body["runs"][0]["tool"]["driver"].pop("rules")]
    for result in body["runs"][0]["results"]:
        assert rules[result.pop("ruleIndex")] == result["ruleId"]
    return json.dumps(body, indent=1) + "\n"


def hostile() -> Findings:
    """A finding whose every text is HOSTILE, its file's name too."""
    span = Span(f"{HOSTILE}.yaml", 1, 1, 1, 2)
    one = Diagnostic(span, "topic-name-legal", Severity.error, HOSTILE, HOSTILE, ((span, HOSTILE),))
    return Findings([one], {span.path: parse(span.path, "a: b\n")})


@pytest.mark.parametrize("name", formats.FORMATS)
def test_a_format_is_exact(name: str) -> None:
    text = rendered(name)
    assert text == expected(golden(name), text)


def test_there_is_something_of_everything_to_see() -> None:
    found = findings().diagnostics
    assert {one.severity for one in found} == {Severity.error, Severity.warning}
    assert any(span.path != one.span.path for one in found for span, _ in one.related)
    assert any(not str(one.span).isascii() for one in found)


def valid(name: str, given: Findings) -> Any:
    """The report, read and held to its schema."""
    text = formats.render(name, given)
    if name == "junit":
        schema = etree.XMLSchema(etree.parse(DATA / "schemas" / "junit-10.xsd"))
        root = etree.fromstring(text.encode())
        schema.assertValid(root)
        return root
    file = {"sarif": "sarif-schema-2.1.0.json", "rdjson": "rdformat.json"}[name]
    body = json.loads(text)
    jsonschema.validate(body, json.loads((DATA / "schemas" / file).read_text(encoding="utf-8")))
    return body


@pytest.mark.parametrize("name", ["sarif", "rdjson", "junit"])
@pytest.mark.parametrize("given", [findings(), hostile(), Findings([])], ids=["some", "hostile", "none"])
def test_a_report_holds_to_its_schema(name: str, given: Findings) -> None:
    assert valid(name, given) is not None


@pytest.mark.parametrize("name", formats.FORMATS)
def test_hostile_text_is_inert(name: str) -> None:
    text = formats.render(name, hostile())
    assert not set(text) & set("\x1b\u202e")
    assert "##[error]" not in text or name in HOLDS_PATHS
    assert not any(line.lstrip().startswith("::") for line in text.split("\n")[1:])
    if name in ("junit", "checkstyle"):
        tree.fromstring(text)
    elif formats.FORMATS[name].for_programs:
        json.loads(text)


def test_hostile_text_in_markdown_stays_in_its_cell() -> None:
    row = markdown.render(hostile()).split("\n")[6]
    place, rest = re.fullmatch(r"\| (``.*?``) (\| `topic-name-legal` \|.*)", row).groups()  # type: ignore[union-attr]
    assert "``" not in place[2:-2]
    free = re.sub(r"\\.", "", rest.replace("`topic-name-legal`", ""))
    assert free.count("|") == 4
    assert not set(free) & set("<>[]()`")
    assert "@team" not in free
    assert "://" not in free


def test_hostile_text_in_sarif_is_no_link() -> None:
    result = valid("sarif", hostile())["runs"][0]["results"][0]
    for text in (result["message"]["text"], result["relatedLocations"][0]["message"]["text"]):
        assert "](" not in text
        assert "@team" not in text
        assert "\n" not in text
    assert re.fullmatch(r"[\w%./-]+", result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])


def read_by_sarif_tools(tmp_path: Path, *command: str) -> Path:
    """What sarif-tools makes of our SARIF."""
    (tmp_path / "in.sarif").write_text(formats.render("sarif", findings()), encoding="utf-8")
    out = tmp_path / "out.txt"
    args = [sys.executable, "-m", "sarif", *command, "--output", str(out), str(tmp_path / "in.sarif")]
    subprocess.run(args, check=True, capture_output=True)
    return out


def test_another_reader_finds_the_same_code_quality(tmp_path: Path) -> None:
    theirs = json.loads(read_by_sarif_tools(tmp_path, "codeclimate").read_text(encoding="utf-8"))
    ours = json.loads(formats.render("gitlab", findings()))
    assert {row["severity"] for row in theirs} == {row["severity"] for row in ours} == {"major", "minor"}

    def places(rows: list[Any]) -> list[tuple[str, int]]:
        return sorted((row["location"]["path"], row["location"]["lines"]["begin"]) for row in rows)

    quoted = json.loads(json.dumps(ours).replace("gr\\u00f6\\u00dfe \\u540d", "gr%C3%B6%C3%9Fe%20%E5%90%8D"))
    assert places(theirs) == places(quoted)


def test_another_reader_counts_the_same(tmp_path: Path) -> None:
    counted = read_by_sarif_tools(tmp_path, "summary").read_text(encoding="utf-8")
    found = findings().diagnostics
    for level in (Severity.error, Severity.warning):
        assert f"{level}: {sum(one.severity is level for one in found)}" in counted


def test_sarif_says_what_every_rule_is() -> None:
    driver = valid("sarif", Findings([]))["runs"][0]["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == sorted(RULES)
    rule = next(rule for rule in driver["rules"] if rule["id"] == "topic-name-collision")
    assert rule["shortDescription"]["text"] == "Two topic names that differ only by `.` and `_`."
    assert rule["fullDescription"]["text"].startswith("Kafka makes metric names of topic names")
    assert "Bad:" not in rule["fullDescription"]["text"]
    assert "```yaml" in rule["help"]["markdown"]
    assert rule["defaultConfiguration"] == {"level": "error"}


def test_names_in_junit_are_unique_and_a_clean_file_passes() -> None:
    given = findings()
    twice = Findings([*given.diagnostics, *given.diagnostics], given.sources)
    cases = valid("junit", twice).findall(".//testcase")
    assert len({case.get("name") for case in cases}) == len(cases) == 2 * len(given.diagnostics) + 1
    assert [case.get("name") for case in cases if not len(case)] == ["topologies/clean.yaml has no problems"]


def test_columns_of_rdjson_are_bytes() -> None:
    rows = json.loads(formats.render("rdjson", findings()))["diagnostics"]
    span = Span("t.yaml", 1, 6, 1, 8)
    one = Diagnostic(span, "unknown-key", Severity.error, "said")
    sources = {"t.yaml": parse("t.yaml", "ö: 名𐐀bc\n")}
    (row,) = json.loads(formats.render("rdjson", Findings([one], sources)))["diagnostics"]
    assert row["location"]["range"] == {"start": {"line": 1, "column": 12}, "end": {"line": 1, "column": 14}}
    assert rows


def test_gitlab_is_an_empty_list_when_clean() -> None:
    assert formats.render("gitlab", Findings([])) == "[]\n"


def test_gitlab_keeps_its_fingerprints_when_lines_move() -> None:
    def prints(text: str) -> list[str]:
        topology = read(text, path="t.yaml")
        rows = json.loads(formats.render("gitlab", Findings(lint.run(topology, Settings()), topology.sources)))
        return [row["fingerprint"] for row in rows]

    text = TEXTS["topologies/pay.yaml"]
    assert prints(text) == prints(f"# a comment\n\n{text}") != []
