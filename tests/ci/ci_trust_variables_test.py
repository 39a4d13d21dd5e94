"""A change edits the config so that a variable of the job would be shown: it is shown to nobody, plan or lint."""

from pathlib import Path

import pytest
from ci_trust_test import CANARY, Site, site
from hooking import head, write

from kafka_gitops.redact import forget

__all__ = ["site"]
PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\n-----END PRIVATE KEY-----\n"
CLIENT = "environments: {prod: {bootstrap: '127.0.0.1:9', client: {%s}}}\n"
CONFIGS = (
    "environments: {prod: {client_config: '${PASSWORD}'}}\n",
    "environments: {prod: {client_config: '${PASSWORD:-x}'}, dev: {client_config: '${PASSWORD}'}}\n",
    "environments: {prod: {client_config: /proc/self/environ}}\n",
    "environments: {prod: {client_config: ../secret.properties}}\n",
    CLIENT % "security.protocol: '${PASSWORD}'",
    CLIENT % "security.protocol: SASL_PLAINTEXT, sasl.mechanism: '${PASSWORD}'",
    "environments: {prod: {bootstrap: '${PASSWORD}:x:y,,'}}\n",
    "topology: '${PASSWORD}'\n",
)


@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("command", ["plan", "lint"])
def test_no_variable_is_shown(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, config: str, command: str
) -> None:
    forget()  # what earlier runs of this process would not print
    monkeypatch.setenv("DEPLOY_KEY", PEM)
    write(tmp_path / "secret.properties", f"{CANARY}=1\nx={CANARY}\ntopology.dlq.topics.generate={CANARY}\n")
    site.commit(("kafka-gitops.yaml", config))
    result = site.pull(command, "-e", "prod") if "dev" in config else site.pull(command)
    reports = [path.read_text() for path in (site.home / "kafka-gitops-reports").glob("*")]
    assert reports
    for text in (result.out, result.err, *reports):
        assert [secret for secret in (CANARY, "[redacted]", "MIIEvQ") if secret in text.replace("\\", "")] == []


def test_a_client_file_that_is_not_read_is_a_note_and_said_once(site: Site) -> None:
    site.commit(("kafka-gitops.yaml", "rules: {topic-owner: off}\n" + CONFIGS[0]))
    result = site.pull("lint")
    assert result.code == 0, result
    said = "this client file is not read, because the config may be a stranger's here"
    assert result.err.count(f"note: kafka-gitops.yaml:2:38: {said}") == 1


def test_of_a_client_file_in_the_repository_nothing_is_quoted(site: Site) -> None:
    """The pipeline may have put it there."""
    site.commit(("kafka-gitops.yaml", "environments: {prod: {client_config: c.properties}}\n"))
    write(site.home / "c.properties", PEM)
    result = site.pull("lint")
    assert "MIIEvQ" not in result.out + result.err


def test_in_a_merged_change_variables_are_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS")
    monkeypatch.setenv("FOLDER", "conf")
    site.commit(("kafka-gitops.yaml", "environments: {prod: {client_config: '${FOLDER}/c.properties'}}\n"))
    site.commit(("conf/c.properties", "unknown=1\n"))
    result = site.run("ci", "lint")
    assert result.err.count("conf/c.properties: no effect here: unknown") == 1


FILE = "bootstrap.servers=127.0.0.1:9\nsecurity.protocol=${DEPLOY_KEY}\nclient.id=${DEPLOY_KEY}\n%s"


@pytest.mark.parametrize("command", ["plan", "lint"])
@pytest.mark.parametrize(
    "line", ["topology.dlq.topics.generate=${DEPLOY_KEY}\n", "sasl.jaas.config=${DEPLOY_KEY}\n", ""]
)
def test_a_client_file_of_an_unmerged_change_is_shown_no_variable(
    site: Site, monkeypatch: pytest.MonkeyPatch, command: str, line: str
) -> None:
    """The config is the base's, and names the file; the change edits the file only."""
    forget()
    monkeypatch.setenv("DEPLOY_KEY", f"{CANARY}-of-the-job")
    site.commit(("kafka-gitops.yaml", "environments: {prod: {client_config: c.properties}}\n"))
    site.commit(("c.properties", "bootstrap.servers=127.0.0.1:9\n"))
    site.base = head(site.home)
    site.commit(("c.properties", FILE % line))
    result = site.pull(command)
    if command == "plan" and "dlq" not in line:  # which is an error of its own, and quoted as it is written
        assert "Lint only, no plan: this change edits c.properties" in result.out, result
    reports = [path.read_text() for path in (site.home / "kafka-gitops-reports").glob("*")]
    for text in (result.out, result.err, *reports):
        assert [secret for secret in (CANARY, "[redacted]") if secret in text.replace("\\", "")] == []
