"""What a run prints to be typed next is typed as it stands, by a shell's rules, and works."""

import re
import shlex
from pathlib import Path

import pytest
from desk import Desk, Result, topology

from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A directory of somebody whose command lines say everything."""
    return Desk(tmp_path)


@pytest.fixture
def at(kafka: Sandbox) -> list[str]:
    """The options that lead to the shared broker."""
    return ["-X", f"bootstrap.servers={kafka.bootstrap}"]


def printed(result: Result) -> list[str]:
    """The words of the command that a plan prints."""
    [command] = re.findall(r"^Saved to .*\. Apply exactly this: (.*)$", result.err, re.MULTILINE)
    name, *words = shlex.split(command)
    assert name == "kafka-gitops"
    return words


def followed(desk: Desk, result: Result, *more: str) -> str:
    """The output of the printed command."""
    return desk.ok(*printed(result), *more)


def shorter(desk: Desk, at: list[str], prefix: str) -> None:
    """Files that shorten the retention of a topic that is there."""
    desk.write("t.yaml", topology(prefix, "a retention.ms=604800000"))
    desk.ok("apply", "t.yaml", "--yes", *at)
    desk.write("t.yaml", topology(prefix, "a retention.ms=86400000"))


@pytest.mark.parametrize(("given", "code"), [([], 4), (["--accept", "retention-shrink"], 0)], ids=["open", "accepted"])
def test_a_saved_plan_is_applied_by_what_its_plan_prints(
    desk: Desk, at: list[str], prefix: str, given: list[str], code: int
) -> None:
    shorter(desk, at, prefix)
    result = desk.run("plan", "t.yaml", "-o", "p.json", *given, *at)
    assert result.code == code
    assert f"--accept retention-shrink:{prefix}a" in result.err
    refused = desk.run("apply", "p.json", *at)
    assert (refused.code, refused.out) == (4, "")
    assert refused.err.endswith(f"is not accepted.\n  To allow this run: --accept retention-shrink:{prefix}a\n")
    assert "1 applied and verified, 0 failed" in followed(desk, result)


def test_a_risk_on_a_resource_with_blanks_in_its_name(desk: Desk, at: list[str], prefix: str) -> None:
    entries = f'acls:\n- {{principals: ["User:bob"], allow: [READ], topics: ["{prefix}a"]}}\n'
    desk.write("t.yaml", topology("", extra=entries))
    desk.ok("apply", "t.yaml", "--yes", *at)
    deny = f'- {{principals: ["User:o\'hara"], deny: [WRITE], topics: ["{prefix}a"]}}\n'
    desk.write("t.yaml", topology("", extra=entries + deny))
    result = desk.run("plan", "t.yaml", "-o", "a plan.json", "--accept", "deny-added", *at)
    assert result.code == 0, result
    assert "0 failed" in followed(desk, result)


def test_a_limit_that_was_raised(desk: Desk, at: list[str], prefix: str) -> None:
    names = [f"n{number}" for number in range(11)]
    desk.write("t.yaml", topology(prefix, *names))
    desk.ok("apply", "t.yaml", "--yes", *at)
    removed = "".join(f"- {{topic: {prefix}{name}, because: done}}\n" for name in names)
    desk.write("t.yaml", topology("", extra=f"removed:\n{removed}"))
    raised = ["--max-deletes", "topics=20", "--accept", "topic-delete"]
    result = desk.run("plan", "t.yaml", "-o", "p.json", *raised, *at)
    assert result.code == 0, result
    assert "11 applied and verified, 0 failed" in followed(desk, result)


def test_config_policy_and_connection_are_repeated_and_a_secret_is_not(desk: Desk, kafka: Sandbox, prefix: str) -> None:
    desk.write("t.yaml", topology(prefix, "a"))
    desk.write("of us/config.yaml", "environments:\n  dev: {}\n")
    desk.write("policy.yaml", "limits: {topics: 5}\n")
    login = {**kafka.client("admin"), "sasl.password": ""}
    desk.write("login.properties", "".join(f"{key}={value}\n" for key, value in login.items() if value))
    password = f"sasl.password={kafka.admin_password}"
    options = ["--config", "of us/config.yaml", "--policy", "policy.yaml", "--client-config", "login.properties"]
    more = ["-e", "dev", *options, "-X", "client.id=it is us", "-X", password, "--timeout", "20"]
    result = desk.run("plan", "t.yaml", "-o", "p.json", *more)
    assert result.code == 0, result
    assert printed(result) == ["apply", "p.json", *options, "-X", "client.id=it is us", "--timeout", "20"]
    assert result.err.endswith("and add, as a secret is not repeated here: -X sasl.password=...\n")
    assert kafka.admin_password not in result.out + result.err
    assert "1 applied and verified, 0 failed" in followed(desk, result, "-X", password)


def test_a_saved_plan_under_any_name(desk: Desk, at: list[str], prefix: str) -> None:
    desk.write("t.yaml", topology(prefix, "a"))
    assert "1 applied and verified, 0 failed" in followed(desk, desk.run("plan", "t.yaml", "-o", "the.plan", *at))


@pytest.mark.parametrize("name", ["-", "plan.yaml"])
def test_a_name_that_an_apply_would_read_as_something_else(desk: Desk, at: list[str], prefix: str, name: str) -> None:
    desk.write("t.yaml", topology(prefix, "a"))
    result = desk.run("plan", "t.yaml", f"-o{name}", *at)
    assert result.code == 64
    assert result.err == (
        f"error: -o {name}: a saved plan needs another name\n"
        "  Give a name such as plan.json. To print the plan: --format json\n"
    )


def test_no_command_is_printed_where_no_option_lets_a_plan_through(desk: Desk, at: list[str], prefix: str) -> None:
    desk.write("kafka-gitops.yaml", f'protect: {{topics: ["{prefix}*"]}}\n')
    desk.write("t.yaml", topology(prefix, "a"))
    desk.ok("apply", "t.yaml", "--yes", *at)
    desk.write("t.yaml", topology(prefix, "b", extra=f"removed:\n- {{topic: {prefix}a, because: oops}}\n"))
    result = desk.run("plan", "t.yaml", "-o", "p.json", *at)
    assert result.code == 4, result
    assert "Apply exactly this" not in result.err


def test_a_plan_without_changes_says_so_when_it_is_applied(desk: Desk, at: list[str], prefix: str) -> None:
    desk.write("t.yaml", topology(prefix, "a"))
    desk.ok("apply", "t.yaml", "--yes", *at)
    desk.ok("plan", "t.yaml", "-o", "p.json", *at)
    assert desk.run("apply", "p.json", *at) == (0, "", "There is no change in p.json, so nothing to apply.\n")


def test_who_cannot_reach_a_cluster_is_led_to_the_doctor_of_that_one(desk: Desk) -> None:
    desk.write("t.yaml", topology("acme.", "a"))
    desk.write("kafka-gitops.yaml", "environments: {a: {bootstrap: '127.0.0.1:9'}, b: {bootstrap: '127.0.0.1:9'}}\n")
    result = desk.run("plan", "t.yaml", "-e", "b", "--timeout", "0.5", "-X", "client.id=us")
    [command] = re.findall(r"kafka-gitops (doctor.*?) checks each step", result.err)
    assert (result.code, command) == (5, "doctor -e b -X client.id=us --timeout 0.5")
    assert desk.run(*shlex.split(command)).out.startswith("b: 127.0.0.1:9\n")
