"""Client files and the command line's client keys: variables, a login's quotes, slips of the fingers, who wins."""

from collections.abc import Callable
from pathlib import Path

import pytest
from configuring import Ran, effective, home, refusal, run

from kafka_gitops.config.client_keys import is_client_key
from kafka_gitops.config.given import Given
from kafka_gitops.config.unused import told
from kafka_gitops.redact import redact

__all__ = ["home", "run"]
pytestmark = pytest.mark.usefixtures("home")
Run = Callable[..., Ran]

SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required"
TOPICS = "context: a\nprojects:\n- name: p\n  topics:\n  - {name: t}\n"
RIGHTS = f"{TOPICS}  consumers:\n  - {{principal: 'User:c'}}\n"
JAAS = f"""\
environments:
  jaas:
    bootstrap: 127.0.0.1:9094
    client:
      sasl.mechanism: SCRAM-SHA-256
      sasl.jaas.config: {SCRAM} username="${{WHO}}" password="${{PW}}";
"""
AWKWARD = ['ab"cd-ef', "ab\\cd-ef", "a'b;c=d e", "${PW}-literal", '\\"', "$${x}-yz", "-----x-----"]


def written(text: str) -> str:
    """Write a client file and return its name."""
    Path("c.properties").write_text(text, encoding="utf-8")
    return "c.properties"


