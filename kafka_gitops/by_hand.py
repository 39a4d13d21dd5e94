"""What a person types to do by hand what a run may not: the command of Kafka's own for one binding."""

from kafka_gitops import shell
from kafka_gitops.model import Acl

_OPTIONS = {  # AclCommandOptions of Kafka's tools
    "TOPIC": "--topic",
    "GROUP": "--group",
    "TRANSACTIONAL_ID": "--transactional-id",
    "DELEGATION_TOKEN": "--delegation-token",
    "USER": "--user-principal",
}


def remove(acl: Acl) -> str:
    """`kafka-acls --remove --allow-principal User:a --operation Read --topic t`: takes away exactly this binding."""
    words = ["--operation", operation(acl.operation)]
    words += [_OPTIONS[acl.resource_type], acl.name] if acl.resource_type in _OPTIONS else ["--cluster"]
    words += ["--resource-pattern-type", "prefixed"] if acl.pattern_type == "PREFIXED" else []
    return shell.acls("remove", acl.permission.lower(), acl.principal, *words, host=acl.host)


def operation(name: str) -> str:
    """`DescribeConfigs` for `DESCRIBE_CONFIGS`, as Kafka's tools write it."""
    return "".join(word.capitalize() for word in name.split("_"))
