"""What the package on PYTHONPATH says about generated repositories: one line of JSON for each run of a command.

    python bench/told.py ROOT COMMAND...

Each run is a child of this process, so that nothing is loaded twice and no run knows of another; of what it says the
path of ROOT and how long something took are left out.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import NoReturn

from kafka_gitops.cli.main import main as command
from kafka_gitops.clients.library import load

LINT = ("lint", "topologies", "--no-color")
PLAN = ("plan", "topologies", "-e", "bench", "--no-color")
ACCEPTED = ("--prune", "topics,acls,quotas,users,schemas,connectors", "--accept", "first-acl")
FINDINGS = (
    "concise",
    "hook",
    "json",
    "github",
    "gitlab",
    "sarif",
    "junit",
    "checkstyle",
    "rdjson",
    "bitbucket",
    "markdown",
)
PLANS = ("markdown", "json")
FORMATS = {"lint": FINDINGS, "plan": PLANS}
RUNS: dict[str, Sequence[str]] = {  # in this order; `after` stands for the edit
    "lint": LINT,
    "lint again": LINT,
    "lint verbosely": (*LINT, "-v", "-e", "bench"),
    "after": (),
    "lint what changed": LINT,
    "lint with base": (*LINT, "--base", "HEAD", "--changed-only"),
    "hook": ("lint", "--hook"),
    "plan": PLAN,
    "plan with base": (*PLAN, "-v", "--base", "HEAD", *ACCEPTED),
    "plan the change": (*PLAN, "--base", "HEAD", "--only-change"),
}
LASTED = re.compile(r"\b\d+(?:\.\d+)? (?:s|ms|seconds)\b|(?<=\btime=\")[\d.]+(?=\")")
NOW = re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
COMMIT = ("-c", "user.name=b", "-c", "user.email=b@example.org", "-c", "core.autocrlf=false", "commit", "-q", "-m", "b")


def tell(root: Path, home: Path, name: str, words: Sequence[str]) -> dict[str, object]:
    """Run one command in a repository; its exit code and all that it wrote, by where."""
    out = root / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    reports = [] if "--hook" in words else FORMATS[words[0]]
    more = [word for one in reports for word in ("--report", f"{one}={out / one}")]
    child = os.fork()
    if child == 0:
        _be(home, out, [*words, *more])
    _, status = os.waitpid(child, 0)
    said = {path.name: _masked(path.read_bytes(), root) for path in sorted(out.iterdir())}
    return {"repository": home.name, "run": name, "code": os.waitstatus_to_exitcode(status), **said}


def _be(home: Path, out: Path, words: Sequence[str]) -> NoReturn:
    """In the child: become that command."""
    os.chdir(home)
    for number, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(out / name, os.O_CREAT | os.O_WRONLY | os.O_APPEND), number)
    sys.exit(command(words))


def _masked(text: bytes, root: Path) -> str:
    plain = text.decode("utf-8", "backslashreplace").replace(str(root), "ROOT")
    return NOW.sub("NOW", LASTED.sub("SOON", plain))


def commit(home: Path) -> None:
    """Make the first state a commit that has the same name everywhere."""
    dates = {**os.environ, "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z"}
    for words in (("init", "-q"), ("add", "-A"), COMMIT):
        subprocess.run(["git", *words], cwd=home, env=dates, check=True, stderr=subprocess.DEVNULL)


def edit(home: Path) -> None:
    """Put the second state in the place of the first."""
    for path in home.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(home.with_name(f"{home.name}.after"), home, dirs_exist_ok=True)


def preload() -> None:
    """Load what runs will load, so that each child need not."""
    import kafka_gitops

    for module in walk_packages(kafka_gitops.__path__, "kafka_gitops."):
        if not module.name.startswith("kafka_gitops.confined"):
            import_module(module.name)
    for library in ("avro.schema", "confluent_kafka.admin", "fastavro", "jinja2", "jsonschema", "urllib3"):
        import_module(library)
    for name in ("metadata.api_versions", "metadata.metadata", "admin.configs", "admin.acl", "admin.topics"):
        load(f"protocol.{name}")


def main() -> None:
    """Go through the repositories."""
    root, which = Path(sys.argv[1]), sys.argv[2:]
    preload()
    for home in sorted(path for path in root.iterdir() if path.name.isdigit()):
        commit(home)
        for name, words in RUNS.items():
            if name == "after":
                edit(home)
            elif words[0] in which:
                print(json.dumps(tell(root, home, name, words)), flush=True)


if __name__ == "__main__":
    main()
