"""Which other owners have applied what a plan is about to remove or to change."""

from collections.abc import Callable, Mapping, Sequence

from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.wish import Holder
from kafka_gitops.ledger import names, others
from kafka_gitops.ledger.log import Logs
from kafka_gitops.model import Key, Spec


def holders(
    systems: Systems, own: str, cluster: str
) -> Callable[[Mapping[Key, Spec | None]], Mapping[Key, Sequence[Holder]]]:
    """Which other owners have applied resources, and whether otherwise than these specs; asked when it is called.

    `own` is the topic of this one's ledger. What it gives raises KafkaGitopsError where the others cannot be read.
    """

    def asked(specs: Mapping[Key, Spec | None]) -> Mapping[Key, Sequence[Holder]]:
        logs: Logs = systems.on_kafka("log")
        claimed = others.holders(logs, own, cluster, specs.keys())
        return {
            key: [Holder(one.owner, _other(key, specs[key], one.digest)) for one in several]
            for key, several in claimed.items()
        }

    return asked


def _other(key: Key, spec: Spec | None, digest: str) -> bool:
    if spec is None or not digest:
        return False
    from kafka_gitops.plan.fields import spec_dict  # with all kinds that a plan may not have

    return names.digest(spec_dict(key, spec) or {}) != digest
