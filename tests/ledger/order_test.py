"""Which commit may follow which, in real repositories: what people and hosts do with branches."""

from collections.abc import Callable
from pathlib import Path

import pytest
from goldens import expected
from hooking import git

from kafka_gitops.cli import ordering
from kafka_gitops.errors import Blocked, KafkaGitopsError
from kafka_gitops.git import Repository
from kafka_gitops.ledger import order

GOLDEN = Path(__file__).parents[1] / "data" / "ledger" / "order"


class Clone:
    """A clone, in which commits are made by name."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.made: dict[str, str] = {}

    def git(self, *words: str) -> str:
        return git(self.home, *words)

    def commit(self, name: str) -> str:
        """A commit with a file of that name."""
        (self.home / f"{name}.yaml").write_text(name, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-qm", name)
        return self.head(name)

    def head(self, name: str) -> str:
        """Remember HEAD by a name."""
        self.made[name] = self.git("rev-parse", "HEAD").strip()
        return self.made[name]

    def branch(self, name: str, at: str = "HEAD") -> None:
        self.git("checkout", "-q", "-b", name, at)

    def on(self, name: str) -> None:
        self.git("checkout", "-q", name)

    def merged(self, branch: str, name: str, *how: str) -> str:
        self.git("merge", "-q", *how, "-m", name, branch)
        if "--squash" in how:
            self.git("commit", "-qm", name)
        return self.head(name)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    """A repository with a first commit, and a server that it was pushed to."""
    (tmp_path / "repo").mkdir()
    found = Clone(tmp_path / "repo")
    found.git("init", "-q", "-b", "main")
    monkeypatch.chdir(found.home)
    found.commit("first")
    git(tmp_path, "clone", "-q", "--bare", str(found.home), "server.git")
    git(tmp_path / "server.git", "config", "uploadpack.allowReachableSHA1InWant", "true")
    found.git("remote", "add", "origin", f"file://{tmp_path}/server.git")
    return found


def found(last: str | None, head: str | None, *, fetch: bool = True) -> order.Order:
    with Repository() as repo:
        return ordering.ordered(repo, last, head, fetch=fetch)


def squash(clone: Clone) -> tuple[str, str]:
    clone.branch("change")
    clone.commit("one")
    clone.on("main")
    return clone.made["first"], clone.merged("change", "squashed", "--squash")


def merge_commit(clone: Clone) -> tuple[str, str]:
    clone.branch("change")
    clone.commit("one")
    clone.on("main")
    clone.commit("other")
    return clone.made["other"], clone.merged("change", "merged", "--no-ff")


def rebase(clone: Clone) -> tuple[str, str]:
    clone.branch("change")
    clone.commit("one")
    clone.on("main")
    clone.commit("other")
    clone.on("change")
    clone.git("rebase", "-q", "main")
    return clone.made["other"], clone.head("rebased")


def queue(clone: Clone) -> tuple[str, str]:
    """Two changes that a queue tried together; main goes to the last of its commits."""
    clone.branch("queue")
    clone.commit("one")
    clone.commit("two")
    clone.on("main")
    return clone.made["first"], clone.merged("queue", "queued", "--ff-only")


def cherry_pick(clone: Clone) -> tuple[str, str]:
    """A commit of main goes to the branch of a release, which is what is applied."""
    clone.branch("release")
    clone.commit("released")
    clone.on("main")
    clone.commit("fix")
    clone.on("release")
    clone.git("cherry-pick", "main")
    return clone.made["released"], clone.head("picked")


def picked_elsewhere(clone: Clone) -> tuple[str, str]:
    """The release was applied with a picked commit, and then main, which has the commit itself."""
    cherry_pick(clone)
    clone.on("main")
    return clone.made["picked"], clone.made["fix"]


def revert(clone: Clone) -> tuple[str, str]:
    clone.commit("bad")
    clone.git("revert", "--no-edit", "HEAD")
    return clone.made["bad"], clone.head("reverted")


def same_job_again(clone: Clone) -> tuple[str, str]:
    return clone.made["first"], clone.made["first"]


def old_job_again(clone: Clone) -> tuple[str, str]:
    clone.commit("next")
    return clone.made["next"], clone.made["first"]


def applied_before_its_squash(clone: Clone) -> tuple[str, str]:
    """Somebody applied a change from its branch, and then it was merged as another commit."""
    _, head = squash(clone)
    return clone.made["one"], head


def force_push(clone: Clone) -> tuple[str, str]:
    clone.commit("lost")
    clone.git("reset", "-q", "--hard", clone.made["first"])
    return clone.made["lost"], clone.commit("instead")


def reset(clone: Clone) -> tuple[str, str]:
    clone.commit("lost")
    clone.git("reset", "-q", "--hard", clone.made["first"])
    return clone.made["lost"], clone.made["first"]


def branch_per_environment(clone: Clone) -> tuple[str, str]:
    """main is merged into the branch of prod, which has its own last commit."""
    clone.branch("prod")
    clone.commit("only-prod")
    clone.on("main")
    clone.commit("next")
    clone.on("prod")
    return clone.made["only-prod"], clone.merged("main", "promoted", "--no-ff")


def switch_of_model(clone: Clone) -> tuple[str, str]:
    """From a branch for prod to main for all."""
    branch_per_environment(clone)
    clone.on("main")
    return clone.made["promoted"], clone.commit("all-on-main")


def unrelated(clone: Clone) -> tuple[str, str]:
    clone.git("checkout", "-q", "--orphan", "new")
    return clone.made["first"], clone.commit("anew")


TABLE: dict[Callable[[Clone], tuple[str, str]], str] = {
    squash: "after",
    merge_commit: "after",
    rebase: "after",
    queue: "after",
    cherry_pick: "after",
    picked_elsewhere: "diverged",
    revert: "after",
    same_job_again: "same",
    old_job_again: "before",
    applied_before_its_squash: "diverged",
    force_push: "diverged",
    reset: "before",
    branch_per_environment: "after",
    switch_of_model: "diverged",
    unrelated: "diverged",
}


@pytest.mark.parametrize("happened", TABLE, ids=lambda one: one.__name__)
def test_a_commit_may_follow_what_it_contains(clone: Clone, happened: Callable[[Clone], tuple[str, str]]) -> None:
    last, head = happened(clone)
    assert found(last, head).relation == TABLE[happened]
    assert found(f"{last}-dirty", f"{head}-dirty").relation == TABLE[happened]


def shallow(clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, depth: int = 1) -> Path:
    """A clone of main as CIs make it."""
    clone.git("push", "-q", "origin", "main")
    git(tmp_path, "clone", "-q", "--depth", str(depth), f"file://{tmp_path}/server.git", "ci")
    monkeypatch.chdir(tmp_path / "ci")
    return tmp_path / "ci"


@pytest.mark.parametrize("depth", [1, 2])
def test_a_shallow_clone_fetches_what_it_lacks(
    clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, depth: int
) -> None:
    clone.commit("second")
    clone.commit("third")
    shallow(clone, tmp_path, monkeypatch, depth=depth)
    last, head = clone.made["first"], clone.made["third"]
    assert found(last, head, fetch=False).relation == "unknown"
    assert found(last, head).relation == "after"


def test_a_shallow_clone_that_sees_both_asks_nobody(
    clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone.commit("second")
    clone.commit("third")
    home = shallow(clone, tmp_path, monkeypatch, depth=2)
    git(home, "remote", "remove", "origin")
    assert found(clone.made["second"], clone.made["third"]).relation == "after"


def test_a_commit_that_a_force_push_took_away_is_fetched_while_the_server_has_it(
    clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last, head = force_push(clone)
    git(tmp_path / "server.git", "config", "uploadpack.allowAnySHA1InWant", "true")
    clone.git("push", "-q", "origin", f"{last}:refs/heads/other")
    git(tmp_path / "server.git", "update-ref", "-d", "refs/heads/other")
    shallow(clone, tmp_path, monkeypatch)
    assert found(last, head)[:] == ("diverged", last, head, clone.made["first"], "")


def test_a_commit_that_nobody_has_is_unknown(clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clone.commit("second")
    shallow(clone, tmp_path, monkeypatch)
    last = "0123456789" * 4
    assert found(last, clone.made["second"]) == order.Order(
        "unknown", last, clone.made["second"], None, f"git fetch origin {last}"
    )


def test_what_is_no_id_is_no_word_for_git(clone: Clone) -> None:
    evil = "--upload-pack=touch evil"
    assert found(evil, clone.made["first"]).relation == "unknown"
    assert not (clone.home / "evil").exists()


def test_without_git_only_a_first_apply_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert found(None, None).relation == "first"
    assert found("a" * 40, None).relation == "none"
    assert found("a" * 40, "b" * 40).relation == "none"


LAST, HEAD, BASE = "a" * 40, "b" * 40, "c" * 40
REFUSED = {
    "before": order.Order("before", LAST, HEAD, HEAD),
    "diverged": order.Order("diverged", LAST, f"{HEAD}-dirty", BASE),
    "unrelated": order.Order("diverged", LAST, HEAD),
    "unknown": order.Order("unknown", LAST, HEAD, None, f"git fetch --unshallow origin && git fetch origin {LAST}"),
    "none": order.Order("none", LAST),
}


@pytest.mark.parametrize("name", REFUSED)
def test_every_refusal_says_what_to_do(name: str) -> None:
    refused = order.refusal(REFUSED[name])
    assert refused is not None
    said = f"{order.note(REFUSED[name])}\n\n{refused.message}\n{refused.help}\nexit {refused.exit_code}\n"
    assert said == expected(GOLDEN / f"{name}.txt", said)


@pytest.mark.parametrize("name", REFUSED)
def test_who_names_the_commit_that_was_applied_last_lets_all_pass_but_an_old_job(name: str) -> None:
    assert (order.refusal(REFUSED[name], LAST[:7]) is None) == (name != "before")
    assert order.refusal(REFUSED[name], LAST[:6]) is not None
    assert order.refusal(REFUSED[name], HEAD) is not None


def test_the_name_of_another_commit_lets_nothing_pass() -> None:
    refused = order.refusal(REFUSED["diverged"], "dddddddd")
    assert refused is not None
    said = f"{refused.message}\n{refused.help}\nexit {refused.exit_code}\n"
    assert said == expected(GOLDEN / "another.txt", said)


def test_a_few_digits_are_too_short_to_name_a_commit() -> None:
    refused = order.refusal(REFUSED["diverged"], "aaa")
    assert refused is not None
    assert (refused.message, refused.help, refused.exit_code) == (
        "--allow-diverged aaa is too short. Nothing was applied.",
        "Write at least 7 digits of the commit.",
        4,
    )


def test_a_check_raises_or_tells_what_was_let_pass(clone: Clone) -> None:
    last, head = force_push(clone)
    with Repository() as repo:
        assert ordering.check(repo, head, None, head) is None
        assert ordering.check(repo, head, last, last) == last
        with pytest.raises(Blocked):
            ordering.check(repo, head, None, last)
        with pytest.raises(KafkaGitopsError):
            ordering.check(repo, head, None, "f" * 40)
