"""What measures and compares is itself right: multiplied answers, equal repositories, a table that keeps other rows."""

from pathlib import Path
from typing import Any

import many
import repositories
import same
import table
from common import HEAD, Goal, Run, judged

from kafka_gitops.clients.library import load

SERVERS = repositories.Servers("k:1", "http://r:1", "http://c:1", Path("/nowhere"))


def _framed(kind: Any, version: int, answer: Any) -> tuple[str, bytes]:
    """The answer as a recorder has it: what was asked, and the bytes behind the size."""
    key = f"{kind.API_KEY:04x}{version:04x} named"
    return key, b"\0\0\0\1" + b"\0" + bytes(answer.encode(version=version))


def _acls() -> tuple[str, bytes]:
    kind = load("protocol.admin.acl").DescribeAclsResponse
    resource = kind.DescribeAclsResource
    binding = {"host": "*", "operation": 3, "permission_type": 3}
    resources = [
        resource(
            resource_type=2,
            resource_name=name,
            pattern_type=3,
            acls=[resource.AclDescription(principal=f"User:{name}", **binding)],
        )
        for name in ("bench.p000000.t0", "bench.p000000.t1", "shared")
    ]
    return _framed(kind, 3, kind(throttle_time_ms=0, error_code=0, error_message=None, resources=resources))


def test_an_answer_is_multiplied_and_what_is_shared_is_not() -> None:
    body = many.Answer(*_acls()).times(200)
    read = load("protocol.admin.acl").DescribeAclsResponse.decode(body[1:], version=3)
    names = [resource.resource_name for resource in read.resources]
    assert names[:3] == ["shared", "bench.p000000.t0", "bench.p000000.t1"] and names[-1] == "bench.p000199.t1"
    assert len(set(names)) == len(names) == 401
    assert read.resources[-1].acls[0].principal == "User:bench.p000199.t1"


def test_an_answer_about_named_topics_has_them_in_that_order() -> None:
    kind = load("protocol.admin.configs").DescribeConfigsResponse
    results = [
        kind.DescribeConfigsResult(
            error_code=0, error_message=None, resource_type=2, resource_name=f"bench.p000000.t{number}", configs=[]
        )
        for number in range(2)
    ]
    answer = many.Answer(*_framed(kind, 4, kind(throttle_time_ms=0, results=results)))
    body = answer.named(b"..bench.p000300.t1..bench.p000002.t0..")
    read = kind.decode(body[1:], version=4)
    assert [result.resource_name for result in read.results] == ["bench.p000300.t1", "bench.p000002.t0"]


def test_what_is_asked_does_not_depend_on_the_topics_that_are_named() -> None:
    one, two, other = (
        b"\0\x20\0\4....client" + words
        for words in (
            b"bench.p000000.t0 retention.ms",
            b"bench.p000007.t1 retention.ms",
            b"bench.p000007.t1 segment.ms",
        )
    )
    assert many.asked(one) == many.asked(two) != many.asked(other)


def _files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_same_number_makes_the_same_repository(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        for number in range(8):
            repositories.make(tmp_path / name, number, SERVERS)
    made = _files(tmp_path / "one")
    assert made == _files(tmp_path / "two")
    assert {"000/topologies/shop.yaml", "000.after/topologies/shop.yaml", "001/kafka-gitops.yaml"} <= set(made)


def test_what_differs_is_told_with_its_run_and_its_place() -> None:
    run = {"repository": "007", "run": "plan", "code": 0, "stdout": "a\nb\n"}
    said = same.difference(run, {**run, "stdout": "a\nc\n"})
    assert said.splitlines() == ["007, plan: stdout", "--- before", "+++ now", "@@ -1,2 +1,2 @@", " a", "-b", "+c"]
    assert same.difference(run, run) == ""


def test_rows_have_names_and_titles_of_their_own() -> None:
    assert len({row.title for row in table.ALL.values()}) == len(table.ALL)


def test_a_row_that_was_measured_replaces_its_line_and_no_other() -> None:
    first, second = list(table.ALL.values())[:2]
    text = f"a\n{table.BEGIN}\nold\n\n{HEAD}\n| {second.title} | 2 |\n\n{table.END}\nb\n"
    told = table.written(text, "about", [f"| {first.title} | 1 |"])
    assert (
        told
        == f"a\n{table.BEGIN}\n\nabout\n\n{HEAD}\n| {first.title} | 1 |\n| {second.title} | 2 |\n\n{table.END}\nb\n"
    )
    assert "| 3 |" in (again := table.written(told, "x", [f"| {first.title} | 3 |"])) and "| 1 |" not in again


def test_a_goal_says_what_was_reached() -> None:
    runs = {"ours": Run(1.0, 0.5, 100), "bare": Run(2.0, 1.0, 50)}
    assert judged(Goal("wall", 0.5, "bare"), runs) == "at most 0.5x of bare: yes (0.50x)"
    assert judged(Goal("cpu", 0.1), runs) == "at most 0.1 s (processor time): NO (0.50 s)"
    assert judged(Goal("mb", 120, aim=True), runs) == "aim 120 MB: yes (100.00 MB)"
    assert judged(Goal("wall", -2, "bare", over=True), runs) == "at most -2 s over bare: NO (-1.00 s)"
    assert judged(Goal("wall", 1.0, "gafkalo"), runs) == "at most 1x of gafkalo: not measured"
