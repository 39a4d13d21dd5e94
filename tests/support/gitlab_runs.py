"""Pipelines of `.gitlab-ci.example.yml`, run by gitlab-ci-local in a repository with its cluster."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from forge import Answer, Asked, Forge, forge
from hooking import git, write
from lab import TOKEN, lab
from pipelines import ROOT, Estate, follows_gitlabs_schema, machine, node

PREDEFINED = {"GITLAB_CI": "true", "CI_PROJECT_ID": "42", "CI_COMMIT_BEFORE_SHA": "0" * 40}
MERGE_REQUEST = {
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_MERGE_REQUEST_IID": "5",
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "42",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    "CI_DEFAULT_BRANCH": "main",
}
FORK = {**MERGE_REQUEST, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "43"}
LINTED = ["code-quality.json", "lint.json", "lint.junit.xml", "lint.sarif", "summary.md"]
PLANNED = sorted([*LINTED, "plan.json", "terraform.json"])
INCLUDED = """\
include:
  - component: $CI_SERVER_FQDN/$CI_PROJECT_PATH/kafka-gitops@$CI_COMMIT_SHA
    inputs: {lint-stage: lint, plan-stage: plan, apply-stage: apply, directory: DIRECTORY}
stages: [lint, plan, apply]
"""


class Ran(NamedTuple):
    """A pipeline: its exit code, what it printed, and the folder with its artifacts by job."""

    code: int
    out: str
    artifacts: Path

    def report(self, job: str, name: str) -> Any:
        """A JSON report of a job."""
        return json.loads(self.text(job, name))

    def text(self, job: str, name: str) -> str:
        """A report of a job."""
        return (self._folder(job) / name).read_text(encoding="utf-8")

    def files(self, job: str) -> list[str]:
        """The names of the reports of a job."""
        return sorted(path.name for path in self._folder(job).iterdir())

    def jobs(self) -> list[str]:
        """Each job that ran, with how it ended: `PASS kafka:lint`."""
        rows = [line.split() for line in self.out.splitlines()]
        return sorted(f"{row[0]} {row[1]}" for row in rows if len(row) == 2 and row[0] in ("PASS", "FAIL"))

    def _folder(self, job: str) -> Path:
        """In names of folders gitlab-ci-local writes a colon in its own way."""
        return self.artifacts / job.replace(":", "Og") / "kafka-gitops-reports"


def listed(site: Estate, file: str, **variables: str) -> list[str]:
    """The jobs that the pipeline of a file has at the branch that the repository is at."""
    ran = pipeline(site, f"--file={file}", "--list-csv", **variables)
    assert ran.code == 0, ran.out
    head, *rows = ran.out[ran.out.index("name;") :].splitlines()
    assert head.startswith("name;stage;when;")
    return [row.split(";")[0] for row in rows]


def pipeline(site: Estate, *words: str, **variables: str) -> Ran:
    """Run the pipeline of the repository; `words` name jobs or are options, `variables` are the project's."""
    programs, tools = node()
    given = {**PREDEFINED, **variables}
    options = [f"--variable={key}={value}" for key, value in given.items()]
    if "CI_PIPELINE_SOURCE" in given:
        options += ["--unset-variable=CI_COMMIT_BRANCH"] if "CI_MERGE_REQUEST_IID" in given else []
    ignored = [f"--ignore-predefined-vars={','.join(given)}"]
    command = [
        str(tools / "gitlab-ci-local"),
        "--force-shell-executor",
        "--shell-isolation",
        "--no-artifacts-to-source",
    ]
    done = subprocess.run(
        [*command, *options, *ignored, *words],
        cwd=site.home,
        env=machine(site.home.parent, programs, tools),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert TOKEN not in done.stdout
    assert site.kafka.admin_password not in done.stdout
    return Ran(done.returncode, done.stdout, site.home / ".gitlab-ci-local" / "artifacts")


def request(
    site: Estate, base: str, variables: dict[str, str], *words: str, answer: Callable[[Asked], Answer] | None = None
) -> tuple[Ran, Forge]:
    """The pipeline of a merge request from `base` to HEAD that may write notes, and what GitLab was asked."""
    git(site.home, "update-ref", "refs/remotes/origin/main", base)
    with forge(answer or lab()) as api:
        told = {"CI_API_V4_URL": f"{api.url}/api/v4", "KAFKA_GITOPS_GITLAB_TOKEN": TOKEN}
        given = {**MERGE_REQUEST, **told, "CI_MERGE_REQUEST_DIFF_BASE_SHA": base, **variables}
        return pipeline(site, *words, **given), api


def include(site: Estate, directory: str = ".") -> None:
    """The component, and a pipeline `included.yml` that includes it for a directory."""
    template = (ROOT / "templates/kafka-gitops.yml").read_text(encoding="utf-8")
    write(site.home / "templates" / "kafka-gitops.yml", template)
    write(site.home / "included.yml", INCLUDED.replace("DIRECTORY", directory))


def jobs(site: Estate, file: str) -> dict[str, Any]:
    """The jobs of a pipeline file, resolved, without the variables that tell what to install and where to go."""
    programs, tools = node()
    command = [str(tools / "gitlab-ci-local"), f"--file={file}", "--preview"]
    env = machine(site.home.parent, programs, tools)
    done = subprocess.run(command, cwd=site.home, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    write(site.home.parent / file, done.stdout)
    follows_gitlabs_schema(site.home.parent / file)
    told = done.stdout.replace("$KAFKA_GITOPS_ENV", "production")
    found: dict[str, Any] = yaml.safe_load(told.replace("./kafka-gitops-reports", "kafka-gitops-reports"))
    kept = {
        name: job for name, job in found.items() if (isinstance(job, dict) and "script" in job) or name.startswith(".")
    }
    for job in kept.values():
        job["variables"] = {key: value for key, value in job["variables"].items() if not key.startswith("KAFKA_")}
        job["before_script"] = [line for line in job["before_script"] if line != 'cd "."']
        job.pop("extends", None)
    return kept
