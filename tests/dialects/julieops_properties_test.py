"""`migrate --from julieops`, property by property: each is a key of the config that means the same, or has a reason."""

import json
import os
from pathlib import Path

import pytest
from desk import Desk

SAME = {  # a property of JulieOps' reference that kafka-gitops.yaml has a key for
    "bootstrap.servers": "b:9092",
    "security.protocol": "SASL_SSL",
    "sasl.mechanism": "PLAIN",
    "topology.builder.access.control.class": "com.purbon.kafka.topology.roles.RBACProvider",
    "topology.acls.optimized": "true",
    "topology.connector.allow.topic.create": "false",
    "topology.topic.prefix.format": "{{context}}.{{topic}}",
    "topology.project.prefix.format": "{{context}}.",
    "topology.topic.prefix.separator": "_",
    "topology.topic.dlq.prefix.format": "{{dlq}}.{{context}}",
    "topology.topic.dlq.label": "dead",
    "topology.dlq.topics.generate": "true",
    "topology.dlq.topics.allow.list.0": "a.*",
    "topology.dlq.topics.deny.list.0": "b.*",
    "kafka.internal.topic.prefixes.0": "_",
    "kafka.internal.topic.prefixes.1": "sys.",
    "schema.registry.url": "http://sr:8081",
    "confluent.monitoring.topic": "_m",
    "confluent.command.topic": "_c",
    "confluent.metrics.topic": "_x",
    "topology.validations.0": "com.purbon.kafka.topology.validation.topic.TopicNameRegexValidation",
    "topology.validations.1": "com.purbon.kafka.topology.validation.topic.PartitionNumberValidation",
    "validations.topic.name.regexp": "[a-z]*",
    "validations.partition.number.value": "6",
    "validations.partition.number.op": "eq",
    "platform.servers.connect.0": "main:http://c:8083",
    "julie.roles": "roles.yaml",
    "julie.multiple.context.per.dir.enabled": "yes",
}
LISTED = {  # one that is listed, with a piece of its reason
    "topology.builder.state.processor.class=com.purbon.kafka.topology.backend.S3Backend": "no state is kept",
    "topology.builder.redis.host=r": "no state is kept",
    "topology.builder.mds.server=http://m": "role bindings of Confluent (RBAC) are not managed",
    "topology.builder.mds.valid.cluster.ids.0=x": "role bindings of Confluent (RBAC) are not managed",
    "topology.builder.ccloud.kafka.cluster.id=lkc-1": "Confluent Cloud are not managed",
    "topology.builder.internal.principal=User:j": "the run knows its own principal by its login",
    "julie.internal.principal=User:j": "the run knows its own principal by its login",
    "topology.file.type=JSON": "YAML and JSON are both read",
    "topology.state.cluster.enabled=true": "no state is kept",
    "topology.state.topics.cluster.enabled=false": "no state is kept",
    "topology.features.experimental=true": "JulieOps reads it nowhere either",
    "topology.translation.principal.enabled=true": "JulieOps reads it nowhere either",
    "topology.subject.managed.prefixes.0=a": "`manage.subjects` bounds schemas",
    "topology.group.managed.prefixes.0=a": "state `manage.groups` to have them refused",
    "topology.topic.managed.prefixes.0=a": "outside `manage` it is an error of lint",
    "topology.service.accounts.managed.prefixes.0=User:a": "outside `manage` it is an error of lint",
    "confluent.schema.registry.url=http://sr": "JulieOps does not read it either",
    "allow.delete.topics=true": "deletion works differently here",
    "allow.delete.artefacts.ksql=false": "deletion works differently here",
    "streams.warn-if.read-only=false": "there is no such warning",
    "projects.warn-if.no-topics=false": "there is no such warning",
    "platform.server.ksql.url=http://k": "ksqlDB is not managed",
    "ccloud.environment=env-1": "Confluent Cloud are not managed",
    "ccloud.service_account.translation.enabled=true": "Confluent Cloud are not managed",
    "julie.enable.principal.management=true": "Confluent Cloud are not managed",
    "julie.verify.remote.state=true": "no state is kept",
    "julie.instance.id=abc": "no state is kept",
    "julie.kafka.config.topic=t": "no state is kept",
    "julie.s3.bucket=b": "no state is kept",
    "julie.gcp.bucket=b": "no state is kept",
    "julie.audit.enabled=true": "an apply reports what it did",
    "julie.debug.mode=true": "`-v` says more",
    "julie.http.retry.times=3": "`--timeout` says how long",
    "schema.registry.url=mock://": None,  # none at all
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def settings(desk: Desk, *options: str) -> dict[str, object]:
    found = json.loads(desk.ok("config", *options, "--format", "json"))["settings"]
    assert isinstance(found, dict)
    return found


def both(desk: Desk, *files: str) -> tuple[dict[str, object], dict[str, object]]:
    """The settings of the client files, and those of the config that is made of them."""
    desk.ok("migrate", "--from", "julieops", *files, "--out", "made")
    theirs = settings(desk, *(word for file in files for word in ("--client-config", file)))
    ours = settings(desk, "--config", "made/kafka-gitops.yaml")
    if "roles" in ours:
        ours["roles"] = os.path.normpath(str(ours["roles"]))
    return theirs, ours


@pytest.mark.parametrize("key", [key for key in SAME if ".prefix.format" not in key and not key.startswith("valid")])
def test_a_property_is_a_key_that_means_the_same(desk: Desk, key: str) -> None:
    needed = {name: value for name, value in SAME.items() if name.startswith("valid")} if "validations" in key else {}
    desk.write("j.properties", "".join(f"{name}={value}\n" for name, value in ({key: SAME[key]} | needed).items()))
    theirs, ours = both(desk, "j.properties")
    assert theirs == ours
    desk.write("empty.properties", "")
    assert ours != settings(desk, "--client-config", "empty.properties")


def test_all_properties_in_layers_mean_the_same(desk: Desk) -> None:
    lines = [f"{key}={value}\n" for key, value in SAME.items()]
    desk.write("a.properties", "".join(lines[:20]) + "validations.partition.number.value=3\nclient.id=a\n")
    desk.write("b.properties", "".join(lines[20:]) + "bootstrap.servers=over:1\n")
    theirs, ours = both(desk, "a.properties", "b.properties")
    assert theirs == ours
    text = (desk.home / "made/kafka-gitops.yaml").read_text()
    assert "bootstrap: over:1" in text and "# b.properties:" in text and "# a.properties:" in text
    assert "no key here" not in text


@pytest.mark.parametrize("line", LISTED)
def test_a_property_without_a_key_is_listed_with_its_reason(desk: Desk, line: str) -> None:
    desk.write("j.properties", f"bootstrap.servers=b:1\n{line}\n")
    out = desk.ok("migrate", "--from", "julieops", "j.properties", "--out", ".")
    reason = LISTED[line]
    if reason is None:
        assert "Not taken over" not in out
    else:
        (told,) = [row for row in out.splitlines() if "j.properties:2: " in row]
        assert reason in told
    assert "neither JulieOps nor this tool" not in out


def test_rights_of_rbac_are_warned_of_and_stay_refused(desk: Desk) -> None:
    line = "topology.builder.access.control.class=com.purbon.kafka.topology.roles.RBACProvider"
    desk.write("j.properties", f"bootstrap.servers=127.0.0.1:9\n{line}\n")
    out = desk.ok("migrate", "--from", "julieops", "j.properties", "--out", ".")
    said = "warning: j.properties:2: topology.builder.access.control.class is RBACProvider: rights here are given by "
    assert f"{said}role bindings (RBAC). A plan of ACLs is refused (acls.provider), because " in out
    desk.write(
        "t.yaml", "context: a\nprojects:\n- {name: p, topics: [{name: t}], consumers: [{principal: 'User:c'}]}\n"
    )
    lint = desk.run("lint", "t.yaml")
    assert lint.code == 0
    assert (
        "warning: kafka-gitops.yaml:3:13: acls.provider is rbac: rights here are given by role bindings (RBAC)"
        in lint.err
    )
    assert desk.run("plan", "t.yaml").code == 78


def test_a_line_that_is_only_a_password_is_not_listed(desk: Desk) -> None:
    desk.write("j.properties", "bootstrap.servers=b:1\nTr0ub4dor&3canary\n")
    result = desk.run("migrate", "--from", "julieops", "j.properties", "--out", ".")
    assert result.code == 0 and "canary" not in result.out + result.err


FOREIGN = """\
security.protocol=SASL_SSL
sasl.mechanism=OAUTHBEARER
sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required username="u" password="canary-word";
sasl.login.callback.handler.class=io.confluent.kafka.clients.plugins.auth.token.TokenUserLoginCallbackHandler
ssl.truststore.location=/x/truststore.jks
ssl.truststore.password=canary-word
bootstrap.servers=b:9092
topology.topic.prefix.separator=-
"""


def test_a_login_that_is_not_supported_is_listed_and_the_rest_is_taken_over(desk: Desk) -> None:
    desk.write("j.properties", FOREIGN)
    out = desk.ok("migrate", "--from", "julieops", "j.properties", "--out", ".")
    for said in (
        "  j.properties:3: sasl.jaas.config: OAuthBearerLoginModule is not supported yet; ",
        "  j.properties:4: the client key sasl.login.callback.handler.class is refused: ",
        "  j.properties:5: ssl.truststore.location is a JKS store; only PEM is read here. ",
    ):
        assert said in out
    text = (desk.home / "kafka-gitops.yaml").read_text()
    assert "bootstrap: b:9092" in text and 'separator: "-"' in text and "canary" not in text + out
    assert desk.run("config", "--client-config", "j.properties").code == 78  # who connects is told as before


def test_options_of_julieops_are_named_as_keys(desk: Desk) -> None:
    desk.write("j.properties", "security.protocol=SSL\n")
    said = "What JulieOps has as options goes into it too: topology: PATH (--topology), plans: FILE (--plans)"
    out = desk.ok("migrate", "--from", "julieops", "j.properties", "--out", "one")
    assert f"{said}, environments.NAME.bootstrap: HOST:PORT (--brokers)\n" in out
    desk.write("j.properties", "bootstrap.servers=b:9092\n")
    assert f"{said}\n" in desk.ok("migrate", "--from", "julieops", "j.properties", "--out", "two")
