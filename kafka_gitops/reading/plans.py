"""The plans file, and the settings of a topic: its config, with a plan's where it has none of its own."""

from collections.abc import Mapping

from kafka_gitops.catalog.advice import for_value
from kafka_gitops.diagnostics import Span
from kafka_gitops.reading.bounds import MOST_PLANNED
from kafka_gitops.reading.draft import Draft, Plan
from kafka_gitops.shape.check import Map, Text
from kafka_gitops.shape.found import few, near
from kafka_gitops.text.source import Node, Source

MAYBE = Text(null=True)
PLANS = Map(
    {
        "plans": Map(
            others=Map({"alias": MAYBE, "config": Map(others=MAYBE, null=True)}, called="a plan"),
            called="plans by their names",
        )
    },
    ("plans",),
    called="a plans file",
)

NO_SETTINGS = Plan(None, None, {})


def read(draft: Draft, source: Source) -> None:
    """Fill `draft.plans` from a plans file, its problems noted."""
    draft.problems.extend(source.problems)
    if source.root is None:
        if not source.problems:
            draft.error(span_of(source), "missing-key", 'a plans file needs the key "plans"', "the file is empty")
        return
    draft.look(source.root, PLANS)
    plans = source.root.get("plans")
    if plans is not None:
        draft.plans = {name: settings(draft, plan.get("config")) for name, plan in plans.map.items()}


def settings(draft: Draft, config: Node | None) -> Plan:
    """Partitions, replication factor and the remaining config texts of a `config:` map."""
    if config is None:
        return NO_SETTINGS
    text = draft.text
    texts = {
        name: text(child) if child.plain else child.raw or ""  # what is in quotes needs no look
        for name, child in config.map.items()
        if child.children is None
    }
    partitions = replication = None
    if "num.partitions" in texts:
        wanted = texts.pop("num.partitions")
        partitions = _whole(draft, config, "num.partitions", wanted, "topic-partitions-invalid")
    if "replication.factor" in texts:
        wanted = texts.pop("replication.factor")
        replication = _whole(draft, config, "replication.factor", wanted, "topic-config-value")
    return Plan(partitions, replication, texts)


def _whole(draft: Draft, config: Node, key: str, text: str, rule: str) -> int | None:
    digits = text[1:] if text[:1] in ("-", "+") else text
    if text == "-1":  # Kafka's own sign for what the broker decides (KIP-464)
        return None
    if digits.isascii() and digits.isdigit() and len(digits) < 10 and int(text) >= 1:
        return int(text)
    node = config.map[key]
    if node.raw is not None:  # else the shape has said so
        help = for_value(key, text) or "write a number, or leave the key out: the broker decides"
        draft.error(node.span, rule, f'{key} is "{text}", expected a whole number of at least 1', help)
    return None


def planned(draft: Draft, topic: Node, own: Plan) -> tuple[Plan, str | None]:
    """A topic's settings with its plan's added where it has none, and the plan's name; an unknown plan is noted."""
    node = topic.map.get("plan")
    if node is None or node.raw is None:
        return own, None
    name = draft.text(node)
    plans: Mapping[str, Plan] | None = draft.plans
    if plans is None:
        if draft.language.plans is None:
            said = f'the topic has the plan "{name}", but there is no plans file'
            help = f'name it: "plans: {draft.file_of("plans")}" in kafka-gitops.yaml'
            draft.error(node.span, "file-not-found", said, help)
        return own, name
    plan = plans.get(name)
    if plan is None:
        meant = near(name, plans) if draft.suggests() else None
        help = f'did you mean "{meant}"?' if meant else f"the plans are: {few(plans)}"
        draft.error(node.span, "unknown-key", f'there is no plan "{name}"', help)
        return own, name
    partitions = plan.partitions if own.partitions is None else own.partitions
    replication = plan.replication if own.replication is None else own.replication
    config: Mapping[str, str] = {**plan.config, **own.config} if own.config else plan.config
    draft.planned += len(config)
    if draft.planned > MOST_PLANNED:
        if draft.planned - len(config) <= MOST_PLANNED:
            said = f"the plans give more than {MOST_PLANNED:,} configs to topics; the others are not read"
            draft.error(node.span, "wrong-type", said, "take configs out of the plan")
        return Plan(partitions, replication, own.config), name
    return Plan(partitions, replication, config), name


def span_of(source: Source) -> "Span":
    """The first place of a file in which there is no node to point at."""
    return Span(source.path, 1, 1, 1, 1)
