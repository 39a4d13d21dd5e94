"""Groups of newer kinds, as Kafka 4.3.0 described some: a share group (KIP-932) and a streams group (KIP-1071)."""

from base64 import b64decode, b64encode
from types import SimpleNamespace
from typing import Any

import pytest

from kafka_gitops.clients import described_groups, readers
from kafka_gitops.clients.wire import Answer
from kafka_gitops.kinds.readers import Member

SHARE = """\
AAAAAAIAAAAId29ya2VycwdTdGFibGUAAAADAAAAAwdzaW1wbGUCF0tONnR3azZuVFJHd0lyS1BiUmZvVXcAAAAAAwRhcHALLzEyNy4wLjAuMQIK
YWNtZS53b3JrAgNCPbv6OkZpt5M3eWUMP7gKYWNtZS53b3JrAwAAAAAAAAABAAAAgAAAAAAA"""
STARTS = """\
AAAAAAIId29ya2VycwIKYWNtZS53b3JrA0I9u/o6Rmm3kzd5ZQw/uAMAAAAA//////////8AAAAAAAAAAAAAAAH//////////wAAAAAAAAAAAAAAAAAA"""
STREAMS = """\
AAAAAAIAAAAIc3Q3MTcyNQdTdGFibGUAAAADAAAAAwEAAAAAAwIwAhhzdHJlYW1zLXBsYWludGV4dC1pbnB1dAI9c3Q3MTcyNS1LU1RSRUFNLUFHR1JF
R0FURS1TVEFURS1TVE9SRS0wMDAwMDAwMDAzLXJlcGFydGl0aW9uAQEAAjEBAQI7c3Q3MTcyNS1LU1RSRUFNLUFHR1JFR0FURS1TVEFURS1TVE9SRS0w
MDAwMDAwMDAzLWNoYW5nZWxvZwAAAAL//wMPY2xlYW51cC5wb2xpY3kIY29tcGFjdAAXbWVzc2FnZS50aW1lc3RhbXAudHlwZQtDcmVhdGVUaW1lAAAC
PXN0NzE3MjUtS1NUUkVBTS1BR0dSRUdBVEUtU1RBVEUtU1RPUkUtMDAwMDAwMDAwMy1yZXBhcnRpdGlvbgAAAAL//wUPY2xlYW51cC5wb2xpY3kHZGVs
ZXRlABdtZXNzYWdlLnRpbWVzdGFtcC50eXBlC0NyZWF0ZVRpbWUADXJldGVudGlvbi5tcwMtMQAOc2VnbWVudC5ieXRlcwk1MjQyODgwMAAAAAACFzZq
Y0lxWjFzU3FTek5zZmxWOHZtdWcAAAADAAAed29yZHMtU3RyZWFtVGhyZWFkLTEtY29uc3VtZXILLzEyNy4wLjAuMQAAAAAlOTU0NWFiZTItYTllNS00
ZjdjLTlhMGQtMzBmYjZjNTFhNDZj/wEBAQMCMAMAAAAAAAAAAQACMQMAAAAAAAAAAQABAQADAjADAAAAAAAAAAEAAjEDAAAAAAAAAAEAAQEAAACAAAAA
AAA="""
TELLS = {77: (1, SHARE), 89: (0, STREAMS), 90: (0, STARTS)}  # with the version of each answer


class Broker:
    """A link to one that coordinates these groups, by kind, and tells of them what was recorded."""

    def __init__(self, kinds: dict[str, str], **says: Any) -> None:
        self.kinds, self.says = kinds, says
        self.login = SimpleNamespace(principal="User:ci")

    def versions(self) -> dict[int, tuple[int, int]]:
        return {9: (0, 9), **dict.fromkeys(self.says.get("knows", TELLS), (0, 1))}

    def read(self, request: Any, *, node: int = -1) -> Any:
        """The recorded answer, with the code that is said for its groups."""
        if request.API_KEY == 9:
            return SimpleNamespace(groups=[])
        version, body = TELLS[request.API_KEY]
        told = Answer(
            memoryview(b64decode(body)), version, described_groups.messages(request.API_KEY).response, "b"
        ).decode()
        for group in told.groups:
            group.error_code = self.says.get("code", 0)
        return told


def looked(broker: Any, *topics: str) -> list[tuple[str, Any, Any]]:
    """Of each group its members and offsets."""
    listed = [readers._Listed(name, -1, "Stable", kind, "") for name, kind in broker.kinds.items()]
    members: dict[str, Any] = {}
    offsets: dict[str, Any] = {}
    readers._members(broker, listed, members, float("inf"))
    readers._offsets(broker, listed, topics, offsets, float("inf"))
    return [(name, members.get(name, "?"), offsets.get(name, "?")) for name in broker.kinds]


INNER = "st71725-KSTREAM-AGGREGATE-STATE-STORE-0000000003-repartition"


def test_a_share_group_has_members_and_no_offset_before_it_began() -> None:
    member = Member("app", "/127.0.0.1", frozenset({"acme.work"}))
    assert looked(Broker({"workers": "share"}), "acme.work") == [("workers", (member,), {})]


def test_all_before_where_a_share_group_begins_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = b64decode(STARTS).replace(b"\xff" * 8, (7).to_bytes(8, "big"), 1)
    monkeypatch.setitem(TELLS, 90, (0, b64encode(begun).decode()))
    ((_, _, offsets),) = looked(Broker({"workers": "share"}), "acme.work")
    assert offsets == {"acme.work": {0: 7}}
    ((_, _, other),) = looked(Broker({"workers": "share"}), "acme.other")
    assert other == {}


def test_a_member_of_a_streams_group_reads_what_its_tasks_do() -> None:
    reads = frozenset({"streams-plaintext-input", INNER})
    member = Member("words-StreamThread-1-consumer", "/127.0.0.1", reads)
    ((_, members, _),) = looked(Broker({"st71725": "streams"}))
    assert members == (member,)


@pytest.mark.parametrize(("kind", "name"), [("share", "workers"), ("streams", "st71725")])
def test_what_is_refused_or_not_known_to_the_broker_is_not_told(kind: str, name: str) -> None:
    ((_, refused, _),) = looked(Broker({name: kind}, code=29))
    ((_, unknown, _),) = looked(Broker({name: kind}, knows=()))
    assert (refused, unknown) == (None, "?")
