"""The command `lint` as a user meets it: exit codes, what goes where, environments, and what it never imports."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kafka_gitops.cli.main import main

GOOD = "context: acme\nprojects: []\n"
BAD = "context: acme\nprojects:\n- name: pay\n  topics:\n  - name: new orders\n"
WARNS = "context: acme\nprojects:\n- name: pay\n  topics:\n  - name: t\n    config: {num.partitions: '60'}\n"

Lint = Callable[..., tuple[int, str, str]]


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lint:
    """Write files into an empty repository, run `lint`, and give back exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()

    def run(*arguments: str, **files: str) -> tuple[int, str, str]:
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_yaml", ".yaml").replace("kafka_gitops", "kafka-gitops")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        code = main(["lint", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_nothing_to_do_is_silent(lint: Lint) -> None:
    assert lint() == (0, "", "")
    assert lint(kafka_gitops_yaml="rules: {}\n") == (0, "", "")


def test_nothing_to_do_is_json_all_the_same(lint: Lint) -> None:
    code, out, err = lint("--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["diagnostics"] == []


def test_clean(lint: Lint) -> None:
    assert lint("t.yaml", t_yaml=GOOD) == (0, "No problems in 1 file, 0 topics.\n", "")


def test_the_customary_places_are_read(lint: Lint) -> None:
    assert lint(topologies__a_yaml=GOOD, topologies__b_yaml=GOOD)[0] == 0
    code, out, _ = lint("--format", "concise", topologies__a_yaml=BAD, topologies__b_yaml=GOOD)
    assert code == 1
    assert out.startswith("topologies/a.yaml:5:11: error topic-name-legal ")


@pytest.mark.parametrize(
    ("text", "limit", "code"),
    [
        (BAD, "error", 1),
        (BAD, "never", 0),
        (WARNS, "error", 0),
        (WARNS, "warning", 1),
        (WARNS, "info", 1),
        (GOOD, "info", 0),
    ],
)
def test_fail_on(lint: Lint, text: str, limit: str, code: int) -> None:
    assert lint("t.yaml", "--fail-on", limit, t_yaml=text)[0] == code


def test_stdout_is_json_and_nothing_else(lint: Lint) -> None:
    code, out, err = lint("t.yaml", "--format", "json", t_yaml=BAD)
    assert code == 1
    assert json.loads(out)["summary"] == {"error": 1, "warning": 0, "info": 0, "files": 1, "topics": 1}
    assert err.startswith("note: not checked, because the broker decides: ")


def test_reports_go_into_files(lint: Lint, tmp_path: Path) -> None:
    lint("t.yaml", "--report", "json=out.json", "--report", "github=out.txt", t_yaml=BAD)
    assert json.loads((tmp_path / "out.json").read_text())["summary"]["error"] == 1
    assert (tmp_path / "out.txt").read_text().startswith("::error file=t.yaml,line=5,")


def test_rules_of_the_config_count(lint: Lint) -> None:
    assert lint("t.yaml", t_yaml=BAD, kafka_gitops_yaml="rules: {topic-name-legal: warning}\n")[0] == 0
    assert lint("t.yaml", kafka_gitops_yaml="rules: {topic-name-legal: off}\n")[0] == 0
    overrides = "overrides:\n- paths: ['*.yaml']\n  rules: {topic-name-legal: off}\n"
    assert lint("t.yaml", kafka_gitops_yaml=overrides)[:2] == (0, "No problems in 1 file, 1 topic.\n")


def test_an_unknown_rule_is_a_config_error(lint: Lint) -> None:
    code, out, err = lint("t.yaml", t_yaml=GOOD, kafka_gitops_yaml="rules: {topic-name-legl: off}\n")
    assert (code, out) == (78, "")
    assert 'There is no rule "topic-name-legl". Did you mean "topic-name-legal"?' in err


ENVIRONMENTS = """\
environments:
  dev: {topology: dev.yaml, brokers: 1, rules: {topic-partitions: off}}
  prod: {topology: [dev.yaml, prod.yaml], brokers: 3}
"""


def test_without_an_environment_each_is_checked_and_the_findings_merge(lint: Lint) -> None:
    files = {
        "kafka_gitops_yaml": ENVIRONMENTS,
        "dev_yaml": WARNS,
        "prod_yaml": WARNS.replace("pay", "ship").replace("num.partitions: '60'", "replication.factor: '1'"),
    }
    code, out, _ = lint("--format", "concise", **files)
    assert code == 0
    assert [line.split(" ", 3)[:3] for line in out.splitlines()] == [
        ["dev.yaml:6:30:", "warning", "topic-partitions"],
        ["prod.yaml:6:34:", "warning", "topic-replication"],
    ]
    assert "2 files, 2 topics" in lint()[1]
    assert lint("-e", "dev")[1] == "No problems in 1 file, 1 topic.\n"


def test_a_password_that_is_not_set_does_not_stop_lint(lint: Lint) -> None:
    config = "environments: {prod: {bootstrap: 'b:9092', client: {sasl.password: '${NOT_SET_ANYWHERE}'}}}\n"
    assert lint("t.yaml", t_yaml=GOOD, kafka_gitops_yaml=config)[0] == 0


def test_wrong_usage(lint: Lint) -> None:
    assert lint("nofile.yaml")[0] == 64
    assert lint("t.yaml", "--report", "x", t_yaml=GOOD)[0] == 64
    assert lint("--format", "xml")[0] == 64


def test_colour_only_when_asked(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in lint("t.yaml", t_yaml=BAD)[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[31merror[topic-name-legal]\x1b[0m" in lint("t.yaml")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in lint("t.yaml")[1]


NEVER = (
    "confluent_kafka",
    "cryptography",
    "kafka",
    "tabulate",
    "jinja2",
    "jsonschema",
    "ssl",
    "urllib3",
    "tqdm",
    "asyncio",
    "email",
)


def test_heavy_libraries_are_never_loaded(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(WARNS + "  acls:\n  - {principals: [User:a], allow: [READ], topics: [x]}\n")
    (tmp_path / "kafka-gitops.yaml").write_text("rules: {topic-partitions: error}\n")
    program = (
        "import sys\nfrom kafka_gitops.cli.main import main\n"
        f"assert main(['lint', 't.yaml']) == 1\nassert not set({NEVER!r}) & set(sys.modules), sys.modules.keys()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr


def test_nothing_to_do_loads_no_parser(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    program = (
        "import sys\nfrom kafka_gitops.cli.main import main\n"
        "assert main(['lint']) == 0\nassert not {'yaml', 'json', 'kafka_gitops.rules'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)
