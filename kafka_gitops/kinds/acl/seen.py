"""What the cluster shows of planned changes of bindings."""

from collections.abc import Mapping, Sequence

from kafka_gitops.changes import Change
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.model import Acl, Key
from kafka_gitops.settings import Settings


def actual(
    systems: Systems, changes: Sequence[Change], _settings: Settings, *, edited: bool = False
) -> Mapping[Key, Acl]:
    """Those of the bindings that are there."""
    wanted = {change.after or change.before: change.key for change in changes}
    return {wanted[binding]: binding for binding in systems.kafka.list_acls() if binding in wanted}
