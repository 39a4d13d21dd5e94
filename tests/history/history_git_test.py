"""`history` from git alone: what real commits changed of what the files declare, each fact with its source."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import merging
import pytest
from desk import Desk
from goldens import expected
from merging import CONFIG, ORDERS, PAY, TOPIC, Repo

GOLDEN = Path(__file__).parents[1] / "data" / "history"


@pytest.fixture
def acme(tmp_path: Path) -> Repo:
    return merging.acme(tmp_path / "acme")


@pytest.mark.parametrize("form", ["text", "markdown", "json", "csv"])
def test_every_format(acme: Repo, form: str) -> None:
    out = acme.desk.ok("history", "--format", form)
    assert out == expected(GOLDEN / f"git.{form}", out)


def test_a_resource_has_its_rights_with_it(acme: Repo) -> None:
    out = acme.desk.ok("history", ORDERS)
    assert "group" not in out
    assert "User:audit may READ topic acme.pay.orders" in out


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ((f"topic {ORDERS}",), ["Away with it", "Keep orders for 3 days", "Begin"]),
        (("topics acme.*",), ["Away with it", "Keep orders for 3 days", "Begin"]),
        (("User:audit",), ["Away with it", "Another reader (#13)"]),
        (("acl User:billing",), ["Another reader (#13)", "Begin"]),
        (("billing",), ["Another reader (#13)", "Begin"]),
        (("--by", "cleo"), ["Keep orders for 3 days"]),
        (("--by", "bob"), ["Keep orders for 3 days"]),
        (("--by", "dan"), ["Another reader (#13)"]),
        (("--since", "2026-01-04"), ["Away with it", "Another reader (#13)"]),
        (("--since", "1m"), []),
        ((ORDERS, "--since", "1m"), []),
    ],
)
def test_what_is_asked_for(acme: Repo, words: tuple[str, ...], titles: list[str]) -> None:
    assert [entry["title"] for entry in entries(acme.desk, *words)] == titles


def entries(desk: Desk, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(desk.ok("history", *words, "--format", "json"))["entries"]
    return found


def test_a_name_that_never_was(acme: Repo) -> None:
    result = acme.desk.run("history", "topic acme.pay.order")
    assert (result.code, result.out) == (64, "")
    assert result.err == (
        'error: No resource "topic acme.pay.order" is declared, and none ever was. Did you mean "acme.pay.orders"?\n'
        "  Write a kind and a name (topic orders), a name, a principal (User:app), or with *.\n"
    )


def test_a_time_that_is_none(acme: Repo) -> None:
    result = acme.desk.run("history", "--since", "yesterday")
    assert result.code == 64
    assert result.err == (
        "error: --since yesterday: expected a date such as 2026-03-01, or a duration such as 90d\n"
        "  Units of durations are m, h, d, w, y. A time without a zone is UTC.\n"
    )


def test_nothing_is_a_sentence(acme: Repo) -> None:
    assert acme.desk.ok("history", "--since", "1m").endswith("\n\nNothing.\n")


def test_no_cell_is_a_formula_and_each_has_its_column(acme: Repo) -> None:
    rows = [*csv.DictReader(io.StringIO(acme.desk.ok("history", "--format", "csv")))]
    [gone] = [row for row in rows if row["action"] == "delete" and row["kind"] == "topic"]
    assert gone["because"] == "'=HYPERLINK(replaced)"
    assert {row["old"] for row in rows if row["action"] == "update"} == {"604800000"}
    assert not any(None in row for row in rows)


def test_an_environment_that_came_later_declared_nothing_before(acme: Repo) -> None:
    acme.commit(
        "A second environment",
        **{"kafka-gitops.yaml": f"{CONFIG}  test: {{bootstrap: 'localhost:9093'}}\n", TOPIC: PAY},
    )
    assert [entry["title"] for entry in entries(acme.desk, "-e", "test", ORDERS)] == ["A second environment"]


def test_a_commit_whose_files_have_errors_says_so(acme: Repo) -> None:
    acme.commit("Broken", **{TOPIC: f"{PAY}  nosuch: 1\n"})
    acme.commit("Mended", **{TOPIC: PAY})
    commit = acme.git("rev-parse", "--short=7", "HEAD~1")
    note = f"the files of {commit} have errors (topologies/pay.yaml:9:3): this is what could be read of them"
    assert [entry["notes"] for entry in entries(acme.desk)[:2]] == [[note], [note]]


def test_a_commit_that_changed_nothing_says_so(acme: Repo) -> None:
    acme.commit("A remark", **{"kafka-gitops.yaml": f"# hello\n{CONFIG}"})
    for form in ("text", "markdown"):
        head, said, _ = acme.desk.ok("history", "--format", form).partition("nothing that is declared changed\n")
        assert said and "A remark" in head


def test_a_config_of_then_names_the_topics(acme: Repo) -> None:
    other = f"{CONFIG}naming: {{separator: '-'}}\n"
    acme.commit("Restore", **{TOPIC: PAY})
    acme.commit("Other names", **{"kafka-gitops.yaml": other})
    [changes] = [entry["changes"] for entry in entries(acme.desk) if entry["title"] == "Other names"]
    assert ("create", "acme-pay-orders") in [(one["action"], one["name"]) for one in changes]
    assert ("delete", ORDERS) in [(one["action"], one["name"]) for one in changes]


def test_a_file_beside_decides_too(acme: Repo) -> None:
    schemas = f"{PAY}schemas:\n- {{subject: s, file: ../s.avsc, type: AVRO}}\n"
    acme.commit("A schema", **{TOPIC: schemas, "s.avsc": '{"type": "string"}'})
    acme.commit("Another schema", **{"s.avsc": '{"type": "int"}'})
    acme.commit("A page", **{"README.md": "bye\n"})
    assert [entry["title"] for entry in entries(acme.desk, "schema s")] == ["Another schema", "A schema"]


def test_a_shallow_clone_says_where_it_ends(acme: Repo, tmp_path: Path) -> None:
    acme.git("clone", "-q", "--depth", "2", acme.desk.home.as_uri(), str(tmp_path / "clone"))
    last = entries(Desk(tmp_path / "clone"))[-1]
    assert (last["title"], last["changes"]) == ("Another reader (#13)", [])
    assert last["notes"] == [
        "the clone is shallow: what was declared before is not known here (git fetch --unshallow brings it)"
    ]


@pytest.mark.parametrize("form", ["text", "markdown", "json", "csv"])
def test_no_address_is_shown(acme: Repo, form: str) -> None:
    said = "Ask eve@corp.example\n\nPull-Request: https://user:secret@host mail@x\nApproved-by: f@corp.example"
    acme.commit(f"{said}\nKafka-Gitops-Accept: retention-shrink {ORDERS}", "dan@corp.example", **{TOPIC: PAY})
    out = acme.desk.ok("history", "--format", form)
    plain = out.replace("\\", "").replace("\u200b", "")  # by which Markdown breaks links
    assert "dan@***" in plain and "Ask eve@***" in plain and "https://host" in plain
    assert "corp.example" not in out and "secret" not in out and "mail@x" not in out


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_commit_of_a_time_that_no_calendar_has(acme: Repo, form: str) -> None:
    acme.time = 253_402_300_800
    acme.commit("Late", **{TOPIC: PAY})
    assert "9999-12-31" in acme.desk.ok("history", "--format", form)


def test_no_commit_yet(tmp_path: Path) -> None:
    result = merging.repo(tmp_path / "new").desk.run("history")
    assert (result.code, result.err) == (
        64,
        "error: There is no commit yet in this repository, so there is no history.\n"
        "  Commit first (git add, git commit).\n",
    )


def test_a_name_that_a_shallow_clone_does_not_have(acme: Repo, tmp_path: Path) -> None:
    acme.git("clone", "-q", "--depth", "1", acme.desk.home.as_uri(), str(tmp_path / "clone"))
    result = Desk(tmp_path / "clone").run("history", ORDERS)
    assert result.code == 64
    assert result.err.splitlines()[0] == (
        'error: No resource "acme.pay.orders" is declared, and none was in the commits that this clone has '
        "(git fetch --unshallow brings all)."
    )


def test_a_directory_that_never_had_files_has_no_history(acme: Repo) -> None:
    acme.desk.write("below/README.md", "hello\n")
    result = Desk(acme.desk.home / "below").run("history", ORDERS)
    assert (result.code, result.out, result.err) == (
        64,
        "",
        "error: There are no topology files here to tell a history of, and none ever were.\n"
        "  Run in the directory of the config, or name the files in it: `topology`.\n",
    )


def test_outside_of_git(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("topologies/pay.yaml", PAY)
    result = desk.run("history")
    assert (result.code, result.err.splitlines()[0]) == (64, "error: This is not a git repository.")


def test_a_report_is_written_too(acme: Repo) -> None:
    acme.desk.ok("history", "--report", "csv=audit.csv")
    assert (acme.desk.home / "audit.csv").read_text(encoding="utf-8").startswith("time,what,title,commit")


@pytest.mark.parametrize("form", ["text", "markdown", "json", "csv"])
def test_what_strangers_wrote_stays_text(acme: Repo, form: str) -> None:
    message = (
        "=cmd|' /C calc'!A0 <b>@all</b> \x1b[31m | ##[error] \u202e\n\nApproved-by: =1+1 <a@b>\nPull-Request: \x1b]0;x"
    )
    acme.commit(message, "=Eve\u202e\x07", **{TOPIC: PAY})
    out = acme.desk.unread("history", "--format", form).out
    assert "\x1b" not in out and "\u202e" not in out and "\x07" not in out
    assert form == "json" or "##[error]" not in out.replace("\\", "")
    if form == "csv":
        cells = [cell for row in csv.reader(io.StringIO(out)) for cell in row]
        assert not any(cell.startswith("=") for cell in cells)
        assert "'=cmd|' /C calc'!A0" in out


def test_a_directory_below_the_root_has_a_history_of_its_own(acme: Repo) -> None:
    below = {"below/kafka-gitops.yaml": CONFIG, f"below/{TOPIC}": PAY.replace("acme", "other")}
    acme.commit("A second directory", **below)
    acme.commit("Elsewhere", **{TOPIC: PAY})
    titles = [entry["title"] for entry in entries(Desk(acme.desk.home / "below"))]
    assert titles == ["A second directory"]
