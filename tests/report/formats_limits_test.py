"""The limits of the formats of findings, and the formats on the command line."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from formats_test import TEXTS, valid
from linting import read

from kafka_gitops.cli.main import main
from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.lint import run as lint
from kafka_gitops.report import bitbucket, formats, markdown, sarif
from kafka_gitops.report.findings import Findings
from kafka_gitops.settings import Settings


def many(number: int, severity: Severity = Severity.warning, said: str = "said") -> list[Diagnostic]:
    """Made-up findings, a line each."""
    return [
        Diagnostic(Span("a.yaml", line, 1, line, 2), "topic-duplicate", severity, said, "do")
        for line in range(1, number + 1)
    ]


def test_sarif_leaves_out_the_lightest_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST", 3)
    run = valid("sarif", Findings([*many(3), *many(2, Severity.error)]))["runs"][0]
    assert [result["level"] for result in run["results"]] == ["error", "error", "warning"]
    (said,) = run["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"] == "2 more findings are left out, the lightest ones: code scanning takes 3"


def test_sarif_takes_a_rule_that_is_not_ours() -> None:
    one = many(1)[0]._replace(rule="own-rule")
    run = valid("sarif", Findings([one]))["runs"][0]
    assert run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]["id"] == "own-rule"


def test_bitbucket_sends_a_thousand_in_hundreds_errors_first() -> None:
    body = json.loads(bitbucket.render(Findings([*many(1100), *many(50, Severity.error)])))
    assert [len(batch) for batch in body["annotations"]] == [100] * 10
    rows = [row for batch in body["annotations"] for row in batch]
    assert [row["severity"] for row in rows[:51]] == ["HIGH"] * 50 + ["MEDIUM"]
    assert len({row["external_id"] for row in rows}) == 1000
    assert body["report"]["details"].endswith("; 150 more findings are not annotated")
    assert body["report"]["result"] == "FAILED"


def test_markdown_is_cut_between_rows() -> None:
    each = [one._replace(subject=str(number)) for number, one in enumerate(many(2000, Severity.error))]
    text = markdown.render(Findings([*each, *many(9)]))
    assert 50_000 < len(text) <= markdown.MOST
    rows = sum(line.startswith("| `a.yaml:") for line in text.splitlines())
    assert f"\nand {2000 - rows:,} more errors: `kafka-gitops lint --format json` shows each\n" in text


def test_long_texts_are_cut() -> None:
    given = Findings(many(1, said="x" * 5000))
    assert all(len(row["description"]) < 1100 for row in json.loads(formats.render("gitlab", given)))
    assert len(json.loads(bitbucket.render(given))["annotations"][0][0]["summary"]) == 450
    assert "x" * 201 not in markdown.render(given)


@pytest.fixture(scope="module")
def long_names() -> Findings:
    """Findings about names and values that are as long as a text may be; of a longer one nothing is read."""
    long = "x" * 32_000
    topics = f"special_topics:\n- name: {long}\n  config: {{retention.ms: {long}}}\n- name: y{long}\n"
    team = f"projects:\n- name: a\n  topics: [{{name: {long}}}]\n  consumers: [{{principal: {long}}}]\n"
    topology = read(f"context: c\n{topics}{team}", path="t.yaml")
    return Findings(lint.run(topology, Settings()), topology.sources)


@pytest.mark.parametrize("name", [name for name in formats.FORMATS if name not in ("full", "json")])
def test_long_names_fit_into_every_format(name: str, long_names: Findings) -> None:
    """Of `full`, which CIs print, the lines are cut as any line of a log; `json` tells all."""
    assert len(long_names.diagnostics) > 3
    rules = len(formats.render(name, Findings([])))  # of SARIF, which has a page of each
    assert len(formats.render(name, long_names).encode()) < rules + 20_000


def test_without_the_text_rdjson_names_the_line() -> None:
    (row,) = json.loads(formats.render("rdjson", Findings(many(1))))["diagnostics"]
    assert row["location"] == {"path": "a.yaml", "range": {"start": {"line": 1}}}


def test_a_run_writes_many_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pay.yaml").write_text(TEXTS["topologies/pay.yaml"])
    names = [name for name in formats.FORMATS if name != "full"]
    assert main(["lint", "pay.yaml", *(f"--report={name}=out.{name}" for name in names)]) == 1
    for name in names:
        assert "topic-config-unknown" in Path(f"out.{name}").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name, form in formats.FORMATS.items() if form.for_programs])
def test_a_run_without_topologies_still_writes_a_report(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["lint", "--format", name, f"--report={name}=out"]) == 0
    written = Path("out").read_text(encoding="utf-8")
    assert capsys.readouterr().out == written
    assert re.sub(r' time="[0-9.]+"', "", written) == formats.render(name, Findings([]))


def test_the_command_line_loads_no_format() -> None:
    code = "import sys, kafka_gitops.cli.lint; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"yaml", "hashlib", "kafka_gitops.report.findings", "kafka_gitops.rules"} & set(loaded)
