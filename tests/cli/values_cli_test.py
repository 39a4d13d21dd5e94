"""One set of files for three environments, as a user meets it: lint of all in one run, render, base, cache, config."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kafka_gitops.cli.main import main

CONFIG = """\
topology: topologies/
plans: plans.yaml
values: {team: pay}
environments:
  dev:
    brokers: 1
    bootstrap: localhost:1
    values: {env: dev, replicas: 1, who: User:dev-app}
  test:
    brokers: 1
    bootstrap: localhost:1
    values: {env: test, replicas: 1, who: User:test-app}
  prod:
    brokers: 6
    bootstrap: localhost:1
    values: {env: prod, replicas: 3, who: "User:CN=app,O=Acme"}
"""
PLANS = "plans:\n  usual:\n    config: {min.insync.replicas: '${values.replicas}'}\n"
TOPOLOGY = """\
context: ${values.env}
projects:
- name: ${values.team}
  producers:
  - principal: ${values.who}
  topics:
  - name: orders
    plan: usual
    config:
      num.partitions: 6
      replication.factor: ${values.replicas}
  - name: back orders
    config: {num.partitions: 6, replication.factor: "${values.replicas}", min.insync.replicas: 1}
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in a repository with one set of files: exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KAFKA_GITOPS_CACHE", str(tmp_path / "cache"))
    write(tmp_path, kafka_gitops=CONFIG, plans=PLANS, topologies__pay=TOPOLOGY)
    subprocess.run(["git", "init", "-q", "."], check=True)

    def ran(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        return code, *capsys.readouterr()

    return ran


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/').replace('_', '-')}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def test_each_environment_has_its_own_values(run: Run) -> None:
    Path("topologies/pay.yaml").write_text(TOPOLOGY.replace("back orders", "back-orders"))
    for name, replicas, who in (("dev", 1, "User:dev-app"), ("prod", 3, "User:CN=app,O=Acme")):
        code, out, _ = run("render", "-e", name, "--format", "json")
        assert code == 0
        found = json.loads(out)
        assert [(one["name"], one["replication_factor"], one["config"]) for one in found["topics"]] == [
            (f"{name}.pay.back-orders", replicas, {"min.insync.replicas": "1"}),
            (f"{name}.pay.orders", replicas, {"min.insync.replicas": str(replicas)}),
        ]
        assert {one["principal"] for one in found["acls"]} == {who}


def test_lint_reads_all_in_one_run(run: Run) -> None:
    code, out, _ = run("lint", "--format", "json")
    assert code == 1
    found = json.loads(out)["diagnostics"]
    names = [one for one in found if one["rule"] == "topic-name-legal"]
    assert [(one["line"], one["message"].split('"')[1], one["help"].rpartition("(")[2]) for one in names] == [
        (12, "dev.pay.back orders", "in dev)"),
        (12, "prod.pay.back orders", "in prod)"),
        (12, "test.pay.back orders", "in test)"),
    ]
    assert json.loads(out)["summary"]["topics"] == 6
    assert run("lint", "--format", "json")[1] == out, "the same from the cache"


def test_a_finding_that_some_have_tells_which_and_where_its_value_is(run: Run) -> None:
    Path("kafka-gitops.yaml").write_text(
        CONFIG.replace("replicas: 1", "replicas: 0").replace("brokers: 1", "brokers: 3")
    )
    _, out, _ = run("lint", "--format", "concise")
    assert 'replication.factor is "0", expected a whole number of at least 1' in out
    _, out, _ = run("lint", "--format", "json")
    said = [one for one in json.loads(out)["diagnostics"] if "replication.factor is" in one["message"]]
    assert [(one["line"], one["help"]) for one in said] == [
        (
            line,
            "write a number, or leave the key out: the broker decides (in dev, test; values.replicas = 0, "
            "kafka-gitops.yaml:8; values.replicas = 0, kafka-gitops.yaml:12)",
        )
        for line in (11, 13)
    ]


def test_what_one_environment_lacks_is_told_with_its_name(run: Run) -> None:
    Path("kafka-gitops.yaml").write_text(CONFIG.replace("env: test, ", ""))
    _, out, _ = run("lint", "--format", "json")
    found = [one for one in json.loads(out)["diagnostics"] if one["rule"] == "value-unknown"]
    assert [(one["line"], one["column"], one["message"], one["help"]) for one in found] == [
        (
            1,
            10,
            'no value is called "env"',
            'write "env: ..." under `values` in kafka-gitops.yaml, at the top or in the environment (in test)',
        )
    ]


def test_a_change_of_a_value_is_a_change_of_the_files(run: Run) -> None:
    Path("topologies/pay.yaml").write_text(TOPOLOGY.replace("back orders", "back-orders"))
    for words in (("add", "."), ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one")):
        subprocess.run(["git", *words], check=True)
    assert "change-" not in run("lint", "--base", "HEAD", "--format", "concise")[1]
    Path("kafka-gitops.yaml").write_text(CONFIG.replace("who: User:dev-app", "who: User:dev-application"))
    _, out, _ = run("lint", "--base", "HEAD", "-e", "dev", "--format", "concise")
    assert "change-principal-loses-all" in out and "User:dev-app " in out
    assert "change-" not in run("lint", "--base", "HEAD", "-e", "prod", "--format", "concise")[1]


def test_the_settings_show_values_with_their_places(run: Run) -> None:
    _, out, _ = run("config", "-e", "prod")
    values = [line.split() for line in out.partition("values:\n")[2].splitlines()[:4]]
    assert values == [
        ["team:", "pay", "#", "kafka-gitops.yaml:3:16"],
        ["env:", "prod", "#", "kafka-gitops.yaml:16:19"],
        ["replicas:", "3", "#", "kafka-gitops.yaml:16:35"],
        ["who:", "User:CN=app,O=Acme".join('""'), "#", "kafka-gitops.yaml:16:43"],
    ]
    Path("kafka-gitops.yaml").write_text(out)
    assert (
        run("config", "-e", "prod")[1].partition("values:")[2].split("#")[0]
        == out.partition("values:")[2].split("#")[0]
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            "{a: [1]}",
            "kafka-gitops.yaml:1:14: found a list, expected a text (with no other value in it), a number or true or false",
        ),
        (
            "{a: }",
            "kafka-gitops.yaml:1:13: found nothing, expected a text (with no other value in it), a number or true or false",
        ),
        (
            "{a: 'x${values.b}'}",
            'kafka-gitops.yaml:1:13: found text, "x${values.b}", expected a text (with no other',
        ),
        ("text", 'kafka-gitops.yaml:1:9: found text, "text", expected a mapping (values by their names)'),
    ],
)
def test_what_no_value_can_be(run: Run, values: str, said: str) -> None:
    Path("kafka-gitops.yaml").write_text(f"values: {values}\n")
    code, _, err = run("lint")
    assert (code, said in err) == (78, True), err


