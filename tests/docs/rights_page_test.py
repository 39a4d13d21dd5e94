"""The rights that docs/plans.md names for a plan and an apply are enough, and those of a plan change nothing."""

import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from desk import Desk, topology

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.cluster import Cluster
from kafka_gitops.model import Acl
from kafka_gitops.sandbox import Sandbox

PAGE = Path(__file__).parents[2] / "docs" / "plans.md"
ROW = re.compile(r"^\| (plan|apply) \| (\w+) \| (your topics|the cluster|all groups \(`\*`\)) \|", re.MULTILINE)
USER = "dave"
ON_KAFKA = ("your topics", "the cluster", "all groups (`*`)")


def rights(prefix: str, what: str) -> list[Acl]:
    """The bindings of the page's rows for a plan or for an apply."""
    places = {
        "y": ("TOPIC", "PREFIXED", prefix),
        "t": ("CLUSTER", "LITERAL", "kafka-cluster"),
        "a": ("GROUP", "LITERAL", "*"),
    }
    rows = [
        (operation, place) for row, operation, place in ROW.findall(PAGE.read_text(encoding="utf-8")) if row == what
    ]
    words = [(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", operation).upper(), places[place[0]]) for operation, place in rows]
    return [Acl(f"User:{USER}", "*", operation, "ALLOW", *place) for operation, place in words]


@pytest.fixture
def admin(kafka: Sandbox) -> Iterator[Cluster]:
    """The shared broker as an administrator; what the user was allowed is taken away afterwards."""
    with open_cluster(kafka.client()) as opened:
        yield opened
        opened.delete_acls([acl for acl in opened.list_acls() if acl.principal == f"User:{USER}"])


def allow(admin: Cluster, acls: Sequence[Acl]) -> None:
    """Grant and wait until the broker has it."""
    assert set(admin.create_acls(acls).values()) == {None}
    while not set(acls) <= set(admin.list_acls()):
        time.sleep(0.1)


@pytest.mark.kafka
def test_the_rights_of_the_page_are_enough(tmp_path: Path, kafka: Sandbox, admin: Cluster, prefix: str) -> None:
    words = [word for key, value in kafka.client(USER).items() for word in ("-X", f"{key}={value}")]
    desk, boss = (
        Desk(tmp_path, options)
        for options in (words, [*words, "-X", "sasl.username=admin", "-X", "sasl.password=admin-secret"])
    )
    reads = f'acls:\n- {{principals: [User:{prefix}app], allow: [READ], topics: ["{prefix}old"]}}\n'
    desk.write("t.yaml", topology(prefix, "old", "going", extra=reads))
    boss.ok("apply", "t.yaml", "--yes")
    removed = f"removed: [{{topic: {prefix}going, because: replaced}}]\n"
    desk.write(
        "t.yaml",
        topology(
            prefix,
            "old num.partitions=3 max.message.bytes=2000",
            "new",
            extra=reads.replace("READ", "READ, WRITE") + removed,
        ),
    )
    assert desk.run("plan", "t.yaml").code == 1
    allow(admin, rights(prefix, "plan"))
    planned = desk.ok("plan", "t.yaml")
    assert (
        "  1 topic and 1 ACL to create, 1 topic to update, 1 topic to delete\n" in planned
        and "because: replaced" in planned
    )
    refused = desk.run("apply", "t.yaml", "--yes")
    assert refused.code == 1 and "0 applied" in refused.out, refused
    allow(admin, rights(prefix, "apply"))
    applied = desk.run("apply", "t.yaml", "--yes")
    assert (applied.code, "4 applied and verified, 0 failed" in applied.out) == (0, True), applied
    assert desk.ok("plan", "t.yaml").startswith("No changes.")


def test_the_page_has_rows_for_both() -> None:
    every = [right for kind in KINDS.values() for right in kind.RIGHTS if right.resource in ON_KAFKA]
    for what in ("plan", "apply"):
        assert len(rights("x.", what)) == sum(right.phase == what for right in every) >= 5
