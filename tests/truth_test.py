"""What an apply says when something fails after it has written: the outcomes, the counts, the reports, the exit code."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import Desk, topology
from faults import Asked, Fault, Forward, Proxy, cut, message, passed, proxy, refused

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.model import Acl
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka

TWO = ("a num.partitions=1 replication.factor=1", "b num.partitions=1 replication.factor=1")


def options(client: dict[str, str], bootstrap: str | None = None) -> list[str]:
    """A client config as words of the command line, at another address where one is given."""
    client = {**client, **({"bootstrap.servers": bootstrap} if bootstrap else {})}
    return [word for key, value in client.items() for word in ("-X", f"{key}={value}")]


def allow(kafka: Sandbox, user: str, prefix: str, *operations: str) -> None:
    """Give a user rights on all topics of a prefix, and wait until they hold."""
    acls = [Acl(f"User:{user}", "*", operation, "ALLOW", "TOPIC", "PREFIXED", prefix) for operation in operations]
    with open_cluster(kafka.client()) as cluster:
        assert set(cluster.create_acls(acls).values()) == {None}
        until = time.monotonic() + 20
        while not {*acls} <= {*cluster.list_acls()}:
            assert time.monotonic() < until
            time.sleep(0.02)


def untimed(text: str, prefix: str) -> str:
    """An output without what differs from run to run."""
    text = re.sub(r" in [\d.]+ s\b", " in 0.0 s", text).replace(prefix, "t.")
    text = re.sub(r"  +(?=unverified|unknown|failed)", "  ", text)
    return re.sub(r"\(cluster [^)]*\)", "(cluster C)", re.sub(r"127\.0\.0\.1:\d+", "HOST:9092", text))


@pytest.fixture
def desk(tmp_path: Path, prefix: str) -> Desk:
    """A file with two new topics."""
    made = Desk(tmp_path)
    made.write("t.yaml", topology(prefix, *TWO))
    return made


APPLY = ("apply", "t.yaml", "--only", "topics", "--yes", "--report", "json=r.json", "--report", "text=r.txt")


def statuses(desk: Desk) -> list[str]:
    """The status of each change in the JSON report."""
    return [outcome["status"] for outcome in json.loads((desk.home / "r.json").read_text())["outcomes"]]


def test_what_was_made_and_may_not_be_read(desk: Desk, kafka: Sandbox, prefix: str) -> None:
    allow(kafka, "bob", prefix, "CREATE", "DESCRIBE")
    result = desk.run(*APPLY, *options(kafka.client("bob")))
    assert result.code == 6, result
    applied = result.out[result.out.index("Applying") :]
    assert untimed(applied, prefix) == (
        "Applying 2 changes to the cluster (cluster C)\n"
        "  + topic t.a  unverified\n"
        "  + topic t.b  unverified\n"
        "2 applied, not verified: User:bob may not read the configs of 2 topics: t.a, t.b.\n"
        "  Grant DescribeConfigs (a prefix covers many):\n"
        "    kafka-acls --add --allow-principal User:bob --operation DescribeConfigs --topic t.a --topic t.b\n"
        "0 failed, 0 skipped, 0 not possible in 0.0 s\n"
    )
    assert statuses(desk) == ["unverified"] * 2
    assert (desk.home / "r.txt").read_text() in result.out.replace(" in ", " in ")


def test_a_deny_on_oneself(desk: Desk, kafka: Sandbox, prefix: str) -> None:
    allow(kafka, "dave", prefix, "CREATE", "DESCRIBE", "DESCRIBE_CONFIGS")
    with open_cluster(kafka.client()) as cluster:
        cluster.create_acls([Acl("User:dave", "*", "ALL", "ALLOW", "CLUSTER", "LITERAL", "kafka-cluster")])
    deny = f'acls:\n- {{principals: ["User:dave"], deny: [DESCRIBE], topics: ["{prefix}*"]}}\n'
    desk.write("t.yaml", topology(prefix, TWO[0], extra=deny))
    words = [word for word in APPLY if word not in ("--only", "topics")]
    result = desk.run(*words, "--accept", "deny-added", "--accept", "self-lockout", *options(kafka.client("dave")))
    assert result.code == 6, result
    assert f"2 applied, 1 of them not verified: User:dave may not describe topic {prefix}a." in result.out
    assert statuses(desk) == ["done", "unverified"]


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


@pytest.fixture
def between(kafka: Sandbox) -> Iterator[Callable[..., Proxy]]:
    """`between(CreateTopics=fault)`: a proxy before the shared broker."""
    opened = []

    def make(**faults: Fault) -> Proxy:
        context = proxy(kafka.bootstrap, dict(faults))
        opened.append(context)
        return context.__enter__()

    yield make
    for context in opened:
        context.__exit__(None, None, None)


def through(desk: Desk, between: Proxy, *words: str) -> tuple[int, str, str]:
    """Run `apply` by a proxy; code, stdout from the apply on, stderr."""
    result = desk.run(*APPLY, "--timeout", "3", "-X", f"bootstrap.servers={between.bootstrap}", *words)
    return result.code, result.out[result.out.find("Applying") :], result.err


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
        "Run the same command again after mending; what is applied stays applied.\n"
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
    assert "skipped: topic" in result.out


def test_an_answer_that_cannot_be_read(desk: Desk, between: Callable[..., Proxy], prefix: str) -> None:
    def short(_asked: Asked, forward: Forward) -> bytes:
        return forward()[:9]

    code, out, err = through(desk, between(CreateTopics=short))
    assert (code, err) == (6, "")
    assert untimed(out, prefix).splitlines()[1] == (
        "  + topic t.a  unknown: UNKNOWN_SERVER_ERROR: The answer of HOST:9092 to "
        "CreateTopics cannot be read (struct.error). It may or may not be done: the cluster shows it now"
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
        assert not {"CreateTopics", "CreatePartitions"} & {*old.log}
    assert desk.run("drift", "t.yaml", *address).code == 2
    desk.write("t.yaml", topology(prefix, "c"))
    assert desk.run("apply", "t.yaml", "--yes", *address).code == 0  # which needs none of them


def test_the_rights_that_an_apply_lacks_stand_below_its_outcomes(desk: Desk, kafka: Sandbox, prefix: str) -> None:
    allow(kafka, "carol", prefix, "DESCRIBE", "DESCRIBE_CONFIGS")
    result = desk.run(*APPLY, *options(kafka.client("carol")))
    assert result.code == 1, result
    assert untimed(result.out[result.out.index("Applying") :], prefix) == (
        "Applying 2 changes to the cluster (cluster C)\n"
        "  x topic t.a  failed: TOPIC_AUTHORIZATION_FAILED: User:carol lacks Create on the topic\n"
        "  x topic t.b  failed: TOPIC_AUTHORIZATION_FAILED: User:carol lacks Create on the topic\n"
        "Grant Create (a prefix covers many):\n"
        "  kafka-acls --add --allow-principal User:carol --operation Create --topic t.a --topic t.b\n"
        "0 applied, 2 failed, 0 skipped. Run the same command again after mending; what is applied stays applied.\n"
    )


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


def test_a_report_that_cannot_be_written_takes_no_other_with_it(desk: Desk, kafka: Sandbox) -> None:
    where = (
        "--report",
        "json=none/r.json",
        "--report",
        "json=later.json",
        "-X",
        f"bootstrap.servers={kafka.bootstrap}",
    )
    result = desk.run("apply", "t.yaml", "--yes", *where)
    assert (result.code, result.err) == (0, "error: none/r.json cannot be written: No such file or directory\n")
    assert json.loads((desk.home / "later.json").read_text())["summary"]["done"] == 2


def test_a_report_of_no_format_is_refused_before_anything_is_written(desk: Desk, kafka: Sandbox) -> None:
    words = ("--report", "yaml=r", "-X", f"bootstrap.servers={kafka.bootstrap}")
    assert desk.run("apply", "t.yaml", "--yes", *words).code == 64
    assert "2 topics to create" in desk.ok("plan", "t.yaml", *words[2:])


def start(desk: Desk, *words: str) -> "subprocess.Popen[str]":
    """A run of its own."""
    command = [sys.executable, "-m", "kafka_gitops.cli.main", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=desk.home, stdout=pipe, stderr=pipe, text=True, env={**os.environ, "CI": ""})


@pytest.mark.parametrize("numbers", [(signal.SIGINT, signal.SIGINT), (signal.SIGTERM, signal.SIGTERM)])
@pytest.mark.parametrize("at", ["CreateTopics", "DescribeConfigs"])
def test_two_signals_end_with_the_truth(
    desk: Desk, kafka: Sandbox, prefix: str, numbers: tuple[signal.Signals, ...], at: str
) -> None:
    grant = f'acls: [{{principals: ["User:z"], allow: [READ], topics: [{prefix}a]}}]\n'
    desk.write("t.yaml", topology(prefix, *TWO, extra=grant))

    def hang(_asked: Asked, forward: Forward) -> bytes:
        frame = forward()
        time.sleep(2)
        return frame

    words = [word for word in APPLY if word not in ("--only", "topics")]
    with proxy(kafka.bootstrap, {at: hang}) as made:
        run = start(desk, *words, "-X", f"bootstrap.servers={made.bootstrap}")
        until = time.monotonic() + 20
        while at not in made.log or "CreateTopics" not in made.log:
            assert time.monotonic() < until
            time.sleep(0.02)
        for number in numbers:
            time.sleep(0.2)
            run.send_signal(number)
        out, err = run.communicate(timeout=30)
    assert run.returncode == 6, (out, err)
    assert "Traceback" not in err
    if at == "CreateTopics":
        assert sorted(statuses(desk)) == ["skipped", "unknown", "unknown"]
        assert "0 applied, 0 failed, 1 skipped, 2 unknown (the answer was lost)." in out
    else:
        assert statuses(desk).count("unverified") in (2, 3)
        assert "not verified: stopped before it was looked at." in out


def test_nobody_reads_what_is_printed(desk: Desk, kafka: Sandbox) -> None:
    run = start(desk, *APPLY, "-X", f"bootstrap.servers={kafka.bootstrap}")
    assert run.stdout is not None and run.stderr is not None
    run.stdout.close()
    run.stderr.close()
    assert run.wait(30) == 0
    assert statuses(desk) == ["done"] * 2


def test_in_a_pipeline(desk: Desk, kafka: Sandbox, prefix: str) -> None:
    allow(kafka, "bob", prefix, "CREATE", "DESCRIBE")
    result = desk.run("ci", "apply", "t.yaml", "--only", "topics", "--yes", *options(kafka.client("bob")))
    assert result.code == 6, result
    said = "2 applied, not verified, 0 failed, 0 skipped"
    assert said in result.out
    summary = (desk.home / "kafka-gitops-reports" / "summary.md").read_text()
    assert summary.startswith(f"### kafka-gitops apply: {said}\n")
    assert "to create" not in summary
    assert (
        f"`kafka-acls --add --allow-principal User:bob --operation DescribeConfigs --topic {prefix}a --topic {prefix}b`"
        in summary
    )
    report = json.loads((desk.home / "kafka-gitops-reports" / "apply.json").read_text())
    assert (report["format"], report["summary"]["unverified"]) == (2, 2)
