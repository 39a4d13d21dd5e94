"""What the plan file, the settings and the brakes ask of an ACL binding, without any cluster."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kafka_gitops.changes import Change
from kafka_gitops.errors import listed
from kafka_gitops.kinds.contract import Json
from kafka_gitops.model import Acl, Key, topic_key
from kafka_gitops.reading.naming import written
from kafka_gitops.scope import HARMLESS, acl_fence, stated
from kafka_gitops.settings import Scope, Settings
from kafka_gitops.shape.exact import object_of, of_type

ONLY_ACLS = "What kafka-gitops makes are Kafka's own ACLs, so these files give no right on that cluster."
OPERATIONS = ("DESCRIBE", "DESCRIBE_CONFIGS", "READ", "WRITE")
_DIMENSIONS = {"TOPIC": "topics", "GROUP": "groups", "TRANSACTIONAL_ID": "transactional_ids"}
_LISTS = {**_DIMENSIONS, "DELEGATION_TOKEN": "delegation_tokens", "USER": "users"}
SCHEMA = object_of(
    **{
        field: of_type("string", f"The binding's {field.replace('_', ' ')}.") for field in Acl._fields
    }  # in Kafka's words
)


def dump(spec: Acl) -> Json:
    """As `render` and a plan file have it."""
    return spec._asdict()


def load(name: str, data: Mapping[str, object]) -> Acl:
    """The binding again. Raises TypeError, or ValueError where it is not the one of that name."""
    if not all(type(value) is str for value in data.values()):
        raise TypeError("an ACL binding's fields")
    binding = Acl(**data)  # type: ignore[arg-type]  # looked at above
    if str(binding) != name:
        raise ValueError(f"{_short(name)} is not the name of the binding {_short(str(binding))}")
    return binding


def _short(text: str) -> str:
    return ascii(text)[:80].strip("'")


def barred(settings: Settings) -> str | None:
    """Where the client file says that rights come from something else than Kafka's ACLs."""
    rights = settings.language.rights
    return None if rights is None else f"{rights}. {ONLY_ACLS}"


def outside(scopes: Sequence[Scope], _key: Key, spec: Acl) -> str | None:
    """Why `manage` keeps it outside."""
    fence = acl_fence(scopes, spec)
    return fence.reason() if fence is not None else None


def claims(_key: Key, spec: Acl) -> Iterator[tuple[str, str]]:
    """Whose right it is, and what it is on; of the cluster the operation, but for the one that anybody may have."""
    yield "principals", spec.principal
    if spec.resource_type != "CLUSTER":
        name = f"{spec.name}*" if spec.pattern_type == "PREFIXED" else spec.name
        yield {**_LISTS, "USER": "principals"}[spec.resource_type], name
    elif spec.operation != HARMLESS or spec.permission != "ALLOW":
        yield "cluster", spec.operation


def protected(_protect: Mapping[str, Sequence[str]], _key: Key) -> str | None:
    """A right can always be taken away."""
    return None


def units(acls: Iterable[Acl]) -> int:
    """How many grants these bindings are to a person: principals times resources."""
    return len({(acl.principal, acl.resource_type, acl.pattern_type, acl.name) for acl in acls})


def needs(change: Change) -> Iterator[Key]:
    """A right on one topic by its name makes no sense without that topic; a denial does: a wider right may be given."""
    binding = change.after
    if not isinstance(binding, Acl) or binding.permission != "ALLOW":
        return
    if (binding.resource_type, binding.pattern_type) == ("TOPIC", "LITERAL"):
        yield topic_key(binding.name)


def by_itself(key: Key, _before: Acl | None, after: Acl | None, settings: Settings) -> Iterator[str]:
    """A right to read or write what is the repository's own needs nobody."""
    if after is None:
        yield f"{key} is taken away"
        return
    dimension = _DIMENSIONS.get(after.resource_type)
    if after.permission != "ALLOW" or after.operation not in OPERATIONS or dimension is None:
        yield f"{key}: only {listed(OPERATIONS, most=9)} on topics, groups and transactional ids are granted"
    elif after.principal.endswith((":*", ":ANONYMOUS")) or not stated(settings.scopes, "principals"):
        yield f"{key}: the principal is not one of the repository's own (`manage.principals`)"
    elif after.name in ("", "*") or not stated(settings.scopes, dimension) or acl_fence(settings.scopes, after):
        yield f"{key}: outside the repository's own (`manage.principals`, `manage.{dimension}`)"


def export(_key: Key, spec: Acl) -> tuple[str, Json]:
    """The item of `acls` that grants it."""
    told: Json = {"principals": [spec.principal], spec.permission.lower(): [spec.operation]}
    told |= {"hosts": [spec.host]} if spec.host != "*" else {}
    if spec.resource_type == "CLUSTER":
        return "acls", {**told, "cluster": True}
    return "acls", {**told, _LISTS[spec.resource_type]: [written(spec.pattern_type, spec.name)]}
