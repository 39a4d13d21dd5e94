"""Holds that have no effect are errors, which nothing silences."""

from datetime import date

import pytest
from linting import read

from kafka_gitops.diagnostics import Severity
from kafka_gitops.errors import ConfigError
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Topology
from kafka_gitops.settings import RuleSetting, Settings

TODAY = date(2026, 6, 15)
HOLD = "hold: {until: 2026-06-15, reason: OPS-1}"


def text(hold: str, waiver: str = "") -> Topology:
    return read(f"context: acme\nprojects:\n- name: pay\n  topics:\n{waiver}  - {{name: orders, {hold}}}\n")


def test_a_name_that_is_no_field_of_a_topic_is_an_error() -> None:
    fields = HOLD.replace("}", ", fields: [retention.mss, Num.Partitions, retention.ms, colour, num.partitions]}")
    found = lint.run(text(fields), Settings(), today=TODAY)
    assert [(one.message, one.help) for one in found if one.rule == "hold-malformed"] == [
        ('a topic has no field "retention.mss", so nothing is held by that name', 'write "retention.ms"'),
        ('a topic has no field "Num.Partitions", so nothing is held by that name', 'write "num.partitions"'),
        (
            'a topic has no field "colour", so nothing is held by that name',
            "write it as in `config`: retention.ms, num.partitions",
        ),
    ]


@pytest.mark.parametrize(
    ("rule", "hold"),
    [
        ("hold-too-long", "hold: {until: 2026-08-15, reason: OPS-1}"),
        ("hold-malformed", "hold: {until: soon, reason: OPS-1}"),
    ],
)
def test_nothing_silences_a_hold_that_has_no_effect(rule: str, hold: str) -> None:
    waiver = f"  # kafka-gitops: allow {rule}: we know\n"
    topology = text(hold, waiver)
    found = [one.rule for one in lint.run(topology, Settings(), today=TODAY)]
    assert {"waiver-malformed", rule} <= {*found}
    off = Settings(rules={rule: RuleSetting(Severity.off, place="kafka-gitops.yaml:1:9")})
    with pytest.raises(ConfigError) as caught:
        lint.run(topology, off)
    said = f"kafka-gitops.yaml:1:9: The rule {rule} is always error, not off: a plan refuses the same."
    assert caught.value.message == said
