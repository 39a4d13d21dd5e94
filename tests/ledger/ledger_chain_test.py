"""The chain of hashes: what it finds changed, missing or cut, and that erasing people changes nothing."""

import json
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kafka_gitops.ledger import chain, people, records
from kafka_gitops.ledger.chain import Finding
from kafka_gitops.ledger.nouns import Accepted, Run, RunOutcome
from kafka_gitops.shape.exact import Json

ADA = people.person("ada", "environment", "00ff")


def run(number: int, previous: str | None) -> Run:
    risk = Accepted("taken-over", "it exists", True, ADA, "label")
    outcome = RunOutcome("topic", f"t{number}", "update", "done", risks=(risk,))
    name = f"20261128-0911{number:02}-0a1b2c"
    return Run(name, number, previous, "c", "pay", "prod", "done", actor=ADA, outcomes=(outcome,))


def chained(count: int) -> list[Json]:
    runs: list[Json] = []
    for number in range(1, count + 1):
        runs.append(records.body(run(number, chain.digest(runs[-1]) if runs else None)))
    return runs


def last(runs: list[Json]) -> tuple[int, str]:
    return runs[-1]["number"], chain.digest(runs[-1])


def test_a_whole_chain_has_no_finding() -> None:
    runs = chained(5)
    assert chain.verify(reversed(runs), last(runs)) == []
    assert chain.verify([], (0, None)) == []


def test_lines_that_are_there_make_the_same_record_and_hash() -> None:
    other = RunOutcome("topic", '"commitment":', "create", "done", "é")
    data = records.body(replace(run(1, None), outcomes=(*run(1, None).outcomes, other)))
    lines = records.lines(data)
    assert records.joined(data, lines) == records.canonical(data)
    assert chain.digest(data, lines) == chain.digest(data)
    assert chain.digest(chain.erased(data, "ada"), records.lines(chain.erased(data, "ada"))) == chain.digest(data)


def test_a_changed_outcome_shows() -> None:
    runs = chained(3)
    end = last(runs)
    runs[1]["outcomes"][0]["name"] = "other"
    said = (
        "run 20261128-091102-0a1b2c is not as it was when run 20261128-091103-0a1b2c was written: its hash is another"
    )
    assert chain.verify(runs, end) == [Finding(said)]


def test_the_last_run_is_held_by_the_owners_record() -> None:
    runs = chained(2)
    end = last(runs)
    runs[1]["status"] = "failed"
    said = "run 20261128-091102-0a1b2c is not as the owner's record has it: its hash is another"
    assert chain.verify(runs, end) == [Finding(said)]
    assert chain.verify(runs[:1], end) == [
        Finding("run number 2, which the owner's record names as the last, is missing")
    ]


def test_a_missing_run_in_between_is_wrong_and_a_cut_beginning_is_only_said() -> None:
    runs = chained(5)
    assert chain.verify([*runs[:2], *runs[3:]], last(runs)) == [
        Finding("1 run is missing between 20261128-091102-0a1b2c and 20261128-091104-0a1b2c")
    ]
    said = "the record begins with run 20261128-091103-0a1b2c: 2 earlier runs are gone"
    assert chain.verify(runs[2:], last(runs)) == [Finding(said, wrong=False)]


def test_two_runs_of_one_number_are_found() -> None:
    runs = chained(2)
    other = {**runs[1], "run": "20261128-091199-0a1b2c"}
    said = "runs 20261128-091102-0a1b2c and 20261128-091199-0a1b2c have the same number, 2"
    assert Finding(said) in chain.verify([*runs, other])


def test_erasing_a_person_keeps_the_chain_and_takes_the_name_away_everywhere() -> None:
    runs = chained(3)
    erased = [chain.erased(one, "ada") for one in runs]
    assert chain.verify(erased, last(runs)) == []
    assert "ada" not in json.dumps(erased)
    assert "00ff" not in json.dumps(erased)
    assert chain.erased(runs, "bob") == runs


def test_another_name_in_the_place_of_one_shows() -> None:
    runs = chained(1)
    runs[0]["actor"]["name"] = "bob"
    said = "run 20261128-091101-0a1b2c names somebody else than when it was written"
    assert chain.verify(runs, last(runs)) == [Finding(said)]


@settings(max_examples=20, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.from_type(Run))
def test_the_hash_is_of_what_was_written(one: Run) -> None:
    assert chain.digest(json.loads(records.encode(one))) == chain.digest(one)
    assert chain.digest(replace(one, number=one.number + 1)) != chain.digest(one)
