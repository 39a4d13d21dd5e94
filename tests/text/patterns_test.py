"""Regular expressions of a config end: what a change may say cannot keep a runner busy."""

import re
import time
from pathlib import Path

import pytest
from desk import Desk, topology

from kafka_gitops import patterns
from kafka_gitops.errors import ConfigError

SLOW = "acme.pay.(a+)+b"
NAME = f"acme.pay.{'a' * 48}"


def test_a_pattern_matches_as_ever() -> None:
    for text in ("a1", "a", "", "1a"):
        assert patterns.Bounded("[a-z][0-9]?").fullmatch(text) is bool(re.fullmatch("[a-z][0-9]?", text))


def test_its_time_is_that_of_all_its_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.3)
    slow = patterns.Bounded("(a+)+b")
    with pytest.raises(ConfigError, match=re.escape("The pattern (a+)+b did not end within 0.3 s.")):
        for _ in range(10_000):
            slow.fullmatch("a" * 16)


CONFIGS = {
    "a rule": f"rules: {{topic-owner: off, topic-name-pattern: {{pattern: '{SLOW}'}}}}\n",
    "a dead letter topic": f"rules: {{topic-owner: off}}\nnaming: {{dlq: {{generate: true, allow: ['{SLOW}']}}}}\n",
}


@pytest.mark.parametrize("what", CONFIGS)
def test_a_config_with_one_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.3)
    desk = Desk(tmp_path)
    desk.write("kafka-gitops.yaml", CONFIGS[what])
    project = f"context: acme\nprojects:\n- name: pay\n  topics:\n  - name: {'a' * 48}\n"
    desk.write("topologies/a.yaml", project if "dead" in what else topology("", NAME))
    began = time.process_time()
    result = desk.run("lint")
    assert (result.code, time.process_time() - began < 5) == (78, True), result
    assert f"The pattern {SLOW} did not end within 0.3 s." in result.err
