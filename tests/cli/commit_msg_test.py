"""The hook of the stage commit-msg in real pre-commit and real prek: what a commit changes, and its message accepts."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hooking import Repository, Runner, write

pytestmark = pytest.mark.hooks

MESSAGE = "kafka-gitops-commit-msg"
KEPT = "context: acme\nprojects:\n- name: pay\n  topics:\n  - name: orders\n    config: {{retention.ms: '{}'}}\n"
LONG, SHORT = KEPT.format(172800000), KEPT.format(86400000)
ACCEPTS = "Kafka-Gitops-Accept: retention-shrink acme.pay.orders"
FOUND = "topologies/a.yaml:6:28: error change-retention-shrink "
Commit = Callable[..., tuple[int, str]]


@pytest.fixture
def commit(repository: Repository, hook_runner: Runner) -> Commit:
    """Commit with the hook installed, by these messages (paragraphs); the exit code and what was said."""
    install = [hook_runner.program, "install", "--hook-type", "commit-msg"]

    def run(*messages: str, args: tuple[str, ...] = ()) -> tuple[int, str]:
        subprocess.run(install, cwd=repository.path, env=hook_runner.variables, check=True, capture_output=True)
        words = [word for message in messages for word in ("-m", message)]
        identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
        done = subprocess.run(
            ["git", *identity, "commit", "-q", *words, *args],
            cwd=repository.path,
            env={**hook_runner.variables},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_commit_is_stopped_until_its_message_accepts(repository: Repository, commit: Commit) -> None:
    repository.commit(("topologies/a.yaml", LONG), hook=MESSAGE)
    repository.stage("topologies/a.yaml", SHORT)
    code, said = commit("Keep orders for a day")
    (line,) = [line for line in said.splitlines() if FOUND in line]
    assert code == 1 and line.endswith(f"; or accept it in the message of a commit: {ACCEPTS}"), said
    assert "kafka-gitops explain change-retention-shrink" in said
    code, said = commit("Keep orders for a day", "Kafka-Gitops-Accept: retention-shrnk acme.pay.orders")
    assert code == 1 and 'there is no rule over the change called "retention-shrnk"' in said, said
    assert commit("Keep orders for a day", ACCEPTS)[0] == 0
    write(repository.path / "other.txt", "x")
    repository.git("add", "other.txt")
    assert commit("Nothing about topics")[0] == 0


def test_what_is_no_change_is_left_to_the_other_hook(repository: Repository, commit: Commit) -> None:
    bad = LONG.replace("orders", "new orders")
    repository.commit(("topologies/a.yaml", LONG), ("topologies/b.yaml", bad.replace("pay", "b")), hook=MESSAGE)
    repository.stage("topologies/a.yaml", LONG.replace("172800000", "272800000"))
    assert commit("Keep orders for longer")[0] == 0


def test_the_base_may_be_where_the_branch_began(repository: Repository, commit: Commit) -> None:
    repository.commit(("topologies/a.yaml", LONG), hook=MESSAGE, extra="    args: [--base, start]\n")
    repository.git("tag", "start")
    repository.stage("topologies/a.yaml", SHORT)
    assert commit("Keep orders for a day")[0] == 1
    assert commit("Keep orders for a day", ACCEPTS)[0] == 0
    repository.stage("topologies/b.yaml", LONG.replace("pay", "b"))
    assert commit("One more topic")[0] == 0


def test_a_first_commit_and_a_message_by_an_editor(repository: Repository, commit: Commit, tmp_path: Path) -> None:
    repository.stage("topologies/a.yaml", LONG)
    repository.commit(hook=MESSAGE)
    repository.git("update-ref", "-d", "HEAD")
    assert commit("The first one")[0] == 0
    repository.stage("topologies/a.yaml", SHORT)
    written = tmp_path / "message"
    written.write_text(f"Keep orders for a day\n\n{ACCEPTS}\n\n# a comment of git\n# ---- >8 ----\n")
    repository.git("config", "core.editor", "true")
    assert commit(args=("-e", "-F", str(written), "--verbose"))[0] == 0
