"""The pipelines for GitLab, Bitbucket and Jenkins without any password: a real broker takes the token of the job."""

import re
from pathlib import Path

import bitbucket_runs as bitbucket
import gitlab_runs as gitlab
import jenkins_runs as jenkins
import pytest
from forge import forge
from gitlab_runs import include, jobs
from hooking import git, write
from issuing import Signer
from lab import NOTES, TOKEN, lab
from pipelines import ROOT, Estate, estate, machine

from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
BRANCH = "project_path:acme/streams:ref_type:branch:ref:work"  # as GitLab writes a subject
STEPS = {
    "kafka-plan": "{b1}:{e1}:{s1}",
    "production": "{b1}:{e2}:{s2}",
}  # as Bitbucket does: repository, environment, step
JOB = "https://jenkins.example.org/job/streams/job/main/"  # as Jenkins does
ASKING = {"KAFKA_ID_TOKEN": {"aud": "kafka"}}
LOGIN = re.compile(r"SCRAM-SHA-256\n.*", re.DOTALL)


def keyless(site: Estate, variable: str, pipeline: str | None = None, commented: str = "") -> str:
    """The repository logs in with the token of a variable, and a line of its pipeline is uncommented; the commit."""
    config = site.home / "kafka-gitops.yaml"
    login = f"OAUTHBEARER\n      sasl.oauthbearer.token: ${{{variable}}}\n"
    write(config, LOGIN.sub(login, config.read_text(encoding="utf-8")))
    if pipeline is not None:
        text = (site.home / pipeline).read_text(encoding="utf-8")
        assert f"# {commented}" in text
        write(site.home / pipeline, text.replace(f"# {commented}", commented))
    return site.commit("old")


def told_nothing(folder: Path, token: str, *texts: str) -> None:
    """Neither the given texts nor any report hold the token, or the part of it that nobody can guess."""
    reports = [path.read_text(encoding="utf-8") for path in folder.rglob("kafka-gitops-reports/*") if path.is_file()]
    assert reports
    assert [text for text in (*texts, *reports) if token.split(".")[2] in text] == []


@pytest.fixture
def on_gitlab(tmp_path: Path, prefix: str, oauth_kafka: Sandbox) -> Estate:
    return estate(tmp_path / "repo", prefix, oauth_kafka, ".gitlab-ci.example.yml", ".gitlab-ci.yml")


def merge_request(site: Estate, base: str, **variables: str) -> gitlab.Ran:
    git(site.home, "update-ref", "refs/remotes/origin/main", base)
    told = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "KAFKA_BOOTSTRAP": site.kafka.sasl_bootstrap}
    return gitlab.pipeline(site, **gitlab.MERGE_REQUEST, **told, **variables)


def test_gitlab_a_merge_request_is_planned_with_a_note(on_gitlab: Estate, issuer: Signer) -> None:
    base = keyless(on_gitlab, "KAFKA_ID_TOKEN", ".gitlab-ci.yml", "id_tokens:")
    on_gitlab.make("old")
    on_gitlab.commit("old", "new")
    on_gitlab.let_read(BRANCH)
    found = jobs(on_gitlab, ".gitlab-ci.yml")
    asking = {name: job["id_tokens"] for name, job in found.items() if "id_tokens" in job}
    assert asking == dict.fromkeys(("kafka:plan", "kafka:apply", "kafka:drift"), ASKING)
    token = issuer.token(BRANCH, aud=asking["kafka:plan"]["KAFKA_ID_TOKEN"]["aud"])
    with forge(lab()) as api:
        told = {"CI_API_V4_URL": f"{api.url}/api/v4", "KAFKA_GITOPS_GITLAB_TOKEN": TOKEN}
        ran = merge_request(on_gitlab, base, **told, KAFKA_ID_TOKEN=token)
    assert (ran.code, ran.jobs()) == (0, ["PASS kafka:lint", "PASS kafka:plan"]), ran.out
    assert ran.report("kafka:plan", "terraform.json") == {"create": 1, "update": 0, "delete": 0}
    [(_, path, body)] = api.writes()
    assert path == NOTES
    assert "1 topic to create" in body["body"]
    told_nothing(on_gitlab.home / ".gitlab-ci-local" / "artifacts", token, ran.out, body["body"])


def test_gitlab_a_job_without_a_token_is_linted_and_told_so(on_gitlab: Estate) -> None:
    base = keyless(on_gitlab, "KAFKA_ID_TOKEN")
    on_gitlab.commit("old", "new")
    assert [name for name, job in jobs(on_gitlab, ".gitlab-ci.yml").items() if "id_tokens" in job] == []
    ran = merge_request(on_gitlab, base)
    assert (ran.code, ran.jobs()) == (0, ["PASS kafka:lint", "PASS kafka:plan"]), ran.out
    assert "Lint only, no plan: there are no credentials here" in ran.out
    assert "the variable KAFKA_ID_TOKEN is not set" in ran.out


