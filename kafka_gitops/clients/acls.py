"""Reads, creates and deletes ACL bindings."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from kafka_gitops.clients import decode_acls
from kafka_gitops.clients.compact import Unreadable
from kafka_gitops.clients.decode_acls import OPERATIONS, PATTERNS, PERMISSIONS, RESOURCES, word
from kafka_gitops.clients.library import load
from kafka_gitops.clients.link import Link, Lost, understood
from kafka_gitops.clients.refusals import (
    CLUSTER_AUTHORIZATION_FAILED,
    SECURITY_DISABLED,
    explained,
    missing_cluster_right,
    no_authorizer,
    problem,
    unexpected,
)
from kafka_gitops.clients.wire import Answer
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.model import Acl

CHUNK = 1000  # the controller takes 10,000 in one request
_ANY = 1


@understood
def list_acls(link: Link) -> list[Acl]:
    """Every binding; MissingRight without DESCRIBE on the cluster, NoAuthorizer where there is none."""
    code, message, found = _decoded(link.ask(_request()))
    if code == SECURITY_DISABLED:
        raise no_authorizer()
    if code == CLUSTER_AUTHORIZATION_FAILED:
        raise missing_cluster_right(link.login.principal, "ACLs")
    if code:
        raise unexpected("its ACLs", code, message)
    return list(found)


@understood
def topic_denials(link: Link) -> list[Acl]:
    """What is denied on topics; nothing where that may not be read, is not decided by ACLs, or cannot be asked."""
    request = _request(RESOURCES.index("TOPIC"), PERMISSIONS.index("DENY"))
    if request.API_KEY not in link.versions():
        return []
    code, _, found = _decoded(link.ask(request))
    return [] if code else list(found)


def _request(resource: int = _ANY, permission: int = _ANY) -> Any:
    request = load("protocol.admin.acl").DescribeAclsRequest
    return request(
        resource_type_filter=resource,
        resource_name_filter=None,
        pattern_type_filter=_ANY,
        principal_filter=None,
        host_filter=None,
        operation=_ANY,
        permission_type=permission,
    )


def _decoded(answer: Answer) -> tuple[int, str | None, Iterable[Acl]]:
    """Error code, message and bindings; what we cannot read the library decodes."""
    if answer.version in decode_acls.VERSIONS:
        try:
            return decode_acls.acls(bytes(answer.body))
        except Unreadable:
            pass
    return library_decoded(answer)


def library_decoded(answer: Answer) -> tuple[int, str | None, Iterable[Acl]]:
    """The same by kafka-python's own decoding."""
    told = answer.decode()
    found = (
        Acl(
            principal=acl.principal,
            host=acl.host,
            operation=word(OPERATIONS, acl.operation),
            permission=word(PERMISSIONS, acl.permission_type),
            resource_type=word(RESOURCES, resource.resource_type),
            pattern_type=word(PATTERNS, resource.pattern_type),
            name=resource.resource_name,
        )
        for resource in told.resources
        for acl in resource.acls
    )
    return told.error_code, told.error_message, found


def _codes(acl: Acl) -> tuple[int, int, int, int]:
    return (
        RESOURCES.index(acl.resource_type),
        PATTERNS.index(acl.pattern_type),
        OPERATIONS.index(acl.operation),
        PERMISSIONS.index(acl.permission),
    )


def create_acls(link: Link, acls: Sequence[Acl]) -> dict[Acl, Problem | None]:
    """Create bindings; those that exist already are done, too."""
    return _in_chunks(
        link, acls, _creation, lambda answer: (problem(r.error_code, r.error_message) for r in answer.results)
    )


def delete_acls(link: Link, acls: Sequence[Acl]) -> dict[Acl, Problem | None]:
    """Delete exactly these bindings; one that is gone already is done."""
    return _in_chunks(link, acls, _deletion, lambda answer: map(_deleted, answer.filter_results))


def _creation(acls: Sequence[Acl]) -> Any:
    request = load("protocol.admin.acl").CreateAclsRequest
    creations = []
    for acl in acls:
        resource, pattern, operation, permission = _codes(acl)
        creations.append(
            request.AclCreation(
                resource_type=resource,
                resource_name=acl.name,
                resource_pattern_type=pattern,
                principal=acl.principal,
                host=acl.host,
                operation=operation,
                permission_type=permission,
            )
        )
    return request(creations=creations)


def _deletion(acls: Sequence[Acl]) -> Any:
    request = load("protocol.admin.acl").DeleteAclsRequest
    filters = []
    for acl in acls:
        resource, pattern, operation, permission = _codes(acl)
        filters.append(
            request.DeleteAclsFilter(
                resource_type_filter=resource,
                resource_name_filter=acl.name,
                pattern_type_filter=pattern,
                principal_filter=acl.principal,
                host_filter=acl.host,
                operation=operation,
                permission_type=permission,
            )
        )
    return request(filters=filters)


def _deleted(result: Any) -> Problem | None:
    failed = problem(result.error_code, result.error_message)
    return failed or next(
        (problem(match.error_code, match.error_message) for match in result.matching_acls if match.error_code), None
    )


def _paired(acls: Sequence[Acl], problems: Any, answer: Any) -> Iterator[tuple[Acl, Problem | None]]:
    return zip(acls, problems(answer), strict=True)


def _in_chunks(link: Link, acls: Sequence[Acl], request: Any, problems: Any) -> dict[Acl, Problem | None]:
    done: dict[Acl, Problem | None] = {}
    for at in range(0, len(acls), CHUNK):
        chunk = acls[at : at + CHUNK]
        try:
            answers = dict(link.written(request(chunk), partial(_paired, chunk, problems)))
        except Lost as lost:
            answers = dict.fromkeys(chunk, lost.problem())
        done.update(answers)
    return explained(done, link.login.principal, "Alter")
