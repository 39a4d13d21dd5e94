"""What a pipeline does for a change that nobody has merged: no credential goes where the change says."""

import json
import socket
from pathlib import Path

import pytest
from acting import pull_request, repository
from desk import ONE_CLUSTER as CONFIG
from desk import Desk, Result, topology
from hooking import git, head, write

from kafka_gitops.sandbox import Sandbox

CANARY = "canary-of-the-pipeline"
REFUSED = "Cannot reach 127.0.0.1:9: connection refused"


class Site(Desk):
    """A repository on GitHub with a topology, whose main branch is `base`."""

    base: str = ""

    def commit(self, *files: tuple[str, str]) -> None:
        for name, text in files:
            self.write(name, text)
        git(self.home, "add", "-A")
        git(self.home, "commit", "-qm", "a change", "--allow-empty")

    def pull(self, *words: str, fork: bool = False) -> Result:
        event = pull_request(self.home, self.base, fork=fork)
        write(self.home.parent / "event.json", json.dumps(event))
        return self.run("ci", *words, "--timeout", "2")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A clean topology at the base; the password is in the environment."""
    home = tmp_path / "streams"
    repository(home, CONFIG)
    made = Site(home)
    made.commit(("topologies/a.yaml", topology("acme.", "orders")))
    made.base = head(home)
    for name, value in (
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_REPOSITORY", "acme/streams"),
        ("GITHUB_EVENT_PATH", str(tmp_path / "event.json")),
        ("PASSWORD", CANARY),
    ):
        monkeypatch.setenv(name, value)
    return made


def lint_only(result: Result, why: str) -> None:
    assert f"::notice title=kafka-gitops::Lint only, no plan: {why}" in result.out, result
    assert CANARY not in result.out + result.err


def test_with_credentials_a_change_of_topics_is_planned(site: Site) -> None:
    site.commit(("topologies/a.yaml", topology("acme.", "orders", "new")))
    result = site.pull("plan")
    assert result.code == 5
    assert REFUSED in result.out


def test_a_fork_is_linted_although_there_are_credentials(site: Site) -> None:
    site.commit(("topologies/a.yaml", topology("acme.", "orders", "new")))
    result = site.pull("plan", fork=True)
    assert result.code == 0
    lint_only(result, "it comes from a fork.")


@pytest.mark.parametrize("value", [None, ""])
def test_without_credentials_it_is_linted(site: Site, monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    if value is None:
        monkeypatch.delenv("PASSWORD")
    else:
        monkeypatch.setenv("PASSWORD", value)
    result = site.pull("plan")
    assert result.code == 0
    lint_only(result, "there are no credentials here (")


def test_a_change_that_sends_the_password_elsewhere_connects_to_nobody(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as thief:
        thief.settimeout(0.2)
        port = thief.getsockname()[1]
        site.commit(("kafka-gitops.yaml", CONFIG.replace("127.0.0.1:9", f"127.0.0.1:{port}")))
        result = site.pull("plan")
        with pytest.raises(TimeoutError):
            thief.accept()
    assert result.code == 0
    lint_only(result, "this change edits kafka-gitops.yaml, which says where the credentials are sent.")


@pytest.mark.parametrize("name", ["kafka-gitops.yml", "c.properties", "ca.pem", "policy.yaml"])
def test_other_files_that_decide_about_the_connection(site: Site, name: str) -> None:
    words = {
        "c.properties": ["--client-config", "c.properties"],
        "ca.pem": ["-X", "ssl.ca.location=ca.pem"],
        "policy.yaml": ["--policy", "policy.yaml"],
    }.get(name, [])
    site.commit(("c.properties", "bootstrap.servers=127.0.0.1:9\n"), ("policy.yaml", "limits: {topics: 1}\n"))
    site.base = head(site.home)
    texts = {"c.properties": "bootstrap.servers=127.0.0.1:10\n", "policy.yaml": "limits: {topics: 9}\n"}
    site.commit((name, texts.get(name, "limits: {topics: 1}\n")))
    lint_only(site.pull("plan", "-e", "prod", *words), f"this change edits {name}, which says where")


@pytest.mark.parametrize("server", ["schema_registry: ", "connect: {main: "], ids=["registry", "connect"])
@pytest.mark.parametrize("key", ["ca", "certificate", "key"])
def test_files_that_decide_about_a_rest_server(site: Site, server: str, key: str) -> None:
    keys = {"certificate": "certificate: c.pem", "key": "certificate: c.pem, key: k.pem"}.get(key, "ca: ca.pem")
    braces = "}" * server.count("{")
    one = f"    {server}{{url: 'https://127.0.0.1:9', {keys}}}{braces}\n"
    site.commit(("kafka-gitops.yaml", CONFIG + one))
    site.base = head(site.home)
    edited = {"ca": "ca.pem", "certificate": "c.pem", "key": "k.pem"}[key]
    site.commit((edited, "another"))
    lint_only(site.pull("plan"), f"this change edits {edited}, which says where the credentials are sent")


def test_a_change_that_brings_own_rules_does_not_run_them_in_its_lint_either(site: Site) -> None:
    site.commit(
        ("kafka-gitops.yaml", CONFIG.replace("topic-owner: off", "plugins: [rules.py]")),
        ("rules.py", "import os\nprint('stolen', os.environ['PASSWORD'])\n"),
    )
    result = site.pull("plan")
    lint_only(result, "this change edits kafka-gitops.yaml")
    assert "stolen" not in result.out + result.err


@pytest.mark.parametrize("command", ["lint", "plan"])
@pytest.mark.parametrize("place", ["topologies/b.yaml", "kafka-gitops.yaml", "roles.yaml", "plans.yaml", "topologies"])
def test_a_link_out_of_the_repository_tells_nothing(site: Site, tmp_path: Path, place: str, command: str) -> None:
    secret = tmp_path / "machine" / "secret.yaml"
    write(secret, "another-canary: [another-canary]\n")
    config = f"roles: roles.yaml\nplans: plans.yaml\n{CONFIG}"
    site.commit(("kafka-gitops.yaml", config), ("roles.yaml", "[]\n"), ("plans.yaml", "{}\n"))
    site.base = head(site.home)
    if place == "topologies":
        (site.home / "topologies").rename(tmp_path / "away")
    (site.home / place).unlink(missing_ok=True)
    (site.home / place).symlink_to(secret.parent if place == "topologies" else secret)
    site.commit()
    result = site.pull(command)
    assert result.code == 1
    assert f"{place}" in result.out
    assert "leads out of the repository" in result.out
    _tells_nothing(site, result)


@pytest.mark.parametrize("key", ["topology", "roles", "plans"])
@pytest.mark.parametrize("path", ["../machine/secret.yaml", ".git/secret.yaml"])
def test_a_path_out_of_the_repository_tells_nothing(site: Site, key: str, path: str) -> None:
    write(site.home / path, "another-canary: [another-canary]\n")
    site.commit(("kafka-gitops.yaml", f"{key}: {path}\n{CONFIG}"))
    result = site.pull("plan")
    assert result.code == 1
    assert f"{path} leads out of the repository" in result.out
    _tells_nothing(site, result)


def _tells_nothing(site: Site, result: Result) -> None:
    reports = [path.read_text() for path in (site.home / "kafka-gitops-reports").glob("*")]
    assert reports
    assert [text for text in (result.out, result.err, *reports) if "another-canary" in text] == []


@pytest.mark.kafka
def test_what_the_target_got_meanwhile_is_not_removed(
    site: Site, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD", kafka.admin_password)
    config = "prune: [topics]\n" + CONFIG.replace("127.0.0.1:9", kafka.sasl_bootstrap)
    site.commit(("kafka-gitops.yaml", config), ("topologies/a.yaml", topology(prefix, "old")))
    git(site.home, "branch", "mine")
    site.commit(("topologies/b.yaml", topology(prefix, "meanwhile")))
    assert site.run("apply", "--yes").code == 0
    site.base = head(site.home)
    git(site.home, "checkout", "-q", "mine")
    site.commit(("topologies/c.yaml", topology(prefix, "new")))
    result = site.pull("plan")
    assert result.code == 0, result
    assert "1 topic to create, 0 to update, 0 to delete" in result.out


@pytest.mark.parametrize("platform", ["github", "gitlab"])
def test_what_the_target_got_before_the_host_merged_is_not_this_changes_doing(
    site: Site, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    site.commit(("topologies/b.yaml", topology("acme.", "other")))
    site.base = head(site.home)
    git(site.home, "checkout", "-qb", "mine")
    site.commit(("topologies/c.yaml", topology("acme.", "new")))
    tip = head(site.home)
    event = pull_request(site.home, site.base)
    git(site.home, "checkout", "-q", "main")
    git(site.home, "rm", "-q", "topologies/b.yaml")
    site.commit(("kafka-gitops.yaml", CONFIG + "limits: {topics: 1}\n"))
    git(site.home, "merge", "-q", "--no-ff", "-m", "what the host makes for the run", "mine")
    write(site.home.parent / "event.json", json.dumps(event))
    if platform == "gitlab":
        monkeypatch.delenv("GITHUB_ACTIONS")
        variables = {"GITLAB_CI": "true", "CI_MERGE_REQUEST_IID": "7", "CI_PROJECT_ID": "1"}
        variables |= {"CI_MERGE_REQUEST_DIFF_BASE_SHA": site.base, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1"}
        variables |= {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_DEFAULT_BRANCH": "main"}
        for name, value in {**variables, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": tip}.items():
            monkeypatch.setenv(name, value)
    result = site.run("ci", "plan", "--timeout", "2")
    assert "Lint only" not in result.out  # somebody else edited the config file
    assert "change-topic" not in result.out  # and took a topic out
    assert REFUSED in result.err
    git(site.home, "update-ref", "refs/remotes/origin/main", "main~1")
    git(site.home, "checkout", "-q", "mine")
    assert site.run("ci", "plan", "--timeout", "2").code == 5


def test_a_change_request_never_applies(site: Site) -> None:
    result = site.pull("apply", "--yes")
    assert result.code == 1
    assert "Nothing was applied: this is a change request that nobody has merged." in result.out


def test_a_merge_queue_plans_and_never_applies(site: Site) -> None:
    site.commit(("topologies/a.yaml", topology("acme.", "orders", "new")))
    queue = {"base_sha": site.base, "base_ref": "refs/heads/main"}
    event = {"merge_group": queue, "repository": {"default_branch": "main"}}
    write(site.home.parent / "event.json", json.dumps(event))
    lint_only(
        site.run("ci", "plan"), "the tip of main, whose config counts, was not fetched"
    )  # the base may be a change
    git(site.home, "update-ref", "refs/remotes/origin/main", site.base)
    assert REFUSED in site.run("ci", "plan", "--timeout", "2").err
    assert "nobody has merged" in site.run("ci", "apply", "--yes").out
    site.commit(("kafka-gitops.yaml", CONFIG + "limits: {topics: 1}\n"))
    lint_only(site.run("ci", "plan"), "this change edits kafka-gitops.yaml")


def test_a_commit_that_is_not_of_the_branch_is_neither_planned_nor_applied(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comments on a change starts a run of main, in which the pipeline checks out the change."""
    for name, value in (("GITHUB_REF", "refs/heads/main"), ("GITHUB_SHA", site.base)):
        monkeypatch.setenv(name, value)
    event = {"issue": {"number": 7, "pull_request": {}}, "repository": {"default_branch": "main"}}
    write(site.home.parent / "event.json", json.dumps(event))
    assert REFUSED in site.run("ci", "plan", "--timeout", "2").err
    site.commit(("kafka-gitops.yaml", CONFIG.replace("bootstrap: 127.0.0.1:9", "bootstrap: 127.0.0.1:8")))
    short = head(site.home)[:12]
    lint_only(site.run("ci", "plan"), f"the commit here is {short}, and the run is of main at {site.base[:12]}")
    assert f"Nothing was applied: the commit here is {short}" in site.run("ci", "apply", "--yes").out
    assert f"Nothing was looked at: the commit here is {short}" in site.run("ci", "drift").out
    monkeypatch.setenv("GITHUB_SHA", "0" * 40)  # a clone of that commit alone
    lint_only(site.run("ci", "plan"), "the commit here is ")


