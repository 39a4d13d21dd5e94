"""Keys of JulieOps that have no effect here, each with the reason: what `migrate` lists and docs/julieops.md shows."""

from collections.abc import Mapping

from kafka_gitops.settings import matches

_STATE = "no state is kept: what is there is asked of the cluster each time"
_RBAC = "role bindings of Confluent (RBAC) are not managed"
_CLOUD = "service accounts and the ACL API of Confluent Cloud are not managed"
_KSQL = "ksqlDB is not managed"
_SELF = "the run knows its own principal by its login, and takes no right from itself"
_NO_WARNING = "there is no such warning"
_HTTP = "`--timeout` says how long servers may take"

REASONS: Mapping[str, str] = {  # a key, or how it begins -> why
    "allow.delete.*": "nothing is deleted because it is missing: name it under `removed`, or see `prune`",
    "topology.builder.state.processor.class": _STATE,
    "topology.builder.redis.*": _STATE,
    "topology.state.*": _STATE,
    "julie.verify.remote.state": _STATE,
    "julie.instance.id": _STATE,
    "julie.kafka.*": _STATE,
    "julie.s3.*": _STATE,
    "julie.gcp.*": _STATE,
    "topology.builder.mds.*": _RBAC,
    "topology.subject.managed.prefixes.*": f"{_RBAC}, and it bounds nothing else; `manage.subjects` bounds schemas",
    "topology.builder.ccloud.*": _CLOUD,
    "ccloud.*": _CLOUD,
    "julie.enable.principal.management": _CLOUD,
    "topology.translation.principal.enabled": "JulieOps reads it nowhere either",
    "topology.features.experimental": "JulieOps reads it nowhere either",
    "confluent.schema.registry.url": "JulieOps does not read it either: its key is schema.registry.url",
    "topology.builder.internal.principal": _SELF,
    "julie.internal.principal": _SELF,
    "topology.file.type": "YAML and JSON are both read, in any file",
    "streams.warn-if.read-only": _NO_WARNING,
    "projects.warn-if.no-topics": _NO_WARNING,
    "platform.server.ksql.*": _KSQL,
    "julie.audit.*": "an apply reports what it did: `apply --report json=FILE`",
    "julie.debug.mode": "`-v` says more",
    "julie.http.*": _HTTP,
}
_OUTSIDE = "JulieOps leaves out what lies outside; outside `manage` it is an error of lint"
MANAGED: Mapping[str, str] = {  # what a scope of kafka-gitops.yaml says otherwise
    "julie.managed.topics": _OUTSIDE,
    "julie.managed.service_accounts": _OUTSIDE,
    "julie.managed.groups": "JulieOps leaves out rights on other groups; state `manage.groups` to have them refused",
}


def why(key: str) -> str:
    """Why a key of a JulieOps file has no effect here."""
    unknown = "neither JulieOps nor this tool has such a key, or it is a client's that makes no difference here"
    return next((said for pattern, said in REASONS.items() if matches(pattern, key)), unknown)
