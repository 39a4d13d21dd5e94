"""The cases in which its peers are silent, wrong or dangerous, on a real broker: edit, lint, plan, apply, plan."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from desk import Desk, topology

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.model import Topic
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka


@pytest.fixture
def desk(tmp_path: Path, kafka: Sandbox) -> Desk:
    return Desk(tmp_path, ["-X", f"bootstrap.servers={kafka.bootstrap}"])


@pytest.fixture
def two(desk: Desk, prefix: str) -> Desk:
    """Two topics, applied."""
    desk.write("t.yaml", topology(prefix, "a num.partitions=3 replication.factor=1 retention.ms=86400000", "b"))
    assert "2 applied and verified" in desk.ok("apply", "t.yaml", "--yes")
    return desk


def alter(kafka: Sandbox, name: str, **config: str | None) -> None:
    """Change a topic behind the tool's back."""
    with open_cluster({"bootstrap.servers": kafka.bootstrap}, timeout=10) as cluster:
        wanted = {key.replace("_", "."): value for key, value in config.items()}
        assert set(cluster.alter_configs({name: wanted}).values()) == {None}
        until = time.monotonic() + 30
        while time.monotonic() < until:  # reads lag writes
            overrides = cluster.topic_configs([name], ())[name].overrides
            if all(overrides.get(key) == value for key, value in wanted.items()):
                return
            time.sleep(0.05)
    raise AssertionError(f"{name} does not show {wanted}")


def test_everything_equal_is_one_line_and_exit_0(two: Desk) -> None:
    out = two.ok("plan", "t.yaml", "--exit-code")
    assert out.startswith("No changes. The cluster matches the files (2 topics, 0 ACLs")
    assert len(out.splitlines()) <= 5


def test_another_replication_is_refused_at_plan_and_never_silent(two: Desk, prefix: str) -> None:
    two.write("t.yaml", topology(prefix, "a num.partitions=3 replication.factor=2 retention.ms=86400000", "b"))
    result = two.run("plan", "t.yaml", "--exit-code")
    assert result.code == 2
    assert f"x topic {prefix}a  replication 1 -> 2: moving replicas is not part of an apply (t.yaml:3)" in result.out


def test_fewer_partitions_are_refused_at_plan_and_the_rest_goes_on(two: Desk, prefix: str) -> None:
    two.write("t.yaml", topology(prefix, "a num.partitions=2 replication.factor=1 retention.ms=96400000", "b"))
    assert f"x topic {prefix}a  partitions 3 -> 2: Kafka cannot take partitions away (t.yaml:3)" in two.ok(
        "plan", "t.yaml"
    )
    assert "1 applied and verified, 0 failed, 0 skipped, 1 not possible" in two.ok("apply", "t.yaml", "--yes")


def test_more_partitions_are_planned_and_done(two: Desk, prefix: str) -> None:
    two.write("t.yaml", topology(prefix, "a num.partitions=4 replication.factor=1 retention.ms=86400000", "b"))
    assert "partitions          3 -> 4" in two.ok("plan", "t.yaml")
    two.ok("apply", "t.yaml", "--yes")
    two.ok("plan", "t.yaml", "--exit-code")


@pytest.mark.parametrize("command", ["lint", "plan", "apply"])
def test_a_misspelt_key_stops_with_its_place(two: Desk, prefix: str, command: str) -> None:
    two.write("t.yaml", topology(prefix, "a retention.mss=86400000", "new retention.mss=1"))
    result = two.run(command, "t.yaml")
    assert result.code == 1
    said = result.out + result.err
    assert "t.yaml:5:5" in said
    assert "t.yaml:8:5" in said
    assert 'no topic config is called "retention.mss"' in said


def test_a_key_removed_from_the_file_is_planned_as_a_reset(two: Desk, prefix: str) -> None:
    two.write("t.yaml", topology(prefix, "a num.partitions=3 replication.factor=1", "b"))
    text = "retention.ms        86400000 (1 day) -> default 604800000 (7 days)    not in the file"
    assert text in two.ok("plan", "t.yaml")
    two.ok("apply", "t.yaml", "--yes")
    two.ok("plan", "t.yaml", "--exit-code")


