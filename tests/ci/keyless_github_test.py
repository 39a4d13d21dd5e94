"""The workflows for GitHub without any password: each job asks an API played here for a token, which a real broker takes."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from acting import ROOT, Ran, Runner, pull_request
from forge import Answer, Asked, forge
from github_files_test import run as check
from github_runs import DRIFT, MERGE, PRODUCTION, PULL, on_github
from hooking import write
from hub import Hub
from issuing import SUBJECT, Signer
from pipelines import Estate

from kafka_gitops.sandbox import Sandbox

pytestmark = [pytest.mark.kafka, pytest.mark.ci]
READER = "repo:acme/streams:environment:kafka-plan"
RUNNER = "runner-token-canary"
CONFIG = f"""\
rules: {{topic-owner: off}}
{PRODUCTION}\
      sasl.mechanism: OAUTHBEARER
      sasl.oauthbearer.method: github
      sasl.oauthbearer.audience: kafka
"""


@dataclass
class Provider:
    """GitHub's provider of tokens; `given` has what it gave, by the environment of the job that asked."""

    issuer: Signer
    url: str = ""
    given: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        """A token for the audience that is asked for; its subject names the environment of the job."""
        if asked.headers.get("authorization") != f"Bearer {RUNNER}":
            return Answer(401, {"message": "who are you?"})
        environment = asked.path.rpartition("/")[2]
        token = self.issuer.token(f"repo:acme/streams:environment:{environment}", aud=asked.query["audience"])
        self.given.append((environment, token))
        return Answer(200, {"value": token})

    def as_shipped(self, text: str) -> str:
        """A workflow with what GitHub sets in each job that has the permission: act knows nothing of permissions."""
        for name, job in yaml.safe_load(text)["jobs"].items():
            if job["permissions"].get("id-token") == "write":
                url = f"{self.url}/token/{job['environment']}?api-version=2.0"
                env = {"ACTIONS_ID_TOKEN_REQUEST_URL": url, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": RUNNER}
                text = text.replace(f"\n  {name}:\n    name:", f"\n  {name}:\n    env: {json.dumps(env)}\n    name:")
        return text

    def uncommented(self, text: str) -> str:
        """A workflow whose user uncommented the line in each job."""
        return self.as_shipped(keyless(text))


def keyless(text: str) -> str:
    """A workflow with the lines for a login without a password."""
    return text.replace("# id-token: write", "id-token: write")


@pytest.fixture
def provider(issuer: Signer) -> Iterator[Provider]:
    """A provider that signs with the key that the broker trusts."""
    made = Provider(issuer)
    with forge(made.answer) as server:
        made.url = server.url
        yield made


@pytest.fixture
def repo(tmp_path: Path, oauth_kafka: Sandbox, prefix: str) -> Estate:
    """A repository whose one topic is on the cluster too; the jobs of `kafka-plan` may read there."""
    made = on_github(tmp_path / "streams", prefix, oauth_kafka, CONFIG)
    made.let_read(READER)
    return made


def told_nothing(ran: Ran, provider: Provider, *texts: str) -> None:
    """Neither log, summary, artifacts nor comments hold a token, or a part of one that is as good."""
    files = [path.read_text(encoding="utf-8") for path in ran.artifacts.rglob("*") if path.is_file()]
    secrets = [RUNNER, *(part for _, token in provider.given for part in (token, token.split(".")[2]))]
    assert [secret for secret in secrets for text in (ran.log, ran.summary, *files, *texts) if secret in text] == []


def test_a_pull_request_is_planned_and_commented(runner: Runner, repo: Estate, github: Hub, provider: Provider) -> None:
    base = repo.head()
    repo.commit("old", "new")
    event = pull_request(repo.home, base)
    ran = runner.run(repo.home, PULL, "pull_request", event, api=github.server.url, edit=provider.uncommented)
    assert (ran.code, ran.jobs) == (0, {"plan": "success"}), ran.log
    [body] = github.bodies()
    assert "1 topic to create, 0 to update, 0 to delete" in body
    assert f"{repo.prefix}new" in body
    assert {environment for environment, _ in provider.given} == {"kafka-plan"}
    told_nothing(ran, provider, body)
    assert repo.topics() == ["old"]


def test_what_was_merged_is_planned_by_one_and_applied_by_another(
    runner: Runner, repo: Estate, provider: Provider
) -> None:
    before = repo.head()
    repo.commit("old", "new")
    ran = runner.run(repo.home, MERGE, "push", {"before": before}, edit=provider.uncommented)
    assert (ran.code, ran.jobs) == (0, {"plan": "success", "apply": "success"}), ran.log
    assert repo.topics() == ["new", "old"]
    assert [*dict.fromkeys(environment for environment, _ in provider.given)] == ["kafka-plan", "production"]
    assert ran.artifact("kafka-apply-production/apply.json")["summary"]["done"] == 1
    told_nothing(ran, provider)


def test_drift_is_looked_for(runner: Runner, repo: Estate, provider: Provider) -> None:
    ran = runner.run(repo.home, DRIFT, "workflow_dispatch", {}, edit=provider.uncommented)
    assert (ran.code, ran.jobs) == (0, {"drift": "success"}), ran.log
    assert "No changes" in ran.summary
    told_nothing(ran, provider)


def test_a_job_that_may_not_ask_is_linted_and_told_which_line_to_add(
    runner: Runner, repo: Estate, github: Hub, provider: Provider
) -> None:
    base = repo.head()
    repo.commit("old", "new")
    event = pull_request(repo.home, base)
    ran = runner.run(repo.home, PULL, "pull_request", event, api=github.server.url, edit=provider.as_shipped)
    assert (ran.code, ran.jobs) == (0, {"plan": "success"}), ran.log
    [said] = [text for level, text in ran.notes if level == "notice"]
    assert said == (
        "Lint only, no plan: there are no credentials here (kafka-gitops.yaml:10:32: sasl.oauthbearer.method is github, "
        "and ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN are not set: the job of GitHub Actions "
        "needs the line `id-token: write` under `permissions:` (a pull request of a fork gets no token))."
    )
    assert provider.given == []


def test_a_token_for_another_audience_is_refused_and_says_which(
    runner: Runner, repo: Estate, provider: Provider, github: Hub
) -> None:
    config = repo.home / "kafka-gitops.yaml"
    config.write_text(config.read_text().replace("audience: kafka", "audience: vault"))
    base = repo.commit("old")
    repo.commit("old", "new")
    event = pull_request(repo.home, base)
    ran = runner.run(repo.home, PULL, "pull_request", event, api=github.server.url, edit=provider.uncommented)
    assert (ran.code, ran.jobs) == (1, {"plan": "failure"})
    [said] = [text for level, text in ran.notes if level == "error"]
    assert said.startswith(
        f"Cannot reach {repo.kafka.sasl_bootstrap}: login refused: invalid_token (User:{READER}, OAUTHBEARER)."
    ), said
    assert "audience vault" in said, said
    assert "sasl.oauthbearer.audience" in said, said
    [body] = github.bodies()
    assert "login refused: invalid\\_token" in body
    told_nothing(ran, provider, body)


@pytest.mark.parametrize("path", [PULL, MERGE, DRIFT])
def test_every_job_that_connects_has_the_line_and_none_asks_by_itself(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    shipped, asking = (yaml.safe_load(one)["jobs"] for one in (text, keyless(text)))
    assert [job["permissions"].get("id-token") for job in shipped.values()] == [None] * len(shipped)
    for name, job in shipped.items():
        added = {**job["permissions"], "id-token": "write"}
        assert asking[name] == {**job, "permissions": added}


def test_an_auditor_finds_nothing_where_the_lines_are_uncommented(tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    for path in (PULL, MERGE, DRIFT):
        write(folder / Path(path).name, keyless((ROOT / path).read_text(encoding="utf-8")))
    check("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *map(str, folder.iterdir()))
    said = check("zizmor", "--offline", "--no-progress", "--persona=auditor", "--strict-collection", ".", cwd=tmp_path)
    assert "No findings" in said
    assert said.count("completed") == 3


def test_the_workflow_to_call_asks_for_no_token() -> None:
    """GitHub refuses a called workflow that asks for more than its caller has, so it would fail for everyone else."""
    assert "id-token" not in (ROOT / ".github" / "workflows" / "kafka-gitops.yml").read_text(encoding="utf-8")


def test_the_page_names_the_subjects_that_were_tested() -> None:
    page = (ROOT / "docs" / "github-security.md").read_text(encoding="utf-8")
    for subject in (SUBJECT, READER):
        assert re.sub("acme/streams", "OWNER/NAME", subject) in page
