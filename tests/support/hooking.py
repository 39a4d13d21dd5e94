"""Real commit hooks for the tests: their runner, its cache, and git repositories in which they run."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = (".gitlab-ci.example.yml", "Jenkinsfile.example", "bitbucket-pipelines.example.yml")  # the wheel has them
LEFT_OUT = (".git", ".venv*", ".*_cache", ".hypothesis", "__pycache__", "build", "dist", "tests", "bench")
WHOLE, FILES = "kafka-gitops-lint", "kafka-gitops-lint-files"
_FINDING = re.compile(r".*:\d+:\d+: (?:error|warning|info) ")


@dataclass(frozen=True)
class Runner:
    """pre-commit or prek: its program, and the variables with a home and a cache of its own."""

    program: str
    variables: Mapping[str, str]
    source: Path

    @property
    def cache(self) -> Path:
        """Where the hooks are installed."""
        return Path(self.variables["PRE_COMMIT_HOME"])


@dataclass(frozen=True)
class Repository:
    """A git repository whose hooks a runner runs."""

    path: Path
    runner: Runner

    def git(self, *arguments: str) -> str:
        """The output of git here; what goes wrong raises."""
        return git(self.path, *arguments, variables=self.runner.variables)

    def commit(self, *files: tuple[str, str], hook: str = WHOLE, extra: str = "") -> None:
        """Write files and commit all, hooks not asked; `extra` stands at the hook in the config."""
        for name, text in files:
            write(self.path / name, text)
        config = f"repos:\n- repo: {self.runner.source}\n  rev: {head(self.runner.source)}\n  hooks:\n  - id: {hook}\n"
        write(self.path / ".pre-commit-config.yaml", f"{config}{extra}")
        self.git("add", "-A")
        self.git("commit", "-qm", "some", "--no-verify")

    def stage(self, name: str, text: str) -> None:
        """Write a file and add it to the next commit."""
        write(self.path / name, text)
        self.git("add", name)

    def run(self, *arguments: str, under: tuple[str, ...] = (), **variables: str) -> tuple[int, str]:
        """Run the hook as a commit would; the exit code and the output."""
        done = subprocess.run(
            [*under, self.runner.program, "run", "--color", "never", *arguments],
            cwd=self.path,
            env={**self.runner.variables, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout

    def findings(self, *arguments: str) -> list[str]:
        """The findings that the hook tells, none when it passes; anything else is no run of a hook and fails."""
        code, out = self.run(*arguments)
        found = [line.strip() for line in out.splitlines() if _FINDING.match(line)]
        assert "...Failed" in out if code else "...Passed" in out, out
        assert bool(code) == bool(found), out
        return found


def write(path: Path, text: str) -> None:
    """Write a file, its directory too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def git(folder: Path, *arguments: str, variables: Mapping[str, str] | None = None) -> str:
    """The output of a git command; what goes wrong raises."""
    command = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=True).stdout


def head(folder: Path) -> str:
    """The commit that a repository is at."""
    return git(folder, "rev-parse", "HEAD").strip()


def make_runner(name: str, folder: Path) -> Runner:
    """A runner with our hooks' repository and an empty cache below a folder: nothing of the user's is touched."""
    source, home = folder / "source", folder / "home"
    home.mkdir(parents=True)
    foreign = ("GIT_", "PRE_COMMIT", "PREK_", "KAFKA_GITOPS_", "SKIP")
    variables = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    variables |= {"HOME": str(home), "PRE_COMMIT_HOME": str(folder / "cache"), "PREK_HOME": str(folder / "cache")}
    variables |= {"XDG_CACHE_HOME": str(home / "cache"), "LC_ALL": "C.UTF-8"}
    program = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    assert program is not None, f"{name} is not installed: it belongs to the extra dev"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*LEFT_OUT))
    git(source, "init", "-q", variables=variables)
    git(source, "add", "-A", variables=variables)
    git(source, "commit", "-qm", "hooks", variables=variables)
    return Runner(program, variables, source)
