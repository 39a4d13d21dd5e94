"""`kafka-gitops config`: effective settings with origins, fit to be pasted; no secret is ever printed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from configuring import Ran, effective, home, run

from kafka_gitops.config.schema import FILE_SHAPE
from kafka_gitops.shape.check import check
from kafka_gitops.text.source import parse

__all__ = ["home", "run"]
Run = Callable[..., Ran]

JULIE = """\
bootstrap.servers=localhost:9092
security.protocol=SASL_SSL
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
  username="kafka" \\
  password="canary-jaas";
ssl.key.password=canary-key
platform.servers.basic.auth.0=c@user:canary-basic
ccloud.cluster.api.secret=canary-ccloud
topology.topic.prefix.separator=_
topology.topic.managed.prefixes.0=foo.
allow.delete.topics=true
"""
SHOWN = """\
recursive: false                                  # default
contexts: one                                     # default
naming:
  topic: default                                  # default
  project: default                                # default
  separator: _                                    # j.properties:10
  dlq:
    generate: false                               # default
    label: dlq                                    # default
    topic: default                                # default
    allow: []                                     # default
    deny: []                                      # default
acls:
  optimized: false                                # default
  connector_topic_create: true                    # default
manage:
  topics: ["foo.*"]                               # j.properties:11
  principals: ["*"]                               # j.properties:11
  cluster: [ALL]                                  # j.properties:11
  delegation_tokens: ["*"]                        # j.properties:11
  subjects: ["*"]                                 # j.properties:11
  connectors: ["*"]                               # j.properties:11
  connector_classes: ["*"]                        # j.properties:11
  connector_overrides: ["*"]                      # j.properties:11
  secrets: ["*"]                                  # j.properties:11
limits:
  topics: 10                                      # default
  acls: 200                                       # default
  percent: 30                                     # default
  percent_from: 20                                # default
  auto_approve: 20                                # default
  auto_approve_per_day: 20                        # default
max_hold: 14                                      # default
prune: []                                         # default
undeclared_configs: remove                        # default
ignore_configs: [leader.replication.throttled.replicas, follower.replication.throttled.replicas]  # default
environments:
  default:
    bootstrap: localhost:9092                     # j.properties:1
    client:
      security.protocol: SASL_SSL                 # j.properties:2
      sasl.mechanisms: PLAIN                      # j.properties:3
      ssl.key.password: "${SSL_KEY_PASSWORD}"     # j.properties:7
      sasl.username: kafka                        # j.properties:4
      sasl.password: "${SASL_PASSWORD}"           # j.properties:4
# no key here for JulieOps' managed.topics: kept while j.properties:11 is read
"""


def test_it_translates_a_julieops_file(run: Run) -> None:
    Path("j.properties").write_text(JULIE, encoding="utf-8")
    ran = run("config", "--client-config", "j.properties")
    assert (ran.code, ran.out) == (0, SHOWN)
    assert ran.err == (
        "note: j.properties:12: allow.delete.topics has no effect: deletion works differently here, see `prune`\n"
        "note: j.properties: no effect here: ccloud.cluster.api.secret\n"
    )


def test_what_it_prints_can_be_pasted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("j.properties").write_text(JULIE, encoding="utf-8")
    out = run("config", "--client-config", "j.properties").out
    root = parse("kafka-gitops.yaml", out).root
    assert root is not None
    assert list(check(root, FILE_SHAPE)) == []
    monkeypatch.setenv("SASL_PASSWORD", "canary-jaas")
    monkeypatch.setenv("SSL_KEY_PASSWORD", "canary-key")
    translated = effective(client_config="j.properties").settings
    pasted = effective(out).settings
    assert pasted.client == translated.client
    assert pasted.language.naming == translated.language.naming
    assert pasted.scopes == translated.scopes


FILE = """\
topology: [topologies/, more/]
kafka_version: 4.10
roles: roles.yaml
rules:
  topic-retention: {max: 30d}
  acl-deny: off
overrides:
- {paths: ["a/**"], rules: {acl-deny: warning}}
protect: {topics: [a]}
prune: [topics]
environments:
  prod:
    bootstrap: ${HOST:-localhost}:9092
    client: {sasl.password: "${KAFKA_PASSWORD}", ssl.key.password: canary-literal, client.id: "$${x}"}
    brokers: 6
    broker_defaults: {min.insync.replicas: "2"}
    rules: {acl-deny: error}
