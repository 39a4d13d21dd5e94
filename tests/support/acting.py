"""GitHub's runner for the tests: act runs the real workflows and action on this machine; the artifacts are copied."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hooking import git, head, write

ROOT = Path(__file__).parents[2]
PARTS = (
    ".github",
    "action.yml",
    "requirements.txt",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "examples",
    "kafka_gitops",
)
QUEUE = r"\n *queue: max[^\n]*"  # which act does not know
PIN = re.compile(r"uses: (\S+)@([0-9a-f]{40})")
REGISTRY = ("PIP_", "UV_", "SSL_CERT", "REQUESTS_CA", "HTTP_", "HTTPS_", "NO_PROXY", "http_", "https_", "no_proxy")
TOKEN, APP_TOKEN = "ghs_canaryOfTheWorkflow", "ghs_canaryOfTheApp"

STUBS = {
    "actions/checkout": 'git clone -q "$ACT_REMOTE" . && git -c advice.detachedHead=false checkout -q "${REF:-$GITHUB_SHA}"',
    "actions/create-github-app-token": 'echo "::add-mask::APP_TOKEN"; echo "token=${KEY:+APP_TOKEN}" >> "$GITHUB_OUTPUT"',
    "actions/upload-artifact": '[ -d "$WHAT" ] || exit 0; mkdir -p "$ACT_ARTIFACTS/$NAME" && cp -r "$WHAT/." "$ACT_ARTIFACTS/$NAME"',
    "actions/download-artifact": 'mkdir -p "$WHAT" && cp -r "$ACT_ARTIFACTS/$NAME/." "$WHAT"; sh -c "$ACT_BETWEEN"',
}
STUB = """\
name: stub
inputs: {name: {default: ""}, path: {default: ""}, fetch-depth: {default: ""}, persist-credentials: {default: ""},
  if-no-files-found: {default: ""}, overwrite: {default: ""}, ref: {default: ""}, private-key: {default: ""}}
outputs: {token: {description: a token, value: "${{ steps.run.outputs.token }}"}}
runs:
  using: composite
  steps:
  - id: run
    shell: bash
    env: {NAME: "${{ inputs.name }}", WHAT: "${{ inputs.path }}", REF: "${{ inputs.ref }}", KEY: "${{ inputs.private-key }}"}
    run: 'RUN'