def test_a_topic_removed_from_the_file_is_told_and_left(two: Desk, prefix: str) -> None:
    two.write("t.yaml", topology(prefix, "b"))
    two.write("kafka-gitops.yaml", f'manage: {{topics: ["{prefix}*"]}}\n')
    out = two.ok("plan", "t.yaml", "--exit-code")
    assert "Left alone (on the cluster, in no file): 1 topic" in out


def test_a_declared_value_changed_behind_its_back_is_planned(two: Desk, kafka: Sandbox, prefix: str) -> None:
    alter(kafka, f"{prefix}a", retention_ms="3600000")
    result = two.run("plan", "t.yaml", "--exit-code")
    assert result.code == 2
    assert "retention.ms        3600000 (1 hour) -> 86400000 (1 day)" in result.out


def test_an_undeclared_key_set_behind_its_back_is_planned_or_kept(two: Desk, kafka: Sandbox, prefix: str) -> None:
    alter(kafka, f"{prefix}b", segment_ms="7200000")
    result = two.run("plan", "t.yaml", "--exit-code")
    assert result.code == 2
    assert "segment.ms          7200000 (2 hours) -> default 604800000 (7 days)    not in the file" in result.out
    assert two.run("plan", "t.yaml", "--exit-code", "--undeclared-configs", "keep").code == 0


def test_a_value_that_is_the_default_is_no_change(two: Desk, prefix: str) -> None:
    config = "num.partitions=3 replication.factor=1 retention.ms=86400000 segment.ms=604800000"
    two.write("t.yaml", topology(prefix, f"a {config}", "b"))
    two.ok("plan", "t.yaml", "--exit-code")


def test_two_definitions_name_both_places(two: Desk, prefix: str) -> None:
    two.write("t.yaml", topology(prefix, "a", "a"))
    result = two.run("plan", "t.yaml")
    assert result.code == 1
    assert re.search(r"t\.yaml:5:\d+: error topic-duplicate .*t\.yaml:3", result.err)


def test_an_unknown_key_is_an_error_with_its_place(two: Desk, prefix: str) -> None:
    two.write("t.yaml", f"context: c\nspecial_topics:\n- name: {prefix}a\n  partition: 3\n")
    result = two.run("plan", "t.yaml")
    assert result.code == 1
    assert "t.yaml:4:3: error unknown-key" in result.err


def test_a_closed_port_is_told_within_ten_seconds(tmp_path: Path) -> None:
    desk = Desk(tmp_path, ["-X", "bootstrap.servers=127.0.0.1:9"])
    desk.write("t.yaml", topology("x.", "a"))
    start = time.monotonic()
    result = desk.run("plan", "t.yaml")
    assert time.monotonic() - start < 10
    assert result.code == 5
    assert result.err.splitlines()[0].startswith("error: Cannot reach 127.0.0.1:9: connection refused")
    assert result.out == ""


def sasl(kafka: Sandbox, user: str, password: str | None = None) -> list[str]:
    settings = {**kafka.client(user), **({"sasl.password": password} if password else {})}
    return [word for key, value in settings.items() for word in ("-X", f"{key}={value}")]


def test_a_wrong_password_is_told_within_ten_seconds(tmp_path: Path, kafka: Sandbox) -> None:
    desk = Desk(tmp_path, sasl(kafka, "alice", "wrong-password"))
    desk.write("t.yaml", topology("x.", "a"))
    start = time.monotonic()
    result = desk.run("plan", "t.yaml")
    assert time.monotonic() - start < 10
    assert result.code == 5
    assert kafka.sasl_bootstrap in result.err
    assert "wrong-password" not in result.err


def test_a_principal_without_rights_is_told_which_is_missing(tmp_path: Path, kafka: Sandbox, two: Desk) -> None:
    desk = Desk(tmp_path, sasl(kafka, "alice"))
    result = desk.run("plan", "t.yaml")
    assert result.code == 1
    assert "User:alice" in result.err
    assert "DESCRIBE" in result.err.upper()
    assert "to create" not in result.out