"""


def test_it_shows_a_config_file_with_its_places(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("kafka-gitops.yaml").write_text(FILE, encoding="utf-8")
    monkeypatch.setenv("KAFKA_PASSWORD", "canary-variable")
    ran = run("config")
    lines = [line.split("  # ") for line in ran.out.splitlines() if "# default" not in line]
    shown = [(left.strip(), right[0] if right else "") for left, *right in lines]
    assert [entry for entry in shown if not entry[0].endswith(":")] == [
        ("topology: [topologies/, more/]", "kafka-gitops.yaml:1:12"),
        ('kafka_version: "4.10"', "kafka-gitops.yaml:2:16"),
        ("roles: roles.yaml", "kafka-gitops.yaml:3:8"),
        ('max: "30d"', "kafka-gitops.yaml:5:26"),
        ("acl-deny: error", "kafka-gitops.yaml:17:23"),
        ('overrides: [{paths: ["a/**"], rules: {acl-deny: warning}}]', "kafka-gitops.yaml:8:4"),
        ("topics: [a]", "kafka-gitops.yaml:9:20"),
        ("prune: [topics]", "kafka-gitops.yaml:10:9"),
        ('bootstrap: "${HOST:-localhost}:9092"', "kafka-gitops.yaml:13:16, variable HOST"),
        ('sasl.password: "${KAFKA_PASSWORD}"', "kafka-gitops.yaml:14:29, variable KAFKA_PASSWORD"),
        ('ssl.key.password: "${SSL_KEY_PASSWORD}"', "kafka-gitops.yaml:14:68"),
        ('client.id: "$${x}"', "kafka-gitops.yaml:14:95"),
        ("brokers: 6", "kafka-gitops.yaml:15:14"),
        ('min.insync.replicas: "2"', "kafka-gitops.yaml:16:44"),
    ]
    assert yaml.safe_load(ran.out)["environments"]["prod"]["brokers"] == 6
    assert "ssl.key.password is written in the file" in ran.err


def test_further_scopes_of_a_policy_are_comments(run: Run) -> None:
    Path("kafka-gitops.yaml").write_text("manage: {topics: [a]}\n", encoding="utf-8")
    Path("p.yaml").write_text("manage: {topics: [a, b]}\nlimits: {topics: 1}\n", encoding="utf-8")
    out = run("config", "--policy", "p.yaml").out
    assert out.splitlines()[-1] == "# also only inside, stated at p.yaml:1: {topics: [a, b]}"
    assert "  topics: 1                                       # p.yaml:2:18\n" in out


def test_json_has_settings_origins_and_notes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("kafka-gitops.yaml").write_text(FILE, encoding="utf-8")
    monkeypatch.setenv("KAFKA_PASSWORD", "canary-variable")
    ran = run("config", "--format", "json")
    body = json.loads(ran.out)
    assert sorted(body) == ["notes", "origins", "settings"]
    assert body["settings"]["environments"]["prod"]["client"]["sasl.password"] == "${KAFKA_PASSWORD}"
    assert body["origins"]["brokers"] == "kafka-gitops.yaml:15:14"
    assert ran.err == ""


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_output_holds_a_canary(run: Run, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    Path("kafka-gitops.yaml").write_text(FILE, encoding="utf-8")
    Path("j.properties").write_text(JULIE, encoding="utf-8")
    monkeypatch.setenv("KAFKA_PASSWORD", "canary-variable")
    for more in (
        [],
        ["--client-config", "j.properties"],
        ["-e", "prod", "--client-config", "j.properties"],
        ["-X", "sasl.password=canary-option"],
        ["-X", "sasl.jaas.config=x required password='canary-option';"],
        ["-X", "ssl.keystore.location=a.jks", "-X", "ssl.keystore.password=canary-store"],
    ):
        ran = run("config", "--format", form, *more)
        assert "canary" not in ran.out + ran.err, more


CONFIG_UNSET = """\
environments:
  prod:
    bootstrap: b:1
    client: {security.protocol: SASL_SSL, sasl.mechanism: PLAIN, sasl.username: u, sasl.password: "${KAFKA_PASSWORD}"}
"""


def test_what_is_not_set_is_shown_as_it_is_written(run: Run) -> None:
    Path("kafka-gitops.yaml").write_text(CONFIG_UNSET.replace("SASL_SSL", '"${PROTOCOL}"'), encoding="utf-8")
    code, out, err = run("config")
    assert code == 0
    assert 'sasl.password: "${KAFKA_PASSWORD}"' in out and "variable KAFKA_PASSWORD (not set)" in out
    assert 'security.protocol: "${PROTOCOL}"' in out
    assert [line.split(": ", 2)[2] for line in err.splitlines()] == [
        "the variable PROTOCOL is not set (security.protocol of environment prod)",
        "the variable KAFKA_PASSWORD is not set (sasl.password of environment prod)",
    ]
    assert run("config", "--format", "json").code == 0


def test_what_is_wrong_beside_what_is_not_set_is_an_error(run: Run) -> None:
    Path("kafka-gitops.yaml").write_text(CONFIG_UNSET.replace("SASL_SSL", "SASL_TLS"), encoding="utf-8")
    code, _, err = run("config")
    assert (code, 'security.protocol: there is no "SASL_TLS"' in err, "is not set" in err) == (78, True, False)


def test_an_error_is_one_sentence_with_the_code(run: Run) -> None:
    Path("kafka-gitops.yaml").write_text(FILE, encoding="utf-8")
    said = "kafka-gitops.yaml:14:29: the variable KAFKA_PASSWORD is not set (sasl.password of environment prod)"
    help = "Export what is not set (in a pipeline: a secret or variable of the job), or write ${NAME:-a default}."
    assert run("plan") == (78, "", f"error: {said}\n  {help}\n")
