"""What a record will say of outcomes, made while brokers are waited for, and taken where they came so."""

from collections.abc import Callable, Iterable, Sequence
from threading import Thread
from typing import NamedTuple

from kafka_gitops.changes import Outcome
from kafka_gitops.clients.early import Later
from kafka_gitops.ledger import codec, records
from kafka_gitops.ledger.nouns import RunOutcome
from kafka_gitops.model import Key
from kafka_gitops.redact import redact


class _Made(NamedTuple):
    outcome: Outcome
    told: RunOutcome
    line: str  # of `records.lines`


class Foretold:
    """The outcomes of one run as its record has them; `make` makes one of it, the same for the same outcome."""

    def __init__(self, make: Callable[[Outcome], RunOutcome]) -> None:
        self._make = make
        self._told: list[Outcome] = []
        self._begun: Later[dict[Key, _Made]] | None = None

    def told(self, outcome: Outcome) -> None:
        """What came of a change until now."""
        self._told.append(outcome)

    def begin(self, before: Callable[[], object]) -> None:
        """Make what is told by now, beside the caller and with the first call alone, after something else."""
        if self._begun is None:
            told = tuple(self._told)
            self._begun = Later(lambda: (before(), {one.change.key: self._one(one) for one in told})[1])
            Thread(target=self._begun.find, name="record", daemon=True).start()

    def all(self, outcomes: Sequence[Outcome]) -> tuple[tuple[RunOutcome, ...], list[str]]:
        """The outcomes of the record, and each as a line of it, without any secret that is known by now."""
        made = list(self._each(outcomes, self._there()))
        text = "\n".join(one.line for one in made)
        if redact(text) != text:  # known only since: each text has to be looked at by itself
            made = list(self._each(outcomes, {}))
        return tuple(one.told for one in made), [one.line for one in made]

    def _there(self) -> dict[Key, _Made]:
        """What was made before; what failed is made again, and fails where it is wanted."""
        try:
            return self._begun.answer() if self._begun is not None else {}
        except Exception:  # noqa: BLE001 - of whatever kind
            return {}

    def _each(self, outcomes: Iterable[Outcome], made: dict[Key, _Made]) -> Iterable[_Made]:
        for one in outcomes:
            ready = made.get(one.change.key)
            yield ready if ready is not None and ready.outcome == one else self._one(one)

    def _one(self, outcome: Outcome) -> _Made:
        told = self._make(outcome)
        return _Made(outcome, told, records.canonical(codec.dumped(told)).decode())
