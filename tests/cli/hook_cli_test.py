"""`lint --hook` and `lint --files-only` without a hook's runner: what they read, and that they are quiet."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kafka_gitops.cli.main import main

GOOD = "context: acme\nprojects:\n- name: {}\n  topics:\n  - name: orders\n"
BAD = GOOD.replace("orders", "new orders")
Lint = Callable[..., tuple[int, list[str], str]]


def git(*arguments: str) -> None:
    """Run git here."""
    subprocess.run(["git", *arguments], check=True, capture_output=True)


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lint:
    """Run `lint` in an empty directory, as in a hook unless told otherwise: the code, the places found, stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, hook: str = "1") -> tuple[int, list[str], str]:
        monkeypatch.setenv("PRE_COMMIT", hook)
        code = main(["lint", *arguments])
        out, err = capsys.readouterr()
        told = [line for line in out.splitlines() if not line.startswith("kafka-gitops explain ")]
        return code, [line.split(": ")[0] for line in told], err

    return run


def write(**texts: str) -> None:
    """Write topologies by name, and what else is named with its directory."""
    for name, text in texts.items():
        path = Path(name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_only_what_git_tracks_and_only_in_a_hook(lint: Lint) -> None:
    write(topologies__a=BAD.format("a"), topologies__b=BAD.format("b"))
    git("init", "-q")
    git("add", "topologies/a.yaml")
    assert lint("--hook") == (1, ["topologies/a.yaml:5:11"], "")
    assert lint("--hook", hook="")[1] == ["topologies/a.yaml:5:11", "topologies/b.yaml:5:11"]
    git("rm", "-q", "--cached", "topologies/a.yaml")
    assert lint("--hook") == (0, [], "")


def test_without_git_every_file_counts(lint: Lint) -> None:
    write(topologies__a=BAD.format("a"))
    assert lint("--hook") == (1, ["topologies/a.yaml:5:11"], "")


def test_a_link_to_a_tracked_file_is_tracked(lint: Lint) -> None:
    write(shared__a=BAD.format("a"))
    Path("topologies").symlink_to("shared")
    git("init", "-q")
    git("add", "-A")
    assert lint("--hook") == (1, ["topologies/a.yaml:5:11"], "")


def test_notes_are_for_people_who_call_it_themselves(lint: Lint) -> None:
    write(topologies__a=GOOD.format("a"))
    Path("topologies/README.md").write_text("x")
    assert lint("topologies")[2] != ""
    assert lint("--hook") == (0, [], "")
    assert lint("--files-only", "topologies/a.yaml") == (0, [], "")


def test_what_the_user_adds_wins(lint: Lint, capsys: pytest.CaptureFixture[str]) -> None:
    write(topologies__a=BAD.format("a"))
    code, lines, _ = lint("--hook", "--format", "full", "--fail-on", "never")
    assert code == 0
    assert lines[-1] == "1 problem (1 error) in 1 file, 1 topic, " + lines[-1].rsplit(", ")[-1]


def test_both_flags_together_are_a_usage_error(lint: Lint) -> None:
    assert lint("--hook", "--files-only")[0] == 64


def test_each_file_is_read_by_itself_in_any_order(lint: Lint) -> None:
    write(topologies__a=BAD.format("same"), topologies__b=BAD.format("same"))
    together = lint("topologies/a.yaml", "topologies/b.yaml", "--format", "concise")[1]
    assert len(together) > 2
    alone = (1, ["topologies/a.yaml:5:11", "topologies/b.yaml:5:11"], "")
    assert lint("--files-only", "topologies/a.yaml", "topologies/b.yaml") == alone
    assert lint("--files-only", "topologies/b.yaml", "topologies/a.yaml", "topologies/b.yaml") == alone


def test_a_file_is_judged_by_the_environments_that_read_it(lint: Lint) -> None:
    strict = "{{topology: {}, rules: {{topic-partitions: {{severity: {}, max: 1}}}}}}"
    dev, prod = strict.format("dev", "warning"), strict.format("prod", "error")
    Path("kafka-gitops.yaml").write_text(f"environments:\n  dev: {dev}\n  prod: {prod}\n")
    wide = GOOD.format("p") + "    config: {num.partitions: '60'}\n"
    write(dev__a=wide, prod__a=wide, other__a=BAD.format("x"))
    assert lint("--files-only", "dev/a.yaml")[0] == 0
    assert lint("--files-only", "prod/a.yaml")[0] == 1
    assert lint("--files-only", "other/a.yaml") == (0, [], "")


def test_nothing_to_do_loads_nothing(lint: Lint) -> None:
    assert lint("--hook") == (0, [], "")
    assert lint("--files-only") == (0, [], "")
    git("init", "-q")
    write(deploy__app="kind: Deployment\n")
    git("add", "-A")
    assert lint("--hook") == (0, [], "")


def test_roots_below_are_found_by_what_git_tracks(lint: Lint) -> None:
    write(a__t__x=BAD.format("x"), b__t__y=GOOD.format("y"))
    for root in "ab":
        Path(root, "kafka-gitops.yaml").write_text("topology: t\n")
    git("init", "-q")
    assert lint("--hook") == (0, [], "")
    git("add", "-A")
    assert lint("--hook") == (1, ["a/t/x.yaml:5:11"], "")