"""


@dataclass(frozen=True)
class Ran:
    """What a workflow came to: the result of each job, every command that act obeyed, the log.

    `commands` are (name, what it says), `outputs` what the steps told, the last of each name.
    """

    code: int
    jobs: dict[str, str]
    commands: list[tuple[str, str]]
    outputs: dict[str, str]
    log: str
    artifacts: Path
    summary: str

    @property
    def notes(self) -> list[tuple[str, str]]:
        """The annotations as (level, message)."""
        return [(level, text) for level, text in self.commands if level in ("error", "warning", "notice")]

    def files(self) -> dict[str, list[str]]:
        """The names of the files of each artifact."""
        found = sorted(self.artifacts.iterdir()) if self.artifacts.exists() else []
        return {folder.name: sorted(file.name for file in folder.iterdir()) for folder in found}

    def artifact(self, name: str) -> Any:
        """A JSON file among the artifacts."""
        return json.loads((self.artifacts / name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Runner:
    """act with an empty home, our action and stubs of the others below a folder; the caches are shared by its runs."""

    folder: Path
    variables: Mapping[str, str] = field(repr=False)

    def run(
        self,
        home: Path,
        workflow: str,
        event: str,
        payload: Mapping[str, Any],
        *,
        api: str = "http://127.0.0.1:9",
        secrets: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
        branch: str = "main",
        given: Mapping[str, str] | None = None,
        between: str = ":",
        uv: bool = True,
        edit: Callable[[str], str] = str,
    ) -> Ran:
        """Run a workflow of ours in a repository as GitHub would for an event.

        `variables` are those of the repository (`vars`), `branch` is where a push or a run by hand is, `given` what the
        runner has in its environment; `between` is a shell command for while the plan waits to be approved; not `uv`:
        the action has pip alone; `edit` makes of our text what a user did.
        """
        artifacts = home.parent / "artifacts"
        shutil.rmtree(artifacts, ignore_errors=True)
        text = edit((ROOT / workflow).read_text(encoding="utf-8"))
        copy = home / ".github" / "workflows" / "under-test.yml"
        write(copy, re.sub(QUEUE, "", text))
        pushed = {"ref": f"refs/heads/{branch}"} if event in ("push", "workflow_dispatch") else {}
        told = {"repository": {"full_name": "acme/streams", "default_branch": "main"}, **pushed, **payload}
        write(home.parent / "event.json", json.dumps(told))
        env = {"GITHUB_API_URL": api, "GITHUB_GRAPHQL_URL": f"{api}/graphql", "ACT_REMOTE": str(home)}
        env |= {
            **(given or {}),
            "ACT_ARTIFACTS": str(artifacts),
            "ACT_BETWEEN": between,
            "UV_CACHE_DIR": str(self.folder / "uv"),
        }
        command = ["act", event, "-W", str(copy), "-e", str(home.parent / "event.json"), "--json", "--no-skip-checkout"]
        command += ["-P", "ubuntu-latest=-self-hosted", "-s", f"GITHUB_TOKEN={TOKEN}"]
        command += [word for key, value in (secrets or {}).items() for word in ("-s", f"{key}={value}")]
        command += [word for key, value in (variables or {}).items() for word in ("--var", f"{key}={value}")]
        command += [word for key, value in env.items() for word in ("--env", f"{key}={value}")]
        command += [word for pin, path in self._pins(text) for word in ("--local-repository", f"{pin}={path}")]
        machine = {**self.variables, **({} if uv else {"PATH": self.variables["PLAIN_PATH"]})}
        done = subprocess.run(command, cwd=home, env=machine, capture_output=True, text=True, check=False)
        return _read(done, artifacts)

    def _pins(self, text: str) -> list[tuple[str, Path]]:
        """Each action that a workflow pins, and what stands for it here."""
        if "/.github/workflows/" in text:  # the workflow that is called has pins of its own
            text += (self.folder / "OWNER-kafka-gitops" / ".github" / "workflows" / "kafka-gitops.yml").read_text()
        found = {("/".join(name.split("/")[:2]), pin) for name, pin in PIN.findall(text)}
        return [(f"{name}@{pin}", self.folder / name.replace("/", "-")) for name, pin in sorted(found)]


def make_runner(folder: Path) -> Runner:
    """A runner below an empty folder: nothing of the user's is touched, and nothing of the user's leaks in."""
    for name, script in STUBS.items():
        write(
            folder / name.replace("/", "-") / "action.yml", STUB.replace("RUN", script.replace("APP_TOKEN", APP_TOKEN))
        )
    ours = folder / "OWNER-kafka-gitops"
    ours.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, ours / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, ours / part)
    called = ours / ".github" / "workflows" / "kafka-gitops.yml"
    called.write_text(re.sub(QUEUE, "", called.read_text()))
    for template in ("Jenkinsfile.example", ".gitlab-ci.example.yml", "bitbucket-pipelines.example.yml"):
        shutil.copy(ROOT / template, ours / template)
    (folder / "home").mkdir()
    tools = Path(sys.executable).parent
    plain = os.pathsep.join([str(Path(sys.executable).resolve().parent), "/usr/local/bin", "/usr/bin", "/bin"])
    variables = {key: value for key, value in os.environ.items() if key.startswith(REGISTRY)}
    variables |= {"HOME": str(folder / "home"), "XDG_CACHE_HOME": str(folder / "cache"), "LC_ALL": "C.UTF-8"}
    only = folder / "bin"
    only.mkdir()
    for tool in ("act", "uv"):
        program = tools / tool
        assert program.exists(), f"{tool} is not installed: it belongs to the extra dev"
        if tool == "uv":
            (only / tool).symlink_to(program)
    (folder / "act").mkdir()
    (folder / "act" / "act").symlink_to(tools / "act")
    act = str(folder / "act")
    variables |= {"PLAIN_PATH": os.pathsep.join([act, plain]), "PATH": os.pathsep.join([act, str(only), plain])}
    return Runner(folder, variables)


def repository(home: Path, config: str) -> None:
    """An empty repository with a config file and a remote that says which repository of GitHub it is."""
    home.mkdir(parents=True)
    git(home, "init", "-q", "-b", "main")
    git(home, "remote", "add", "origin", "https://github.com/acme/streams.git")
    write(home / "kafka-gitops.yaml", config)
    write(home / ".gitignore", ".github/workflows/under-test.yml\n")
    git(home, "add", "-A")
    git(home, "commit", "-qm", "config")


def pull_request(home: Path, base: str, *, fork: bool = False) -> dict[str, Any]:
    """The payload of a pull request of HEAD."""
    repo = {"full_name": "stranger/streams" if fork else "acme/streams", "fork": fork}
    pull = {"number": 7, "head": {"sha": head(home), "repo": repo}, "base": {"sha": base, "ref": "main"}}
    about = {"full_name": "acme/streams", "default_branch": "main"}
    return {"pull_request": pull, "number": 7, "action": "opened", "repository": about}


def _read(done: "subprocess.CompletedProcess[str]", artifacts: Path) -> Ran:
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    jobs = {str(line.get("jobID")): str(line["jobResult"]) for line in lines if "jobResult" in line}
    told = [line for line in lines if line.get("command")]
    commands = [(str(line["command"]), str(line.get("arg", ""))) for line in told]
    outputs = {str(line["name"]): str(line.get("arg", "")) for line in told if line["command"] == "set-output"}
    log = "\n".join(str(line.get("msg", "")).rstrip("\n") for line in lines)
    summary = "\n".join(str(line["content"]) for line in lines if line.get("command") == "summary")
    return Ran(done.returncode, jobs, commands, outputs, f"{log}\n{done.stderr}", artifacts, summary)