@pytest.mark.parametrize("password", AWKWARD)
def test_a_variable_in_a_jaas_line_is_put_in_after_it_is_read(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setenv("WHO", 'u"\\ser')
    monkeypatch.setenv("PW", password)
    for found in (
        effective(JAAS),
        effective(client_config=written(f'sasl.jaas.config={SCRAM} username="${{WHO}}" password="${{PW}}";\n')),
        effective(client_config=written(f"sasl.jaas.config={SCRAM} username=${{WHO}} password=${{PW}};\n")),
    ):
        client = found.settings.client
        assert (client["sasl.username"], client["sasl.password"]) == ('u"\\ser', password)
        assert len(password) < 6 or password not in redact(f"a {password} b")


def test_a_whole_jaas_line_may_be_in_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINE", f'{SCRAM} username="u" password="a\\"b";')
    client = effective(client_config=written("sasl.jaas.config=${LINE}\n")).settings.client
    assert (client["sasl.username"], client["sasl.password"]) == ("u", 'a"b')


def test_a_jaas_line_with_variables_is_shown_as_it_is_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHO", "me")
    monkeypatch.setenv("PW", "canary-password")
    Path("kafka-gitops.yaml").write_text(JAAS)
    out = run("config").out
    assert '"${PW}"' in out and "canary" not in out


@pytest.mark.parametrize(
    ("line", "place", "quote"),
    [
        (f'sasl.jaas.config={SCRAM} username="u" password="a"b";', "c.properties:1", r"\\\""),
        (f'sasl.jaas.config={SCRAM} username="u" password="a"b;', "c.properties:1", r"\\\""),
    ],
)
def test_a_double_quote_in_a_jaas_line_is_told_how_it_is_written(line: str, place: str, quote: str) -> None:
    said = refusal(client_config=written(line))
    assert said.startswith(f"[78] {place}: sasl.jaas.config: cannot be read from character ")
    assert said.endswith('write a double quote inside of one as \\\\"')
    said = refusal(JAAS.replace("${PW}", 'a"b').replace("${WHO}", "u"))
    assert said.startswith("[78] kafka-gitops.yaml:6:25: sasl.jaas.config: cannot be read from character ")
    assert said.endswith('write a double quote inside of one as \\"')


VARIABLES = "bootstrap.servers=${HOST:-h}:9092\nsasl.username=u\nsasl.password=${PW}\nclient.id=$${PW}\n"


def test_a_client_file_reads_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PW", "canary-password")
    found = effective(client_config=written(VARIABLES))
    assert found.settings.client == {
        "bootstrap.servers": "h:9092",
        "sasl.username": "u",
        "sasl.password": "canary-password",
        "client.id": "${PW}",
    }
    assert found.origins["client.sasl.password"] == "c.properties:3, variable PW"
    assert redact("canary-password") == "[redacted]"


def test_a_variable_that_is_missing_in_a_client_file_has_its_place() -> None:
    said = refusal(client_config=written(VARIABLES))
    assert said.startswith("[78] c.properties:3: the variable PW is not set (sasl.password)\nExport what is not set")


def test_a_config_provider_of_java_is_told() -> None:
    said = refusal(client_config=written("sasl.password=${file:/etc/login:password}\n"))
    assert said.startswith("[78] c.properties:1: a config provider of Java, which is not read (sasl.password);")


def test_lint_reads_a_client_file_without_its_variables(run: Run) -> None:
    Path("t.yaml").write_text(TOPICS)
    ran = run("lint", "t.yaml", "--client-config", written(VARIABLES))
    assert (ran.code, "PW" in ran.err) == (0, False)


UNSET = """\
environments:
  prod:
    bootstrap: ${KAFKA_BOOTSTRAP}
    client: {sasl.mechanism: PLAIN, sasl.username: "${KAFKA_USER}", sasl.password: "${KAFKA_PASSWORD}"}
"""


def test_an_option_beats_a_variable_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(UNSET, client=["bootstrap.servers=h:1"])
    assert "KAFKA_BOOTSTRAP" not in said and "KAFKA_USER" in said and "KAFKA_PASSWORD" in said
    mine = ["metadata.broker.list=h:1", "sasl.username=me", "sasl.password=canary"]
    assert effective(UNSET, client=mine).settings.client == {
        "sasl.mechanisms": "PLAIN",
        "bootstrap.servers": "h:1",
        "sasl.username": "me",
        "sasl.password": "canary",
    }
    line = [f'sasl.jaas.config={SCRAM} username="me" password="canary";', "bootstrap.servers=h:1"]
    assert effective(UNSET, client=line).settings.client["sasl.username"] == "me"
    monkeypatch.setenv("KAFKA_BOOTSTRAP", "")
    assert effective(UNSET, client=mine).settings.client["bootstrap.servers"] == "h:1"
    text = JAAS.replace("jaas:", "prod:", 1)
    assert effective(text, client=mine).settings.client["sasl.password"] == "canary"


@pytest.mark.parametrize("option", ["--config", "--policy", "-e", "--environment"])
def test_what_names_one_thing_is_not_given_twice(run: Run, option: str) -> None:
    for words in ((option, "a", "lint", option, "b"), ("plan", option, "a", option, "a")):
        ran = run(*words)
        assert (ran.code, ran.err) == (64, f"error: {option} is given twice, and only one is read.\n  Give it once.\n")


RBAC = {
    "topology.builder.access.control.class=com.purbon.kafka.topology.roles.RBACProvider": "role bindings (RBAC)",
    "topology.access.control.class=RBACProvider": "role bindings (RBAC)",
    "topology.builder.access.control.class=com.purbon.kafka.topology.roles.CCloudAclsProvider": "Confluent Cloud",
    "topology.builder.access.control.class=com.purbon.kafka.topology.roles.HybridCCloudAclsProvider": "Confluent Cloud",
    "authorizer.class.name=io.confluent.kafka.security.authorizer.ConfluentServerAuthorizer": "Confluent's authorizer",
}


@pytest.mark.parametrize("line", RBAC)
def test_rights_that_are_no_acls_are_a_loud_warning_and_stop_a_plan_of_acls(run: Run, line: str) -> None:
    Path("t.yaml").write_text(RIGHTS)
    file = written(f"bootstrap.servers=127.0.0.1:9\n{line}\n")
    for quiet in ([], ["-q"]):
        ran = run("lint", "t.yaml", "--client-config", file, *quiet)
        assert ran.code == 0
        (said,) = [text for text in ran.err.splitlines() if text.startswith("warning: ")]
        assert said.startswith("warning: c.properties:2: ") and f"given by {RBAC[line]}" in said
    ran = run("render", "t.yaml", "--client-config", file)
    assert (ran.code, ran.err.count(f"given by {RBAC[line]}")) == (0, 1)
    ran = run("plan", "t.yaml", "--client-config", file)
    assert ran.code == 78
    assert ran.err.startswith("error: c.properties:2: ") and ran.err.endswith("  Plan topics only: --only topics\n")
    assert run("plan", "t.yaml", "--client-config", file, "--only", "topics", "--timeout", "0.5").code == 5
    Path("t.yaml").write_text(TOPICS)
    assert run("plan", "t.yaml", "--client-config", file, "--timeout", "0.5").code == 5


def test_javas_own_acls_are_no_warning(run: Run) -> None:
    Path("t.yaml").write_text(RIGHTS)
    line = "topology.builder.access.control.class=com.purbon.kafka.topology.roles.SimpleAclsProvider\n"
    assert run("lint", "t.yaml", "--client-config", written(line)).err.count("warning: ") == 0


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("toplogy.topic.prefix.separator", "topology.topic.prefix.separator"),
        ("topology.topic.prefix.seperator", "topology.topic.prefix.separator"),
        ("security-protocol", "security.protocol"),
        ("security_protocol", "security.protocol"),
        ("securityProtocol", "security.protocol"),
        ("Security.Protocol", "security.protocol"),
        ("boostrap.servers", "bootstrap.servers"),
        ("bootstrap.server", "bootstrap.servers"),
        ("sasl.passwrod", "sasl.password"),
        ("ssl.ca.locaton", "ssl.ca.location"),
    ],
)
def test_a_slip_of_the_fingers_is_told_what_was_meant(key: str, meant: str) -> None:
    said = f'"{key}" has no effect; did you mean "{meant}"?'
    assert effective(client_config=written(f"{key}=canary-value\n")).settings.notes == (f"c.properties:1: {said}",)
    text = f"environments: {{a: {{client: {{'{key}': canary-value}}}}}}\n"
    assert [note.partition(": ")[2] for note in effective(text).settings.notes][-1:] == [said]


