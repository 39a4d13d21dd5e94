"""What an apply without a ledger keeps of itself."""

from collections.abc import Sequence

from kafka_gitops.changes import Change, Outcome
from kafka_gitops.errors import KafkaGitopsError


class Nothing:
    """What is kept where there is no ledger."""

    run: str | None = None
    remarks: tuple[str, ...] = ()  # what is to be told before the apply

    def journal(self, _event: str, _changes: Sequence[Change]) -> str | None:
        """Nothing."""
        return None

    def told(self, outcome: Outcome) -> None:
        """Nothing."""

    def end(self, _outcomes: Sequence[Outcome], _unseen: Sequence[Change], code: int) -> int:
        """Nothing; the exit code."""
        return code

    def failed(self, failure: KafkaGitopsError) -> None:
        """Nothing."""
