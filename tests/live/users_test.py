"""Users on a real broker: who logs in with which password after an apply, and what no client notices meanwhile."""

import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from desk import Desk, Result
from making import topic

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.clients.kafka import attempt
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.scram import KafkaUsers
from kafka_gitops.clients.translate import login
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
SMALL, LARGE = "SCRAM-SHA-256", "SCRAM-SHA-512"
OLD, NEW = "canary-of-the-old-one", "canary-of-the-new-one"


@pytest.fixture
def desk(tmp_path: Path, kafka: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The shared broker, as admin; the variables hold passwords that must never be seen."""
    monkeypatch.setenv("OLD", OLD)
    monkeypatch.setenv("NEW", NEW)
    options = [word for key, value in kafka.client().items() for word in ("-X", f"{key}={value}")]
    return Desk(tmp_path, options)


def user(name: str, *, mechanism: str = LARGE, password: str = "OLD", rotate: str = "") -> str:
    """An item of `users`."""
    more = f", rotate: {rotate}" if rotate else ""
    return f'{{name: {name}, mechanism: {mechanism}, password: "${{{password}}}"{more}}}'


def both(name: str) -> str:
    """A user with a mechanism beside the old one."""
    return f'{{name: {name}, mechanisms: {{{SMALL}: {{password: "${{OLD}}"}}, {LARGE}: {{password: "${{NEW}}"}}}}}}'


def written(*users: str, removed: str = "", more: str = "") -> str:
    """A topology of users."""
    items = "\n".join(["users:", *(f"- {one}" for one in users)] if users else [])
    return f"context: acme\n{items}\nprojects: []\n{removed}\n{more}\n"


def commit(desk: Desk) -> None:
    """Make what is written the base."""
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    if not (desk.home / ".git").exists():
        subprocess.run([*git, "init", "-q"], cwd=desk.home, check=True)
    subprocess.run([*git, "add", "-A"], cwd=desk.home, check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], cwd=desk.home, check=True)


def client(kafka: Sandbox, name: str, password: str, mechanism: str = LARGE) -> dict[str, str]:
    """librdkafka's settings for a user."""
    return {**kafka.client(), "sasl.mechanism": mechanism, "sasl.username": name, "sasl.password": password}


def logs_in(kafka: Sandbox, name: str, password: str, mechanism: str = LARGE) -> bool:
    """Whether a login succeeds now."""
    host, _, port = kafka.sasl_bootstrap.rpartition(":")
    found = attempt(host, int(port), login(client(kafka, name, password, mechanism)), timeout=10)
    if found.step is None or found.step.wire is None:
        assert found.reason is not None and "wrong user or password" in found.reason.text
        return False
    found.step.wire.close()
    return True


def said(result: Result) -> str:
    return result.out + result.err


def test_the_new_password_logs_in_and_the_old_one_does_not_after_rotate(
    desk: Desk, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{prefix}app"
    desk.write("t.yaml", written())
    commit(desk)
    desk.write("t.yaml", written(user(name, rotate="2026-10")))
    assert "password from OLD" in desk.ok("plan", "t.yaml", "--base", "HEAD")
    desk.ok("apply", "t.yaml", "--yes", "--base", "HEAD")
    commit(desk)
    assert "No changes." in desk.ok("plan", "t.yaml", "--base", "HEAD", "--exit-code")
    assert (logs_in(kafka, name, OLD), logs_in(kafka, name, NEW)) == (True, False)

    monkeypatch.setenv("OLD", NEW)  # the variable has the new password now
    desk.write("t.yaml", written(user(name, rotate="2026-11")))
    refused = desk.run("apply", "t.yaml", "--yes", "--base", "HEAD")
    assert refused.code == 4
    assert "with the old password are refused at their next connection" in said(refused)
    assert f"--accept user-rotate:{name}" in said(refused)
    assert logs_in(kafka, name, OLD)
    assert desk.run("plan", "t.yaml", "--base", "HEAD", "-o", "plan.json").code == 4
    done = desk.ok("apply", "plan.json", "--yes", "--accept", f"user-rotate:{name}")
    assert (logs_in(kafka, name, OLD), logs_in(kafka, name, NEW)) == (False, True)
    assert NEW not in (desk.home / "plan.json").read_text() + done
    commit(desk)
    assert "No changes." in desk.ok("plan", "t.yaml", "--base", "HEAD", "--exit-code")
    assert "No changes." in desk.ok("plan", "t.yaml", "--exit-code")


def test_a_rotation_is_repeated_by_name(
    desk: Desk, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{prefix}app"
    desk.write("t.yaml", written(user(name)))
    commit(desk)
    desk.ok("apply", "t.yaml", "--yes")
    monkeypatch.setenv("OLD", NEW)
    again = ("t.yaml", "--base", "HEAD", "--rotate", f"user:{name}")
    assert desk.run("apply", *again, "--yes").code == 4
    desk.ok("apply", *again, "--yes", "--accept", f"user-rotate:{name}")
    assert (logs_in(kafka, name, OLD), logs_in(kafka, name, NEW)) == (False, True)
    unknown = desk.run("apply", "t.yaml", "--yes", "--rotate", "user:nobody")
    assert (unknown.code, "no file declares the user nobody" in unknown.err) == (64, True)
    assert desk.run("plan", "t.yaml", "--rotate", "topic:x").code == 64


def test_a_missing_variable_stops_before_anything_is_written(
    desk: Desk, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OLD")
    topics = f"special_topics: [{{name: {prefix}t, config: {{num.partitions: 1, replication.factor: 1}}}}]"
    desk.write("t.yaml", written(user(f"{prefix}app"), more=topics))
    desk.ok("plan", "t.yaml")
    result = desk.run("apply", "t.yaml", "--yes")
    assert result.code == 78
    assert f"Nothing was applied: no password in the variable OLD (user {prefix}app)." in result.err
    with open_cluster(kafka.client()) as cluster:
        assert prefix + "t" not in cluster.list_topics()


def test_other_iterations_and_a_credential_of_somebody_else_block(desk: Desk, kafka: Sandbox, prefix: str) -> None:
    name = f"{prefix}app"
    link = Link(login(kafka.client()), timeout=10)
    KafkaUsers(link).write_users({(name, LARGE): (4096, "of-somebody")})
    assert KafkaUsers(link).logs_in(name, LARGE, "of-somebody", patience=15)
    link.close()
    desk.write("t.yaml", written())
    commit(desk)
    desk.write("t.yaml", written(user(name)))
    assert "No changes." in desk.ok("plan", "t.yaml", "--base", "HEAD")
    desk.write("t.yaml", written(user(name).replace("mechanism:", "iterations: 8192, mechanism:")))
    refused = desk.run("apply", "t.yaml", "--yes", "--base", "HEAD")
    assert refused.code == 4
    for risk in ("user-rotate", "taken-over"):
        assert f"--accept {risk}:{name}" in said(refused)
    accepted = [word for risk in ("user-rotate", "taken-over") for word in ("--accept", f"{risk}:{name}")]
    desk.ok("apply", "t.yaml", "--yes", "--base", "HEAD", *accepted)
    assert logs_in(kafka, name, OLD)
    assert "No changes." in desk.ok("plan", "t.yaml", "--exit-code")


def test_a_user_is_taken_away_with_a_yes_and_the_own_one_never(desk: Desk, kafka: Sandbox, prefix: str) -> None:
    name = f"{prefix}app"
    desk.write("t.yaml", written(both(name)))
    desk.ok("apply", "t.yaml", "--yes")
    desk.write("t.yaml", written(removed=f"removed: [{{user: {name}, mechanism: {SMALL}}}]"))
    desk.ok("apply", "t.yaml", "--yes", "--accept", f"user-delete:{name}")
    assert (logs_in(kafka, name, OLD, SMALL), logs_in(kafka, name, NEW)) == (False, True)
    desk.write("t.yaml", written(removed=f"removed: [{{user: {name}}}]"))
    refused = desk.run("apply", "t.yaml", "--yes")
    assert refused.code == 4 and f"--accept user-delete:{name}" in said(refused)
    desk.ok("apply", "t.yaml", "--yes", "--accept", f"user-delete:{name}")
    assert not logs_in(kafka, name, NEW)
    assert "No changes." in desk.ok("plan", "t.yaml", "--exit-code")
    desk.write("t.yaml", written(removed="removed: [{user: admin}]"))
    assert "this run logs in as it, and never takes its own login away" in desk.run("plan", "t.yaml").out


def test_who_lacks_the_rights_is_told_which(tmp_path: Path, kafka: Sandbox) -> None:
    desk = Desk(tmp_path, [word for key, value in kafka.client("alice").items() for word in ("-X", f"{key}={value}")])
    desk.write("t.yaml", written(user("app")))
    result = desk.run("plan", "t.yaml")
    assert result.code == 1
    assert "User:alice may not read the cluster's users" in result.err
    assert "--operation Describe --cluster" in result.err


def test_a_scope_without_users_or_principals_refuses_them(desk: Desk) -> None:
    desk.write("t.yaml", written(user("app")))
    for manage, inside in (("topics: ['*']", False), ("users: [app]", True), ("principals: ['User:a*']", True)):
        desk.write("kafka-gitops.yaml", f"manage: {{{manage}}}\n")
        result = desk.run("plan", "t.yaml")
        assert (result.code == 0) == inside, result
        assert inside or "`User:app` is not in `manage.principals` of kafka-gitops.yaml:1" in said(result)


def test_no_password_is_in_anything_that_is_said_or_saved(
    desk: Desk, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, texts = f"{prefix}app", []
    literals = ("canary-in-a-file", "abc", "canaryword", "canaryofaslip")
    wrong = [f'{{name: u{at}, mechanism: {LARGE}, password: "{literal}"}}' for at, literal in enumerate(literals)]
    wrong.append(wrong.pop().replace("password", "pasword"))
    desk.write("t.yaml", written(user(name), *wrong))
    for form in ("full", "concise", "json", "sarif", "github", "gitlab", "junit", "checkstyle", "markdown"):
        texts.append(said(desk.run("lint", "t.yaml", "--format", form)))
    texts.append(said(desk.run("plan", "t.yaml")))
    assert "user-password" in texts[0]
    desk.write("t.yaml", written(user(name)))
    for form in ("text", "json", "markdown"):
        texts.append(said(desk.run("plan", "t.yaml", "--format", form, "-o", "plan.json")))
    texts += [desk.ok("render", "t.yaml", "--format", form) for form in ("text", "json", "yaml")]
    texts.append(said(desk.run("apply", "plan.json", "--yes", "--format", "json")))
    texts.append((desk.home / "plan.json").read_text())
    monkeypatch.setenv("OLD", "x")
    desk.write("t.yaml", written(user(name).replace("mechanism:", "iterations: 8192, mechanism:")))
    texts.append(said(desk.run("apply", "t.yaml", "--yes", "--accept", "user-rotate", "--accept", "taken-over")))
    assert not [text for text in texts for literal in (OLD, *literals) if literal in text.replace("abcdef", "")]
    assert logs_in(kafka, name, "x")


@contextmanager
def busy(kafka: Sandbox, logins: Sequence[dict[str, str]], name: str) -> Iterator[list[str]]:
    """Clients that write and read for the time of the block; what they were refused."""
    from confluent_kafka import Consumer, KafkaError, Producer

    refusals: list[str] = []
    stop = threading.Event()

    def failed(error: Any) -> None:
        if error.code() != KafkaError._ALL_BROKERS_DOWN:
            refusals.append(str(error))

    def write(config: dict[str, str]) -> None:
        producer = Producer({**config, "error_cb": failed})

        def told(error: Any, _message: Any) -> None:
            if error is not None:
                refusals.append(f"write: {error}")

        while not stop.is_set():
            producer.produce(name, b"x", on_delivery=told)
            producer.poll(0.05)
        producer.flush(30)

    def read(config: dict[str, str]) -> None:
        consumer = Consumer({**config, "group.id": name, "auto.offset.reset": "earliest", "error_cb": failed})
        consumer.subscribe([name])
        while not stop.is_set():
            message = consumer.poll(0.1)
            if message is not None and message.error():
                refusals.append(f"read: {message.error()}")
        consumer.close()

    threads = [threading.Thread(target=work, args=(config,)) for config in logins for work in (write, read)]
    for thread in threads:
        thread.start()
    try:
        yield refusals
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def rights(prefix: str, *names: str) -> str:
    """A topic, and the rights to write and read it."""
    who = ", ".join(f"User:{name}" for name in names)
    topics = f"special_topics: [{{name: {prefix}t, config: {{num.partitions: 1, replication.factor: 1}}}}]"
    acls = f"- {{principals: [{who}], allow: [READ, WRITE, DESCRIBE], topics: [{prefix}t]}}\n"
    return f"{topics}\nacls:\n{acls}- {{principals: [{who}], allow: [READ], groups: [{prefix}t]}}\n"


def test_a_second_mechanism_lets_clients_move_without_a_refused_request(
    desk: Desk, kafka: Sandbox, prefix: str
) -> None:
    name, topic_name = f"{prefix}app", f"{prefix}t"
    before = client(kafka, name, OLD, SMALL)
    desk.write("t.yaml", written(user(name, mechanism=SMALL), more=rights(prefix, name)))
    commit(desk)
    desk.ok("apply", "t.yaml", "--yes")
    with busy(kafka, [before], topic_name) as refused:
        desk.write("t.yaml", written(both(name), more=rights(prefix, name)))
        desk.ok("apply", "t.yaml", "--yes", "--base", "HEAD")
        commit(desk)
        with busy(kafka, [client(kafka, name, NEW, LARGE)], topic_name) as moved:
            time.sleep(1)
    with busy(kafka, [client(kafka, name, NEW, LARGE)], topic_name) as later:
        gone = f"removed: [{{user: {name}, mechanism: {SMALL}}}]"
        desk.write("t.yaml", written(user(name, password="NEW"), removed=gone, more=rights(prefix, name)))
        desk.ok("apply", "t.yaml", "--yes", "--base", "HEAD", "--accept", f"user-delete:{name}")
        time.sleep(1)
    assert (refused, moved, later) == ([], [], [])
    assert (logs_in(kafka, name, OLD, SMALL), logs_in(kafka, name, NEW, LARGE)) == (False, True)
    assert "No changes." in desk.ok("plan", "t.yaml", "--exit-code")


def test_a_second_user_lets_clients_move_without_a_refused_request(desk: Desk, kafka: Sandbox, prefix: str) -> None:
    first, second, topic_name = f"{prefix}one", f"{prefix}two", f"{prefix}t"
    desk.write("kafka-gitops.yaml", "topology: t.yaml\n")
    desk.write("t.yaml", written(user(first), more=rights(prefix, first)))
    commit(desk)
    desk.ok("apply", "t.yaml", "--yes")
    with busy(kafka, [client(kafka, first, OLD)], topic_name) as refused:
        two = written(user(first), user(second, password="NEW"), more=rights(prefix, first, second))
        desk.write("t.yaml", two)
        desk.ok("apply", "t.yaml", "--yes", "--base", "HEAD")
        commit(desk)
        with busy(kafka, [client(kafka, second, NEW)], topic_name) as moved:
            time.sleep(1)
    with busy(kafka, [client(kafka, second, NEW)], topic_name) as later:
        gone = f"removed: [{{user: {first}}}]"
        desk.write("t.yaml", written(user(second, password="NEW"), removed=gone, more=rights(prefix, second)))
        accepted = ("--accept", f"user-delete:{first}", "--accept", "last-grant")
        desk.ok("apply", "--yes", "--base", "HEAD", "--prune", "acls", *accepted)
        time.sleep(1)
    assert (refused, moved, later) == ([], [], [])
    assert (logs_in(kafka, first, OLD), logs_in(kafka, second, NEW)) == (False, True)


def test_connections_that_are_open_stay_while_the_password_is_written(
    desk: Desk, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{prefix}app"
    with open_cluster(kafka.client()) as cluster:
        cluster.create_topics({f"{prefix}t": topic(1, 1)})
    desk.write("t.yaml", written(user(name), more=rights(prefix, name)))
    commit(desk)
    desk.ok("apply", "t.yaml", "--yes")
    with busy(kafka, [client(kafka, name, OLD)], f"{prefix}t") as refused:
        time.sleep(1)
        monkeypatch.setenv("OLD", NEW)
        desk.write("t.yaml", written(user(name, rotate="2"), more=rights(prefix, name)))
        desk.ok("apply", "t.yaml", "--yes", "--base", "HEAD", "--accept", f"user-rotate:{name}")
        time.sleep(1)
    assert refused == []
    assert (logs_in(kafka, name, OLD), logs_in(kafka, name, NEW)) == (False, True)
