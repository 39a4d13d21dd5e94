"""A broker that dies, hangs up, answers what cannot be read or lacks a request: told truly, with the request's name."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import Desk, topology
from faults import Asked, Fault, Forward, Proxy, cut, message, passed, proxy, refused
from telling import APPLY, TWO, options, statuses, through, untimed

from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka


@pytest.fixture
def desk(tmp_path: Path, prefix: str) -> Desk:
    """A file with two new topics."""
    made = Desk(tmp_path)
    made.write("t.yaml", topology(prefix, *TWO))
    return made


class Dying:
    """From the first answer to a request on, the broker cannot be reached any more."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.proxy: Proxy | None = None

    def __call__(self, asked: Asked, forward: Forward) -> bytes | None:
        frame = forward()
        assert self.proxy is not None
        self.proxy.dying = True
        return frame


def test_a_broker_that_dies_after_it_answered(desk: Desk, between: Callable[..., Proxy], prefix: str) -> None:
    dying = Dying("CreateTopics")
    dying.proxy = between(CreateTopics=dying)
    code, out, err = through(desk, dying.proxy)
    assert (code, err) == (6, "")
    assert "2 applied, not verified: Cannot reach 127.0.0.1:" in out
    assert "expect TLS" not in out
    assert statuses(desk) == ["unverified"] * 2


def test_a_lost_answer_is_unknown_and_looked_for(desk: Desk, between: Callable[..., Proxy], prefix: str) -> None:
    code, out, err = through(desk, between(CreateTopics=cut))
    assert (code, err) == (6, "")
    why = "NETWORK_EXCEPTION: HOST:9092 closed the connection when asked for CreateTopics. It may or may not be done"
    assert untimed(out, prefix) == (
        "Applying 2 changes to the cluster (cluster C)\n"
        f"  + topic t.a  unknown: {why}: the cluster shows it now\n"
        f"  + topic t.b  unknown: {why}: the cluster shows it now\n"
        "0 applied, 0 failed, 0 skipped, 2 unknown (the answer was lost). "
        "Run the same command again after fixing it; what is applied stays applied.\n"
    )


def test_what_cannot_be_sent_any_more_is_no_write(desk: Desk, between: Callable[..., Proxy], prefix: str) -> None:
    acls = [f'{{principals: ["User:x"], {grant}: [READ], topics: [{prefix}a]}}' for grant in ("allow", "deny")]
    desk.write("t.yaml", topology(prefix, *TWO, extra=f"acls: [{', '.join(acls)}]\n"))
    made: list[Proxy] = []

    def last(_asked: Asked, forward: Forward) -> None:
        forward()
        made[0].close()

    made.append(between(CreateAcls=last))
    words = [word for word in APPLY if word not in ("--only", "topics")]
    result = desk.run(
        *words, "--accept", "deny-added", "--timeout", "3", "-X", f"bootstrap.servers={made[0].bootstrap}"
    )
    assert result.code == 6, result
    assert sorted(statuses(desk)) == ["failed", "failed", "skipped", "unknown"]
    assert "failed: NETWORK_EXCEPTION: not sent: Cannot reach 127.0.0.1:" in result.out
    assert "skipped: nothing is allowed when a new denial failed" in result.out


def test_an_answer_that_cannot_be_read(desk: Desk, between: Callable[..., Proxy], prefix: str) -> None:
    def short(_asked: Asked, forward: Forward) -> bytes:
        return forward()[:9]

    code, out, err = through(desk, between(CreateTopics=short))
    assert (code, err) == (6, "")
    assert untimed(out, prefix).splitlines()[1] == (
        "  + topic t.a  unknown: UNKNOWN_SERVER_ERROR: The answer of HOST:9092 to "
        "CreateTopics cannot be read (IndexError). It may or may not be done: the cluster shows it now"
    )


@pytest.mark.parametrize("name", ["ApiVersions", "Metadata", "DescribeConfigs", "DescribeAcls"])
@pytest.mark.parametrize("left", [0, 1, 3, 9])
def test_a_read_that_cannot_be_decoded_is_a_sentence(
    desk: Desk, between: Callable[..., Proxy], prefix: str, name: str, left: int
) -> None:
    def short(asked: Asked, forward: Forward) -> bytes:
        return asked.head() + forward()[len(asked.head()) :][:left]

    desk.write(
        "t.yaml",
        topology(prefix, *TWO, extra=f'acls: [{{principals: ["User:x"], allow: [READ], topics: [{prefix}a]}}]\n'),
    )
    made = between(**{name: short})
    result = desk.run("plan", "t.yaml", "-X", f"bootstrap.servers={made.bootstrap}", "--timeout", "3")
    assert result.code == 5 or (name, result.code) == ("DescribeConfigs", 0), result
    assert re.search(rf"he answer of 127\.0\.0\.1:\d+ to {name} cannot be read", result.err) or result.code == 0


def test_a_login_that_cannot_be_decoded_is_a_sentence(desk: Desk, kafka: Sandbox) -> None:
    def short(asked: Asked, forward: Forward) -> bytes:
        return asked.head() + forward()[len(asked.head()) :][:1]

    for name in ("SaslHandshake", "SaslAuthenticate"):
        with proxy(kafka.sasl_bootstrap, {name: short}) as made:
            result = desk.run("plan", "t.yaml", *options(kafka.client("admin"), made.bootstrap))
            assert result.code == 5
            assert f"the answer of {made.bootstrap} to {name} cannot be read" in result.err


