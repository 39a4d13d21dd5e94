"""The commit hooks in real pre-commit and real prek, in real git repositories."""

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import hostile
import pytest
from hooking import FILES, WHOLE, Repository, Runner, write

pytestmark = pytest.mark.hooks

GOOD = "context: acme\nprojects:\n- name: {}\n  topics:\n  - name: orders\n"
BAD = GOOD.replace("orders", "new orders")
READER = "context: acme\nprojects:\n- name: pay\n  consumers:\n  - principal: User:a\n    group: g\n"
READER += "  topics:\n  - name: orders\n"
EXPECTED = "access:\n- principal: User:a\n  can: read\n  topic: acme.pay.orders\n"


def problem(path: str, project: str = "pay") -> str:
    """The finding of BAD."""
    said = f'no topic can be called "acme.{project}.new orders": a blank is not allowed'
    return f'{path}:5:11: error topic-name-legal {said}; use letters, digits, ".", "_" and "-"'


def test_nothing_is_said_of_good_files(repository: Repository) -> None:
    repository.commit()
    repository.stage("topologies/a.yaml", GOOD.format("pay"))
    code, out = repository.run("--verbose")
    assert (code, "...Passed" in out) == (0, True)
    assert [line for line in out.splitlines()[1:] if not line.strip().startswith(("- ", "  - "))] == []


def test_a_changed_file(repository: Repository) -> None:
    repository.commit(("topologies/a.yaml", GOOD.format("pay")), ("topologies/b.yaml", GOOD.format("ship")))
    repository.stage("topologies/b.yaml", BAD.format("ship"))
    assert repository.findings() == [problem("topologies/b.yaml", "ship")]


def test_a_changed_file_is_compared_with_those_that_did_not_change(repository: Repository) -> None:
    repository.commit(("topologies/a.yaml", GOOD.format("pay")), ("topologies/b.yaml", GOOD.format("ship")))
    repository.stage("topologies/b.yaml", GOOD.format("pay"))
    found = repository.findings()
    assert [line.split(" ")[:3] for line in found] == [
        ["topologies/b.yaml:3:9:", "error", "context-conflict"],
        ["topologies/b.yaml:5:11:", "error", "topic-duplicate"],
    ]


def test_a_commit_that_only_deletes(repository: Repository) -> None:
    repository.commit(("topologies/access.yaml", EXPECTED), ("topologies/pay.yaml", READER))
    assert repository.findings() == []
    repository.git("rm", "-q", "topologies/pay.yaml")
    assert [line.split(" ")[:3] for line in repository.findings()] == [
        ["topologies/access.yaml:3:8:", "error", "access-test"]
    ]


def test_the_last_file_is_deleted(repository: Repository) -> None:
    repository.commit(("topologies/a.yaml", BAD.format("pay")))
    repository.git("rm", "-q", "topologies/a.yaml")
    assert repository.findings() == []


def test_a_renamed_file_is_told_by_its_new_name(repository: Repository) -> None:
    repository.commit(("topologies/a.yaml", BAD.format("pay")))
    repository.git("mv", "topologies/a.yaml", "topologies/b.yaml")
    assert repository.findings() == [problem("topologies/b.yaml")]


def test_untracked_files_are_not_in_the_commit(repository: Repository) -> None:
    repository.commit(("topologies/a.yaml", GOOD.format("pay")))
    write(repository.path / "topologies/b.yaml", BAD.format("ship"))
    assert repository.findings() == []
    repository.git("add", "topologies/b.yaml")
    assert repository.findings() == [problem("topologies/b.yaml", "ship")]


def test_edits_that_are_not_staged_are_not_in_the_commit(repository: Repository) -> None:
    repository.commit(("topologies/a.yaml", GOOD.format("pay")))
    repository.stage("topologies/b.yaml", GOOD.format("ship"))
    write(repository.path / "topologies/a.yaml", BAD.format("pay"))
    assert repository.findings() == []
    assert (repository.path / "topologies/a.yaml").read_text() == BAD.format("pay")


def test_paths_with_blanks_and_letters_of_all_kinds(repository: Repository) -> None:
    repository.commit()
    names = ["topologies/a b.yaml", "topologies/größe.yaml", "topologies/注文 $(x)'\".yaml"]
    for name, project in zip(names, ("a", "b", "c"), strict=True):
        repository.stage(name, BAD.format(project))
    expected = [problem(name, project) for name, project in zip(names, ("a", "b", "c"), strict=True)]
    assert repository.findings() == expected
    repository.commit(hook=FILES)
    assert sorted(repository.findings("--all-files")) == expected


