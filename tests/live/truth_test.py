"""What an apply says when something fails after it has written: the outcomes, the counts, the reports, the exit code."""

import json
import signal
import time
from pathlib import Path

import pytest
from desk import Desk, topology
from faults import Asked, Forward, proxy
from telling import APPLY, TWO, allow, options, start, statuses, untimed

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.model import Acl
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka


@pytest.fixture
def desk(tmp_path: Path, prefix: str) -> Desk:
    """A file with two new topics."""
    made = Desk(tmp_path)
    made.write("t.yaml", topology(prefix, *TWO))
    return made


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
    everything = Acl("User:dave", "*", "ALL", "ALLOW", "CLUSTER", "LITERAL", "kafka-cluster")
    with open_cluster(kafka.client()) as cluster:
        cluster.create_acls([everything])
    deny = f'acls:\n- {{principals: ["User:dave"], deny: [DESCRIBE], topics: ["{prefix}*"]}}\n'
    desk.write("t.yaml", topology(prefix, TWO[0], extra=deny))
    words = [word for word in APPLY if word not in ("--only", "topics")]
    result = desk.run(*words, "--accept", "deny-added", "--accept", "self-lockout", *options(kafka.client("dave")))
    assert result.code == 6, result
    assert f"2 applied, 1 of them not verified: User:dave may not describe topic {prefix}a." in result.out
    assert statuses(desk) == ["done", "unverified"]
    with open_cluster(kafka.client()) as cluster:  # other tests have this broker and this user too
        cluster.delete_acls([everything])


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
        "0 applied, 2 failed, 0 skipped. Run the same command again after fixing it; what is applied stays applied.\n"
    )


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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_two_signals_end_a_pipeline_with_its_reports(
    desk: Desk, kafka: Sandbox, prefix: str, number: signal.Signals
) -> None:
    def hang(_asked: Asked, forward: Forward) -> bytes:
        frame = forward()
        time.sleep(2)
        return frame

    with proxy(kafka.bootstrap, {"CreateTopics": hang}) as made:
        run = start(desk, "ci", "apply", "t.yaml", "--yes", "-X", f"bootstrap.servers={made.bootstrap}")
        until = time.monotonic() + 20
        while "CreateTopics" not in made.log:
            assert time.monotonic() < until
            time.sleep(0.02)
        for _ in range(3):
            time.sleep(0.1)
            run.send_signal(number)
        out, err = run.communicate(timeout=30)
    assert run.returncode == 6, (out, err)
    assert "0 applied, 0 failed, 0 skipped, 2 unknown (the answer was lost)" in out
    reports = desk.home / "kafka-gitops-reports"
    assert [one["status"] for one in json.loads((reports / "apply.json").read_text())["outcomes"]] == ["unknown"] * 2
    assert (
        (reports / "summary.md").read_text().startswith("### kafka-gitops apply: 0 applied, 0 failed, 0 skipped, 2 un")
    )


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
