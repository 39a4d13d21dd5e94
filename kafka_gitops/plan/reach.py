"""How far a grant or a topic of a change reaches: further than its own project, into another's group, past a limit."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kafka_gitops.model import Acl, Topic, TopicDecl, Topology, acl_key
from kafka_gitops.rules.contract import label
from kafka_gitops.rules.options import milliseconds
from kafka_gitops.rules.topic import retention as topic_retention
from kafka_gitops.settings import RuleSetting


def reasons(base: Topology, now: Topology, rules: Mapping[str, RuleSetting]) -> Iterator[str]:
    """Why a person looks at what is own and yet reaches far, each in half a sentence; `base` is what was agreed on."""
    own = _starts(base)
    for acl in (acl for acl in now.acls if acl not in base.acls):
        if acl.pattern_type == "PREFIXED" and not acl.name.startswith((*own, *_known(acl.principal, base))):
            yield f"{acl_key(acl)}: the prefix covers more than one project"
        if (other := _sharing(acl, base.acls)) is not None:
            yield f"{acl_key(acl)}: {other} reads with that group, and would share its partitions"
    for topic in now.topics:
        if base.specs.get(topic.name) != topic.spec:
            yield from _kept(topic.name, topic.spec, rules)
            if _excused(topic, rules):
                yield f"topic {topic.name} gives a reason in `metadata`, which silences a warning"


def _starts(topology: Topology) -> frozenset[str]:
    """What the names of a project's resources begin with: each project's own part, and each topic's whole name."""
    return frozenset(start for declared in topology.topics for start in (declared.name, _project(declared)) if start)


def _project(declared: TopicDecl) -> str:
    """`acme.pay.` of the topic `orders` in the project `pay`; empty for a special topic."""
    named = declared.node.get("name")
    if declared.project is None or named is None or not declared.name.endswith(named.text):
        return ""
    return declared.name.removesuffix(named.text)


def _known(principal: str, base: Topology) -> tuple[str, ...]:
    """The name of a principal that had rights before: groups and transactional ids are often called so."""
    return (principal.partition(":")[2],) if any(acl.principal == principal for acl in base.acls) else ()


def _sharing(acl: Acl, granted: Iterable[Acl]) -> str | None:
    """Another principal that may already use the consumer group that this binding gives; None where nobody may."""
    if acl.resource_type != "GROUP":
        return None
    others = {
        one.principal
        for one in granted
        if one.resource_type == "GROUP" and one.permission == "ALLOW" and one.principal != acl.principal
        if _meet(acl, one)
    }
    return min(others, default=None)


def _meet(one: Acl, other: Acl) -> bool:
    """Whether some name matches both patterns."""
    if "*" in (one.name, other.name):
        return True
    if one.pattern_type == other.pattern_type == "LITERAL":
        return one.name == other.name
    if one.pattern_type == "LITERAL":
        return one.name.startswith(other.name)
    return other.name.startswith(one.name) or (other.pattern_type == "PREFIXED" and one.name.startswith(other.name))


def _excused(declared: TopicDecl, rules: Mapping[str, RuleSetting]) -> bool:
    """Whether the topic's metadata gives a reason that silences a warning (of `topic-retention`)."""
    setting = rules.get("topic-retention")
    keys: Any = (setting.options if setting is not None else {}).get("reasons", topic_retention.OPTIONS["reasons"])
    return label(declared, [keys] if isinstance(keys, str) else keys) is not None


def _kept(name: str, spec: Topic, rules: Mapping[str, RuleSetting]) -> Iterator[str]:
    """Whether a topic keeps records longer than `topic-retention` is set to let it, also where the rule is off."""
    setting = rules.get("topic-retention")
    stated: Any = setting.options.get("max") if setting is not None else None
    most, text = milliseconds(stated) if stated is not None else None, spec.config.get("retention.ms", "")
    if most is None or not text.lstrip("-").isdigit():
        return
    if not 0 <= int(text) <= most:
        yield f"topic {name} keeps records longer than `topic-retention` lets it ({stated})"
