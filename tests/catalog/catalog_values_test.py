"""Values of topic configs: allowed, equal and read aloud, against stored answers of real Kafkas in data/catalog/."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kafka_gitops import catalog

DATA = Path(__file__).parents[1] / "data" / "catalog"
KAFKAS = ("2.8.2", "3.9.2", "4.3.0", "4.4.0")


def cases(kafka: str) -> Iterator[list[str]]:
    """[key, value, ok or bad, what Kafka read]: what a real Kafka answered to tools/catalog/ask.bsh."""
    for line in (DATA / f"kafka-{kafka}.tsv").read_text(encoding="utf-8").split("\n"):
        if line.startswith("case\t"):
            yield line.split("\t")[1:]


@pytest.mark.parametrize("kafka", KAFKAS)
def test_check_agrees_with_kafka(kafka: str) -> None:
    asked = list(cases(kafka))
    assert len(asked) > 70
    wrong = [case for case in asked if (catalog.check(case[0], case[1], kafka) is None) != (case[2] == "ok")]
    assert wrong == []


@pytest.mark.parametrize("kafka", KAFKAS)
def test_values_that_kafka_reads_the_same_are_equal(kafka: str) -> None:
    read: dict[tuple[str, str], str] = {}
    for key, value, verdict, parsed in cases(kafka):
        if verdict == "ok":
            first = read.setdefault((key, parsed), value)
            assert catalog.equal(key, first, value), (key, first, value)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("retention.ms", "abc", '"abc" is not a whole number; expected a whole number of at least -1'),
        ("retention.ms", "-2", '"-2" is too low; expected a whole number of at least -1'),
        ("retention.ms", "1e3", '"1e3" is not a whole number; expected a whole number of at least -1'),
        ("retention.bytes", "1 GiB", '"1 GiB" is not a whole number; expected a whole number'),
        (
            "retention.ms",
            "9223372036854775808",
            '"9223372036854775808" does not fit in 64 bits; expected a whole number of at least -1',
        ),
        (
            "segment.bytes",
            "2147483648",
            '"2147483648" does not fit in 32 bits; expected a whole number from 1048576 to 2147483647',
        ),
        ("min.insync.replicas", "0", '"0" is too low; expected a whole number from 1 to 2147483647'),
        ("compression.gzip.level", "10", '"10" is too high; expected a whole number from 1 to 9, or -1'),
        ("min.cleanable.dirty.ratio", "1.5", '"1.5" is too high; expected a number from 0 to 1'),
        ("min.cleanable.dirty.ratio", "half", '"half" is not a number; expected a number from 0 to 1'),
        ("preallocate", "yes", '"yes" is not a boolean; expected true or false'),
        ("cleanup.policy", "compact, deleet", '"deleet" is not one of compact, delete'),
        (
            "cleanup.policy",
            "compact,",
            '"compact," has an empty element; expected a comma-separated list of compact, delete',
        ),
        (
            "compression.type",
            "GZIP",
            '"GZIP" is not one of gzip, lz4, producer, snappy, uncompressed, zstd',
        ),
        (
            "leader.replication.throttled.replicas",
            "*,1:2",
            '"*,1:2" is not a list of replicas; expected * or PARTITION:BROKER,PARTITION:BROKER,...',
        ),
    ],
)
def test_check_says_found_and_expected(key: str, value: str, sentence: str) -> None:
    assert catalog.check(key, value) == sentence


def test_check_says_which_message_format() -> None:
    expected = '"9.9" is not a message format version; expected one such as 2.8 or 2.8-IV1'
    assert catalog.check("message.format.version", "9.9", "2.8") == expected


def test_check_is_silent_about_other_keys() -> None:
    assert catalog.check("retention.mss", "abc") is None
    assert catalog.check("confluent.placement.constraints", "{}") is None
    assert catalog.check("message.format.version", "9.9", "4.3") is None


@pytest.mark.parametrize("version", catalog.versions())
def test_every_default_is_allowed(version: str) -> None:
    wrong = {
        key: one.default for key, one in catalog.known(version).items() if catalog.check(key, one.default, version)
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("key", "one", "other", "same"),
    [
        ("retention.ms", "007", "7", True),
        ("retention.ms", "-0", "0", True),
        ("retention.ms", "7", "8", False),
        ("retention.ms", "7 days", "7 days", True),
        ("retention.ms", "7 days", "8 days", False),
        ("preallocate", "TRUE", "true", True),
        ("cleanup.policy", "delete, compact", "compact,delete", True),
        ("cleanup.policy", "delete", "compact,delete", False),
        ("follower.replication.throttled.replicas", "1:2, 3:4", "1:2,3:4", True),
        ("follower.replication.throttled.replicas", "3:4,1:2", "1:2,3:4", False),
        ("min.cleanable.dirty.ratio", "0.50", "0.5", True),
        ("compression.type", " gzip ", "gzip", True),
        ("message.downconversion.enable", "False", "false", True),
        ("confluent.x", "007", "7", False),
    ],
)
def test_equal(key: str, one: str, other: str, same: bool) -> None:
    assert catalog.equal(key, one, other) is same


# --- the human reading


@pytest.mark.parametrize(
    ("key", "value", "reading"),
    [
        ("retention.ms", "604800000", "7 days"),
        ("retention.ms", "86400000", "1 day"),
        ("segment.ms", "7200000", "2 hours"),
        ("segment.ms", "5400000", "90 minutes"),
        ("retention.ms", "129600000", "36 hours"),
        ("retention.ms", "100000000", "about 1.2 days"),
        ("segment.ms", "60000", "1 minute"),
        ("flush.ms", "1500", "1.5 s"),
        ("flush.ms", "1234", "about 1.2 s"),
        ("flush.ms", "500", None),
        ("retention.ms", "0", None),
        ("retention.ms", "168", "168 ms"),
        ("local.retention.ms", "999", "999 ms"),
        ("retention.ms", "-1", "no limit"),
        ("retention.bytes", "-1", "no limit"),
        ("local.retention.ms", "-2", "as retention.ms"),
        ("segment.ms", "-1", None),
        ("retention.ms", "9223372036854775807", "no limit"),
        ("flush.messages", "9223372036854775807", "never"),
        ("segment.bytes", "1073741824", "1 GiB"),
        ("segment.bytes", "536870912", "512 MiB"),
        ("retention.bytes", "1610612736", "1.5 GiB"),
        ("max.message.bytes", "1048588", "about 1 MiB"),
        ("max.message.bytes", "1000", None),
        ("min.insync.replicas", "2", None),
        ("retention.ms", "7d", None),
        ("partitions", "12", None),
    ],
)
def test_humanize(key: str, value: str, reading: str | None) -> None:
    assert catalog.humanize(key, value) == reading
