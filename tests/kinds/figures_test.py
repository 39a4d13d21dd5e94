"""The arithmetic of what a change of a topic takes away: by time, by bytes, with gaps, empty, tiered, not told."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from kafka_gitops.kinds.readers import Group, Holding, Log, Member, Seen
from kafka_gitops.kinds.topic import figures
from kafka_gitops.kinds.topic.figures import Figures, Loss
from kafka_gitops.kinds.topic.risks import Facts, age, deletes_more, risks_of_delete, risks_of_update
from kafka_gitops.model import Topic

KIB = 1024
NOBODY = Seen(())
FULL = Log(100, 300, kept=150, local=100, newest=1_795_857_375_965, size=20 * KIB)


def groups(**behind: int | None) -> Seen:
    """Groups that have read partition 0 up to an offset; None: with a member there that never committed."""
    found = []
    for name, offset in behind.items():
        member = Member(f"{name}-1", "/10.0.0.5", frozenset({"t"}))
        found.append(
            Group(name, offset is None, (member,) if offset is None else (), {"t": {0: offset}} if offset else {})
        )
    return Seen(tuple(found))


def shrink(
    old: dict[str, str],
    new: dict[str, str],
    holding: Holding,
    seen: Seen = NOBODY,
    effective: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    """The sentences of the risks of another config, from what is deleted on."""
    base = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
    facts = Facts(False, {**base, **effective, **old}, {}, figures=Figures("t", holding, seen))
    found = risks_of_update(Topic(1, 1, old), Topic(1, 1, new), facts)
    return [risk.sentence.split("are deleted", 1)[-1] for risk in found if risk.blocks]


def by_time(holding: Holding, seen: Seen = NOBODY) -> str:
    (sentence,) = shrink({"retention.ms": "604800000"}, {"retention.ms": "86400000"}, holding, seen)
    return sentence


def by_size(holding: Holding, seen: Seen = NOBODY) -> str:
    (sentence,) = shrink({"retention.bytes": "-1"}, {"retention.bytes": "10240"}, holding, seen)
    return sentence


NONE = "no group has committed offsets there"


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (FULL, f"; now up to 50 records (about 5 KiB); {NONE}"),
        (FULL._replace(kept=300), f"; now up to 200 records (about 20 KiB); {NONE}"),
        (FULL._replace(kept=101), f"; now up to 1 record (about 102 bytes); {NONE}"),
        (FULL._replace(kept=100), "; none is that old now"),  # also where an older record follows a younger one
        (Log(0, 0, kept=0, local=0, newest=-1, size=0), "; none is that old now"),
        (Log(300, 300, kept=300, local=300, newest=-1, size=5 * KIB), "; none is that old now"),  # compacted away
        (FULL._replace(size=None), f"; now up to 50 records (bytes not told); {NONE}"),
        (FULL._replace(local=200), f"; now up to 50 records (bytes not told); {NONE}"),  # they are on tiered storage
    ],
)
def test_by_time(log: Log, said: str) -> None:
    assert by_time(Holding({0: log})) == said


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (FULL, f"; now up to 10 KiB (about 100 records); {NONE}"),
        (FULL._replace(size=10_240), "; none is that large now"),
        (FULL._replace(size=10_241), "; none is that large now"),  # not even one record
        (Log(0, 0, size=0), "; none is that large now"),
        (FULL._replace(size=None), "; how much now is not known (the brokers do not tell it)"),
        (FULL._replace(local=200), "; how much now is not known (the brokers do not tell it)"),
    ],
)
def test_by_bytes(log: Log, said: str) -> None:
    assert by_size(Holding({0: log})) == said


def test_partitions_add_up_and_each_keeps_its_own_bytes() -> None:
    holding = Holding({0: FULL, 1: FULL._replace(size=5 * KIB, kept=300), 2: Log(0, 0, 0, 0, -1, 0)})
    assert by_time(holding) == f"; now up to 250 records (about 10 KiB); {NONE}"
    assert by_size(holding) == f"; now up to 10 KiB (about 100 records); {NONE}"


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (groups(billing=120), "not read yet by billing (30)"),
        (groups(billing=5), "not read yet by billing (50)"),  # behind what is there at all
        (groups(billing=150), "read by all that committed offsets there: billing"),
        (groups(a=110, b=120, c=140, d=149), "not read yet by a (40), b (30), c (10) and 1 more"),
        (groups(billing=None), NONE),
        (groups(billing=120)._replace(blind=True, left=1), "not read yet by billing (30); 1 group not looked at; "
         "others may not be seen (needs Describe on all groups)"),
    ],
)  # fmt: skip
def test_groups_that_have_not_read_them(seen: Seen, said: str) -> None:
    assert by_time(Holding({0: FULL}), seen) == f"; now up to 50 records (about 5 KiB); {said}"


def test_what_may_not_be_read_is_said() -> None:
    log = FULL._replace(size=None)
    of_cluster = "needs Describe on the cluster"
    assert by_time(Holding({0: log}, refused=True)) == f"; now up to 50 records (bytes: {of_cluster}); {NONE}"
    assert by_size(Holding({0: log}, refused=True)) == f"; how much now is not known ({of_cluster})"
    assert by_time(Holding({}, left=3)) == "; how much now is not known (the brokers do not tell it)"
    assert by_time(Holding({0: FULL}, left=3)) == (
        f"; now up to 50 records (about 5 KiB), 3 partitions not looked at; {NONE}"
    )


def test_deletion_that_is_turned_on_counts_by_both_limits() -> None:
    old, new = {"cleanup.policy": "compact"}, {"cleanup.policy": "compact,delete"}
    limits = {"retention.ms": "86400000", "retention.bytes": "10240"}
    (sentence,) = shrink(old, new, Holding({0: FULL}), effective=limits)
    assert sentence.endswith(f"the last value of a key too; now up to 100 records (about 10 KiB); {NONE}")
    (unlimited,) = shrink(old, new, Holding({0: FULL._replace(kept=None)}))
    assert unlimited.endswith("the last value of a key too; none is beyond them now")


def test_tiered_storage_that_is_turned_off_loses_what_it_alone_keeps() -> None:
    old = {"remote.storage.enable": "true", "remote.log.delete.on.disable": "true"}
    new = {**old, "remote.storage.enable": "false"}
    assert figures.tiered(Holding({0: FULL._replace(local=180)})) == Loss(80, None, {0: 180})
    (sentence,) = shrink(old, new, Holding({0: FULL._replace(local=180)}), groups(billing=120))
    assert sentence.endswith("is deleted; now up to 80 records (bytes not told); not read yet by billing (60)")
    (untold,) = shrink(old, new, Holding({0: FULL._replace(local=None)}))
    assert untold.endswith("is deleted; how much now is not known (the brokers do not tell it)")


@pytest.mark.parametrize("key", ["local.retention.ms", "local.retention.bytes"])
def test_a_shorter_local_retention_loses_nothing(key: str) -> None:
    facts = Facts(False, {"remote.storage.enable": "true"}, {})
    assert deletes_more(Topic(1, 1, {key: "1000000"}), Topic(1, 1, {key: "1"}), facts) is None


def test_what_is_looked_at() -> None:
    effective = {"cleanup.policy": "delete", "retention.ms": "604800000"}
    facts = Facts(False, effective, {"retention.ms": "1000"})
    assert deletes_more(Topic(1, 1, {}), Topic(2, 1, {"retention.ms": "-1"}), facts) is None
    reset = deletes_more(Topic(1, 1, {"retention.ms": "604800000"}), Topic(1, 1, {}), facts)
    assert reset is not None and age(reset) == 1000
    assert age({"retention.ms": "-1"}) is None


@pytest.mark.parametrize(
    ("holding", "seen", "said"),
    [
        (Holding({0: FULL}), NOBODY, "its records are lost: up to 200 records (about 20 KiB, the newest of "
         "2026-11-28 09:16 UTC); no group has members there or is behind"),
        (Holding({0: FULL}), groups(audit=299, billing=None, late=100, done=300), "its records are lost: up to 200 "
         "records (about 20 KiB, the newest of 2026-11-28 09:16 UTC); read by billing (1 member), audit (1 behind), "
         "late (200 behind)"),
        (Holding({0: FULL._replace(newest=None, size=None)}, refused=True), NOBODY._replace(blind=True),
         "its records are lost: up to 200 records (bytes: needs Describe on the cluster); no group has members there "
         "or is behind; others may not be seen (needs Describe on all groups)"),
        (Holding({}, left=2), NOBODY, "its records are lost: how many is not known (the brokers do not tell it); "
         "no group has members there or is behind"),
        (Holding({0: Log(5, 5)}), groups(billing=None), "it holds no records; read by billing (1 member)"),
        (Holding({0: Log(5, 5)}), NOBODY._replace(left=2, untold=1), "it holds no records; no group has members there "
         "or is behind; 2 groups not looked at"),
        (Holding({0: Log(5, 5)}), NOBODY._replace(silent=True), "it holds no records; no group has members there or is "
         "behind; a broker did not tell its groups"),
        (Holding({0: Log(5, 5)}), NOBODY._replace(blind=True), "it holds no records, but a group may read it: not all "
         "may be seen (needs Describe on all groups)"),
    ],
)  # fmt: skip
def test_a_deletion(holding: Holding, seen: Seen, said: str) -> None:
    (risk,) = risks_of_delete(Figures("t", holding, seen))
    assert tuple(risk) == ("topic-delete", said, True)


def test_an_empty_topic_that_nobody_reads_goes_without_a_risk() -> None:
    assert list(risks_of_delete(Figures("t", Holding({0: Log(5, 5)}), groups(billing=5)._replace(left=3)))) == []
    (risk,) = risks_of_delete(None)
    assert risk.sentence == "nobody looked whether it holds records and who reads it: they are lost"
