"""A declared resource or right outside what the repository, or a platform's policy, may touch.

`manage` in kafka-gitops.yaml bounds every run: topics, groups, transactional ids, delegation tokens and principals by
patterns, exact or with a `*` at the end; rights on the cluster by operations (`cluster`), rights on users by
`principals`. A prefix is inside only when all of it is. With any list stated, rights on the cluster (but for
IDEMPOTENT_WRITE), on users and on delegation tokens are outside until a list names them; topics, groups, transactional
ids and principals are open where their list is left out. No waiver, setting or baseline silences this rule: a plan
refuses the same.

Topics that begin with `_kafka_gitops.`, and rights on them by a name or a prefix, are outside whatever `manage` says:
they are kept for ledgers.

The roles that need rights on the cluster: `connectors` CREATE (`acls: {connector_topic_create: false}` does without),
Control Center DESCRIBE and DESCRIBE_CONFIGS, ksqlDB servers DESCRIBE_CONFIGS. State them:
`manage: {cluster: [CREATE]}`.

Bad:

```yaml
# manage: {topics: ["acme.pay.*"]}
context: acme
projects:
- name: ship
  topics:
  - name: parcels
```

Good:

```yaml
# manage: {topics: ["acme.pay.*"]}
context: acme
projects:
- name: pay
  topics:
  - name: orders
```
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kafka_gitops.diagnostics import Note, Severity, Span
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Acl, Topology
from kafka_gitops.rules.contract import Options, binding_place, principal_place
from kafka_gitops.scope import Fence, acl_fence, reserved, topic_fence
from kafka_gitops.settings import Scope

NAME = "outside-scope"
SEVERITY = Severity.error
ALONE = True
OPTIONS: Mapping[str, object] = {}


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each topic, removal and entry outside; an entry once for each list of `manage` that keeps it out."""
    scopes = options.scopes
    for name, node, key in (
        *((declared.name, declared.node, "name") for declared in topology.topics),
        *((removal.key.name, removal.node, "topic") for removal in topology.removed("topic") if not removal.release),
    ):
        fence = topic_fence(scopes, name)
        if fence is not None:
            place = node.at(key)  # looked up only where something is said
            yield Note(place, _says(f'the topic "{name}"', fence), _help(fence, {fence.missing}))
    if scopes:
        yield from _of_kinds(topology, scopes)
    for grant in topology.grants:
        for found in _outside(scopes, grant.acls):
            stranger = found[0][1].key == "principals" and found[0][1].missing == grant.principal
            place = principal_place(grant) if stranger else binding_place(grant, found[0][0])
            yield _note(place, found, grant.role)
    for removed in topology.acl_removals:
        for found in _outside(scopes, removed.acls):
            yield _note(removed.node.at("acl"), found)


def _of_kinds(topology: Topology, scopes: Sequence[Scope]) -> Iterator[Note]:
    """What files declare or remove of the kinds that are neither topics nor ACLs."""
    own = [(one.key, one.spec, one.node.head) for one in topology.declared]
    gone = [(one.key, None, one.node.head) for one in topology.removals if one.key.kind != "topic" and not one.release]
    for key, spec, place in (*own, *gone):
        why = KINDS[key.kind].outside(scopes, key, spec)
        if why is not None:
            yield Note(place, f"{key} is outside `manage`: {why}", "take it out of these files, or allow it there")


def _outside(scopes: Sequence[Scope], acls: Sequence[Acl]) -> Iterable[list[tuple[Acl, Fence]]]:
    """The bindings outside with what keeps them there, together by the list of `manage`."""
    outside: dict[tuple[str | None, str], list[tuple[Acl, Fence]]] = {}
    for acl in acls if scopes else filter(reserved, acls):
        fence = acl_fence(scopes, acl)
        if fence is not None:
            outside.setdefault((fence.key, fence.place), []).append((acl, fence))
    return outside.values()


def _says(what: str, fence: Fence, more: str = "") -> str:
    """What is wrong with it, in a sentence."""
    where = "is reserved" if fence.reserved else "is outside `manage`"
    return f"{what} {where}{more}: {fence.reason()}"


def _note(place: Span, found: list[tuple[Acl, Fence]], role: str = "") -> Note:
    acl, fence = found[0]
    more = f" (and {len(found) - 1} more of this entry)" if len(found) > 1 else ""
    return Note(place, _says(f'"{acl}"', fence, more), _help(fence, {one.missing for _, one in found}, role))


def _help(fence: Fence, missing: set[str], role: str = "") -> str:
    """What to write where, given all that the same list would need for an entry."""
    out = "take it out of these files"
    if role == "connector" and fence.key == "cluster":
        out = "set `acls: {connector_topic_create: false}`"
    if fence.key is None or fence.reserved:
        return out
    texts = sorted(missing)
    needed = ", ".join(text if fence.key == "cluster" else f'"{text}"' for text in texts[:3])
    where = f" in {fence.file}" if fence.file else ""
    if fence.key == "principals" and fence.holds is None:  # stated, it bounds who gets rights too
        return f"{out}, or state `manage.principals`{where} with {needed} and everybody who gets rights"
    if fence.holds is None or (fence.key == "cluster" and len(texts) <= 3):
        return f"{out}, or allow it{where}: `manage.{fence.key}: [{needed}{', ...' * (len(texts) > 3)}]`"
    return f"{out}, or add {needed}{' and others' * (len(texts) > 3)} to `manage.{fence.key}`{where}"
