"""Several client files: the later wins key by key, and is told; `.conf` files of plain lines."""

from collections.abc import Callable
from pathlib import Path

import pytest
from configuring import Ran, effective, home, options, refusal, run

from kafka_gitops.cli import resaid

__all__ = ["home", "run"]
pytestmark = pytest.mark.usefixtures("home")
Run = Callable[..., Ran]

SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required"
BASE = f"""\
bootstrap.servers=base:9092
sasl.mechanism=SCRAM-SHA-256
sasl.jaas.config={SCRAM} username="base" password="${{BASE_PW}}";
topology.topic.prefix.separator=_
topology.topic.managed.prefixes.0=acme
topology.topic.managed.prefixes.1=beta
"""
OVER = """\
metadata.broker.list=over:9092
sasl.username=over
sasl.password=canary-word
topology.topic.managed.prefixes.0=zeta
"""
TOPICS = "context: a\nprojects:\n- name: p\n  topics:\n  - {name: t}\n"


@pytest.fixture
def files(home: Path) -> list[str]:
    """Two client files, the second over the first."""
    Path("base.properties").write_text(BASE)
    Path("over.properties").write_text(OVER)
    return ["base.properties", "over.properties"]


def test_the_later_client_file_wins_key_by_key(files: list[str]) -> None:
    found = effective(client_config=files)
    assert found.settings.client == {
        "bootstrap.servers": "over:9092",
        "sasl.mechanisms": "SCRAM-SHA-256",
        "sasl.username": "over",
        "sasl.password": "canary-word",
    }
    assert found.settings.language.naming.separator == "_"
    assert found.settings.language.managed.topics == ("zeta", "beta")  # as JulieOps joins lists: by their indexes
    assert found.origins["client.bootstrap.servers"] == "over.properties:1"
    keys = "metadata.broker.list, sasl.username, sasl.password, topology.topic.managed.prefixes.0"
    assert found.layered == (f"over.properties wins over base.properties for {keys}",)


def test_a_variable_that_a_later_file_makes_needless_need_not_be_set(files: list[str]) -> None:
    said = refusal(client_config=files[:1])
    assert said.startswith("[78] base.properties:3: the variable BASE_PW is not set (sasl.password)\n")
    assert said.endswith(" Where a client file means the two characters, as it does for JulieOps, write $${.")
    assert effective(client_config=files).settings.client["sasl.password"] == "canary-word"


def test_what_wins_is_told_by_config_and_to_who_asks(run: Run, files: list[str]) -> None:
    Path("t.yaml").write_text(TOPICS)
    Path("over.properties").write_text("topology.topic.prefix.separator=-\nbootstrap.servers=x:1\n")
    said = "note: over.properties wins over base.properties for topology.topic.prefix.separator, bootstrap.servers\n"
    named = [word for path in files for word in ("--client-config", path)]
    shown = run("config", *named)
    assert said in shown.err and "# over.properties:2\n" in shown.out
    assert said not in run("lint", "t.yaml", *named).err
    assert said in run("lint", "-v", "t.yaml", *named).err
    assert "Outside the managed prefixes, and so left out: 1 topic" in run("render", "t.yaml", *named).err


def test_client_files_are_layered_for_an_environment_too(files: list[str]) -> None:
    text = "prune: [acls]\nenvironments:\n  prod: {bootstrap: 'own:1', cluster_id: abc}\n"
    found = effective(text, environment="prod", client_config=files).settings
    assert (found.client["bootstrap.servers"], found.cluster_id) == ("over:9092", "abc")
    text = "environments: {prod: {client_config: [base.properties, over.properties]}}\n"
    assert effective(text).settings.client["bootstrap.servers"] == "over:9092"


def test_a_printed_command_repeats_all_client_files(files: list[str]) -> None:
    words = resaid.words(options(client_config=files))
    assert words == ["--client-config", "base.properties", "--client-config", "over.properties"]


def test_text_stays_text_where_no_variable_is_read() -> None:
    Path("c.properties").write_text("topology.topic.prefix.separator=${SEP}\n")
    found = effective(client_config="c.properties").settings
    assert found.language.naming.separator == "${SEP}"
    assert found.notes == (
        "c.properties:1: ${...} is text in topology.topic.prefix.separator: "
        "variables are filled in where it is said how to connect",
    )


CONF = """\
# JulieOps
// in plain lines
bootstrap.servers = "a:9092,b:9092"   # the brokers
client.id: plain

sasl.password = ${PW},
topology.topic.prefix.separator = "_",
topology.validations.0 = com.purbon.kafka.topology.validation.topology.CamelCaseNameFormatValidation
"""


def test_a_conf_file_of_plain_lines_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PW", "canary-word")
    Path("c.conf").write_text(CONF.replace("${PW},", "${PW}"))
    found = effective(client_config="c.conf")
    assert found.settings.client == {
        "bootstrap.servers": "a:9092,b:9092",
        "client.id": "plain",
        "sasl.password": "canary-word",
    }
    assert found.settings.language.naming.separator == "_"
    assert "julieops-camel-case" in found.settings.rules
    assert found.settings.notes == ()


def test_a_jaas_line_in_quotes_is_read_from_a_conf_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PW", 'a"b\\c')
    line = f'{SCRAM} username="u" password="${{PW}}";'.replace('"', '\\"')
    Path("c.conf").write_text(f'sasl.jaas.config = "{line}"\n')
    assert effective(client_config="c.conf").settings.client["sasl.password"] == 'a"b\\c'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("kafka {", "an object in braces"),
        ("kafka = {a: 1}", "an object in braces"),
        ("}", "an object in braces"),
        ('include "base.conf"', "an include"),
        ('topology.validations = ["a"]', "a list"),
        ("topology.validations += a", "an addition to a list, +="),
        ('"a.b" = c', "a key in quotes"),
        ('a = """b"""', "a text in three quotes"),
        ("sasl.password = ${?PW}", "an optional variable, ${?NAME}"),
        ('a = "b"${PW}"c"', "quotes in the middle of a value"),
        ('a = b "c"', "quotes in the middle of a value"),
        ("a = b # c", "a comment behind a value without quotes"),
        ("a = b\\c", "a backslash in a value without quotes"),
        ('a = "b\\qc"', "an escape that JSON does not have"),
        ("a = b,", "a comma behind a value without quotes"),
        ("canary word", "a line without = or : behind a key"),
    ],
)
def test_what_is_more_of_hocon_is_refused_by_name_and_place(line: str, said: str) -> None:
    Path("c.conf").write_text(f"client.id = x\n{line}\n")
    told = refusal(client_config="c.conf")
    assert told.startswith(f"[78] c.conf:2: {said}: this form of HOCON is not read here\n")
    assert "canary" not in told


def test_lint_reads_no_variable_of_a_conf_file(run: Run) -> None:
    Path("t.yaml").write_text(TOPICS)
    Path("c.conf").write_text("sasl.password = ${PW}\n")
    ran = run("lint", "t.yaml", "--client-config", "c.conf")
    assert (ran.code, "PW" in ran.err) == (0, False)


def test_escapes_of_java_are_read_before_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PW", "canary\\word")
    Path("c.properties").write_text("sasl.username=a\\u0024{PW}\nsasl.password=\\\n  ${PW}\nclient.id=${ID:-x\\:y}\n")
    client = effective(client_config="c.properties").settings.client
    assert client == {"sasl.username": "acanary\\word", "sasl.password": "canary\\word", "client.id": "x:y"}
