"""What a run brought, how that is reverted, what no revert brings back, and the tree that a plan of it is made of."""

from dataclasses import replace
from pathlib import Path

import merging
import pytest
from desk import Desk, _inside
from goldens import expected
from ledgers import Kept, of_acme, shortened
from memory_log import CLUSTER
from merging import CONFIG, ORDERS, TOPIC, Repo

from kafka_gitops.cli import ledger_past, reverted
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.git.line import Line
from kafka_gitops.history.undoing import Span, lasting, revert, span
from kafka_gitops.ledger import state
from kafka_gitops.ledger.nouns import Accepted, Run, RunOutcome
from kafka_gitops.report import undo_text

GOLDEN = Path(__file__).parents[1] / "data" / "history"
PLACES = {name: place for place, name in enumerate("edcba")}  # e is HEAD


def run(number: int, commit: str | None, status: str = "done", base: str | None = None) -> Run:
    made = Run(f"20260101-000000-{number:06x}", number, None, CLUSTER, "acme", "prod", "done", commit=commit, base=base)
    return replace(made, status=status)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "others", "found"),
    [
        (run(2, "d"), [run(1, "b")], Span(1, 3, True)),
        (run(2, "d"), [run(1, "b"), run(3, "e")], Span(1, 3, True)),
        (run(3, "d"), [run(1, "b"), run(2, "d", "partly")], Span(1, 3, True)),
        (run(3, "d"), [run(1, "b"), run(2, "c", "failed")], Span(1, 3, True)),
        (run(3, "d"), [run(1, "b"), run(2, "x")], Span(1, 3, True)),
        (run(3, "d"), [run(1, "b"), run(2, "c-dirty")], Span(1, 2, True)),
        (run(1, "d"), [], Span(1, 2, False)),
        (run(1, "d", base="b"), [], Span(1, 3, True)),
        (run(2, "c"), [run(1, "e")], Span(2, 3, False)),
        (run(3, "d"), [run(1, "b"), replace(run(2, "c"), command="undo")], Span(1, 3, True)),
        (run(1, "x"), [], None),
        (run(1, "d-dirty"), [], None),
        (run(1, None), [], None),
    ],
)
def test_what_a_run_brought(asked: Run, others: list[Run], found: Span | None) -> None:
    assert span(asked, others, PLACES) == found


def test_what_no_revert_brings_back() -> None:
    outcomes = [
        shortened("a"),
        replace(shortened("b"), status="failed"),
        RunOutcome("user", "app", "rotate", "done"),
        RunOutcome("topic", "c", "delete", "done", risks=(Accepted("topic-delete", "its records are lost", True),)),
        RunOutcome("topic", "d", "update", "done", risks=(Accepted("min-isr", "no matter", False),)),
    ]
    assert [f"{key}: {said}" for key, said in lasting(outcomes)] == [
        "topic a: retention-shrink: records go",
        "user app: rotate was done",
        "topic c: topic-delete: its records are lost",
    ]


@pytest.fixture
def acme(tmp_path: Path) -> Repo:
    return merging.acme(tmp_path / "acme")


def test_a_merge_is_reverted_whole(acme: Repo) -> None:
    with _inside(acme.desk.home), Line() as line:
        steps = line.steps
        assert revert(steps[3]) == ("revert", "--no-edit", "-m", "1", steps[3].commit.id)
        assert revert(steps[1]) == ("revert", "--no-edit", steps[1].commit.id)
        shown = undo_text.render(run(3, steps[1].commit.id), steps[1:4], "a note")
    assert shown == expected(GOLDEN / "undo.text", shown)