def test_a_newer_commit_of_the_branch_is_of_the_branch(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("GITHUB_REF", "refs/heads/main"), ("GITHUB_SHA", site.base)):
        monkeypatch.setenv(name, value)
    write(site.home.parent / "event.json", '{"repository": {"default_branch": "main"}}')
    site.commit(("topologies/a.yaml", topology("acme.", "orders", "new")))
    middle = head(site.home)
    site.commit(("topologies/a.yaml", topology("acme.", "orders")))
    git(site.home, "update-ref", "refs/remotes/origin/main", "HEAD")
    assert REFUSED in site.run("ci", "plan", "--timeout", "2").err
    git(site.home, "checkout", "-q", middle)
    assert REFUSED in site.run("ci", "plan", "--timeout", "2").err
    git(site.home, "checkout", "-q", f"{site.base}~1")  # an old one: its config is that of then
    lint_only(site.run("ci", "plan"), "the commit here is ")


def test_settings_that_are_wrong_are_no_lack_of_credentials(site: Site) -> None:
    site.commit(("kafka-gitops.yaml", CONFIG.replace("brokers: 1", "brokrs: 1")))
    assert site.pull("plan").code == 78


def test_a_base_that_is_not_in_the_clone_is_said(site: Site) -> None:
    site.base = "1" * 40
    result = site.pull("plan")
    assert result.code == 64
    assert 'git does not know the commit "1111' in result.out


