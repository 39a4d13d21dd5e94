"""topic-config-conflict says what Kafka's own LogConfig says (data: tools/catalog/conflicts.bsh on real Kafkas)."""

from pathlib import Path

import pytest
import yaml
from linting import lint_text

from kafka_gitops.sandbox import Sandbox

ANSWERS = [
    line.split("\t") for line in (Path(__file__).parents[1] / "data/catalog/conflicts.tsv").read_text().splitlines()
]


def found(version: str, case: str) -> list[str]:
    """What the rule says about `KEY=VALUE;KEY=VALUE`."""
    config = dict(pair.split("=", 1) for pair in case.split(";"))
    topics = [{"name": "orders", "config": config}]
    text = yaml.safe_dump({"context": "acme", "projects": [{"name": "pay", "topics": topics}]})
    findings = lint_text(f'# kafka_version: "{version}"\n{text}')
    return [one.message for one in findings if one.rule == "topic-config-conflict"]


@pytest.mark.parametrize(("version", "case", "answer"), ANSWERS, ids=[f"{one[0]} {one[1]}" for one in ANSWERS])
def test_the_rule_refuses_what_kafka_refuses(version: str, case: str, answer: str) -> None:
    assert bool(found(version, case)) == (answer == "bad")


def test_the_answers_are_there() -> None:
    assert {version for version, *_ in ANSWERS} == {"3.6.2", "3.9.2", "4.0.0", "4.3.0"}
    assert len(ANSWERS) > 100


@pytest.mark.kafka
@pytest.mark.parametrize(
    ("least", "most", "refused"),
    [("10", "5", True), ("5", "5", False)],
)
def test_a_broker_refuses_lags_that_cross(kafka: Sandbox, prefix: str, least: str, most: str, refused: bool) -> None:
    from confluent_kafka import KafkaException
    from confluent_kafka.admin import AdminClient
    from confluent_kafka.cimpl import NewTopic

    config = {"min.compaction.lag.ms": least, "max.compaction.lag.ms": most}
    topic = NewTopic(f"{prefix}lags", 1, 1, config=config)
    admin = AdminClient(dict(kafka.client("admin")))
    (answer,) = admin.create_topics([topic], validate_only=True).values()
    said = ""
    try:
        answer.result(30)
    except KafkaException as error:
        said = str(error.args[0].str())
    assert ("min.compaction.lag.ms" in said) == refused
    assert bool(found("4.3", ";".join(f"{key}={value}" for key, value in config.items()))) == refused
