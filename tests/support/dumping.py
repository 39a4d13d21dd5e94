"""Everything that servers have, asked by clients that are not ours: kafka-python's admin, plain HTTP."""

import json
import time
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

from kafka_gitops.sandbox import Sandbox
from kafka_gitops.sandbox.rest import Server

ANY = 1  # org.apache.kafka.common.acl, resource: each enum has it


def rest(server: Server, path: str, method: str = "GET", body: object = None) -> Any:
    """The JSON of an answer, None for 404."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{server.url}/{path}", data, {"Content-Type": "application/json"}, method=method)
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=30) as answer:
            text = answer.read()
    except HTTPError as error:
        if error.code == 404:
            return None
        raise AssertionError(f"{method} {path}: {error.code} {error.read()!r}") from None
    return json.loads(text) if text else {}


def kafka_dump(kafka: Sandbox) -> dict[str, Any]:
    """Topics with ids, replicas and every config, ACLs, quotas, users, as kafka-python reads them.

    On a busy machine its client asks before it has a connection, so it is given some tries.
    """
    from kafka.errors import NodeNotReadyError

    for _ in range(9):
        try:
            return _kafka_dump(kafka)
        except NodeNotReadyError:
            time.sleep(0.5)
    return _kafka_dump(kafka)


def _kafka_dump(kafka: Sandbox) -> dict[str, Any]:
    from kafka.admin import ConfigResource, KafkaAdminClient
    from kafka.protocol.admin.acl import DescribeAclsRequest
    from kafka.protocol.admin.client_quotas import DescribeClientQuotasRequest

    admin: Any = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    try:
        topics = sorted(admin.list_topics())
        configs = admin.describe_configs([ConfigResource("TOPIC", name) for name in topics], config_filter="all")
        names = ("resource_name_filter", "principal_filter", "host_filter")
        codes = ("resource_type_filter", "pattern_type_filter", "operation", "permission_type")
        everything = DescribeAclsRequest(**dict.fromkeys(names), **dict.fromkeys(codes, ANY))
        acls = admin._manager.run(admin._manager.send, everything)  # its describe_acls knows no TWO_PHASE_COMMIT
        quotas = admin._manager.run(admin._manager.send, DescribeClientQuotasRequest(components=[], strict=False))
        return {
            "topics": sorted(map(str, admin.describe_topics(topics))),
            "configs": str(configs),
            "acls": sorted(map(str, acls.resources)),
            "quotas": sorted(map(str, quotas.entries)),
            "users": str(admin.describe_user_scram_credentials()),
        }
    finally:
        admin.close()


def registry_dump(registry: Server) -> dict[str, Any]:
    """Every version of every subject with its id, and every level."""
    found: dict[str, Any] = {"level": rest(registry, "config")}
    for subject in rest(registry, "subjects"):
        path = f"subjects/{quote(subject, safe='')}/versions"
        versions = [rest(registry, f"{path}/{number}") for number in rest(registry, path)]
        found[subject] = [versions, rest(registry, f"config/{quote(subject, safe='')}")]
    return found


def worker_dump(worker: Server) -> Any:
    """Every connector with its config, its state and its tasks."""
    return rest(worker, "connectors?expand=info&expand=status")
