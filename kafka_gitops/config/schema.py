"""Every key of kafka-gitops.yaml with its shape and its description; the JSON Schema is made from this table."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from kafka_gitops.catalog.acls import operations
from kafka_gitops.catalog.topics import VERSION
from kafka_gitops.kinds import KINDS, PLURALS
from kafka_gitops.settings import ACTORS, CONTROL_CENTER, LEDGER_MODES, PROVIDERS
from kafka_gitops.shape.check import AnyOf, Anything, Boolean, Integer, Late, ListOf, Map, Matching, OneOf, Shape, Text


class Key(NamedTuple):
    """One key: what it may be, what it means, and the keys below it where those are known."""

    shape: Shape
    says: str
    known: "dict[str, Key] | Callable[[], dict[str, Key]] | None" = None
    item: bool = False  # `below` describes the items of a list

    @property
    def below(self) -> "dict[str, Key] | None":
        """The keys below it."""
        return self.known() if callable(self.known) else self.known


TEXTS = ListOf(Text(), called="a list of texts")
ONE_OR_MORE = AnyOf((Text(), TEXTS))
SEVERITIES = OneOf(("off", "info", "warning", "error"))
RULE = AnyOf((SEVERITIES, Map({"severity": SEVERITIES}, others=Anything(), called="severity and options")))
RULES = Map(others=RULE, called="rules")
RULES_AND_PLUGINS = Map({"plugins": TEXTS}, others=RULE, called="rules")
VALUES = Map(others=Text(), called="keys and values")
VALUE = AnyOf(
    (Matching(r"(?!.*\$\{values\.)[^\x00-\x1f]{0,1000}", "a text (with no other value in it), a number"), Boolean())
)
COUNT = Integer(least=0)
OPERATIONS = ListOf(OneOf(operations("CLUSTER"), fold=True), called="a list of operations on the cluster")
KAFKA = Matching(
    VERSION,
    "a Kafka version",
    'write the one of the brokers, such as "3.9" (Confluent Platform 7.9 is Kafka 3.9); without it the newest counts',
)


def _map(called: str, says: str, below: dict[str, Key], *required: str) -> Key:
    return Key(Map({name: key.shape for name, key in below.items()}, required, called=called), says, below)


def _list(called: str, says: str, below: dict[str, Key], *required: str) -> Key:
    item = Map({name: key.shape for name, key in below.items()}, required, called=called)
    return Key(ListOf(item, called=f"a list of {called}"), says, below, item=True)


def _of_kinds(called: str, says: str, below: Callable[[], dict[str, Key]]) -> Key:
    """A key whose own keys the kinds tell: they are loaded for a file that has it."""
    return Key(Late(cache(lambda: _map(called, says, below()).shape)), says, below)


_DLQ = {
    "generate": Key(Boolean(), "Whether every topic of a project gets a dead letter topic."),
    "label": Key(Text(), "The last part of a dead letter topic's name."),
    "topic": Key(Text(), "The name format of dead letter topics: default, or a template."),
    "allow": Key(TEXTS, "Regular expressions: only topics whose full name matches one get a dead letter topic."),
    "deny": Key(TEXTS, "Regular expressions: topics whose full name matches one get no dead letter topic."),
}
_NAMING = {
    "topic": Key(
        Text(),
        "The name format of topics: default, name (the bare name) or a template; set it with `project`.",
    ),
    "project": Key(
        Text(null=True), "The prefix that a project's names have: default, or a template; set it with `topic`."
    ),
    "separator": Key(Text(), "The text between the parts of a default name."),
    "dlq": _map("dlq", "Dead letter topics.", _DLQ),
    "segments": Key(TEXTS, "Top-level keys of topology files that are parts of names, though they look like others."),
}
_ACLS = {
    "optimized": Key(Boolean(), "Give each project prefixed bindings instead of one for each topic."),
    "connector_topic_create": Key(Boolean(), "Whether connectors may create topics (CREATE on the cluster)."),
    "provider": Key(
        OneOf((*PROVIDERS, "other")), "Who gives rights; with all but kafka lint warns and a plan of ACLs stops."
    ),
    "control_center": _map(
        "control_center",
        "The topics of Control Center, where they have other names.",
        {name: Key(Text(), f"Its {name} topic.") for name in CONTROL_CENTER},
    ),
}
_KINDS = ListOf(OneOf(tuple(sorted(PLURALS))), called="a list of kinds")
_LIMITS = {
    "percent": Key(Integer(least=0, most=100), "How many percent of what is declared one run may delete, per kind."),
    "percent_from": Key(COUNT, "From how many declared resources on the percentage counts."),
    "auto_approve": Key(COUNT, "How many topics and grants one change may create or alter without a person (20)."),
    "auto_approve_per_day": Key(COUNT, "How many changes are merged without a person in 24 hours (20)."),
}


def manage() -> dict[str, Key]:
    """The keys of `manage`, of every kind."""
    told = ((name, says) for kind in KINDS.values() for name, says in kind.MANAGE.items())
    return {name: Key(OPERATIONS if name == "cluster" else TEXTS, says) for name, says in told}


def _protect() -> dict[str, Key]:
    return {name: Key(TEXTS, says) for kind in KINDS.values() for name, says in kind.PROTECT.items()}


def _limits() -> dict[str, Key]:
    each = {kind.PLURAL: Key(COUNT, f"How many {kind.LOOKS.nouns} one run may delete.") for kind in KINDS.values()}
    return {**each, **_LIMITS}


_SERVER = {
    "url": Key(ONE_OR_MORE, "The address, or a list of addresses: the next one is asked when the first is down."),
    "username": Key(Text(), "Who logs in (basic authentication)."),
    "password": Key(Text(), "The password: ${VARIABLE}."),
    "token": Key(Text(), "A bearer token instead of username and password: ${VARIABLE}."),
    "ca": Key(Text(), "The file with the certificates of the authorities that vouch for it (PEM); else the system's."),
    "certificate": Key(Text(), "The file with a client certificate (PEM)."),
    "key": Key(Text(), "The file with the key of the client certificate (PEM, not encrypted)."),
    "home": Key(Text(), "Of a server of several environments the one whose runs alone remove what left the files."),
}
_REGISTRY = {
    **_SERVER,
    "context": Key(Text(), "The context that subjects are in, without dots and colons around it; else the default."),
}
_OVERRIDE = {
    "paths": Key(TEXTS, "Globs of files, from the repository root."),
    "rules": Key(RULES, "Severities and options of lint rules in these files."),
}

_MODE = OneOf(LEDGER_MODES)
_LEDGER = {
    "mode": Key(
        _MODE, "optional: without it a run goes on; required: without it a run stops before it changes anything."
    ),
    "actors": Key(OneOf(ACTORS), "How whoever ran it is named in it: the platform's login, its number, or not at all."),
    "keep": Key(Matching(r"[1-9]\d{0,4}d", "a number of days, such as 400d"), "How long the record of a run is kept."),
}

BOTH_LEVELS = {
    "topology": Key(ONE_OR_MORE, "Topology files or directories, read when the command line names none."),
    "recursive": Key(Boolean(), "Whether directories are read with their sub-directories."),
    "kafka_version": Key(KAFKA, "The Kafka version of the brokers: lint knows its topic configs and ACL words."),
    "roles": Key(Text(), "The file with custom roles."),
    "plans": Key(Text(), "The file with topic plans."),
    "values": Key(
        Map(others=VALUE, called="values by their names"),
        "What ${values.NAME} stands for in topology, plans and roles files, where environments differ.",
    ),
    "rules": Key(RULES_AND_PLUGINS, "Severities and options of lint rules, by name; plugins: files of own rules."),
    "baseline": Key(Text(), "The file with the findings that are known and not reported again."),
    "overrides": _list("overrides", "Rules for some files; later entries win.", _OVERRIDE, "paths", "rules"),
    "manage": _of_kinds("manage", "What this repository may touch at all.", manage),
    "protect": _of_kinds("protect", "What is never deleted by anything.", _protect),
    "limits": _of_kinds("limits", "How many deletions one run may make, per kind.", _limits),
    "max_hold": Key(COUNT, "For how many days a `hold` of an entry may last (14); 0: nothing can be held."),
    "prune": Key(_KINDS, "Kinds whose removals are carried out."),
    "schemas": _map(
        "schemas",
        "How subjects are compared.",
        {
            "foreign_versions": Key(
                OneOf(("allow", "drift")), "Whether a version that no file has, newer than the file's, is a difference."
            )
        },
    ),
    "ci": _map(
        "ci",
        "How pipelines treat changes.",
        {
            "snapshot_for_forks": Key(
                Boolean(), "Whether changes from forks are planned: their topics alone, against a snapshot."
            ),
            "snapshot": Key(Text(), "The file of that snapshot, made by `kafka-gitops snapshot --for-forks -o FILE`."),
        },
    ),
    "ledger": Key(
        AnyOf((_MODE, Map({name: key.shape for name, key in _LEDGER.items()}, called="a ledger"))),
        "Whether what is applied is recorded in the cluster: off, optional or required, or a mapping.",
        _LEDGER,
    ),
    "undeclared_configs": Key(OneOf(("remove", "keep")), "What becomes of topic configs that no file mentions."),
    "ignore_configs": Key(
        TEXTS, "Topic configs that are never touched, declared or not; a pattern begins or ends with *."
    ),
}
_ENVIRONMENT = {
    **BOTH_LEVELS,
    "bootstrap": Key(Text(), "The brokers to begin with: host:port, separated by commas."),
    "client": Key(VALUES, "Client keys, in librdkafka's or Java's spelling."),
    "client_config": Key(
        ONE_OR_MORE, "A JulieOps or Java .properties file instead of bootstrap and client; of several the later wins."
    ),
    "schema_registry": _map("schema_registry", "The schema registry.", _REGISTRY, "url"),
    "connect": Key(
        Map(others=_map("a Connect cluster", "", _SERVER, "url").shape, called="Connect clusters"),
        "Kafka Connect clusters, by name.",
        _SERVER,
    ),
    "principal": Key(Text(), "Who the brokers take this run for, such as User:ci, where a client certificate logs in."),
    "cluster_id": Key(Text(), "The id of the cluster; any other is refused."),
    "brokers": Key(Integer(least=1), "How many brokers the cluster has."),
    "broker_defaults": Key(VALUES, "Broker configs that decide what a file leaves open."),
}
_ENVIRONMENT_MAP = _map("an environment", "One environment.", _ENVIRONMENT).shape
FILE = {
    **BOTH_LEVELS,
    "owner": Key(
        Matching(r"\S(?:[^\x00-\x1f]{0,198}\S)?", "a name of up to 200 characters"),
        "Whose ledger this is, with the environment; else the repository and the path of this file.",
    ),
    "contexts": Key(OneOf(("one", "many")), "Whether one directory may hold several contexts."),
    "naming": _map("naming", "How names are made.", _NAMING),
    "acls": _map("acls", "How roles become bindings.", _ACLS),
    "environments": Key(Map(others=_ENVIRONMENT_MAP, called="environments"), "The clusters, by name.", _ENVIRONMENT),
}
NARROWING = (
    *("manage", "protect", "limits", "max_hold", "prune", "undeclared_configs", "ignore_configs", "rules", "ledger"),
)
_POLICY_BOTH = {name: BOTH_LEVELS[name] for name in NARROWING}
_POLICY_ENVIRONMENT = {**_POLICY_BOTH, "cluster_id": _ENVIRONMENT["cluster_id"]}
_CANNOT = dict.fromkeys(
    {*FILE, *_ENVIRONMENT} - {*_POLICY_ENVIRONMENT}, "a policy can only narrow, and this key would replace"
)
_POLICY_MAP = Map({name: key.shape for name, key in _POLICY_ENVIRONMENT.items()}, hints=_CANNOT, called="a policy")
POLICY = {
    **_POLICY_ENVIRONMENT,
    "environments": Key(Map(others=_POLICY_MAP, called="environments"), "Environments by name.", _POLICY_ENVIRONMENT),
}
FILE_SHAPE = _map("kafka-gitops.yaml", "", FILE).shape
POLICY_SHAPE = Map({name: key.shape for name, key in POLICY.items()}, hints=_CANNOT, called="a policy")
