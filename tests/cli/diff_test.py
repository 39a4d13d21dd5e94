"""`diff`: the desired states of two environments side by side, each after its own naming."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from goldens import expected

from kafka_gitops.cli.main import main

CONFIG = """\
contexts: many
environments:
  dev:
    topology: [shared/, dev/]
    values: {env: dev, replicas: 1, host: 10.0.0.1}
  test:
    topology: [shared/, dev/]
    values: {env: test, replicas: 1, host: 10.0.0.1}
  prod:
    topology: [shared/, prod/]
    values: {env: prod, replicas: 3, host: "*"}
"""
SHARED = """\
context: ${values.env}
projects:
- name: pay
  consumers:
  - {principal: "User:${values.env}-billing", group: "${values.env}-billing"}
  topics:
  - name: orders
    config: {num.partitions: 6, replication.factor: "${values.replicas}"}
  - name: refunds
acls:
- {principals: ["User:${values.env}-audit"], allow: [READ], topics: ["${values.env}.pay.*"], hosts: ["${values.host}"]}
quotas:
- {user: "${values.env}-app", producer_byte_rate: "${values.replicas}000"}
connectors:
- name: sink
  config: {connector.class: x, topics: "${values.env}.pay.orders,${values.env}.pay.refunds", tasks.max: "${values.replicas}"}
"""
DEV = "context: dev\nprojects:\n- name: own\n  topics:\n  - name: t1\n  - name: t2\n"
PROD = (
    DEV.replace("dev", "prod")
    .replace("t2", "t3")
    .replace("- name: t1\n", "- name: t1\n    config: {retention.ms: 3600000}\n")
)
GOLDEN = Path(__file__).parents[1] / "data" / "diff"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    for name, text in {"shared/pay": SHARED, "dev/own": DEV, "prod/own": PROD, "kafka-gitops": CONFIG}.items():
        path = tmp_path / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def ran(*arguments: str) -> tuple[int, str, str]:
        code = main(["diff", *arguments])
        return code, *capsys.readouterr()

    return ran


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_side_by_side(run: Run, form: str) -> None:
    code, out, _ = run("dev", "prod", "--format", form)
    assert code == 0
    assert out == expected(GOLDEN.with_suffix(f".{form}"), out)


def test_names_alone_are_no_difference(run: Run) -> None:
    Path("kafka-gitops.yaml").write_text(CONFIG.replace("shared/, dev/", "shared/"))
    code, out, _ = run("dev", "test", "--exit-code")
    assert (code, out) == (
        0,
        "dev and test declare the same: 10 resources are the same, 9 of them under another name.\n",
    )


def test_differences_are_an_exit_code_where_that_is_asked(run: Run) -> None:
    assert run("test", "prod")[0] == 0
    assert run("test", "prod", "--exit-code")[0] == 2


def test_reports_and_paths(run: Run) -> None:
    code, out, _ = run("dev", "prod", "prod/own.yaml", "--report", "json=diff.json", "--exit-code")
    assert (code, out) == (0, "dev and prod declare the same: 2 resources are the same.\n")
    assert json.loads(Path("diff.json").read_text())["same"] == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["dev", "pord"], 64, 'There is no environment "pord". Did you mean "prod"?'),
        (["dev", "prod", "-e", "dev"], 64, "diff takes its two environments as they are named, not -e."),
        (["dev"], 64, "The following arguments are required: ENV\n"),
    ],
)
def test_what_cannot_be_asked(run: Run, arguments: list[str], code: int, said: str) -> None:
    found, _, err = run(*arguments)
    assert (found, said in err) == (code, True), err


def test_files_with_errors_are_not_compared(run: Run) -> None:
    Path("shared/pay.yaml").write_text(SHARED.replace("values.host", "values.hots"))
    code, out, err = run("dev", "prod")
    assert (code, out) == (1, "")
    assert 'no value is called "hots"; did you mean "host"?' in err
    assert "1 error in the files of dev, nothing was compared." in err