def test_a_server_that_hangs_up_is_told_with_the_request(desk: Desk, between: Callable[..., Proxy]) -> None:
    made = between(Metadata=passed)
    made.faults |= {2: cut, 5: cut}  # the first question of the plan, and the same on the second connection
    result = desk.run("plan", "t.yaml", "-X", f"bootstrap.servers={made.bootstrap}", "--timeout", "3")
    assert result.code == 5
    lost = f"{made.bootstrap} closed the connection when asked for Metadata"
    assert result.err == f"error: The connection to the cluster was lost: {lost}.\n"


def lacking(*names: str) -> Fault:
    """A broker that does not know these requests."""

    def answer(asked: Asked, forward: Forward) -> bytes:
        frame = forward()
        told = asked.answer(frame)
        keys = {message(name, "Request").API_KEY for name in names}
        told.api_keys = [item for item in told.api_keys if item.api_key not in keys]
        return asked.encode(frame, told)

    return answer


def test_a_broker_that_lacks_a_request_is_told_before_anything_is_written(
    desk: Desk, between: Callable[..., Proxy], kafka: Sandbox, prefix: str
) -> None:
    desk.ok(*APPLY, "-X", f"bootstrap.servers={kafka.bootstrap}")
    desk.write("t.yaml", topology(prefix, "a num.partitions=2 retention.ms=86400000", TWO[1], "c"))
    old = between(ApiVersions=lacking("IncrementalAlterConfigs", "CreateAcls"))
    said = (
        f"error: The broker {old.bootstrap} does not know IncrementalAlterConfigs, which this run needs.\n"
        "  Kafka 2.8 and newer are supported: upgrade the brokers.\n"
    )
    address = ("-X", f"bootstrap.servers={old.bootstrap}")
    saved = desk.run("plan", "t.yaml", "-o", "p.json", "--accept", "retention-shrink", *address)
    assert (saved.code, saved.err.endswith(said)) == (1, True), saved
    accepted = ("--accept", "retention-shrink")
    for words in (
        ("apply", "p.json"),
        ("apply", "t.yaml", "--yes"),
        ("ci", "plan", "t.yaml"),
        ("ci", "apply", "t.yaml", "--yes"),
    ):
        result = desk.run(*words, *accepted, *address)
        assert (result.code, result.err.endswith(said)) == (1, True), result
        assert "Applying" not in result.out
        assert not {"CreateTopics", "CreatePartitions"} & {*old.log}
    assert desk.run("drift", "t.yaml", *address).code == 2
    desk.write("t.yaml", topology(prefix, "c"))
    assert desk.run("apply", "t.yaml", "--yes", *address).code == 0  # which needs none of them


def test_what_a_switched_off_deletion_needs_is_told(
    desk: Desk, between: Callable[..., Proxy], kafka: Sandbox, prefix: str
) -> None:
    desk.ok(*APPLY, "-X", f"bootstrap.servers={kafka.bootstrap}")
    desk.write("t.yaml", topology(prefix, TWO[1], extra=f"removed: [{{topic: {prefix}a, because: done}}]\n"))
    code, out, _ = through(desk, between(DeleteTopics=refused(73)), "--accept", "topic-delete")
    assert code == 1
    assert "The brokers delete no topics: they run with delete.topic.enable=false." in out


def test_growth_that_is_done_before_its_configs_fail_is_applied_in_part(
    desk: Desk, between: Callable[..., Proxy], kafka: Sandbox, prefix: str
) -> None:
    desk.ok(*APPLY, "-X", f"bootstrap.servers={kafka.bootstrap}")
    desk.write("t.yaml", topology(prefix, "a num.partitions=2 retention.ms=999999999999", TWO[1]))
    address = ("-X", f"bootstrap.servers={kafka.bootstrap}")
    desk.ok("plan", "t.yaml", "--only", "topics", "-o", "p.json", *address)
    code, out, _ = through(desk, between(IncrementalAlterConfigs=refused(44)))
    assert code == 6
    assert "failed: POLICY_VIOLATION: said the proxy (its partitions were added, its configs are as before)" in out
    assert "1 applied and verified" in desk.ok("apply", "p.json", *address)  # the rest of it is as planned


def test_a_broker_that_starts_again_is_not_asked_for_tls(desk: Desk, between: Callable[..., Proxy]) -> None:
    made = between(CreateTopics=cut)
    made.faults |= dict.fromkeys(range(8, 200), cut)  # it takes connections and closes them
    code, out, _ = through(desk, made)
    assert code == 6
    assert "TLS" not in out
    assert "the cluster shows it" not in out  # nobody could look


def test_a_server_with_a_layout_of_its_own_is_greeted_in_the_oldest_version(desk: Desk) -> None:
    """librdkafka's mock cluster answers an ApiVersions that it does not know in a layout that no Kafka has."""
    from confluent_kafka import Producer

    mock = Producer({"test.mock.num.brokers": 1})
    (broker,) = mock.list_topics(timeout=10).brokers.values()
    result = desk.run("plan", "t.yaml", "-X", f"bootstrap.servers={broker.host}:{broker.port}")
    assert result.code in (1, 5)
    assert result.err.startswith("error: ")
    assert "ApiVersions" not in result.err