def test_the_tree_of_a_revert_is_beside_the_checkout(acme: Repo) -> None:
    with _inside(acme.desk.home), Line() as line:
        [newest, other, *_] = line.steps
        with reverted.inside(line.top, [newest, other]):
            assert "User:billing" in Path(TOPIC).read_text(encoding="utf-8")
            assert Path.cwd() != acme.desk.home
        assert Path.cwd() == acme.desk.home
    assert "removed:" in (acme.desk.home / TOPIC).read_text(encoding="utf-8")
    assert acme.git("status", "--porcelain") == ""
    assert acme.git("worktree", "list").count("\n") == 0


def test_what_newer_commits_changed_too_is_said(acme: Repo) -> None:
    with _inside(acme.desk.home), Line() as line:
        step = line.steps[1]
        with pytest.raises(KafkaGitopsError) as raised, reverted.inside(line.top, [step]):
            pass
    commit = step.commit.id
    said = f"Commit {commit[:9]} cannot be reverted by itself: newer commits changed {TOPIC} too."
    assert raised.value.message == said
    assert raised.value.help == (
        f"Revert by hand (git revert --no-edit {commit}), solve the conflict, and open a change request."
    )
    assert acme.git("worktree", "list").count("\n") == 0


def test_a_tree_of_a_directory_below_the_root(acme: Repo) -> None:
    acme.commit("More", **{"below/kafka-gitops.yaml": CONFIG})
    (acme.desk.home / "README.md").unlink()
    acme.commit("Less")
    with _inside(acme.desk.home / "below"), Line() as line, reverted.inside(line.top, line.steps[:1]):
        assert Path.cwd().name == "below"
        assert Path("../README.md").exists()


@pytest.fixture
def kept(acme: Repo, monkeypatch: pytest.MonkeyPatch) -> Kept:
    made = of_acme(acme)
    monkeypatch.setattr(ledger_past, "state_of", lambda *_: state.read(made.log))
    return made


def test_without_a_ledger_no_run_is_known(acme: Repo) -> None:
    result = acme.desk.run("undo", "20260101-000000-000001")
    assert (result.code, result.err) == (
        64,
        "error: undo takes a run of the ledger, and the ledger of this environment is off.\n"
        "  `ledger: required` in the config turns it on. Without it: git revert, then plan.\n",
    )


def test_a_run_that_is_none(acme: Repo, kept: Kept) -> None:
    result = acme.desk.run("undo", "20260101-000000-00000f")
    assert (result.code, result.out) == (64, "")
    assert result.err.startswith('error: The ledger has no run "20260101-000000-00000f". Did you mean "2026')


@pytest.mark.parametrize(
    ("commit", "said"),
    [
        ("1" * 40, "applied commit 111111111, which this branch does not have by itself here."),
        (f"{'1' * 40}-dirty", "applied files that no commit has, so no revert undoes it."),
    ],
)
def test_a_run_of_what_git_does_not_have(acme: Repo, kept: Kept, commit: str, said: str) -> None:
    made = kept.run(1800000000, commit)
    result = acme.desk.run("undo", made.run)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(f"error: Run {made.run} {said}")


def test_what_a_run_brought_is_named_before_the_plan(acme: Repo, kept: Kept) -> None:
    result = Desk(acme.desk.home, ["-X", "bootstrap.servers=127.0.0.1:9"]).run("undo", "20260101-000000-000004")
    assert f"  git revert --no-edit {acme.git('rev-parse', 'HEAD~1')}\n      Another reader (#13)\n" in result.out
    assert ORDERS not in result.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--now",), "--now needs a reason, which is recorded."),
        (("--now", "--reason", " "), "--now needs a reason, which is recorded."),
        (("--reason", "x"), "--reason belongs to --now."),
    ],
)
def test_now_and_a_reason_go_together(acme: Repo, words: tuple[str, ...], said: str) -> None:
    result = acme.desk.run("undo", "20260101-000000-000004", *words)
    assert (result.code, result.err) == (
        64,
        f"error: {said}\n  For example: kafka-gitops undo 20260101-000000-000004 --now --reason "
        "'orders were deleted too early, OPS-12'\n",
    )
