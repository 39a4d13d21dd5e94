"""Which change is git's alone, so that the approvals of what was merged may count for it: stricter than drift is told."""

import pytest
from making import acl, topic
from merged_test import DAY, GONE, GROWN, OPEN, READ, THREE, WEEK, T, files, update

from kafka_gitops.changes import Change
from kafka_gitops.model import Topology, acl_key
from kafka_gitops.plan.approval import by_git

NOBODY = files(None)
DRIFTED = topic(1, 1, retention_ms="604800000", segment_ms="9")
SEGMENT = topic(1, 1, retention_ms="604800000", segment_ms="7")


@pytest.mark.parametrize(
    ("change", "last", "head", "answer"),
    [
        pytest.param(update(WEEK, THREE), files(WEEK), files(THREE), True, id="an edit"),
        pytest.param(update(DAY, THREE), files(WEEK), files(THREE), False, id="of another value"),
        pytest.param(update(DAY, WEEK), files(WEEK), files(WEEK), False, id="git changed nothing"),
        pytest.param(update(DRIFTED, THREE), files(WEEK), files(THREE), False, id="with another field that drifted"),
        pytest.param(update(DRIFTED, SEGMENT), files(WEEK), files(SEGMENT), False, id="of what nobody had declared"),
        pytest.param(update(WEEK, SEGMENT), files(WEEK), files(SEGMENT), True, id="a field more"),
        pytest.param(update(SEGMENT, WEEK), files(SEGMENT), files(WEEK), True, id="a field less"),
        pytest.param(
            update(topic(1, 1), THREE, {"retention.ms": "604800000"}), files(WEEK), files(THREE), False,
            id="what the default happens to be",
        ),
        pytest.param(update(WEEK, GROWN), files(OPEN), files(GROWN), True, id="partitions were left to the brokers"),
        pytest.param(update(WEEK, THREE), NOBODY, files(THREE), False, id="there and not declared"),
        pytest.param(Change(T, None, THREE), NOBODY, files(THREE), True, id="a creation"),
        pytest.param(Change(T, None, THREE), files(WEEK), files(THREE), False, id="of what is gone"),
        pytest.param(Change(T, None, THREE), files(THREE), files(THREE), False, id="of what is gone, unchanged"),
        pytest.param(Change(T, WEEK, None), files(WEEK), NOBODY, True, id="a deletion"),
        pytest.param(Change(T, WEEK, None), files(OPEN), NOBODY, True, id="with partitions left to the brokers"),
        pytest.param(Change(T, DAY, None), files(WEEK), NOBODY, False, id="of what differs"),
        pytest.param(Change(T, DRIFTED, None), files(WEEK), NOBODY, False, id="of what has more"),
        pytest.param(Change(T, WEEK, None), NOBODY, NOBODY, False, id="of what never was declared"),
        pytest.param(Change(T, WEEK, None), NOBODY, files(None, GONE), False, id="of that, by a statement"),
        pytest.param(Change(T, WEEK, None), files(WEEK), files(WEEK, GONE), False, id="of what is declared"),
        pytest.param(Change(T, WEEK, WEEK, act="rotate"), files(WEEK), files(THREE), False, id="once more"),
        pytest.param(Change(acl_key(READ), None, READ), NOBODY, files(READ), True, id="a right"),
        pytest.param(Change(acl_key(READ), READ, None), files(READ), NOBODY, True, id="a right that goes"),
        pytest.param(Change(acl_key(READ), READ, None), NOBODY, NOBODY, False, id="a right of nobody"),
        pytest.param(
            Change(acl_key(READ), None, READ), files(acl("app", "WRITE", "topic:t")), files(READ), True,
            id="a right for another",
        ),
        pytest.param(Change(acl_key(READ), None, READ), files(READ), files(READ), False, id="a right that was lost"),
    ],
)  # fmt: skip
def test_by_git(change: Change, last: Topology, head: Topology, answer: bool) -> None:
    assert by_git(change, last, head) is answer