@pytest.mark.parametrize("hook", [WHOLE, FILES])
def test_hostile_text_is_obeyed_by_nobody(repository: Repository, hook_runner: Runner, hook: str) -> None:
    for args, least in (("[]", 3), ("[--format, concise]", len(hostile.WORDS))):
        repository.commit(*hostile.findings("p.").items(), hook=hook, extra=f"    args: {args}\n")
        code, out = repository.run("--all-files")
        told = out.count(" error topic-name-legal ") + out.count(" error placeholder ")  # one of the two for each
        assert code == 1 and told >= least, out
        hostile.inert_log(out)
    assert hostile.touched(repository.path, Path(hook_runner.variables["HOME"])) == []


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ("[]", [problem("topologies/a.yaml")]),
        ("[other.yaml]", [problem("other.yaml", "ship")]),
        ("[--fail-on, never]", []),
        ("[--config, sub/kafka-gitops.yaml]", [problem("sub/t/a.yaml", "sub")]),
        ("[--recursive, -e, dev]", [problem("topologies/a.yaml"), problem("topologies/deep/b.yaml", "deep")]),
    ],
)
def test_a_users_args_leave_the_hooks_own_flags_alone(repository: Repository, args: str, expected: list[str]) -> None:
    repository.commit(
        ("kafka-gitops.yaml", "environments: {dev: {}, prod: {}}\n"),
        ("topologies/a.yaml", BAD.format("pay")),
        ("topologies/deep/b.yaml", BAD.format("deep")),
        ("other.yaml", BAD.format("ship")),
        ("sub/kafka-gitops.yaml", "topology: t\n"),
        ("sub/t/a.yaml", BAD.format("sub")),
        extra=f"    args: {args}\n",
    )
    assert repository.findings("--all-files") == expected


def test_args_can_ask_for_another_format(repository: Repository) -> None:
    repository.commit(("topologies/a.yaml", BAD.format("pay")), extra="    args: [--format, full]\n")
    code, out = repository.run("--all-files")
    lines = [line.strip() for line in out.splitlines()]
    assert code == 1
    assert "5 |   - name: new orders" in lines


def test_roots_in_sub_directories(repository: Repository) -> None:
    repository.commit(
        ("a/kafka-gitops.yaml", "topology: topologies/\n"),
        ("a/topologies/x.yaml", BAD.format("pay")),
        ("b/c/kafka-gitops.yaml", "topology: [one.yaml]\n"),
        ("b/c/one.yaml", BAD.format("pay")),
    )
    assert repository.findings() == [problem("a/topologies/x.yaml"), problem("b/c/one.yaml")]


def test_a_config_that_is_not_tracked_makes_no_root(repository: Repository) -> None:
    repository.commit(("x.txt", "x\n"))
    write(repository.path / "a/kafka-gitops.yaml", "topology: topologies/\n")
    write(repository.path / "a/topologies/x.yaml", BAD.format("pay"))
    assert repository.findings() == []


def test_a_commit_from_a_sub_directory_runs_the_hook(repository: Repository, hook_runner: Runner) -> None:
    repository.commit(("topologies/a.yaml", GOOD.format("pay")))
    install = [hook_runner.program, "install"]
    subprocess.run(install, cwd=repository.path, env=hook_runner.variables, check=True, capture_output=True)
    write(repository.path / "topologies/a.yaml", BAD.format("pay"))
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-am", "bad"]
    variables = dict(hook_runner.variables)
    done = subprocess.run(
        command, cwd=repository.path / "topologies", env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert problem("topologies/a.yaml") in done.stdout + done.stderr


def test_several_environments_are_told_once(repository: Repository) -> None:
    environments = "environments:\n  dev: {topology: [shared, dev]}\n  prod: {topology: [shared, prod]}\n"
    repository.commit(
        ("kafka-gitops.yaml", environments),
        ("dev/a.yaml", GOOD.format("dev")),
        ("prod/a.yaml", BAD.format("prod")),
        ("shared/a.yaml", BAD.format("shared")),
    )
    assert repository.findings() == [problem("prod/a.yaml", "prod"), problem("shared/a.yaml", "shared")]


def test_no_network_is_needed(repository: Repository) -> None:
    repository.commit(("topologies/a.yaml", GOOD.format("pay")))
    nowhere = "http://127.0.0.1:9"
    code, out = repository.run("--all-files", HTTP_PROXY=nowhere, HTTPS_PROXY=nowhere, ALL_PROXY=nowhere)
    assert (code, "...Passed" in out) == (0, True)


@pytest.fixture
def read_only(hook_runner: Runner) -> Iterator[tuple[str, ...]]:
    """The installed hooks are read-only; what to run them under, so that this holds for root too."""
    installed = [
        path for path in hook_runner.cache.iterdir() if path.is_dir() and path.name.startswith(("repo", "hooks"))
    ]
    paths = [path for top in installed for path in (top, *top.rglob("*")) if not path.is_symlink()]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in paths}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    yield ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
    for path, mode in modes.items():
        path.chmod(mode)


def test_the_installed_hook_may_be_read_only(repository: Repository, read_only: tuple[str, ...]) -> None:
    repository.commit(("topologies/a.yaml", BAD.format("pay")))
    code, out = repository.run("--all-files", under=read_only)
    assert code == 1
    assert problem("topologies/a.yaml") in out


def test_five_thousand_files(repository: Repository) -> None:
    long = "a-rather-long-name-of-a-topology-file-so-that-the-command-line-is-full"
    for number in range(5000):
        text = (BAD if number in (7, 4321) else GOOD).format(f"p{number}")
        write(repository.path / f"topologies/{long}-{number:04}.yaml", text)
    repository.commit()
    expected = [problem(f"topologies/{long}-{number:04}.yaml", f"p{number}") for number in (7, 4321)]
    assert repository.findings("--all-files") == expected
    repository.commit(hook=FILES)
    assert sorted(repository.findings("--all-files")) == expected


def test_no_topology_at_all(repository: Repository) -> None:
    for hook in (WHOLE, FILES):
        repository.commit(("k8s/deployment.yaml", "kind: Deployment\n"), hook=hook)
        code, out = repository.run("--all-files")
        assert code == 0
        assert "error" not in out
