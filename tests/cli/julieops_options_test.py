"""JulieOps' command line, typed here: every option is told in our words, and the whole command to write."""

from collections.abc import Callable

import pytest
from configuring import Ran, home, run

from kafka_gitops.cli import julieops, main

__all__ = ["home", "run"]
Run = Callable[..., Ran]


def test_the_start_knows_the_options_that_are_translated() -> None:
    assert julieops.FOREIGN == main._JULIEOPS


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "--brokers b1:9092,b2:9092 --clientConfig c.properties --topology t/",
            "error: Unrecognized options of JulieOps:\n"
            "  --brokers: in JulieOps bootstrap.servers; here: -X bootstrap.servers=HOST:PORT\n"
            "  --clientConfig: in JulieOps the client file; here: --client-config FILE\n"
            "  --topology: in JulieOps the file or directory of the topology; here: a PATH, without an option\n"
            "  Write: kafka-gitops apply t/ --client-config c.properties -X bootstrap.servers=b1:9092,b2:9092\n",
        ),
        (
            "plan topologies --brokers=localhost:9092",
            "error: Unrecognized option of JulieOps: "
            "--brokers: in JulieOps bootstrap.servers; here: -X bootstrap.servers=HOST:PORT\n"
            "  Write: kafka-gitops plan -X bootstrap.servers=localhost:9092 topologies\n",
        ),
    ],
)
def test_options_of_julieops_are_told_in_our_words(words: str, said: str, run: Run) -> None:
    ran = run(*words.split())
    assert (ran.code, ran.out, ran.err) == (64, "", said)


COMMANDS = {
    "--topology t --clientConfig c.properties": "apply t --client-config c.properties",
    "--topology t --dryRun -quiet": "plan t -q",
    "--topology=t --validate --recursive": "lint t --recursive",
    "-topology t -dryRun": "plan t",
    "--overridingClientConfig o.conf --clientConfig c.conf --dryRun": "plan --client-config c.conf --client-config o.conf",
    "plan t --brokers user:canary-word@h:9092": "plan -X bootstrap.servers=HOST:PORT t",
    "-e prod plan t -X sasl.password=canary-word --allowDelete": "plan -e prod t -X ...",
    "plan -Xsasl.password=canary-word --plans p.yaml": "plan -X...",
    "--topology t --brokers": "apply t -X bootstrap.servers=HOST:PORT",
    "-version": "--version",
    "--clientConfig c.properties plan t": "plan --client-config c.properties t",
    "--topology plan --dryRun": "plan plan",
}


@pytest.mark.parametrize("words", COMMANDS)
def test_the_whole_command_is_written(words: str, run: Run) -> None:
    ran = run(*words.split())
    assert (ran.code, ran.err.splitlines()[-1]) == (64, f"  Write: kafka-gitops {COMMANDS[words]}")
    assert "canary" not in ran.err


@pytest.mark.parametrize("name", sorted(julieops.FOREIGN))
def test_each_option_of_julieops_is_told(name: str, run: Run) -> None:
    ran = run("lint", "t", name)
    option = f"--{name.lstrip('-')}"
    assert ran.code == 64
    assert f"{option}: in JulieOps {julieops.OPTIONS[option].there}; here: {julieops.OPTIONS[option].here}" in ran.err


def test_the_version_is_told_behind_a_command_too(run: Run) -> None:
    assert run("lint", "--version").err == (
        "error: --version comes without a command.\n  kafka-gitops --version prints it.\n"
    )


def test_a_command_keeps_an_option_of_the_same_name(run: Run) -> None:
    assert "JulieOps" not in run("sandbox", "--brokers", "none").err
