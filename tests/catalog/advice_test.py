"""What to write for a topic config that Kafka does not take: each help, word by word, and one that it does take."""

import pytest
from linting import lint_text
from reading import line, messages, understood

HEAD = "context: c\nprojects:\n- name: p\n  topics:\n  - name: a\n    config: {"


def help_of(text: str) -> list[str | None]:
    return [one.help for one in lint_text(f"{HEAD}{text}}}\n") if one.severity.name == "error"]


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("partitions: 3", 'did you mean "num.partitions"?'),
        ("numPartitions: 3", 'did you mean "num.partitions"?'),
        ("num.partition: 3", 'did you mean "num.partitions"?'),
        ("replicationFactor: 3", 'did you mean "replication.factor"?'),
        ("replication_factor: 3", 'did you mean "replication.factor"?'),
        ("replicas: 3", 'did you mean "replication.factor"?'),
        ("retention.hours: 168", 'did you mean "retention.ms"? It is in milliseconds: 168 hours are "604800000"'),
        ("retention.minutes: 1", 'did you mean "retention.ms"? It is in milliseconds: 1 minute is "60000"'),
        ("retention_days: 7", 'did you mean "retention.ms"? It is in milliseconds: 7 days are "604800000"'),
        ("log.retention.hours: 2", 'did you mean "retention.ms"? It is in milliseconds: 2 hours are "7200000"'),
        ("log.roll.hours: 2", 'did you mean "segment.ms"? It is in milliseconds: 2 hours are "7200000"'),
        ("retention.hours: x", 'did you mean "retention.ms"? It is in milliseconds'),
        ("num.partitions:3", "write num.partitions: 3, with a blank behind the colon"),
        ("cleanup.policy: [compact, delete]", 'write "compact,delete"'),
        ("retention.ms: 7d", 'in milliseconds: 7 days are "604800000"; expected a whole number of at least -1'),
        ("retention.ms: 1 hour", 'in milliseconds: 1 hour is "3600000"; expected a whole number of at least -1'),
        ("retention.ms: 6.048e8", 'write "604800000"; expected a whole number of at least -1'),
        ("retention.ms: 604800000.0", 'write "604800000"; expected a whole number of at least -1'),
        ('retention.ms: "604,800,000"', 'write "604800000"; expected a whole number of at least -1'),
        ("retention.ms: ", "write a value, or delete the key; expected a whole number of at least -1"),
        ("retention.ms: soon", "expected a whole number of at least -1"),
        ("max.message.bytes: 2MB", 'in bytes: 2 MiB are "2097152"; expected a whole number from 0 to 2147483647'),
        ("segment.bytes: 1GB", 'in bytes: 1 GiB is "1073741824"; expected a whole number from 1048576 to 2147483647'),
        ("segment.bytes: 1k", "expected a whole number from 1048576 to 2147483647"),
        ("min.insync.replicas: two", 'write "2"; expected a whole number from 1 to 2147483647'),
        ("compression.type: ZSTD", 'write "zstd"'),
        ('cleanup.policy: "Compact,DELETE"', 'write "compact,delete"'),
        ("message.timestamp.type: createtime", 'write "CreateTime"'),
        ("cleanup.policy: compacted", 'did you mean "compact"?'),
        ('preallocate: "yes"', 'write "true"; expected true or false'),
        ("num.partitions: six", 'write "6"'),
        ("num.partitions: “6”", 'write "6"'),
        ("cleanup.policy: ‘compact’", 'write "compact"'),
        ('num.partitions: "3.0"', 'write "3"'),
        ("num.partitions: 0", "write a number, or leave the key out: the broker decides"),
        ("replication.factor: 1e1", 'write "10"'),
        ("replication.factor: ", "write a value, or delete the key"),
    ],
)
def test_what_to_write(text: str, help: str) -> None:
    assert help_of(text) == [help]
    assert len(lint_text(f"{HEAD}{text}}}\n")) - ("num.partitions:3" in text) == 1


def test_minus_one_leaves_it_to_the_broker() -> None:
    found = understood(f"{HEAD}num.partitions: -1, replication.factor: '-1'}}\n")
    assert messages(found) == []
    assert (found.topics[0].spec.partitions, found.topics[0].spec.replication) == (None, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("team: acme\nprojects: []\n",
         '1:1: error missing-key a topology file needs the key "context"'
         ' (it was called "team" before JulieOps 1.0: write context: acme)'),
        ("context: c\nprojects: [{name: p, topics: [{name: t, consumers: [{principal: ''}]}]}]\n",
         "2:65: error missing-key the principal is empty (say who it is: principal: User:NAME)"),
        ("context: c\nx-d: [&d {a: b}, &r {c: d}]\nprojects: [{name: p, topics: [{name: t, metadata: {<<: *d, <<: *r}}]}]\n",
         '3:60: error duplicate-key the key "<<" is in this mapping twice, first in line 3'
         " (merge them in one: <<: [*d, *r])"),
    ],
)  # fmt: skip
def test_old_and_empty_and_doubled(text: str, said: str) -> None:
    assert [line(one).removeprefix("t.yaml:") for one in lint_text(text)] == [said]
