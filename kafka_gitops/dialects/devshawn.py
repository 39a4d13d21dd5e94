"""State files of devshawn's kafka-gitops and its fork: topics, services, users, their own ACLs, settings.

What it makes of them: ApplicationService, KafkaConnectService, KafkaConnectorDetails, KafkaStreamsService, RoleService
(each gives literal bindings from any host); custom ACLs count only for services and users that are there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kafka_gitops.dialects import documents
from kafka_gitops.dialects.devshawn_rights import ROLES, SERVICES, Right, custom
from kafka_gitops.dialects.devshawn_shapes import SHAPES, STATE
from kafka_gitops.dialects.estate import Estate
from kafka_gitops.dialects.taking import config, topic
from kafka_gitops.text.source import Node

TOOL = "kafka-gitops (devshawn)"
SUFFIXES = (".yaml", ".yml", ".json")
NEXT = (
    "That tool deletes every topic and right that is not in its file: run it only with --no-delete from now on, and "
    "stop it before you take anything out of its file; then delete the file."
)
_SECTIONS = ("topics", "services", "users", "customServiceAcls", "customUserAcls")
_WHY = {
    "files": "name that file too",
    "blacklist": "nothing is deleted by being absent; manage in kafka-gitops.yaml bounds what is touched",
    "exclude": "nothing is deleted by being absent; manage in kafka-gitops.yaml bounds what is touched",
    "include": "manage in kafka-gitops.yaml bounds what is touched",
    "schemas": "declare each under schemas: with its subject and file",
}
_WHOSE = "write principal: User:NAME; where the tool asks Confluent Cloud for it, name the file with settings too"
_CLOUDS = ("ccloud", "confluent")  # the second is the newer word
_CLOUD = "with ccloud.enabled the principal is the id of a service account, which only Confluent Cloud knows"


@dataclass
class _State:
    """The files as one, as the tool merges them."""

    sections: dict[str, dict[str, Node]] = field(default_factory=lambda: {name: {} for name in _SECTIONS})
    settings: list[Node] = field(default_factory=list)

    def setting(self, *path: str) -> Node | None:
        """A setting, of the first file that has it."""
        return next((found for one in self.settings if (found := one.get(*path)) is not None), None)

    def is_on(self, *path: str) -> bool:
        """Whether a setting is true."""
        found = self.setting(*path)
        return found is not None and found.text == "true"


def take(estate: Estate, texts: Mapping[str, str]) -> None:
    """Put into the estate what the state files say together."""
    state = _State()
    for root in documents.of(estate, texts, "devshawn", TOOL):
        if estate.fits(root, STATE):
            _gather(estate, state, root)
    for name, node in state.sections["topics"].items():
        if estate.fits(node, SHAPES["topics"]):
            _topic(estate, state, name, node)
    if any(state.is_on(key, "enabled") for key in _CLOUDS):
        for section in _SECTIONS[1:]:
            for name, node in state.sections[section].items():
                estate.leave(node, f"rights of {section}.{name}", _CLOUD)
        return
    for name, node, right in _rights(estate, state):
        _grant(estate, name, node, right)


def _gather(estate: Estate, state: _State, root: Node) -> None:
    estate.rest(root, (*_SECTIONS, "settings"), "", _WHY, TOOL)
    for section in _SECTIONS:
        for name, node in root.map[section].map.items() if section in root.map else ():
            first = state.sections[section].setdefault(name, node)
            if first is not node:
                said = f'"{name}" of {section} is also in {first.head}'
                estate.error(node.key_span, said, "keep one of the two")
    if "settings" in root.map:
        settings = root.map["settings"]
        state.settings.append(settings)
        estate.rest(settings, ("topics", "services", *_CLOUDS), "settings.", _WHY, TOOL)
        estate.rest(settings.get("topics"), ("defaults",), "settings.topics.", _WHY, TOOL)
        read = ("partitions", "replication")
        estate.rest(settings.get("topics", "defaults"), read, "settings.topics.defaults.", _WHY, TOOL)
        estate.rest(settings.get("services"), ("acls",), "settings.services.", _WHY, TOOL)
        own = ("describeTopicEnabled",)
        estate.rest(settings.get("services", "acls"), own, "settings.services.acls.", _WHY, TOOL)
        for key in _CLOUDS:
            estate.rest(settings.get(key), ("enabled",), f"settings.{key}.", _WHY, TOOL)


def _topic(estate: Estate, state: _State, name: str, node: Node) -> None:
    estate.rest(node, ("partitions", "replication", "configs"), f"topics.{name}.", _WHY, TOOL)
    topic(
        estate,
        name,
        node=node,
        partitions=node.map.get("partitions", state.setting("topics", "defaults", "partitions")),
        replication=node.map.get("replication", state.setting("topics", "defaults", "replication")),
        config=config(estate, node.map.get("configs"), f"topics.{name}.configs."),
        metadata={},
    )


def _rights(estate: Estate, state: _State) -> Iterator[tuple[str, Node, Right]]:
    """Each right with the section's entry that it is of."""
    describes = state.is_on("services", "acls", "describeTopicEnabled")
    for name, node in state.sections["services"].items():
        if estate.fits(node, SHAPES["services"]):
            kind = node.map["type"].text
            estate.rest(node, SERVICES[kind].reads, f"services.{name}.", _WHY, TOOL)
            for connector, one in node.map["connectors"].map.items() if "connectors" in node.map else ():
                above = f"services.{name}.connectors.{connector}."
                estate.rest(one, ("produces", "consumes"), above, _WHY, TOOL)
            for right in SERVICES[kind].gives(name, node, describes):
                yield f"services.{name}", node, right
    for name, node in state.sections["users"].items():
        if estate.fits(node, SHAPES["users"]):
            estate.rest(node, ("principal", "roles"), f"users.{name}.", _WHY, TOOL)
            for role in node.map["roles"].items if "roles" in node.map else ():
                yield from ((f"users.{name}", node, right._replace(node=role)) for right in ROLES[role.text.lower()])
    for section, owners in (("customServiceAcls", "services"), ("customUserAcls", "users")):
        for name, listed in state.sections[section].items():
            owner = state.sections[owners].get(name)
            if owner is None:
                estate.leave(listed, f"{section}.{name}", f"nothing under {owners} has this name, so it has no effect")
                continue
            for rule, node in listed.map.items():
                if estate.fits(node, SHAPES[section]):
                    estate.rest(node, SHAPES[section].keys, f"{section}.{name}.{rule}.", _WHY, TOOL)
                    yield f"{section}.{name}", owner if owners == "users" else node, custom(node)


def _grant(estate: Estate, name: str, owner: Node, right: Right) -> None:
    principal = right.principal or owner.map.get("principal")
    if principal is None or not principal.raw:
        estate.error(owner.head, f"{name} has no principal", _WHOSE)
    else:
        estate.grant(right.acl._replace(principal=principal.text), right.node or owner)
