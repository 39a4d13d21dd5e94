"""The GitLab job that merges without a person, run by gitlab-ci-local with a real broker and GitLab's API played here."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from forge import Answer, Asked, Forge, forge
from hooking import git, write
from pipelines import ROOT, Estate, estate, machine, node, run

from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
EXAMPLE = ROOT / "examples" / "gitlab" / "auto-merge.yml"
PROJECT = "/api/v4/projects/acme%2Fstreams"
TOKEN = "glpat-CANARY"


@dataclass
class Lab:
    """The project with merge request 5 of a branch, behind `others` on earlier pages; `pushed`: its commit once it was
    looked at twice; `broken`: those of which GitLab says nothing."""

    home: Path
    request: dict[str, Any] = field(default_factory=dict)
    pushed: str | None = None
    merged: dict[str, Any] | None = None
    looks: int = 0
    others: tuple[dict[str, Any], ...] = ()
    broken: tuple[str, ...] = ()

    def answer(self, asked: Asked) -> Answer:
        """Answer one request as GitLab does."""
        assert asked.headers["private-token"] == TOKEN
        path = asked.path.removeprefix(PROJECT)
        if path == "/repository/branches/main":
            return Answer(200, {"commit": {"id": git(self.home, "rev-parse", "main").strip()}})
        if path == "/merge_requests":
            page, all_of_them = int(asked.query["page"]), (*self.others, self.request)
            following = {"X-Next-Page": str(page + 1) if page < len(all_of_them) else ""}
            return Answer(200, [all_of_them[page - 1]], headers=following)
        if path in self.broken:
            return Answer(500, {"message": "500 Internal Server Error"})
        other = next((one for one in self.others if path == f"/merge_requests/{one['iid']}"), None)
        if other is not None:
            return Answer(200, other)
        if path == "/merge_requests/5":
            self.looks += 1
            told = dict(self.request)
            if self.looks == 2:
                self.request["sha"] = self.pushed or self.request["sha"]
            return Answer(200, told)
        if path == "/merge_requests/5/merge":
            if asked.body["sha"] != self.request["sha"]:
                return Answer(409, {"message": "SHA does not match HEAD of source branch"})
            self.merged = asked.body
            return Answer(200, {"state": "merged"})
        assert path == "", asked
        return Answer(200, {"id": 42, "http_url_to_repo": str(self.home)})


@pytest.fixture
def site(tmp_path: Path, prefix: str, kafka: Sandbox) -> Estate:
    """The topology's repository: `old` is on the cluster too; it stands at the branch of a merge request."""
    made = estate(tmp_path / "streams", prefix, kafka, ".gitlab-ci.example.yml", ".gitlab-ci.yml")
    config = (made.home / "kafka-gitops.yaml").read_text(encoding="utf-8")
    rules = "rules: {topic-owner: off, topic-unused: off, topic-replication: off, topic-min-isr: off}\n"
    write(made.home / "kafka-gitops.yaml", rules + config)
    made.commit("old")
    made.make("old")
    git(made.home, "checkout", "-qb", "change")
    return made


@contextmanager
def gitlab(site: Estate, **more: Any) -> Iterator[tuple[Lab, Forge]]:
    """A GitLab with the merge request of HEAD."""
    head = site.head()
    git(site.home, "update-ref", "refs/merge-requests/5/head", head)
    request = {"iid": 5, "sha": head, "source_project_id": 42, "target_branch": "main"}
    lab = Lab(site.home, {**request, "detailed_merge_status": "mergeable", **more})
    with forge(lab.answer) as api:
        yield lab, api


