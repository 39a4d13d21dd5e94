"""What the access rules share: which bindings people wrote themselves, and where their operations stand."""

from kafka_gitops.diagnostics import Span
from kafka_gitops.model import Acl, Grant
from kafka_gitops.rules.contract import binding_place

_BUILT_IN = frozenset(
    ("consumer", "producer", "streams", "connector", "ksql", "schema_registry", "control_center", "ksql_server")
)


def is_explicit(grant: Grant) -> bool:
    """Whether people chose the bindings: an item of `acls`, or a custom role of theirs."""
    return grant.role not in _BUILT_IN


def operation_place(grant: Grant, acl: Acl) -> Span | None:
    """Where the operation of a binding is written in an item of `acls`; None in any other entry."""
    listed = grant.node.get(acl.permission.lower()) if grant.role == "acl" else None
    items = listed.items if listed is not None else ()
    return next((item.span for item in items if item.text.upper() == acl.operation), None)


def name_place(grant: Grant, acl: Acl) -> Span:
    """As `binding_place`, also for the topics that an application reads or writes."""
    for side in ("read", "write"):
        listed = grant.node.get("topics", side)
        for item in listed.items if listed is not None else ():
            if acl.resource_type == "TOPIC" and item.text == acl.name:
                return item.span
    return binding_place(grant, acl)


def line(place: Span) -> str:
    """`topologies/pay.yaml:12`, to name another place in a sentence."""
    return f"{place.path}:{place.line}"