ORDERED = CONFIG.replace("topology: topologies/\n", "rules: {promotion: {order: [dev, test, prod]}}\n").replace(
    "    brokers: ", "    topology: [topologies/, ENV/]\n    brokers: "
)


@pytest.fixture
def promoted(run: Run) -> Run:
    """The same with directories of each environment, and topics that only some declare."""
    text = ORDERED
    for name in ("dev", "test", "prod"):
        text = text.replace("ENV/", f"{name}/", 1)
        topics = {"dev": "a b", "test": "a b", "prod": "b c"}[name].split()
        listed = "".join(f"  - {{name: {one}, config: {{num.partitions: 1}}}}\n" for one in topics)
        write(Path(), **{f"{name}__own": f"context: {name}\nprojects:\n- name: own\n  topics:\n{listed}"})
    Path("kafka-gitops.yaml").write_text(f"contexts: many\n{text}")
    Path("topologies/pay.yaml").write_text(TOPOLOGY.replace("back orders", "back-orders"))
    return run


@pytest.mark.parametrize("options", [(), ("-e", "prod"), ("prod/own.yaml", "-e", "prod")])
def test_what_production_has_is_before_it(promoted: Run, options: tuple[str, ...]) -> None:
    _, out, _ = promoted("lint", "--format", "concise", *options)
    assert [line for line in out.splitlines() if "promotion" in line] == [
        "prod/own.yaml:6:12: warning promotion topic prod.own.c is not declared in test"
    ]


@pytest.mark.parametrize("name", ["dev", "test"])
def test_the_first_has_none_before_it(promoted: Run, name: str) -> None:
    assert "promotion" not in promoted("lint", "--format", "concise", "-e", name)[1]


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            "{order: [dev, tset, prod]}",
            "The option order of promotion names tset, and there are dev, test, prod.",
        ),
        ("warning", "The option order of promotion is missing."),
    ],
)
def test_an_order_is_of_environments(promoted: Run, setting: str, said: str) -> None:
    path = Path("kafka-gitops.yaml")
    path.write_text(path.read_text().replace("{order: [dev, test, prod]}", setting))
    code, _, err = promoted("lint")
    assert (code, said in err) == (78, True), err
    path.write_text(path.read_text().replace(f"promotion: {setting}", "promotion: off"))
    assert "promotion" not in promoted("lint")[1]


def test_what_is_known_of_files_is_known_for_their_values_alone(run: Run) -> None:
    """Of an environment whose values are others nothing is taken from the cache."""
    for number in range(3):
        write(Path(), **{f"topologies__more{number}": f"context: c{number}\nprojects:\n- name: ${{values.team}}\n"})
    Path("kafka-gitops.yaml").write_text(f"contexts: many\n{CONFIG}")
    assert "dev.pay.back orders" in run("lint", "--format", "json")[1]
    for team in ("pay", "p y", "pay"):
        Path("kafka-gitops.yaml").write_text(f"contexts: many\n{CONFIG.replace('team: pay', f'team: {team}')}")
        assert f"dev.{team}.back orders" in run("lint", "--format", "json")[1]


def test_a_baseline_is_of_the_file_and_not_of_an_environment(run: Run) -> None:
    text = TOPOLOGY.replace("name: back orders", "name: '${values.env} orders'")
    Path("topologies/pay.yaml").write_text(text)
    assert run("lint", "-e", "dev", "--write-baseline", "known.json")[0] == 0
    assert "topic-name-legal" in Path("known.json").read_text()
    for name in ("dev", "prod"):
        _, out, _ = run("lint", "-e", name, "--baseline", "known.json", "--format", "concise")
        assert "topic-name-legal" not in out, name


def test_what_is_before_it_is_looked_at_again(promoted: Run) -> None:
    """Also where the result of production itself would be known."""
    for _ in range(2):
        assert "prod.own.c is not declared in test" in promoted("lint", "-e", "prod", "--format", "concise")[1]
    path = Path("test/own.yaml")
    path.write_text(path.read_text() + "  - {name: c, config: {num.partitions: 1}}\n")
    assert "promotion" not in promoted("lint", "-e", "prod", "--format", "concise")[1]
