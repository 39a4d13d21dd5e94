"""Rules over a change ask for the trees of the files that differ: the others may have been let go."""

import pytest

from kafka_gitops.descriptor import build
from kafka_gitops.lint import run as lint
from kafka_gitops.settings import Language, Settings
from kafka_gitops.text import source
from kafka_gitops.text.source import Source

FILE = "context: c\nprojects: [{{name: {name}, topics: [{{name: a, config: {{retention.ms: '{ms}'}}}}]}}]\n"


def test_a_change_of_one_file_reads_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    now = {f"{name}.yaml": Source.unread(f"{name}.yaml", FILE.format(name=name, ms=86400000)) for name in "abc"}
    then = {**now, "a.yaml": Source.unread("a.yaml", FILE.format(name="a", ms=172800000))}
    after = build.topology(now, Language())
    before = build.topology(then, Language())
    looked = lint.look(after, Settings())
    for one in (*now.values(), *then.values()):
        one.let_go()
    asked: list[str] = []
    parse = source.parse

    def noted(path: str, text: str) -> Source:
        asked.append(path)
        return parse(path, text)

    monkeypatch.setattr(source, "parse", noted)
    found = lint.judge(looked, base=before)
    assert [one.rule for one in found if one.rule.startswith("change-")] == ["change-retention-shrink"]
    assert {*asked} <= {"a.yaml"}
