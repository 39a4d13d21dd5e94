"""Names of all that is applied, packed under what a broker takes, and runs of very many changes."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafka_gitops.ledger import names, nouns, packed, records
from kafka_gitops.ledger.names import Claim
from kafka_gitops.ledger.nouns import Edited, Run, RunOutcome
from kafka_gitops.ledger.records import Damaged
from kafka_gitops.model import Acl, Key, Spec, Topic, acl_key

RUN = Run("20261128-091122-0a1b2c", 1, None, "c", "pay", "prod", "done")


def binding(number: int) -> Acl:
    resource = ("TOPIC", "LITERAL", f"acme.pay.topic{number // 4}")
    return Acl(f"User:app{number % 97}", "*", ("READ", "WRITE", "DESCRIBE", "ALTER")[number % 4], "ALLOW", *resource)


@settings(deadline=None)
@given(st.lists(st.builds(Claim, st.text(), st.text(), st.text())))
def test_names_are_read_as_they_were_written(claims: list[Claim]) -> None:
    assert names.joined(names.parts(claims, "c")) == claims


def test_a_binding_is_its_name_and_all_else_has_a_digest_of_its_spec() -> None:
    state: dict[Key, Spec] = {Key("topic", "t"): Topic(1, 1, {}), acl_key(binding(1)): binding(1)}
    found = list(names.claims(state, lambda _key, spec: dict(spec.fields())))
    assert found == [
        Claim("acl", str(binding(1))),
        Claim("topic", "t", names.digest({"partitions": "1", "replication": "1"})),
    ]


@pytest.mark.parametrize(("count", "most_parts", "most_bytes"), [(1_250, 1, 12_000), (20_000, 1, 150_000)])
def test_few_bytes_hold_many_bindings(count: int, most_parts: int, most_bytes: int) -> None:
    parts = names.parts((Claim("acl", str(binding(number))) for number in range(count)), "c")
    assert len(parts) <= most_parts
    assert sum(len(records.encode(part)) for part in parts) <= most_bytes
    assert len(names.joined(parts)) == count


def test_what_cannot_be_packed_goes_into_more_parts_each_small_enough() -> None:
    odd = ("".join(names.digest({"n": number, "of": part}) for part in range(6)) for number in range(20_000))
    claims = [Claim("topic", name, name[:16]) for name in odd]
    parts = names.parts(claims, "c")
    assert len(parts) > 1
    assert max(len(records.encode(part)) for part in parts) <= 901_000
    assert names.joined(parts) == claims


def test_a_part_that_is_missing_is_said() -> None:
    first, *_ = names.parts([Claim("topic", "t")], "c")
    with pytest.raises(Damaged, match="of the names there are 1 records, expected 2"):
        names.joined([replace(first, of=2)])


@pytest.mark.parametrize("text", ["%", "", "aGk=", "eJwrAQAAbABs", "eJxLTEoGAAJNASc="])
def test_a_damaged_part_is_said(text: str) -> None:
    with pytest.raises(Damaged, match="names/1"):
        names.joined([nouns.Names("c", 1, 1, text)])


def test_a_part_that_would_fill_the_memory_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    (text,) = packed.packed(["x" * 10_000])
    monkeypatch.setattr(packed, "_WHOLE", 5_000)
    with pytest.raises(Damaged, match="larger than any that was written"):
        packed.unpacked(text, "names/1")


def long_run(count: int) -> Run:
    edits = (Edited("retention.ms", None, "86400000"), Edited("partitions", None, "6"))
    some = (RunOutcome("topic", f"acme.pay.topic{number}", "create", "done", edits=edits) for number in range(count))
    return replace(RUN, outcomes=tuple(some))


@pytest.mark.parametrize(("count", "parts"), [(3, 1), (2_000, 2)])
def test_a_long_run_is_kept_in_parts_and_read_as_one(count: int, parts: int) -> None:
    run = long_run(count)
    entries = packed.entries(run)
    assert len(entries) == parts
    values = {entry.key: entry.value or b"" for entry in entries}
    assert records.typed(run.key, packed.whole(run.key, values)) == run


def test_a_run_whose_part_is_missing_or_anothers_is_damaged() -> None:
    part, head = packed.entries(long_run(2_000))
    with pytest.raises(Damaged, match=r"its part .*/1' is missing"):
        packed.whole(head.key, {head.key: head.value or b""})
    other = packed.entries(long_run(2_001))[0]
    with pytest.raises(Damaged, match="its parts are not its own"):
        packed.whole(head.key, {head.key: head.value or b"", part.key: other.value or b""})


def test_packing_is_fast_enough_for_a_plan() -> None:
    claims = [Claim("acl", str(binding(number))) for number in range(20_000)]
    start = time.process_time()
    names.joined(names.parts(claims, "c"))
    assert time.process_time() - start < 5


def test_parts_of_two_runs_are_no_names() -> None:
    first = names.parts([Claim("topic", "a")], "c", "run-1")[0]
    second = names.parts([Claim("topic", "b")], "c", "run-2")[0]
    with pytest.raises(Damaged, match="the records of names are of several runs"):
        names.joined([replace(first, of=2), replace(second, part=2, of=2)])