def test_gitlab_a_token_for_another_audience_is_refused(on_gitlab: Estate, issuer: Signer) -> None:
    base = keyless(on_gitlab, "KAFKA_ID_TOKEN", ".gitlab-ci.yml", "id_tokens:")
    on_gitlab.commit("old", "new")
    ran = merge_request(on_gitlab, base, KAFKA_ID_TOKEN=issuer.token(BRANCH, aud="vault"))
    assert "FAIL kafka:plan" in ran.jobs() and "FAIL 5" in ran.out, ran.out
    assert f"login refused: invalid_token (User:{BRANCH}, OAUTHBEARER)" in ran.out
    assert "audience vault" in ran.out and "`id_tokens`" in ran.out


def test_gitlab_the_component_takes_tokens_from_who_includes_it(on_gitlab: Estate) -> None:
    """What the includer says of the hidden job joins what the component has, so that all is as in the example."""
    include(on_gitlab, ".")
    [override] = re.findall(
        r"```yaml\n(\.kafka-connect:\n.*?)```", (ROOT / "docs" / "gitlab.md").read_text(), re.DOTALL
    )
    included = on_gitlab.home / "included.yml"
    write(included, included.read_text() + override)
    keyless(on_gitlab, "KAFKA_ID_TOKEN", ".gitlab-ci.yml", "id_tokens:")
    example, component = (jobs(on_gitlab, name) for name in (".gitlab-ci.yml", "included.yml"))
    assert component["kafka:apply"]["id_tokens"] == ASKING
    assert "id_tokens" not in component["kafka:lint"]
    assert {name: job for name, job in component.items() if name[0] != "."} == {
        name: job for name, job in example.items() if name[0] != "."
    }


def test_bitbucket_each_step_logs_in_as_its_own(
    tmp_path: Path, prefix: str, oauth_kafka: Sandbox, issuer: Signer
) -> None:
    site = estate(tmp_path / "repo", prefix, oauth_kafka, bitbucket.EXAMPLE.name, "bitbucket-pipelines.yml")
    keyless(site, "BITBUCKET_STEP_OIDC_TOKEN", "bitbucket-pipelines.yml", "oidc: true")
    site.commit("old retention.ms=604800000")
    site.let_read(STEPS["kafka-plan"])
    site.let_write(STEPS["production"])
    tokens = {deployment: issuer.token(subject) for deployment, subject in STEPS.items()}
    told = {"KAFKA_BOOTSTRAP": oauth_kafka.sasl_bootstrap, "KAFKA_GITOPS_BITBUCKET_PROXY": "http://127.0.0.1:9"}
    told |= {"BITBUCKET_BRANCH": "main"}
    ran = bitbucket.pipeline(site, "branches", "main", told, tokens=tokens)
    assert ran.steps == [("Lint", 0), ("Plan", 0), ("Apply", 0)], ran.out
    assert site.topics() == ["old"]
    calm = bitbucket.pipeline(site, "custom", "drift", told, tokens=tokens)
    assert calm.steps == [("Drift", 0)], calm.out
    for token in tokens.values():
        told_nothing(tmp_path, token, ran.out, calm.out)


def test_jenkins_gives_the_token_as_a_secret_text(
    tmp_path: Path, prefix: str, oauth_kafka: Sandbox, issuer: Signer
) -> None:
    site = estate(tmp_path / "repo", prefix, oauth_kafka, jenkins.EXAMPLE.name, "Jenkinsfile")
    keyless(site, "KAFKA_ID_TOKEN")
    site.let_write(JOB)
    shown = r"usernamePassword\(credentialsId: ('[\w-]+'), [^)]*\)"
    text, number = re.subn(shown, r"string(credentialsId: \1, variable: 'KAFKA_ID_TOKEN')", jenkins.EXAMPLE.read_text())
    assert number == 3
    assert "string(credentialsId: 'kafka-plan', variable: 'KAFKA_ID_TOKEN')" in (ROOT / "docs/jenkins.md").read_text()
    write(site.home / "Jenkinsfile", text)
    site.commit("old")
    token = issuer.token(JOB)
    given = {name: {"secret": token} for name in ("kafka-plan", "kafka-apply")}
    agents = {**machine(tmp_path), "KAFKA_BOOTSTRAP": oauth_kafka.sasl_bootstrap}
    told = {"source": str(site.home), "machine": agents, "credentials": given}
    ran = jenkins.build(tmp_path, site.home / "Jenkinsfile", env=jenkins.MAIN, input="granted", **told)
    assert (ran.problems, ran.result, ran.exits()) == ([], "SUCCESS", [0, 0, 0]), ran.shells()
    assert site.topics() == ["old"]
    told_nothing(ran.home, token, ran.shells())
