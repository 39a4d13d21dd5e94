"""JulieOps' validators of a client file: which of our rules they switch on, with which options."""

from pathlib import Path

import pytest
from configuring import effective, home, refusal

from kafka_gitops.diagnostics import Severity
from kafka_gitops.settings import RuleSetting

__all__ = ["home"]
pytestmark = pytest.mark.usefixtures("home")

PACKAGE = "com.purbon.kafka.topology.validation."
ALL = (
    "topology.CamelCaseNameFormatValidation",
    "topic.TopicNameRegexValidation",
    "topic.ConfigurationKeyValidation",
    "topic.PartitionNumberValidation",
    "topic.ReplicationFactorValidation",
    "topic.MinInSyncReplicasValidation",
)


def properties(*lines: str, validators: tuple[str, ...] = ALL) -> str:
    """A client file with these validators and lines; its path."""
    names = [f"topology.validations.{number}={PACKAGE}{name}" for number, name in enumerate(validators)]
    Path("j.properties").write_text("\n".join([*names, *lines, ""]), encoding="utf-8")
    return "j.properties"


def test_each_validator_is_a_rule() -> None:
    path = properties(
        "validations.topic.name.regexp=[a-z]+",
        "validations.replication.factor.value=3",
        "validations.replication.factor.op=gte",
        "validations.partition.number.value=6",
    )
    found = effective("", client_config=path).settings
    assert found.rules == {
        "julieops-camel-case": RuleSetting(Severity.error),
        "julieops-topic-name": RuleSetting(Severity.error, {"regexp": "[a-z]+"}),
        "julieops-config-key": RuleSetting(Severity.error),
        "julieops-partition-number": RuleSetting(Severity.error, {"value": 6}),
        "julieops-replication-factor": RuleSetting(Severity.error, {"value": 3, "op": "gte"}),
        "julieops-min-isr": RuleSetting(Severity.error),
    }
    assert found.rules["julieops-partition-number"].place == "j.properties:4"
    assert found.notes == ()


def test_our_own_file_has_the_last_word() -> None:
    path = properties(validators=("topic.PartitionNumberValidation",))
    text = "rules: {julieops-partition-number: {severity: info, op: ne}, topic-owner: error}\n"
    found = effective(text, client_config=path).settings
    assert found.rules == {
        "julieops-partition-number": RuleSetting(Severity.info, {"op": "ne"}),
        "topic-owner": RuleSetting(Severity.error),
    }


def test_values_without_their_validator_have_no_effect() -> None:
    path = properties("validations.partition.number.value=6", validators=())
    assert effective("", client_config=path).settings.rules == {}


@pytest.mark.parametrize(
    ("lines", "validator", "said"),
    [
        (
            (),
            "topic.TopicNameRegexValidation",
            f"j.properties:1: {PACKAGE}topic.TopicNameRegexValidation needs validations.topic.name.regexp, which is not set",
        ),
        (
            ("validations.topic.name.regexp=[",),
            "topic.TopicNameRegexValidation",
            'j.properties:2: validations.topic.name.regexp is "[", expected a regular expression',
        ),
        (
            ("validations.partition.number.op=above",),
            "topic.PartitionNumberValidation",
            'j.properties:2: validations.partition.number.op is "above", expected one of gt, lt, eq, gte, lte, ne',
        ),
        (
            ("validations.partition.number.value=3.5",),
            "topic.PartitionNumberValidation",
            'j.properties:2: validations.partition.number.value is "3.5", expected a whole number',
        ),
    ],
)
def test_what_cannot_be_is_said_with_its_place(lines: tuple[str, ...], validator: str, said: str) -> None:
    assert refusal("", client_config=properties(*lines, validators=(validator,))) == f"[78] {said}"


def test_a_class_of_ones_own_is_noted() -> None:
    Path("j.properties").write_text("topology.validations.0=org.acme.OwnValidation\n", encoding="utf-8")
    assert effective("", client_config="j.properties").settings.notes == (
        "j.properties:1: the validator org.acme.OwnValidation does not run here: write it as a rule "
        "(rules: {plugins: [...]})",
    )
