"""The command line before any command: help, version, usage errors, the options that all commands take."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from desk import Desk

from kafka_gitops.cli import terminal
from kafka_gitops.cli.main import main
from kafka_gitops.clients.link import Lost
from kafka_gitops.errors import KafkaGitopsError


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("aply",), 'error: There is no command "aply". Did you mean "apply"?\n'),
        (
            ("ci", "aply"),
            'error: COMMAND: "aply" is none of lint, plan, apply, drift. Did you mean "apply"?\n'
            "  A PATH comes after it. kafka-gitops ci --help shows what there is.\n",
        ),
        (
            ("lint", "--fail-on", "x"),
            'error: --fail-on: "x" is none of error, warning, info, never.\n'
            "  kafka-gitops lint --help shows what there is.\n",
        ),
        (
            ("-e",),
            "error: -e needs a value, and there is no command.\n"
            "  For example: kafka-gitops plan -e prod. kafka-gitops --help lists the commands.\n",
        ),
        (
            ("-e", "prod"),
            "error: There is no command, only options.\n"
            "  For example: kafka-gitops plan -e prod. kafka-gitops --help lists the commands.\n",
        ),
        (
            ("help", "plan"),
            'error: There is no command "help".\n'
            "  kafka-gitops COMMAND --help says how a command is used; kafka-gitops --help lists them.\n",
        ),
        (("version",), 'error: There is no command "version".\n  kafka-gitops --version prints it.\n'),
        (("qqq",), 'error: There is no command "qqq".\n  kafka-gitops --help lists the commands.\n'),
        (
            ("plan", "--timeout", "-1"),
            "error: Argument --timeout: -1 is not a positive number of seconds\n"
            "  kafka-gitops plan --help shows what there is.\n",
        ),
        (
            ("plan", "--timeout", "soon"),
            "error: Argument --timeout: soon is not a positive number of seconds\n"
            "  kafka-gitops plan --help shows what there is.\n",
        ),
        (
            ("plan", "--only-change"),
            "error: --only-change needs the commit before the change\n  Give it: --base REV\n",
        ),
        (
            ("plan", "-X", "bootstrap.servers=h:1"),
            "error: There are no topology files to plan from\n"
            "  Name files or directories, or set `topology` in kafka-gitops.yaml (default: topologies/).\n",
        ),
    ],
)
def test_usage_errors_say_what_to_do(desk: Desk, words: tuple[str, ...], said: str) -> None:
    result = desk.run(*words)
    assert (result.code, result.out, result.err) == (64, "", said)


def test_common_options_stand_before_or_after_the_command(desk: Desk) -> None:
    desk.write("kafka-gitops.yaml", "environments: {a: {bootstrap: h:1}, b: {bootstrap: h:2}}\n")
    before, after = desk.run("-e", "b", "config"), desk.run("config", "-e", "b")
    assert before == after
    assert before.code == 0


def test_version_and_help(desk: Desk) -> None:
    assert desk.ok("--version") == "kafka-gitops 0.1.0\n"
    assert desk.ok("--help").startswith("usage: kafka-gitops [options] COMMAND [options]\n")
    assert desk.ok() == desk.ok("--help")


def test_errors_in_the_files_stop_a_plan_also_when_quiet(desk: Desk) -> None:
    desk.write("t.yaml", "context: c\nprojects: [{name: p, topics: [{name: t, config: {retention.mss: '1'}}]}]\n")
    result = desk.run("plan", "t.yaml", "-q", "-X", "bootstrap.servers=127.0.0.1:9")
    assert (result.code, result.out) == (1, "")
    assert result.err.splitlines()[0].startswith("t.yaml:2:50: error topic-config-unknown ")
    assert result.err.splitlines()[-2] == "error: 1 error in the files, nothing was planned."


def test_nobody_is_asked_where_nobody_sits(desk: Desk) -> None:
    desk.write("plan.json", "{}")
    assert desk.run("apply", "plan.json", "-X", "bootstrap.servers=h:1").code == 1


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("lint", "--formt", "json"), '--formt. Did you mean "--format"?'),
        (("lint", "-format", "json"), '-format. Did you mean "--format"?'),
        (("plan", "--acept=secret"), '--acept=.... Did you mean "--accept"?'),
        (("plan", "--enviroment", "x"), 'Did you mean "--environment"?'),
        (("lint", "--zzz"), "Unrecognized arguments: --zzz\n"),
    ],
)
def test_an_option_that_is_nearly_one(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], meant: str) -> None:
    assert main(words) == 64
    told = capsys.readouterr().err
    assert meant in told and "secret" not in told


def test_no_line_of_an_error_is_a_command_of_the_ci(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.setup()
    terminal.error(KafkaGitopsError("the worker says: no\n::error::obey\n  ::stop::", help="try\n::add-mask::x"))
    assert capsys.readouterr().err.splitlines() == [
        "error: the worker says: no",
        "\u200b::error::obey",
        "\u200b  ::stop::",
        "  try",
        "\u200b  ::add-mask::x",
    ]


def test_a_write_without_an_answer_is_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_arguments: Sequence[str]) -> int:
        raise Lost("REQUEST_TIMED_OUT", "topic T: REQUEST_TIMED_OUT. It may or may not be done")

    monkeypatch.setattr("kafka_gitops.cli.main.run", lost)
    assert main(["ledger", "erase"]) == 5
    assert capsys.readouterr().err == (
        "error: A write got no answer: topic T: REQUEST_TIMED_OUT. It may or may not be done.\n"
        "  Look what is there, then run this again.\n"
    )
