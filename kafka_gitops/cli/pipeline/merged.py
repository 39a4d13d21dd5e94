"""By which change requests a change was merged since the last apply, and whether each of them was approved."""

from collections.abc import Callable
from dataclasses import dataclass, field

from kafka_gitops.changes import Change
from kafka_gitops.ci import Context, merges
from kafka_gitops.ci.merges import Merge, Told
from kafka_gitops.cli.past import Past
from kafka_gitops.cli.planning import Prepared
from kafka_gitops.cli.remembered import Ledger
from kafka_gitops.clients.http import ApiError
from kafka_gitops.config import environment
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.git import Repository
from kafka_gitops.git.line import Line, Step
from kafka_gitops.ledger.order import clean
from kafka_gitops.model import Key, Topology
from kafka_gitops.plan import approval
from kafka_gitops.redact import redact

MOST = 50  # commits that the platform is asked about


@dataclass
class Since:
    """The commits of the branch's own line since the last apply, and what the platform says of them."""

    line: Line
    ledger: Ledger
    then: Topology
    ready: Prepared
    repo: Repository
    beside: tuple[str, ...]  # the files that decide with those of the topology, from the root on
    _ask: merges.Ask | str | None = None
    _known: dict[str, Told] = field(default_factory=dict)
    _read: dict[str, Topology] = field(default_factory=dict)
    _steps: tuple[Step, ...] | None = None
    _touched: dict[Key, list[Step]] | None = None

    def asked(self, change: Change, past: Past, context: Context) -> tuple[Merge, ...] | str:
        """The change requests by which a change was merged, or why it needs another approval.

        Raises KafkaGitopsError where git does not tell.
        """
        if not approval.by_git(change, self.then, self.ready.topology):
            return self._not_by_git(change)
        touched = self._touching(change.key, past)
        if not touched:
            return "no commit since the last apply tells of it"
        looks: list[tuple[Step, Callable[[str], object]]] = [
            (step, lambda commit: self._at(commit).state.get(change.key)) for step in touched
        ]
        looks += [(step, self._beside_at) for step in self._own() if step.paths.intersection(self.beside)]
        found: list[Merge] = []
        for step, what in looks:
            told = self._of_step(step, context)
            if isinstance(told, str):
                return f"commit {step.commit.id[:7]}: {told}"
            if not self._as_approved(step, told, what):
                return f"commit {step.commit.id[:7]} is not what was approved in {told.number}"
            found.append(told)
        return tuple(dict.fromkeys(found))

    def _not_by_git(self, change: Change) -> str:
        last, head = (files.state.get(change.key) for files in (self.then, self.ready.topology))
        if change.act is not None:
            return f"whether to {change.act} it is not told by commits"
        if last == head:
            return "no commit since the last apply changed it, so the cluster did"
        return "the cluster does not have it as the files of the last apply do"

    @property
    def _last(self) -> str:
        assert self.ledger.order is not None
        return clean(self.ledger.order.last) or ""

    def _own(self) -> tuple[Step, ...]:
        """The steps since the last apply. Raises KafkaGitopsError where that is none of this line."""
        if self._steps is None:
            if self.line.cut:
                raise KafkaGitopsError(
                    "this clone is shallow, so git does not tell what was merged (git fetch --unshallow)"
                )
            if self.line.steps[0].commit.id != self.ready.wish.commit:
                raise KafkaGitopsError("HEAD is another commit by now")
            names = [step.commit.id for step in self.line.steps]
            if self._last not in names:
                said = f"commit {self._last[:7]}, which was applied last, is not among the branch's own commits"
                raise KafkaGitopsError(said)
            self._steps = self.line.steps[: names.index(self._last)]
        return self._steps

    def _touching(self, key: Key, past: Past) -> list[Step]:
        """The steps that changed what the files say of a resource."""
        if self._touched is None:
            steps = {step.commit.id: step for step in self._own()}
            self._touched = {}
            for entry in past.entries(until=self._last):
                if entry.notes:
                    raise KafkaGitopsError(f"it is not known what was merged: {entry.notes[0]}")
                for touch in entry.touches:
                    self._touched.setdefault(touch.key, []).append(steps[entry.commit or ""])
        return self._touched.get(key, [])

    def _as_approved(self, step: Step, told: Merge, what: Callable[[str], object]) -> bool:
        """Whether a commit can only be what was approved: whoever pushes a merge may edit it, or push on top of one.

        `what`: what of a commit counts. A merge must have it as the request has it, which changed it. The platform
        itself makes the commits of a squash and of a rebase, which do not follow those of the request.
        """
        commit, parents = step.commit.id, step.commit.parents
        if len(parents) == 1:
            return commit in told.heads or not any(self._follows(commit, head) for head in told.heads)
        if len(parents) != 2 or parents[1] not in told.heads:
            return False
        base = self.repo.asked("merge-base", *parents).decode().strip()
        return what(commit) == what(parents[1]) != what(base)

    def _follows(self, commit: str, head: str) -> bool:
        return self.repo.knows(head) and self.repo.contains(head, commit)

    def _at(self, commit: str) -> Topology:
        if commit not in self._read:
            self._read[commit] = self.ledger.at(commit, self.ready.read)
        return self._read[commit]

    def _beside_at(self, commit: str) -> object:
        files = self.repo.tree(commit)
        return [files.get(path) for path in self.beside]

    def _of_step(self, step: Step, context: Context) -> Told:
        """What the platform says of a commit, asked once; from its first failure on nothing is asked any more."""
        commit = step.commit.id
        if commit in self._known:
            return self._known[commit]
        if self._ask is None:
            line = {one.commit.id: one.commit.parents for one in self._own()}
            self._ask = merges.asking(context, environment(), line)
        if isinstance(self._ask, str):
            return self._ask
        if len(self._known) >= MOST:
            return f"more than {MOST} commits would have to be looked up"
        try:
            self._known[commit] = self._ask(commit)
        except ApiError as failure:
            self._ask = f"it is not known who approved it: {redact(failure.message)}"
            return self._ask
        return self._known[commit]
