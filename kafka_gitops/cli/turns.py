"""The turn of a run among those of its owner: its lock, kept while it plans anew what another run has overtaken."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from kafka_gitops.cli import locking, terminal
from kafka_gitops.cli.read import Read
from kafka_gitops.errors import Stale, listed
from kafka_gitops.plan.make import Plan
from kafka_gitops.settings import Settings

if TYPE_CHECKING:  # an apply without a ledger loads nothing of one
    from kafka_gitops.ledger.holding import Holding
    from kafka_gitops.ledger.log import Logs
    from kafka_gitops.ledger.people import Person


class Turn:
    """The turn of one run: what it is called, its lock once that is taken, and what it has planned so far.

    A run plans twice at most: the second plan is made under the lock, so that nobody comes between.
    """

    def __init__(self, close: ExitStack) -> None:
        self._close = close
        self.run: str | None = None
        self.plan: Plan | None = None  # the one that was overtaken
        self.read: Read | None = None  # the files that it was made of
        self._holding: Holding | None = None
        self._waited: list[str] = []

    def begun(self, settings: Settings) -> tuple[str | None, str]:
        """The name of the run, None where nothing is recorded, and the line that tells it, for the first time only."""
        if self.run is not None or not settings.ledger.on:
            return self.run, ""
        self.run = locking.new_run()
        return self.run, f"Run {self.run}"

    def lock(
        self, logs: "Logs", topic: str, *, run: str, wait: float, by: "Person | None", url: str | None
    ) -> "Holding":
        """The lock of a ledger until the end of the turn, taken with the first call. Raises as `locking.held` does."""
        if self._holding is None:
            apart = logs.log(topic, apart=True)
            self._close.callback(apart.close)
            held = locking.held(apart, run=run, wait=wait, by=by, url=url, waited=self._waited.append)
            self._holding = self._close.enter_context(held)
        return self._holding

    def again(self, overtaken: locking.Overtaken, plan: Plan, read: Read | None) -> str:
        """Say that this run plans anew, and why; the sentence. Raises what was caught for a second plan."""
        if self.plan is not None:
            raise overtaken
        self.plan, self.read = plan, read
        said = _said(overtaken.run, self._waited)
        terminal.say(f"note: {said}")
        return said

    def seen(self, plan: Plan) -> bool:
        """Whether somebody has looked at the first plan; raises Stale where the second one holds what that did not."""
        if self.plan is None:
            return False
        from kafka_gitops.plan import approval  # which a run that nobody overtook does without

        new = approval.unapproved(plan, self.plan)
        if new:
            what = listed([f"{change.action} {change.key}" for change in new], most=5)
            said = f"Nothing was applied: the plan made now has changes that nobody has looked at: {what}"
            raise Stale(said, help=locking.AGAIN)
        return True


@contextmanager
def turn() -> Iterator[Turn]:
    """The turn of a run, with its lock until the end of the block."""
    with ExitStack() as close:
        yield Turn(close)


def _said(run: str | None, waited: list[str]) -> str:
    """That, and after whom, a run plans anew."""
    who = f"run {run}" if run is not None else "another run"
    if not waited:
        return f"{who} of this owner was applied since the plan was made: it is made anew, under the lock"
    if waited == [run]:
        return f"this run waited for {who}, which has applied since the plan was made: it is made anew, under the lock"
    after = f"this run waited for run {waited[0]}, and {who} of this owner was applied since the plan was made"
    return f"{after}: it is made anew, under the lock"
