"""Pipelines of `bitbucket-pipelines.example.yml`: their scripts run in clones of a repository with its cluster.

Bitbucket has no runner of its own to be had. Images, variables of deployments, clones of other depths are not played.
"""

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import yaml
from forge import Answer, Asked, Forge, forge
from pipelines import ROOT, Estate, machine

EXAMPLE = ROOT / "bitbucket-pipelines.example.yml"
LINTED = ["code-insights.json", "lint.json", "lint.sarif", "summary.md", "test-results/lint.xml"]
PLANNED = sorted([*LINTED, "plan.json"])
PROXY = "KAFKA_GITOPS_BITBUCKET_PROXY"


class Ran(NamedTuple):
    """A pipeline: each step that ran with its exit code, what all of them printed, the reports of the last one."""

    steps: list[tuple[str, int]]
    out: str
    reports: Path

    def files(self) -> list[str]:
        """The names of the reports."""
        found = (path for path in self.reports.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(self.reports)) for path in found)

    def text(self, name: str) -> str:
        """A report."""
        return (self.reports / name).read_text(encoding="utf-8")


def pipeline(
    site: Estate,
    kind: str,
    name: str,
    variables: dict[str, str],
    *,
    manual: bool = True,
    between: Callable[[], object] = lambda: None,
    tokens: Mapping[str, str] | None = None,
    deployments: Mapping[str, dict[str, str]] | None = None,
) -> Ran:
    """Run the steps of a pipeline one after the other, as far as the first that fails.

    It runs each `script` in a clone of its own, hands artifacts on, gives a step with `oidc` the token of its
    deployment (`tokens`) and the variables of it (`deployments`), and stops at what is manual unless told; `between` happens before somebody presses the button.
    """
    body = yaml.safe_load((site.home / "bitbucket-pipelines.yml").read_text(encoding="utf-8"))
    usual = {"BITBUCKET_BUILD_NUMBER": "7", "BITBUCKET_COMMIT": site.head(), "BITBUCKET_REPO_FULL_NAME": "acme/streams"}
    env = {**machine(site.home.parent), **usual, **variables}
    said, clone = "", site.home
    ran: list[tuple[str, int]] = []
    for step in (entry["step"] for entry in body["pipelines"][kind][name] if "step" in entry):
        if step.get("trigger") == "manual":
            if not manual:
                break
            between()
        before = clone if ran else None
        clone = site.home.parent / f"clone-{len(list(site.home.parent.glob('clone-*')))}"
        subprocess.run(["git", "clone", "-q", str(site.home), str(clone)], check=True)
        [kept] = step["artifacts"]
        if before is not None:
            subprocess.run(["cp", "-r", "--parents", kept.removesuffix("/**"), str(clone)], cwd=before, check=True)
        given = {"BITBUCKET_STEP_OIDC_TOKEN": (tokens or {})[step["deployment"]]} if step.get("oidc") else {}
        given |= (deployments or {}).get(step.get("deployment", ""), {})
        code, out = _script(step["script"], clone, {**env, **given})
        said += out
        ran.append((step["name"], code))
        if code:
            break
    assert site.kafka.admin_password not in said
    return Ran(ran, said, clone / "kafka-gitops-reports")


def request(
    site: Estate, base: str, variables: dict[str, str] | None = None, answer: Callable[[Asked], Answer] | None = None
) -> tuple[Ran, Forge]:
    """The pipeline of a pull request from `base` to HEAD, and what Bitbucket was told; `answer` is what it says."""
    with forge(answer or accept) as api:
        told = {PROXY: api.url, "BITBUCKET_PR_ID": "5", "BITBUCKET_BRANCH": "work"}
        given = {**told, "BITBUCKET_PR_DESTINATION_COMMIT": base, **(variables or {})}
        return pipeline(site, "pull-requests", "**", given), api


def accept(_asked: Asked) -> Answer:
    """What Bitbucket says to a report."""
    return Answer(200, {})


def main(
    site: Estate, *, manual: bool = True, between: Callable[[], object] = lambda: None, **more: str
) -> tuple[Ran, Forge]:
    """The pipeline of the main branch, and what Bitbucket was told."""
    with forge(accept) as api:
        given = {PROXY: api.url, "BITBUCKET_BRANCH": "main", **site.login(), **more}
        return pipeline(site, "branches", "main", given, manual=manual, between=between), api


def reports(site: Estate, api: Forge) -> list[tuple[str, str, list[int]]]:
    """The reports on HEAD that were written: name, result, numbers."""
    home = f"/2.0/repositories/acme/streams/commit/{site.head()}/reports/"
    found = [(path, body) for method, path, body in api.writes() if method == "PUT"]
    assert all(path.startswith(home) for path, _ in found), found
    return [(path.removeprefix(home), body["result"], [row["value"] for row in body["data"]]) for path, body in found]


def _script(lines: list[str], folder: Path, env: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        ["bash", "-e", "-c", "\n".join(lines)],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout
