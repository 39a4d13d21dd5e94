"""The doctor's verdicts on a real broker, word for word."""

import re
import socket
import time
from types import SimpleNamespace

import pytest
from making import acl

from kafka_gitops.cli.doctor import line
from kafka_gitops.cli.main import main
from kafka_gitops.clients import topics
from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.releases import release
from kafka_gitops.doctor import examine, exit_code, rights
from kafka_gitops.doctor.verdict import Verdict
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.cluster import LiveTopic
from kafka_gitops.kinds.parts import CLUSTER, Right
from kafka_gitops.sandbox import Sandbox

RIGHTS = [right.look for right in rights.of_kafka()]
NOT_TRIED = ["brokers answer", *RIGHTS, "knows all requests"]


def verdicts(client: dict[str, str]) -> dict[str, Verdict]:
    """The verdicts on the only bootstrap server, by step."""
    ((_, found),) = examine(client, timeout=3)
    return {verdict.step: verdict for verdict in found}


@pytest.mark.kafka
def test_all_is_well(kafka: Sandbox) -> None:
    found = verdicts(kafka.client())
    assert found["name resolves"] == Verdict("ok", "name resolves", "127.0.0.1")
    assert found["TLS"].found == "not used"
    assert found["login"].found == "SCRAM-SHA-256 as User:admin"
    assert found["cluster"].found == f"{kafka.cluster_id}, Kafka 4.3, 1 broker"
    assert found["brokers answer"].found == kafka.sasl_bootstrap
    assert found["may create topics"].found == "of any name"
    assert [step for step in RIGHTS if found[step].status == "FAIL" or "lacks" in found[step].found] == []
    assert exit_code(list(found.values())) == 0


@pytest.mark.kafka
def test_a_missing_right(kafka: Sandbox) -> None:
    found = verdicts(kafka.client("alice"))
    assert line(found["may read ACLs"]) == (
        "  FAIL  may read ACLs        User:alice lacks DESCRIBE on the cluster\n"
        "                             kafka-acls --add --allow-principal User:alice --operation Describe --cluster"
    )
    on_cluster = [one.look for one in rights.of_kafka() if one.resource == CLUSTER]
    assert [step for step in on_cluster if found[step].status == "ok"] == []
    assert "kafka-acls --add --allow-principal User:alice --operation Describe --group '*'" in line(
        found["may see all groups"]
    )
    assert exit_code(list(found.values())) == 1


@pytest.mark.kafka
@pytest.mark.parametrize(
    "right", [one for one in rights.of_kafka() if one.resource == CLUSTER], ids=lambda one: one.look
)
def test_a_right_on_the_cluster_is_seen_when_it_is_granted(kafka: Sandbox, right: Right) -> None:
    word = re.sub("(?<=[a-z])(?=[A-Z])", "_", right.operation).upper()
    bindings = {acl("carol", operation, "cluster") for operation in ("DESCRIBE", word)}
    with open_cluster(kafka.client()) as admin:
        assert verdicts(kafka.client("carol"))[right.look].status != "ok"
        assert set(admin.create_acls([*bindings]).values()) == {None}
        try:
            until = time.monotonic() + 60
            while verdicts(kafka.client("carol"))[right.look].status != "ok":
                assert time.monotonic() < until
        finally:
            admin.delete_acls([*bindings])


def test_every_right_has_a_look_of_its_own() -> None:
    looks = [right.look for kind in KINDS.values() for right in kind.RIGHTS]
    assert all(looks) and len(looks) == len(set(looks)) and max(map(len, looks)) <= 19


@pytest.mark.kafka
def test_a_wrong_password_stops_what_needs_the_login(kafka: Sandbox) -> None:
    found = verdicts(kafka.client() | {"sasl.password": "not-it-at-all"})
    assert found["port answers"].status == "ok"
    assert found["login"].found == "login refused: wrong user or password (User:admin, SCRAM-SHA-256)"
    assert {found[step].status for step in ("cluster", *NOT_TRIED)} == {"-"}
    assert exit_code(list(found.values())) == 5


@pytest.mark.kafka
def test_no_authorizer_is_a_note(no_authorizer: Sandbox) -> None:
    found = verdicts(no_authorizer.client())
    assert found["may read ACLs"].found == "no authorizer is configured on the brokers"
    assert found["may alter ACLs"] == Verdict("note", "may alter ACLs", "no authorizer is configured on the brokers")
    assert exit_code(list(found.values())) == 0


