"""What the tests of the topology language share: settings from properties, and results as the goldens have them."""

from typing import Any

from kafka_gitops.descriptor.build import topology
from kafka_gitops.diagnostics import Diagnostic
from kafka_gitops.model import Topology
from kafka_gitops.settings import Dlq, Language, Naming
from kafka_gitops.source import parse


def understood(
    *texts: str, settings: Language | None = None, roles: str | None = None, plans: str | None = None
) -> Topology:
    """The topology of texts that stand in a.yaml, b.yaml, ..."""
    return topology(
        {f"{letter}.yaml": parse(f"{letter}.yaml", text) for letter, text in zip("abcdef", texts, strict=False)},
        settings or Language(),
        roles=parse("roles.yaml", roles) if roles is not None else None,
        plans=parse("plans.yaml", plans) if plans is not None else None,
    )


def messages(found: Topology) -> list[str]:
    """Every finding on a line of its own."""
    return [line(problem) for problem in found.problems]


def line(problem: Diagnostic) -> str:
    """A finding on one line."""
    help = f" ({problem.help})" if problem.help else ""
    return f"{problem.span}: {problem.severity} {problem.rule} {problem.message}{help}"


def language(properties: str) -> Language:
    """The settings of a golden's config.properties."""
    found = dict(line.split("=", 1) for line in properties.splitlines() if "=" in line)
    get = found.get
    dlq = Dlq(
        generate=get("topology.dlq.topics.generate") == "true",
        label=get("topology.topic.dlq.label", "dlq"),
        topic=get("topology.topic.dlq.prefix.format", "default"),
    )
    naming = Naming(
        topic=get("topology.topic.prefix.format", "default"),
        project=get("topology.project.prefix.format", "default"),
        separator=get("topology.topic.prefix.separator", "."),
        dlq=dlq,
    )
    return Language(
        naming,
        optimized_acls=get("topology.acls.optimized") == "true",
        connector_topic_create=get("topology.connector.allow.topic.create") != "false",
    )


def configs(found: Topology, *, special: bool) -> list[dict[str, Any]]:
    """The topics as the goldens have them."""
    topics = []
    for topic in found.topics:
        pseudo = {"num.partitions": topic.spec.partitions, "replication.factor": topic.spec.replication}
        config = {**topic.spec.config, **{key: str(value) for key, value in pseudo.items() if value is not None}}
        if (topic.project is None) == special:
            topics.append({"name": topic.name, "config": config})
    return sorted(topics, key=lambda topic: str(topic["name"]))


def acl_lines(found: Topology) -> list[str]:
    """The bindings as the goldens have them."""
    return sorted(
        "|".join((acl.principal, acl.resource_type, acl.pattern_type, acl.name, acl.operation, acl.host))
        for acl in found.acls
    )
