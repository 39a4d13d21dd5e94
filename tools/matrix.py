"""Run the main job on every supported release of Apache Kafka and print a table: release x step.

Usage: python tools/matrix.py [--write] [VERSION...]    # --write: also into docs/clusters.md; default: all releases
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "clusters.md"
BEGIN, END = "<!-- made by tools/matrix.py -->", "<!-- end -->"
STEPS = {  # the tests of tests/live/clusters_test.py, and what the table calls them
    "test_doctor_names_the_release_and_every_right": "doctor",
    "test_lint_then_plan_then_apply": "lint, plan, apply",
    "test_the_second_plan_is_empty": "second plan empty",
    "test_partitions_configs_and_a_deny_come_in_one_apply": "partitions, configs, DENY",
    "test_a_shorter_retention_blocks": "a risk blocks",
    "test_a_change_by_hand_is_drift": "drift",
    "test_a_saved_plan_deletes": "saved plan deletes",
    "test_a_user_without_rights_is_told_the_grant": "missing right",
    "test_the_configs_of_the_catalogue_are_those_of_the_broker": "catalogue",
}


def run(versions: Iterable[str], report: Path) -> int:
    """Run the tests on these releases; pytest's exit code."""
    words = [
        sys.executable,
        "-m",
        "pytest",
        "tests/live/clusters_test.py",
        "-p",
        "no:cacheprovider",
        f"--junitxml={report}",
    ]
    return subprocess.run(words, cwd=ROOT, env={**os.environ, "TEST_VERSIONS": " ".join(versions) or "all"}).returncode


def table(report: Path) -> str:
    """A Markdown table of the run."""
    found: dict[str, dict[str, str]] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        step, _, version = case.get("name", "").partition("[")
        bad = case.find("failure") is not None or case.find("error") is not None
        found.setdefault(version.rstrip("]"), {})[step] = "**fails**" if bad else "ok"
    head = ["| Kafka |", *(f" {name} |" for name in STEPS.values())]
    rows = ["".join(head), "| --- |" + " --- |" * len(STEPS)]
    for version, steps in sorted(found.items(), key=lambda one: tuple(map(int, one[0].split(".")))):
        rows.append(f"| {version} |" + "".join(f" {steps.get(step, 'not run')} |" for step in STEPS))
    return "\n".join(rows)


def main() -> int:
    """The run, its table, and pytest's exit code."""
    words = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        code = run([word for word in words if word != "--write"], report)
        made = table(report)
    print(made)
    if "--write" in words:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n{made}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
