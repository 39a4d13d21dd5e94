"""How changes of ACL bindings are carried out."""

from collections.abc import Callable, Mapping, Sequence

from kafka_gitops.changes import Change
from kafka_gitops.kinds.contract import in_portions
from kafka_gitops.kinds.parts import Problem, Requests, Stage, Step, Systems
from kafka_gitops.model import Acl, Key

AT_ONCE = 500  # bindings per request; the broker's limit is 10,000, but a deletion scans all bindings for each
_PATTERNS = 1  # of all requests for ACLs: prefixes (KIP-290, Kafka 2.0)


def requests(changes: Sequence[Change]) -> Requests:
    """The requests for changes of ACL bindings."""
    writes = {"CreateAcls" if change.before is None else "DeleteAcls" for change in changes}
    return dict.fromkeys([*sorted(writes), "DescribeAcls"], _PATTERNS) if changes else {}


def create(systems: Systems, changes: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """Carry out one chunk of creations."""
    keys = {change.after: change.key for change in changes if isinstance(change.after, Acl)}
    return {keys[acl]: problem for acl, problem in systems.kafka.create_acls(list(keys)).items()}


def delete(systems: Systems, changes: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """Carry out one chunk of deletions."""
    keys = {change.before: change.key for change in changes if isinstance(change.before, Acl)}
    return {keys[acl]: problem for acl, problem in systems.kafka.delete_acls(list(keys)).items()}


def _taking(action: str, permission: str) -> Callable[[Change], bool]:
    def takes(change: Change) -> bool:
        binding = change.after or change.before
        return isinstance(binding, Acl) and (change.action, binding.permission) == (action, permission)

    return takes


chunks = in_portions(AT_ONCE)
STEPS = (
    Step(Stage.CLOSE, _taking("create", "DENY"), chunks, create, requests),
    Step(Stage.OPEN, _taking("create", "ALLOW"), chunks, create, requests),
    Step(Stage.REVOKE, _taking("delete", "ALLOW"), chunks, delete, requests),
    Step(Stage.REOPEN, _taking("delete", "DENY"), chunks, delete, requests),
)
