"""What the tests of the topology language share: settings from properties, and results as the goldens have them."""

from typing import Any

from kafka_gitops.descriptor.build import topology
from kafka_gitops.diagnostics import Diagnostic
from kafka_gitops.model import Topology
from kafka_gitops.settings import Dlq, Language, ManagedPrefixes, Naming
from kafka_gitops.text.source import parse


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

    def listed(key: str) -> tuple[str, ...]:
        return (found[key],) if key in found else ()

    dlq = Dlq(
        generate=get("topology.dlq.topics.generate") == "true",
        label=get("topology.topic.dlq.label", "dlq"),
        topic=get("topology.topic.dlq.prefix.format", "default"),
        deny=listed("topology.dlq.topics.deny.list"),
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
        managed=ManagedPrefixes(
            listed("topology.topic.managed.prefixes"),
            listed("topology.group.managed.prefixes"),
            listed("topology.service.accounts.managed.prefixes"),
        ),
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


def described(found: Topology) -> dict[str, Any]:
    """A topology as plain data to compare: topics, bindings in words by their role, removals, findings, notes."""
    return {
        "topics": [
            {
                "name": topic.name,
                "spec": [topic.spec.partitions, topic.spec.replication, dict(topic.spec.config)],
                "project": topic.project,
                "flags": [name for name in ("dlq", "protected", "keyed") if getattr(topic, name)],
            }
            for topic in found.topics
        ],
        "grants": [
            {
                "role": grant.role,
                "at": str(grant.node.head),
                "project": grant.project,
                "acls": list(map(str, grant.acls)),
            }
            for grant in found.grants
        ],
        "removals": [[removal.key.name, removal.release, removal.because] for removal in found.removals],
        **({"releases": [[one.says, one.because] for one in found.releases]} if found.releases else {}),
        "problems": messages(found),
        "notes": list(found.notes),
    }
