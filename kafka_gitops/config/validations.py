"""JulieOps' validators (`topology.validations`, `validations.*`) as settings of our rules."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.config.client_keys import Given
from kafka_gitops.diagnostics import Severity
from kafka_gitops.settings import RuleSetting

CLASSES = "topology.validations"
_PACKAGE = "com.purbon.kafka.topology.validation."


class Validator(NamedTuple):
    """A rule, and for each of its options the key that sets it; a `required` one must be there."""

    rule: str
    options: Mapping[str, str] = {}
    required: str | None = None


VALIDATORS = {
    "topology.CamelCaseNameFormatValidation": Validator("julieops-camel-case"),
    "topic.TopicNameRegexValidation": Validator(
        "julieops-topic-name", {"validations.topic.name.regexp": "regexp"}, "validations.topic.name.regexp"
    ),
    "topic.ConfigurationKeyValidation": Validator("julieops-config-key"),
    "topic.PartitionNumberValidation": Validator(
        "julieops-partition-number",
        {"validations.partition.number.value": "value", "validations.partition.number.op": "op"},
    ),
    "topic.ReplicationFactorValidation": Validator(
        "julieops-replication-factor",
        {"validations.replication.factor.value": "value", "validations.replication.factor.op": "op"},
        "validations.replication.factor.value",
    ),
    "topic.MinInSyncReplicasValidation": Validator("julieops-min-isr"),
}
KEYS = frozenset(key for one in VALIDATORS.values() for key in one.options)
_FITS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "value": ("a whole number", lambda text: re.fullmatch(r"-?[0-9]{1,9}", text) is not None),
    "op": ("one of gt, lt, eq, gte, lte, ne", lambda text: text in ("gt", "lt", "eq", "gte", "lte", "ne")),
    "regexp": ("a regular expression", lambda text: _is_pattern(text)),
}


def rules(classes: Sequence[Given], given: Mapping[str, Given]) -> tuple[dict[str, RuleSetting], list[str], list[str]]:
    """The rules that the validators switch on, as errors; what is wrong, and notes about Java classes of one's own."""
    found: dict[str, RuleSetting] = {}
    problems: list[str] = []
    notes: list[str] = []
    for one in classes:
        name = one.value.strip()
        validator = VALIDATORS.get(name.removeprefix(_PACKAGE)) if name.startswith(_PACKAGE) else None
        if validator is None:
            notes.append(
                f"{one.origin}: the validator {name} does not run here: write it as a rule (rules: {{plugins: [...]}})"
            )
            continue
        if validator.required is not None and not _value(given, validator.required):
            problems.append(f"{one.origin}: {name} needs {validator.required}, which is not set")
            continue
        options = {}
        for key, option in validator.options.items():
            text = _value(given, key)
            if text and not _FITS[option][1](text):
                problems.append(f'{given[key].origin}: {key} is "{text}", expected {_FITS[option][0]}')
            elif text:
                options[option] = int(text) if option == "value" else text
        found[validator.rule] = RuleSetting(Severity.error, options, one.origin)
    return found, problems, notes


def _value(given: Mapping[str, Given], key: str) -> str:
    return given[key].value.strip() if key in given else ""


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True