def test_what_is_not_approved_is_not_applied(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    about = {"default_branch": "main"}
    write(tmp_path / "event.json", json.dumps({"before": site.base, "ref": "refs/heads/main", "repository": about}))
    result = site.run("ci", "apply", "--approved", "sha256:0", "--timeout", "2")
    assert result.code == 5
    assert (site.home / "kafka-gitops-reports" / "summary.md").read_text().startswith("### kafka-gitops apply stopped")


def test_an_unknown_command_is_a_usage_error(site: Site) -> None:
    result = site.pull("destroy")
    assert result.code == 64
    assert 'COMMAND: "destroy" is none of lint, plan, apply, drift.' in result.err


def test_githubs_token_is_asked_for_where_the_job_may(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    login = "{security.protocol: SASL_SSL, sasl.mechanism: OAUTHBEARER, sasl.oauthbearer.method: github}\n"
    site.commit(("kafka-gitops.yaml", CONFIG[: CONFIG.index("{security")] + login))
    site.base = head(site.home)
    site.commit(("topologies/a.yaml", topology("acme.", "orders", "new")))
    lint_only(site.pull("plan"), "there are no credentials here (kafka-gitops.yaml:7")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", "http://127.0.0.1:9/token")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", CANARY)
    result = site.pull("plan")
    assert result.code == 5, result
    assert REFUSED in result.out
    assert CANARY not in result.out + result.err
