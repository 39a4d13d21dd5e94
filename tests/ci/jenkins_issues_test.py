"""Our Checkstyle and SARIF reports, read by the parsers of Jenkins' Warnings plugin."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from desk import Desk
from pipelines import groovy, machine, run

pytestmark = pytest.mark.kafka  # no broker, but the network: Groovy and the parsers come from Maven Central
PARSERS = "edu.hm.hafner:analysis-model:13.18.0"
ODD = "topologies/größe 名 100%.yaml"
CONFIG = "topology: topologies/\nrules: {topic-name-collision: info}\n"
TEXTS = {
    ODD: """\
context: acme
projects:
- name: odd
  topics:
  - {name: orders, config: {retention.mss: "1", cleanup.policy: "<b '&\\"never"}}
  - name: other
    consumers:
    - principal: User:reporting
""",
    "topologies/pay.yaml": """\
context: acme
projects:
- name: pay
  topics: [{name: a.b, config: {retention.mss: "1"}}, {name: a_b, config: {retention.mss: "1"}}]
""",
}


class Issue(NamedTuple):
    """A row of Jenkins' table; column 0 is none."""

    file: str
    line: int
    column: int
    severity: str
    rule: str
    message: str


UNKNOWN = 'no topic config is called "retention.mss"; did you mean "retention.ms"?'
ISSUES = [
    Issue(ODD, 5, 29, "ERROR", "topic-config-unknown", UNKNOWN),
    Issue(ODD, 5, 65, "ERROR", "topic-config-value", "cleanup.policy: \"<b '&\"never\" is not one of compact, delete"),
    Issue(
        ODD, 8, 7, "NORMAL", "acl-group-wildcard",
        'User:reporting may read every consumer group; add "group: NAME" (or "NAME*") to say which',
    ),
    Issue("topologies/pay.yaml", 4, 33, "ERROR", "topic-config-unknown", UNKNOWN),
    Issue(
        "topologies/pay.yaml", 4, 62, "LOW", "topic-name-collision",
        '"acme.pay.a_b" collides with "acme.pay.a.b" (topologies/pay.yaml:4:19): Kafka takes only one of them; '
        'they differ only by "." and "_"; rename one',
    ),
    Issue("topologies/pay.yaml", 4, 76, "ERROR", "topic-config-unknown", UNKNOWN),
]  # fmt: skip


def read(home: Path, texts: dict[str, str]) -> tuple[list[Issue], list[Issue]]:
    """What the plugin's parsers find in the Checkstyle and in the SARIF report of a lint, sorted."""
    desk = Desk(home)
    for name, text in {"kafka-gitops.yaml": CONFIG, **texts}.items():
        desk.write(name, text)
    desk.run("lint", "--report", "checkstyle=lint.xml", "--report", "sarif=lint.sarif")
    given = ["checkstyle", str(home / "lint.xml"), "sarif", str(home / "lint.sarif")]
    said = run([*groovy("Issues.groovy", PARSERS), *given], "reading reports as Jenkins does", machine(home))
    found: list[list[dict[str, Any]]] = json.loads(said)
    checkstyle, sarif = (sorted(Issue(**issue) for issue in issues) for issues in found)
    return checkstyle, sarif


def test_each_finding_is_an_issue_at_its_place_as_lint_says_it(tmp_path: Path) -> None:
    checkstyle, sarif = read(tmp_path, TEXTS)
    assert checkstyle == ISSUES
    of_errors = {"ERROR": "HIGH"}
    merged = sorted({(one.file, one.line, of_errors.get(one.severity, one.severity), one.rule) for one in ISSUES})
    assert [(one.file, one.line, one.severity, one.rule) for one in sarif] == merged
    assert len(sarif) == len(ISSUES) - 1  # of two on one line that differ by their columns alone, the second is lost
    assert {one.column for one in sarif} == {0}
    assert all("\n\nBad:\n" in one.message for one in sarif)  # the rule's whole page, then ours
    assert all(any(one.message.endswith(issue.message) for issue in ISSUES) for one in sarif)


def test_a_clean_lint_has_no_issue(tmp_path: Path) -> None:
    clean = "context: acme\nprojects:\n- name: pay\n  topics:\n  - name: orders\n"
    assert read(tmp_path, {"topologies/a.yaml": clean}) == ([], [])
