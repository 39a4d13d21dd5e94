"""A history from both: commits in the order of the branch, what the ledger tells between them, each with the other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kafka_gitops.git.line import Step
from kafka_gitops.history import message
from kafka_gitops.history.entry import LEDGER, Accepted, Entry, Fact
from kafka_gitops.ledger.people import GIT

NOT_YET = Fact("not applied yet", LEDGER)


class Applied:
    """Which run reached a commit first, by the places of commits in the branch's own line (0 is HEAD).

    A run applies its commit and all before it that no run had reached; of what is older than the first run that the
    ledger has, nobody knows.
    """

    def __init__(self, commits: Sequence[str], told: Iterable[Entry]) -> None:
        self._places = {name: place for place, name in enumerate(commits)}
        runs = sorted((entry for entry in told if entry.what == "applied"), key=lambda entry: entry.time)
        found = ((self._places.get((entry.commit or "").removesuffix("-dirty")), entry.run) for entry in runs)
        self._runs = [(place, run) for place, run in found if place is not None]

    def by(self, commit: str | None) -> Fact | None:
        """The run, or that none did yet; None where that is not known."""
        place = self._places.get(commit or "")
        if place is None or not self._runs or place > self._runs[0][0]:
            return None
        return next((run for at, run in self._runs if at <= place), NOT_YET)


def joined(commits: Iterable[Entry], told: Sequence[Entry], applied: Applied) -> Iterator[Entry]:
    """Commits and what the ledger tells (newest first, both), newest first; a commit says which run applied it."""
    waiting = [*reversed(told)]
    for entry in commits:
        while waiting and waiting[-1].time >= entry.time:
            yield waiting.pop()
        yield entry._replace(run=applied.by(entry.commit))
    yield from reversed(waiting)


def named(told: Sequence[Entry], steps: Iterable[Step]) -> list[Entry]:
    """What a ledger tells, with the authors of the commits by which risks were accepted, as git names them."""
    wanted = {one.by.value[7:14] for entry in told for one in entry.accepted if one.by.value.startswith("commit ")}
    commits = (one for step in steps for one in (step.commit, *step.merged)) if wanted else ()
    authors = {one.id: message.shown(one.author) for one in commits if one.id[:7] in wanted}
    return [entry._replace(accepted=tuple(_by(one, authors) for one in entry.accepted)) for entry in told]


def _by(one: Accepted, authors: Mapping[str, str]) -> Accepted:
    short = one.by.value.removeprefix("commit ")
    if short == one.by.value:
        return one
    author = next((author for name, author in authors.items() if name.startswith(short)), None)
    return one if author is None else one._replace(by=Fact(f"{author} (commit {short})", GIT))