@pytest.mark.kafka
def test_one_dead_server_of_two_is_a_note(kafka: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = f"127.0.0.1:{server.getsockname()[1]}"
    sections = list(examine(kafka.client() | {"bootstrap.servers": f"{closed},{kafka.sasl_bootstrap}"}, timeout=3))
    assert [title for title, _ in sections] == [closed, kafka.sasl_bootstrap]
    assert sections[0][1][1]._replace(help="") == Verdict("note", "port answers", "connection refused")
    assert [exit_code(found) for _, found in sections] == [0, 0]


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert main(["doctor", "-X", "bootstrap.servers=no-such-host.invalid:1"]) == 5
    out = capsys.readouterr().out.splitlines()
    assert out[:4] == [
        "no-such-host.invalid:1",
        '  FAIL  name resolves        the name "no-such-host.invalid" does not resolve',
        "                             Is the host name right, and is this the right network?",
        "  -     port answers         not tried",
    ]


# What a server does not tell is not taken for a missing right


def answers(*features: tuple[str, int], keys: tuple[tuple[int, int], ...] = ()) -> SimpleNamespace:
    return SimpleNamespace(
        supported_features=[SimpleNamespace(name=name, max_version=level) for name, level in features],
        api_keys=[SimpleNamespace(api_key=key, max_version=version) for key, version in keys],
    )


@pytest.mark.parametrize(
    ("level", "name"),
    [(1, "3.0"), (14, "3.6"), (21, "3.9"), (30, "4.3"), (31, "4.4"), (33, "4.4"), (34, "4.4 or newer")],
)
def test_a_release_by_its_metadata_version(level: int, name: str) -> None:
    assert release(answers(("metadata.version", level), keys=((1, 18),))) == f"Kafka {name}"


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        (((60, 0), (2, 6), (1, 12)), "Kafka 2.8 by its requests"),
        (((60, 0), (2, 7), (1, 13), (11, 9), (29, 3)), "Kafka 3.3 by its requests"),
        (((60, 1), (2, 8), (1, 17), (24, 5)), "Kafka 3.9 by its requests"),
        (((1, 11), (2, 5)), "older than Kafka 2.8"),
    ],
)
def test_a_release_with_zookeeper_by_its_requests(keys: tuple[tuple[int, int], ...], name: str) -> None:
    assert release(answers(keys=keys)) == name


@pytest.mark.kafka
def test_a_server_that_tells_no_rights_gets_notes(kafka: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "cluster_operations", lambda link: None)
    monkeypatch.setattr(topics, "topic_operations", lambda link, names: {})
    monkeypatch.setattr(topics, "list_topics", lambda link: {"nobody.has.this": LiveTopic(1, 1)})
    found = verdicts(kafka.client())
    untold = "this server does not tell what a principal may do"
    assert found["may create topics"] == Verdict("note", "may create topics", untold)
    assert found["may alter ACLs"] == Verdict("note", "may alter ACLs", untold)
    told = "of nobody.has.this; this server does not tell of the others"
    assert found["may read configs"] == Verdict("ok", "may read configs", told)
    assert exit_code(list(found.values())) == 0


class Old:
    """A link to a broker without DescribeCluster, which came with 2.8; `metadata` is the newest Metadata that it knows."""

    def __init__(self, metadata: int) -> None:
        self.metadata = metadata
        self.asked: list[object] = []

    def versions(self) -> dict[int, tuple[int, int]]:
        return {3: (0, self.metadata)}

    def read(self, request: object) -> SimpleNamespace:
        self.asked.append(request)
        return SimpleNamespace(authorized_operations=[5, 8])


def test_from_2_3_on_the_rights_on_the_cluster_come_with_the_metadata() -> None:
    link = Old(9)
    assert topics.cluster_operations(link) == frozenset({"CREATE", "DESCRIBE"})  # type: ignore[arg-type]
    assert [(one.max_version, one._max_version) for one in link.asked] == [(13, 10)]  # type: ignore[attr-defined]


def test_before_that_they_are_not_told() -> None:
    link = Old(7)
    assert topics.cluster_operations(link) is None  # type: ignore[arg-type]
    assert link.asked == []


@pytest.mark.kafka
def test_requests_that_a_server_lacks_are_named(kafka: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    assert verdicts(kafka.client())["knows all requests"].status == "ok"
    known = Link.versions
    without = {44, 37}  # IncrementalAlterConfigs, CreatePartitions
    monkeypatch.setattr(Link, "versions", lambda link: {k: v for k, v in known(link).items() if k not in without})
    found = verdicts(kafka.client())["knows all requests"]
    assert (found.status, found.found) == ("note", "lacks CreatePartitions, IncrementalAlterConfigs")
    assert found.help == "What needs them cannot be applied. Kafka 2.8 and newer have them all."
