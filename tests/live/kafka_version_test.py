"""`kafka_version`: what is none stops with its place, what is not known is said, messages name what the file says."""

from pathlib import Path

import pytest
from desk import Desk

TOPIC = "context: acme\nprojects:\n- name: pay\n  topics:\n  - name: orders\n    config: {%s}\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A directory with one topic."""
    made = Desk(tmp_path)
    made.write("topologies/t.yaml", TOPIC % 'retention.ms: "86400000"')
    return made


@pytest.mark.parametrize("command", ["lint", "config", "render"])
@pytest.mark.parametrize(
    "text", ["latest", "CP 7.6", '""', '"4.x"', "abc", "v4.1", "4.1-rc1", "[4, 1]", "7.6.0-ccs", "-4", "4_1", '"4.1 "']
)
def test_what_is_no_version_is_an_error_of_the_config_at_its_place(desk: Desk, text: str, command: str) -> None:
    desk.write("kafka-gitops.yaml", f"environments:\n  dev:\n    kafka_version: {text}\n    bootstrap: a:1\n")
    result = desk.run(command)
    assert result.code == 78, result
    assert result.err.startswith(
        ("error: kafka-gitops.yaml:3:20: found ", "error: kafka-gitops.yaml:3:21: found a list")
    ), result.err
    assert 'expected a Kafka version; write the one of the brokers, such as "3.9" (Confluent Platform' in result.err


@pytest.mark.parametrize(
    ("version", "note"),
    [
        ('"4"', ""),
        ("4", ""),
        ("3.9.1", ""),
        (
            "99.0",
            "kafka_version 99.0 is newer than 4.4, the newest that is known here, so configs are judged as in 4.4",
        ),
        (
            '"7.6"',
            "kafka_version 7.6 is newer than 4.4, the newest that is known here, so configs are judged as in 4.4; "
            "Confluent Platform 7.6 is Kafka 3.6",
        ),
        ("2.4", "kafka_version 2.4 is older than 2.8, the oldest that is known here"),
    ],
)
def test_what_is_not_known_is_said(desk: Desk, version: str, note: str) -> None:
    desk.write("kafka-gitops.yaml", f"kafka_version: {version}\n")
    result = desk.run("lint")
    notes = [line for line in result.err.splitlines() if "kafka_version" in line]
    assert (result.code, notes) == (0, [f"note: {note}"] if note else [])


@pytest.mark.parametrize(
    ("version", "config", "code", "said"),
    [
        ("3", "errors.deadletterqueue.group.enable", 1, 'Kafka 3 has no topic config "errors.deadletterqueue'),
        ("2.7", "remote.storage.enable", 1, 'Kafka 2.7 has no topic config "remote.storage.enable" yet'),
        ("4.9.1", "message.format.version", 1, 'Kafka 4.9.1 has no topic config "message.format.version" any more'),
        ("4.9.1", "brand.new", 0, 'warning[topic-config-unchecked]: no topic config is called "brand.new" up to Kafka'),
        ("4.4", "brand.new", 1, 'error[topic-config-unknown]: no topic config is called "brand.new"'),
    ],
)
def test_messages_name_the_version_of_the_file(desk: Desk, version: str, config: str, code: int, said: str) -> None:
    desk.write("kafka-gitops.yaml", f'kafka_version: "{version}"\n')
    desk.write("topologies/t.yaml", TOPIC % f'{config}: "1"')
    result = desk.run("lint")
    assert result.code == code and said in result.out, result
