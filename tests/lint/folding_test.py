"""What a person reads is folded by cause; exit codes, files and the formats of programs count every finding."""

import json
from pathlib import Path

import pytest
from linting import read

from kafka_gitops.cli.main import main
from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.lint import run as lint
from kafka_gitops.report import formats, hook
from kafka_gitops.report.causes import causes
from kafka_gitops.report.findings import Findings
from kafka_gitops.settings import Settings

HERE = Path(__file__).parents[1]
HEALTHY = [*sorted((HERE / "golden").glob("*/topology.yaml")), *sorted((HERE.parent / "examples").glob("**/*.yaml"))]
MOST = 8
SINGLE = ("json", "sarif", "junit", "gitlab", "github", "checkstyle", "rdjson", "bitbucket", "concise")


def one(line: int, message: str, severity: Severity = Severity.warning) -> Diagnostic:
    """A finding of topic-owner in a line."""
    return Diagnostic(Span("t.yaml", line, 1, line, 2), "topic-owner", severity, message, "do it")


def test_a_first_lint_of_a_healthy_repository_has_few_warnings() -> None:
    counted = {}
    for path in HEALTHY:
        found = lint.run(read(path.read_text(encoding="utf-8"), path=str(path)), Settings())
        counted[path.parent.name] = len(causes(found))
    assert len(counted) > 40
    assert max(counted.values()) <= MOST


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('topic "a.b" has no owner', 'topic "c.d" has no owner'),
        ("User:a may read every group", "Group:b may read every group"),
        ("replication factor 1, expected 3", "replication factor 2, expected 3"),
        ("the group prefix has no end", "the topic prefix has no end"),
        ("it also covers project pay", "it also covers project ship"),
    ],
)
def test_names_numbers_and_types_apart_it_is_one_cause(first: str, second: str) -> None:
    (cause,) = causes([one(1, first), one(2, second)])
    assert (cause.one.message, [other.message for other in cause.more]) == (first, [second])


@pytest.mark.parametrize(
    "other",
    [
        one(2, "said otherwise"),
        one(2, "said", Severity.error),
        one(2, "said")._replace(rule="topic-unused"),
        one(2, "said")._replace(help="do something else"),
        one(2, "said")._replace(subject="t"),
    ],
)
def test_another_word_rule_help_weight_or_resource_is_another_cause(other: Diagnostic) -> None:
    assert [cause.one for cause in causes([one(1, "said"), other])] == [one(1, "said"), other]


def test_a_hook_shows_errors_and_counts_old_warnings() -> None:
    found = [one(line, f'topic "t{line}" has no owner') for line in range(1, 300)]
    bad = [one(line, f'no config is called "c{line}"', Severity.error) for line in range(300, 305)]
    text = hook.render(Findings([*found, *bad, one(400, "fine", Severity.info)]))
    assert text == (
        't.yaml:300:1: error topic-owner no config is called "c300"; do it\n'
        't.yaml:301:1: error topic-owner no config is called "c301"; do it\n'
        't.yaml:302:1: error topic-owner no config is called "c302"; do it\n'
        "  and 2 more like it: t.yaml:303:1, t.yaml:304:1\n"
        "besides 299 warnings and 1 remark (topic-owner 300): kafka-gitops lint shows them\n"
        "kafka-gitops explain topic-owner says why, with a bad and a good example\n"
    )


def test_a_hook_names_the_commit_without_which_lint_would_not_show_the_rest() -> None:
    found = [one(1, "wrong", Severity.error), one(2, "gone", Severity.info)._replace(rule="change-right-revoked")]
    assert hook.render(Findings(found, base="HEAD")).splitlines()[1] == (
        "besides 1 remark (change-right-revoked 1): kafka-gitops lint --base HEAD shows them"
    )


def test_a_hook_without_errors_shows_warnings_folded() -> None:
    text = hook.render(Findings([one(line, f'topic "t{line}" has no owner') for line in range(1, 300)]))
    assert text == (
        't.yaml:1:1: warning topic-owner topic "t1" has no owner; do it\n'
        "  and 298 more like it: t.yaml:2:1, t.yaml:3:1, t.yaml:4:1, ...\n"
        "kafka-gitops explain topic-owner says why, with a bad and a good example\n"
    )
    assert hook.render(Findings([])) == ""


def many(count: int) -> str:
    """A topology whose topics all have one replica."""
    topics = "".join(f"  - name: t{n}\n    config: {{replication.factor: '1'}}\n" for n in range(count))
    return f"context: c\nprojects:\n- name: p\n  topics:\n{topics}"


@pytest.mark.parametrize("form", SINGLE)
def test_what_programs_read_has_every_finding(form: str) -> None:
    topology = read(many(30), path="t.yaml")
    text = formats.render(form, Findings(lint.run(topology, Settings()), topology.sources, 30))
    assert text.count("replication factor 1, expected 3") >= 30


def test_exit_codes_baselines_and_counts_know_no_folding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.yaml").write_text(many(30))
    assert [main(["lint", "t.yaml", "--fail-on", limit]) for limit in ("error", "warning")] == [0, 1]
    capsys.readouterr()
    main(["lint", "t.yaml", "--write-baseline=known.json", "--report", "json=all.json"])
    assert len(json.loads(Path("known.json").read_text())["findings"]) == 30
    Path("t.yaml").write_text(many(31))
    capsys.readouterr()
    main(["lint", "t.yaml", "--baseline", "known.json"])
    assert capsys.readouterr().out.startswith("t.yaml:66:34: warning[topic-replication]")


def test_verbose_shows_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.yaml").write_text(many(60))
    counts = []
    for words in (["lint", "t.yaml"], ["lint", "t.yaml", "-v"]):
        main(words)
        counts.append(capsys.readouterr().out.count("warning[topic-replication]"))
    assert counts == [1, 60]