def test_a_misspelt_secret_is_kept_like_one_that_is_not() -> None:
    effective(client=["sasl.passwrod=canary-value"])
    assert redact("a canary-value") == "a [redacted]"


JAVA = """
acks allow.auto.create.topics auto.commit.interval.ms auto.include.jmx.reporter auto.offset.reset batch.size
buffer.memory check.crcs compression.type connections.max.idle.ms default.api.timeout.ms delivery.timeout.ms
enable.auto.commit enable.idempotence enable.metrics.push exclude.internal.topics fetch.max.bytes fetch.max.wait.ms
fetch.min.bytes group.id group.instance.id group.protocol heartbeat.interval.ms interceptor.classes isolation.level
key.deserializer key.serializer linger.ms max.block.ms max.in.flight.requests.per.connection
max.partition.fetch.bytes max.poll.interval.ms max.poll.records max.request.size metadata.max.age.ms
metadata.max.idle.ms metadata.recovery.strategy metrics.num.samples metrics.recording.level
metrics.sample.window.ms partition.assignment.strategy partitioner.class receive.buffer.bytes
reconnect.backoff.max.ms request.timeout.ms retries retry.backoff.ms sasl.login.connect.timeout.ms
sasl.login.refresh.buffer.seconds sasl.login.refresh.window.factor sasl.login.retry.backoff.ms security.providers
send.buffer.bytes session.timeout.ms socket.connection.setup.timeout.max.ms ssl.cipher.suites
ssl.enabled.protocols ssl.keymanager.algorithm ssl.protocol ssl.secure.random.implementation
ssl.trustmanager.algorithm transaction.timeout.ms transactional.id value.serializer
schema.registry.url basic.auth.credentials.source ccloud.environment topology.builder.state.processor.class
topology.state.cluster.enabled topology.state.topics.cluster.enabled julie.enable.principal.management
"""


def test_a_key_of_java_that_we_do_not_use_is_no_slip() -> None:
    notes = told({key: Given("1", "f:1") for key in JAVA.split() if not is_client_key(key)}, "no effect")
    assert [note for note in notes if "did you mean" in note] == []


def test_what_looks_like_no_key_is_not_shown() -> None:
    keys = ["retries", "schema.registry.url", "Tr0ub4dor&3", "hunter2hunter2", "eyJhbGciOiJub25lIn0" * 3]
    (said,) = told({key: Given("", "f:1") for key in keys}, "no effect")
    assert said == "no effect: retries, schema.registry.url, 3 more that look like no key, and are not shown"


@pytest.mark.parametrize("key", ["topology.topic.prefix.separator", "topology.dlq.topics.generate"])
def test_a_blank_at_the_end_of_a_separator_is_told_where_it_stands(key: str) -> None:
    if "separator" in key:
        said = refusal(client_config=written(f"{key}=_ \n"))
        assert said == (
            '[78] c.properties:1: naming.separator is "_ ", which begins or ends with a blank; '
            "no topic's name can hold one: take it away"
        )
    said = refusal("naming: {separator: '- '}\n")
    assert "\n" not in said
    assert said.startswith('[78] kafka-gitops.yaml:1:21: naming.separator is "- ", which begins or ends with a blank')


def test_blanks_around_an_address_are_no_part_of_it(run: Run) -> None:
    text = 'environments: {a: {bootstrap: " h:9092 , i:9092 "}}\n'
    assert effective(text).settings.client == {"bootstrap.servers": "h:9092,i:9092"}
    assert 'bootstrap: "h:9092,i:9092"' in run("config").out


@pytest.mark.parametrize("command", ["plan", "doctor", "config", "drift"])
@pytest.mark.parametrize("server", ["me:canary-word@h:9092", "SASL_SSL://me:canary-word@h:9092,i:9092"])
def test_a_login_in_an_address_is_told_and_not_shown(run: Run, command: str, server: str) -> None:
    Path("t.yaml").write_text(TOPICS)
    files = ["t.yaml"] if command in ("plan", "drift") else []
    ran = run(command, *files, "-X", f"bootstrap.servers={server}")
    assert (ran.code, ran.out, ran.err) == (
        78,
        "",
        "error: -X: bootstrap.servers holds a login before an @; put it under sasl.username and sasl.password\n",
    )