def scheduled(
    site: Estate, api: Forge, first: Path | None = None, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Run the schedule of the platform team's project; `first` is a directory of programs that come before others."""
    token = site.home.parent / "KAFKA_MERGE_TOKEN"  # GitLab writes a variable of type File into one
    write(token, TOKEN)
    home = site.home.parent / "platform"
    home.mkdir()
    git(home, "init", "-q", "-b", "main")
    shutil.copy(EXAMPLE, home / ".gitlab-ci.yml")
    git(home, "add", "-A")
    git(home, "commit", "-qm", "the job")
    git(home, "remote", "add", "origin", "https://ci.example.org/platform/kafka-auto-merge.git")
    programs, tools = node()
    given = {"GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_BEFORE_SHA": "0" * 40}
    given |= {"CI_API_V4_URL": f"{api.url}/api/v4", "KAFKA_MERGE_TOKEN": str(token), **site.login(), **variables}
    command = [str(tools / "gitlab-ci-local"), "--force-shell-executor", "--shell-isolation"]
    command += [f"--variable={key}={value}" for key, value in given.items()]
    command += [f"--ignore-predefined-vars={','.join(given)}"]
    env = machine(site.home.parent, programs, tools)
    env["PATH"] = f"{first}:{env['PATH']}" if first is not None else env["PATH"]
    done = subprocess.run(command, cwd=home, env=env, capture_output=True, text=True, check=False)
    assert not any(secret in done.stdout + done.stderr for secret in (TOKEN, site.kafka.admin_password))
    return done


def test_a_new_topic_is_merged_at_the_commit_that_was_judged(site: Estate) -> None:
    head = site.commit("old", "new")
    with gitlab(site) as (lab, api):
        ran = scheduled(site, api)
    assert ran.returncode == 0, ran
    assert f"!5: merged at {head}" in ran.stdout
    words = "Merged without a person: kafka-gitops found all of it on its list.\n\nKafka-Gitops-Merged: alone"
    assert lab.merged == {"sha": head, "squash": True, "squash_commit_message": words}
    assert site.topics() == ["old"]


def test_the_token_is_nowhere_for_what_the_job_starts(site: Estate) -> None:
    """Neither in the environment of any process above, as the kernel shows it, nor in a file."""
    seen, bin_ = site.home.parent / "seen", site.home.parent / "bin"
    write(
        bin_ / "kafka-gitops",
        f"#!/bin/sh\npid=$$\nwhile [ $pid -gt 1 ]; do\n  cat /proc/$pid/environ /proc/$pid/cmdline >> {seen}\n"
        "  pid=$(awk '/^PPid/ {print $2}' /proc/$pid/status)\ndone\nexit 4\n",
    )
    (bin_ / "kafka-gitops").chmod(0o755)
    site.commit("old", "new")
    with gitlab(site) as (_, api):
        ran = scheduled(site, api, bin_)
    assert "!5: not merged: a person decides" in ran.stdout, ran
    told = seen.read_bytes()
    assert (b"KAFKA_MERGE_TOKEN=" in told, TOKEN.encode() in told) == (True, False)
    assert not (site.home.parent / "KAFKA_MERGE_TOKEN").exists()


def test_an_ordinary_variable_is_refused(site: Estate) -> None:
    site.commit("old", "new")
    with gitlab(site) as (lab, api):
        ran = scheduled(site, api, KAFKA_MERGE_TOKEN="not-a-file")
    assert (ran.returncode != 0, lab.merged, api.asked) == (True, None, []), ran
    assert "KAFKA_MERGE_TOKEN must be a variable of type File" in ran.stdout + ran.stderr


def test_one_that_fails_does_not_end_the_run_for_the_others(site: Estate) -> None:
    head = site.commit("old", "new")
    with gitlab(site) as (lab, api):
        lab.others = tuple({**lab.request, "iid": number} for number in (3, 4))  # of 4 there is no commit
        lab.broken = ("/merge_requests/3",)
        ran = scheduled(site, api)
    assert "!3: could not be judged (HTTPError 500)" in ran.stdout, ran
    assert "!4: could not be judged (git failed)" in ran.stdout
    assert f"!5: merged at {head}" in ran.stdout
    assert (ran.returncode != 0, lab.merged is not None) == (True, True)


SNEAKY = {
    "partitions": ("old num.partitions=2", "", "changes partitions from unset to 2"),
    "a deletion": ("new", "change-topic-absent", "old is taken away"),
}


@pytest.mark.parametrize("name", SNEAKY)
def test_what_is_not_on_the_list_waits_for_a_person(site: Estate, name: str) -> None:
    topic, accepted, why = SNEAKY[name]
    site.commit(topic, accept=accepted or None)
    with gitlab(site) as (lab, api):
        ran = scheduled(site, api)
    assert (ran.returncode, lab.merged) == (0, None), ran
    assert "!5: not merged: a person decides" in ran.stdout
    assert why in ran.stdout + ran.stderr


def test_programs_of_a_merge_request_do_not_run(site: Estate) -> None:
    pwned = site.home.parent / "pwned"
    for name in ("venv", "pip", "json", "sitecustomize"):
        write(site.home / f"{name}.py", f"open({str(pwned)!r}, 'a').write({name!r})\n")
    write(site.home / ".gitattributes", "*.yaml filter=evil merge=evil\n")
    site.commit("old", "new")
    with gitlab(site) as (lab, api):
        ran = scheduled(site, api)
    assert (ran.returncode, lab.merged, pwned.exists()) == (0, None, False), ran
    assert "the file venv.py is changed and is not a topology file" in ran.stdout + ran.stderr


MEANWHILE: dict[str, tuple[dict[str, Any], str]] = {
    "a fork": ({"source_project_id": 7}, "not judged: it comes from a fork, or goes to another branch"),
    "to elsewhere": ({"target_branch": "release"}, "not judged: it comes from a fork, or goes to another branch"),
    "a red pipeline": ({"detailed_merge_status": "ci_must_pass"}, "not judged: GitLab says ci_must_pass"),
}


@pytest.mark.parametrize("name", MEANWHILE)
def test_what_may_not_be_merged_is_not_judged(site: Estate, name: str) -> None:
    more, why = MEANWHILE[name]
    site.commit("old", "new")
    with gitlab(site, **more) as (lab, api):
        ran = scheduled(site, api)
    assert (ran.returncode, lab.merged) == (0, None), ran
    assert f"!5: {why}" in ran.stdout
    assert "May be merged" not in ran.stdout


def test_what_is_pushed_between_verdict_and_merge_is_not_merged(site: Estate) -> None:
    site.commit("old", "new")
    with gitlab(site) as (lab, api):
        lab.pushed = "b" * 40
        ran = scheduled(site, api)
    assert (ran.returncode, lab.merged) == (0, None), ran
    assert "!5: not merged: GitLab answered 409, the next run judges it anew" in ran.stdout


def test_what_main_got_meanwhile_counts(site: Estate) -> None:
    site.commit("old", "new")
    git(site.home, "checkout", "-q", "main")
    config = (site.home / "kafka-gitops.yaml").read_text(encoding="utf-8")
    write(site.home / "kafka-gitops.yaml", config.replace(f'["{site.prefix}*"]', f'["{site.prefix}old"]'))
    site.commit("old")
    git(site.home, "checkout", "-q", "change")
    with gitlab(site) as (lab, api):
        ran = scheduled(site, api)
    assert (ran.returncode != 0, lab.merged) == (True, None), ran
    assert "outside `manage`" in ran.stdout + ran.stderr
    assert "!5: could not be judged (exit code 1)" in ran.stdout


def test_a_broker_that_is_down_is_a_failure(site: Estate) -> None:
    site.commit("old", "new")
    with gitlab(site) as (lab, api):
        ran = scheduled(site, api, KAFKA_BOOTSTRAP="127.0.0.1:9")
    assert (ran.returncode != 0, lab.merged) == (True, None), ran
    assert "!5: could not be judged (exit code 5)" in ran.stdout


def test_the_example_follows_gitlabs_schema(tmp_path: Path) -> None:
    schema = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", "--regex-variant", "nonunicode"]
    run(["check-jsonschema", *schema, str(EXAMPLE)], "check-jsonschema", env=machine(tmp_path))
