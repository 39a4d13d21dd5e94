"""How topology files are understood: `naming`, `acls`, `roles`, `plans`, `contexts`, and JulieOps' keys."""

from collections.abc import Callable

from kafka_gitops.config.client_keys import Given
from kafka_gitops.config.julieops import Read, pairing
from kafka_gitops.config.load import File
from kafka_gitops.config.merge import Values, flag, texts
from kafka_gitops.settings import CONTROL_CENTER, PROVIDERS, Dlq, Language, ManagedPrefixes, Naming
from kafka_gitops.text.source import Node

Stated = dict[str, tuple[object, str]]  # dotted name -> value, origin

_LISTS = ("naming.dlq.allow", "naming.dlq.deny", "naming.segments")
_FLAGS = ("naming.dlq.generate", "acls.optimized", "acls.connector_topic_create")
NAMES = (
    *("naming.topic", "naming.project", "naming.separator", "naming.dlq.label", "naming.dlq.topic"),
    *(*_LISTS, *_FLAGS, "roles", "plans", "contexts", "acls.provider"),
    *(f"acls.control_center.{name}" for name in CONTROL_CENTER),
)
_FORMATS = ("naming.topic", "naming.project")
_IN_NAMES = (*_FORMATS, "naming.separator", "naming.dlq.label", "naming.dlq.topic")


def stated(values: Values, file: File | None) -> Stated:
    """What kafka-gitops.yaml says about the language, with its places."""
    found: Stated = {}
    for name in NAMES:
        node = values.get(tuple(name.split(".")))
        if node is not None:
            found[name] = (_value(name, node, file.below if file else str), str(node.head))
    return found


def _value(name: str, node: Node, below: Callable[[str], str]) -> object:
    if name in _LISTS:
        return texts(node)
    if name in _FLAGS:
        return flag(node, False)
    raw = node.raw or ""
    return below(raw) if name in ("roles", "plans") else "" if node.is_null else raw


def joined(ours: Stated, julie: Read | None) -> tuple[Stated, list[str]]:
    """Both files' statements, and a problem for each key where they contradict one another."""
    problems: list[str] = []
    found = dict(ours)
    for name, value in (julie.values if julie else {}).items():
        assert julie is not None
        origin = julie.origins[name]
        if name in ours and ours[name][0] != value:
            here, place = ours[name]
            problems.append(f"{origin}: {name} is {_shown(value)}, but {_shown(here)} at {place}; make them agree")
        found.setdefault(name, (value, origin))
    problems += [
        f'{place}: {name} is "{value}", which begins or ends with a blank; no topic\'s name can hold one: take it away'
        for name, (value, place) in found.items()
        if name in _IN_NAMES and isinstance(value, str) and value != value.strip()
    ]
    separator, origin = found.get("naming.separator", (".", ""))
    if any(char.isspace() for char in str(separator).strip()):
        problems.append(f'{origin}: naming.separator is "{separator}", and no name has a blank in it; delete the blank')
    if not problems and not (julie and julie.problems):
        topic, project = (Given(str(found[name][0]), found[name][1]) if name in found else None for name in _FORMATS)
        problems += pairing(topic or Given("default", ""), project or Given("default", ""), _FORMATS)
    return found, problems


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'


def language(found: Stated) -> Language:
    """The statements as a Language; what nobody states has its default."""

    def text(name: str, default: str) -> str:
        return str(found[name][0]) if name in found else default

    def yes(name: str, default: bool) -> bool:
        return bool(found[name][0]) if name in found else default

    def many(name: str) -> tuple[str, ...]:
        value = found[name][0] if name in found else ()
        assert isinstance(value, tuple)
        return value

    usual = Language()
    center = zip(CONTROL_CENTER, usual.control_center_topics, strict=True)
    monitoring, command, metrics = (text(f"acls.control_center.{name}", default) for name, default in center)
    provider, place = found.get("acls.provider", ("kafka", ""))
    given = PROVIDERS.get(str(provider), "something else than Kafka")
    dlq = Dlq(
        yes("naming.dlq.generate", False),
        text("naming.dlq.label", "dlq"),
        text("naming.dlq.topic", "default"),
        many("naming.dlq.allow"),
        many("naming.dlq.deny"),
    )
    return Language(
        naming=Naming(
            text("naming.topic", "default"),
            text("naming.project", "default"),
            text("naming.separator", "."),
            dlq,
            many("naming.segments"),
        ),
        optimized_acls=yes("acls.optimized", False),
        connector_topic_create=yes("acls.connector_topic_create", True),
        roles=text("roles", "") or None,
        plans=text("plans", "") or None,
        many_contexts=text("contexts", "one") == "many",
        managed=ManagedPrefixes(
            many("julie.managed.topics"), many("julie.managed.groups"), many("julie.managed.service_accounts")
        ),
        connect_servers=many("julie.connect_servers") if "julie.connect_servers" in found else None,
        provider=str(provider),
        rights=None
        if provider == "kafka"
        else f"{place}: acls.provider is {provider}: rights here are given by {given}",
        control_center_topics=(monitoring, command, metrics),
    )
