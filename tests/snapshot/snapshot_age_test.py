"""How old a snapshot is said to be."""

from datetime import datetime, timezone

import pytest
from snapshot_file_test import FULL

from kafka_gitops.cli.offline import marked
from kafka_gitops.plan.make import Plan
from kafka_gitops.snapshot.systems import Past

NOW = datetime(2026, 11, 28, 12, 0, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("made", "age"),
    (
        ("2026-11-28T11:59:30Z", "less than a minute old"),
        ("2026-11-28T11:58:30Z", "1 minute old"),
        ("2026-11-28T10:00:00Z", "2 hours old"),
        ("2026-11-26T13:00:00Z", "1 day old"),
        ("2020-11-28T12:00:00Z", "2,191 days old"),
        ("2027-01-01T00:00:00Z", ""),
        ("2026-11-28T11:00:00", ""),
        ("yesterday", ""),
    ),
)
def test_its_age_is_told_in_the_largest_unit(made: str, age: str) -> None:
    found = marked(Plan("prod", "cluster-1"), Past(FULL._replace(made=made)), NOW)
    assert found.past is not None and found.past.age == age


def test_a_plan_on_the_servers_stays_as_it_is() -> None:
    assert marked(Plan("prod", "cluster-1"), None) == Plan("prod", "cluster-1")