def test_a_principal_with_rights_on_its_prefix_does_its_whole_job(
    tmp_path: Path, desk: Desk, kafka: Sandbox, prefix: str
) -> None:
    rights = "[CREATE, DESCRIBE, DESCRIBE_CONFIGS, ALTER, ALTER_CONFIGS, DELETE, READ]"
    grant = f'acls:\n- principals: ["User:carol"]\n  allow: {rights}\n  topics: ["{prefix}*"]\n'
    desk.write("grant.yaml", topology(prefix, extra=grant))
    desk.ok("apply", "grant.yaml", "--yes")
    carol = Desk(tmp_path, sasl(kafka, "carol"))
    carol.write("t.yaml", topology(prefix, "mine num.partitions=1 retention.ms=86400000"))
    assert "1 topic to create" in carol.ok("plan", "t.yaml")
    carol.ok("apply", "t.yaml", "--yes")
    carol.ok("plan", "t.yaml", "--exit-code")
    carol.write("t.yaml", topology(prefix, "mine num.partitions=2 retention.ms=96400000"))
    carol.ok("apply", "t.yaml", "--yes")
    carol.write("t.yaml", topology("", extra=f"removed:\n- {{topic: {prefix}mine, because: done}}\n"))
    assert "1 applied and verified" in carol.ok("apply", "t.yaml", "--yes", "--accept", "topic-delete")


def test_two_applies_at_once_both_converge(desk: Desk, prefix: str) -> None:
    names = [f"n{number} num.partitions=1 retention.ms=86400000" for number in range(60)]
    desk.write("t.yaml", topology(prefix, *names))
    command = [sys.executable, "-m", "kafka_gitops.cli.main", *desk.options, "apply", "t.yaml", "--yes"]
    runs = [subprocess.Popen(command, cwd=desk.home, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outs = [run.communicate(timeout=120)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], outs
    desk.ok("plan", "t.yaml", "--exit-code")


def test_killed_in_the_middle_the_next_run_converges(desk: Desk, prefix: str) -> None:
    names = [f"n{number} num.partitions=1 retention.ms=86400000" for number in range(1200)]
    desk.write("t.yaml", topology(prefix, *names))
    command = [sys.executable, "-m", "kafka_gitops.cli.main", *desk.options, "apply", "t.yaml", "--yes"]
    run = subprocess.Popen(command, cwd=desk.home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    bootstrap = desk.options[1].split("=", 1)[1]
    with open_cluster({"bootstrap.servers": bootstrap}, timeout=10) as cluster:
        while run.poll() is None and sum(name.startswith(prefix) for name in cluster.list_topics()) < 100:
            time.sleep(0.01)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    desk.ok("apply", "t.yaml", "--yes")
    desk.ok("plan", "t.yaml", "--exit-code")


def test_a_cluster_wide_default_is_not_a_topics_own(two: Desk, kafka: Sandbox, prefix: str) -> None:
    """Kafka 4 sets a cluster-wide dynamic `min.insync.replicas` by itself when it is formatted (KIP-966)."""
    import confluent_kafka.admin

    api: Any = confluent_kafka.admin  # it does not list what it offers

    admin = api.AdminClient({"bootstrap.servers": kafka.bootstrap})
    (answer,) = admin.describe_configs([api.ConfigResource("TOPIC", f"{prefix}b")]).values()
    source = answer.result()["min.insync.replicas"].source
    assert source == api.ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG.value
    two.ok("plan", "t.yaml", "--exit-code")


def test_ctrl_c_stops_between_requests_with_a_true_report(desk: Desk, prefix: str) -> None:
    names = [f"n{number} num.partitions=1 retention.ms=86400000" for number in range(3000)]
    desk.write("t.yaml", topology(prefix, *names))
    command = [sys.executable, "-m", "kafka_gitops.cli.main", *desk.options, "apply", "t.yaml", "--yes"]
    run = subprocess.Popen(command, cwd=desk.home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    bootstrap = desk.options[1].split("=", 1)[1]

    def interrupt() -> None:
        with open_cluster({"bootstrap.servers": bootstrap}, timeout=10) as cluster:
            first = {f"{prefix}n0": Topic(1, 1, {})}  # the controller knows it long before it is listed
            while run.poll() is None and cluster.create_topics(first, validate_only=True)[f"{prefix}n0"] is None:
                time.sleep(0.01)
        run.send_signal(signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    out, err = run.communicate(timeout=120)
    thread.join()
    assert run.returncode == 6, (out, err)
    match = re.search(r"([\d,]+) applied, 0 failed, ([\d,]+) skipped", out)
    assert match is not None, out
    applied, skipped = (int(number.replace(",", "")) for number in match.groups())
    assert applied + skipped == 3000
    assert 0 < applied < 3000
    assert "Traceback" not in err
    desk.ok("apply", "t.yaml", "--yes")
    desk.ok("plan", "t.yaml", "--exit-code")
