"""An expectation of who can do what that the bindings do not meet.

`access:` in a topology file, or in a file of its own, holds the bindings to what they are for. `can` and `cannot` take
an operation in Kafka's words, any case: `read`, `write`, `create`, `delete`, `alter`, `describe`, `describe_configs`,
`alter_configs`, `idempotent_write`, ... An item names what it is about: `topic`, `group`, `transactional_id`,
`cluster: true`, `delegation_token`, `user`; with several, the operation is needed on each (to read a topic in a group
takes READ on both). A name that ends in `*` means every name that begins so, a lone `*` every name, `User:*` everybody;
without a `host`, `can` means from some host and `cannot` from none. A topic can be created by CREATE on the cluster
too, as in Kafka.

The files are judged as the broker's StandardAuthorizer would: any DENY first, then any ALLOW.

Bad:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - {principal: User:audit, group: audit-1}
access:
- {principal: User:audit, can: write, topic: acme.pay.orders}
```

Good:

```yaml
context: acme
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - {principal: User:audit, group: audit-1}
access:
- {principal: User:audit, can: read, topic: acme.pay.orders, group: audit-1}
- {principal: User:audit, cannot: write, topic: acme.pay.orders}
- {principal: "User:*", cannot: delete, topic: "acme.pay.*"}
```

Options: `super_users` (none), the brokers' `super.users`; `open_without_acl` (false), their
`allow.everyone.if.no.acl.found`; `other_authorizer` (false): RBAC or another authorizer decides as well, so that
findings say "ACL part only" (as they do where the files have `rbac` sections).
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kafka_gitops.authorizer import OTHER, Authorizer, Request, Verdict
from kafka_gitops.diagnostics import Note, Severity, Span
from kafka_gitops.model import WORDS, Access, Acl, Topology
from kafka_gitops.rules.contract import Options, binding_place
from kafka_gitops.rules.explicit import line

NAME = "access-test"
SEVERITY = Severity.error
ALONE = False
OPTIONS: Mapping[str, object] = {"super_users": (), "open_without_acl": False, "other_authorizer": False}


class _Case(NamedTuple):
    request: Request
    verdict: Verdict


def check(topology: Topology, options: Options) -> Iterator[Note]:
    """Yield each expectation that is not met, with the binding that is missing or in the way."""
    if not topology.access:
        return
    index = Authorizer(
        topology.acls,
        super_users=options.texts("super_users"),
        open_without_acl=options.values["open_without_acl"] is True,
    )
    part = " (ACL part only)" if options.values["other_authorizer"] is True or _names_rbac(topology) else ""
    for expected in topology.access:
        for who in index.principals(expected.principal):
            found = _unmet(topology, expected, list(_runs(index, expected, who)))
            if found is not None:
                yield found._replace(message=found.message + part)
                break


def _unmet(topology: Topology, expected: Access, runs: list[list[list[_Case]]]) -> Note | None:
    """What is said about one principal, who must be able to do it from some host, or from none."""
    if not expected.wanted:
        ways = (_possible(topology, expected, needs) for needs in runs)
        return next((way for way in ways if way is not None), None)
    refusals: list[Note] = []
    for needs in runs:
        refusal = _refused(topology, expected, needs)
        if refusal is None:
            return None
        refusals.append(refusal)
    return next((refusal for refusal in refusals if refusal.related), refusals[0])


def _names_rbac(topology: Topology) -> bool:
    """Whether the files hold sections for RBAC, whose bindings are none of ours."""
    roots = [source.root for source in topology.sources.values() if source.root is not None]
    projects = [project for root in roots if "projects" in root.map for project in root.map["projects"].items]
    parts = [part for root in roots if "platform" in root.map for part in root.map["platform"].map.values()]
    return any("rbac" in one.map for one in (*projects, *parts))


def _runs(index: Authorizer, expected: Access, who: str) -> Iterator[list[list[_Case]]]:
    """For each host meant: for each resource, a case for each name that stands for those meant."""
    kinds = dict.fromkeys((*(kind for kind, _ in expected.resources), "CLUSTER"))
    hosts = dict.fromkeys(host for kind in kinds for host in index.hosts(who, kind))
    for host in hosts if expected.host is None else (expected.host,):
        yield [_cases(index, expected, who, host, kind, name) for kind, name in expected.resources]


def _cases(index: Authorizer, expected: Access, who: str, host: str, kind: str, name: str) -> list[_Case]:
    names = index.names(who, kind, name[:-1]) if name.endswith("*") else [name]
    requests = [Request(who, expected.operation, kind, one, host) for one in names]
    return [_Case(request, _verdict(index, request)) for request in requests]


def _verdict(index: Authorizer, request: Request) -> Verdict:
    verdict = index.decide(request)
    if (request.operation, request.resource_type) == ("CREATE", "TOPIC") and not verdict.allowed:
        instead = index.decide(request._replace(resource_type="CLUSTER", name="kafka-cluster"))
        return instead if instead.allowed else verdict
    return verdict


def _refused(topology: Topology, expected: Access, needs: list[list[_Case]]) -> Note | None:
    """What is said when not everything that is needed is allowed."""
    for cases in needs:
        for request, verdict in cases:
            if not verdict.allowed:
                whole = _whole(expected, request)
                fine = [_resource(other[0].request) for other in needs if all(case.verdict.allowed for case in other)]
                rest = "".join(f"; {request.operation} on {one} is fine" for one in fine)
                if verdict.by is not None:
                    place = _place(topology, verdict.by)
                    said = f'{whole}: the denial "{verdict.by}" ({line(place)}) is in the way{rest}'
                    return Note(
                        _at(expected), said, "remove the denial, or correct the expectation", ((place, "here"),)
                    )
                said = f"{whole}: no binding gives {request.operation} on {_resource(request)}{rest}"
                return Note(_at(expected), said, _grant(request))
    return None


def _possible(topology: Topology, expected: Access, needs: list[list[_Case]]) -> Note | None:
    """What is said when everything is allowed that is needed to do what must not be possible."""
    ways = [next((case for case in cases if case.verdict.allowed), None) for cases in needs]
    found = [case for case in ways if case is not None]
    if len(found) < len(ways):
        return None
    reasons, related = [], []
    for case in found:
        by = case.verdict.by
        if by is not None:
            place = _place(topology, by)
            reasons.append(f'"{by}" ({line(place)})')
            related.append((place, "here"))
    said = _whole(expected, found[0].request, can="can")
    if reasons:
        help = "remove it, deny it, or correct the expectation"
        return Note(_at(expected), f"{said}: by {' and '.join(reasons)}", help, tuple(related))
    said += ": the options of access-test make it a super user, or open what has no ACL"
    return Note(_at(expected), said, "deny it, change the options, or correct the expectation")


def _whole(expected: Access, request: Request, *, can: str = "cannot") -> str:
    who = expected.principal if OTHER in request.principal else request.principal
    host = "" if request.host == OTHER else f" from {request.host}"
    return f"{who} {can} {request.operation.lower().replace('_', ' ')} {_resource(request)}{host}"


def _resource(request: Request) -> str:
    if request.resource_type == "CLUSTER":
        return "the cluster"
    name = request.name.removesuffix(OTHER) + "*" if request.name.endswith(OTHER) else request.name
    return f"{WORDS[request.resource_type]} {name}"


def _grant(request: Request) -> str:
    """An entry of `acls` that would do."""
    name = request.name.replace(OTHER, "*")
    who = request.principal.replace(OTHER, "*")
    key = f"{request.resource_type.lower()}s: [{_quoted(name)}]"
    where = "cluster: true" if request.resource_type == "CLUSTER" else key
    return f'if it should: under "acls", {{principals: [{_quoted(who)}], allow: [{request.operation}], {where}}}'


def _quoted(text: str) -> str:
    return f'"{text}"' if "*" in text else text


def _at(expected: Access) -> Span:
    return expected.node.at("can" if expected.wanted else "cannot")


def _place(topology: Topology, acl: Acl) -> Span:
    return binding_place(topology.acls[acl], acl)
