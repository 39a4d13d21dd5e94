"""What the ledger knows for a plan: read once, at its end, when the cluster is connected."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import NamedTuple

from kafka_gitops import holds
from kafka_gitops.changes import Unsupported
from kafka_gitops.cli import before, claims, clock, load, terminal
from kafka_gitops.cli.ordering import ordered
from kafka_gitops.cli.read import Read
from kafka_gitops.cli.request import Plans
from kafka_gitops.clients.ahead import Ahead
from kafka_gitops.clients.early import Early
from kafka_gitops.clients.log_requests import ready
from kafka_gitops.clients.systems import Servers
from kafka_gitops.errors import KafkaGitopsError, listed
from kafka_gitops.git import Repository
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.wish import Memory, Wish
from kafka_gitops.ledger import doubt, order, others, records
from kafka_gitops.ledger.log import Log
from kafka_gitops.ledger.nouns import Open, Owner
from kafka_gitops.ledger.order import Order
from kafka_gitops.ledger.owner import Identity, stop_on_another
from kafka_gitops.ledger.state import State, bounded
from kafka_gitops.ledger.topic import stop_unless_right
from kafka_gitops.model import Key, Topology
from kafka_gitops.plan.make import Plan
from kafka_gitops.settings import Settings

_ASKED = "ledger"


class Remembered(NamedTuple):
    """The ledger of a run: whose it is, where, and what the end of its log says."""

    who: Identity
    systems: Systems
    state: State

    @property
    def log(self) -> Log:
        """Its log."""
        log: Log = self.systems.on_kafka("log").log(self.who.topic)
        return log


class Ledger:
    """The ledger of a run that has one, to be read when the cluster is connected.

    `merged`: what is planned is merged, so that what was applied last counts and not what a platform calls the commit
    before it.
    """

    def __init__(
        self, request: Plans, who: Identity, settings: Settings, repo: Repository, *, merged: bool, drift: bool
    ) -> None:
        self._request, self._settings, self._repo = request, settings, repo
        self._merged, self._drift = merged, drift
        self.who = who
        self._found: list[Remembered | None] = []
        self._order: Order | None = None
        self._lost: list[Open] = []  # removals that are open, of commits that git does not tell of
        self.then: Topology | None = None  # what the files declared that were applied last, where a plan knows it
        self.held: frozenset[Key] = frozenset()  # what the plan knows to be on hold by the ledger

    @property
    def part(self) -> str | None:
        """The whole topology in words where only a part of it is read."""
        return load.whole(self._request, self._settings, complete=True)

    @property
    def found(self) -> Remembered | None:
        """What was read of it, None where it could not be."""
        return self._found[0] if self._found else None

    @property
    def next_run(self) -> int | None:
        """The number of the run that comes after what a plan of all files was made of; None where that is not known."""
        if self.found is None or self._request.only or self.part is not None:
            return None
        return 1 + (self.found.state.owner.number if self.found.state.owner is not None else 0)

    def ask(self, early: Early) -> None:
        """Have it read before anybody wants it."""
        early.ask(_ASKED, lambda cluster: self._end(Servers(cluster)))
        ready()

    def _end(self, systems: Systems) -> State:
        """The end of its log. Raises KafkaGitopsError also for a topic that cannot be relied on."""
        state = bounded(systems.on_kafka("log").log(self.who.topic))
        stop_unless_right(systems.kafka, self.who.topic)
        return state

    def read(self, systems: Systems) -> Remembered | None:
        """What it says, read with the first call; None where it is optional and cannot be read, which is told.

        Raises KafkaGitopsError where it is required and cannot be read, Blocked where it is another owner's.
        """
        if not self._found:
            self._found.append(self._read(systems))
        return self._found[0]

    def _read(self, systems: Systems) -> Remembered | None:
        try:
            told = systems.kafka.told(_ASKED) if isinstance(systems.kafka, Ahead) else None
            state: State = self._end(systems) if told is None else told
            owner = state.owner
        except KafkaGitopsError as failure:
            if self._settings.ledger.mode == "required":
                raise
            terminal.say(f"note: the ledger cannot be read, so nothing is removed by it: {failure.message}")
            return None
        stop_on_another(self.who, owner, self.who.topic)
        return Remembered(self.who, systems, state)

    def wish(self, wish: Wish, read: Read, systems: Systems) -> Wish:
        """What a plan is asked for with what the ledger knows: what was applied last is the base."""
        found = self.read(systems)
        if found is None:
            return wish
        mine = {key: hold for key, hold in held(found.state).items() if key not in self._request.over_holds}
        self.held = frozenset(mine)
        wish = replace(wish, holds=holds.joined(wish.holds, mine))
        if self._drift:
            return wish
        asked, owner = claims.holders(systems, self.who.topic, found.state.cluster), found.state.owner
        self._order = ordered(self._repo, owner.commit if owner is not None else None, wish.commit)
        why = doubt.why(found.state) or self._unfit(owner)
        if why is not None or owner is None or owner.commit is None:
            self._lost = self._removals(owner, wish)
            return replace(wish, memory=Memory(None, why or "", asked))
        owned = self._owned(owner, owner.commit, wish, read)
        memory = Memory(owned, _says(owner, owner.commit), asked)
        if wish.base is None or self._merged:
            return replace(wish, base=owned, base_commit=owner.commit, memory=memory)
        return replace(wish, memory=memory)

    def told(self, plan: Plan) -> Plan:
        """A plan with what it is made after, and the open removals that it could not look for and must not forget."""
        known = {entry.key for entry in plan.waits} | {change.key for change in plan.changes}
        lost = [Unsupported(key, one.why) for one in self._lost if (key := Key(one.kind, one.name)) not in known]
        if not lost:
            return replace(plan, next_run=self.next_run)
        which = "1 removal waits" if len(lost) == 1 else f"{len(lost):,} removals wait"
        note = f"{which}: git does not tell what was declared at {listed(sorted({_brief(one) for one in self._lost}))}"
        return replace(plan, next_run=self.next_run, waits=(*plan.waits, *lost), notes=(*plan.notes, note))

    def apart(self, plan: Plan, wish: Wish, read: Read) -> Plan:
        """The plan of a look for drift, with what is merged and not applied yet told apart from what drifted."""
        if not self._drift or self.found is None or not plan.changes:
            return plan
        from kafka_gitops.cli.untouched import untouched
        from kafka_gitops.plan import ahead

        owner = self.found.state.owner
        commit = owner.commit if owner is not None else None
        if commit is None or doubt.why(self.found.state) is not None or self.part is not None:
            return plan
        self._order = ordered(self._repo, commit, wish.commit)
        if self._order.relation == "unknown":
            said = f"what of this is merged and not applied yet is not known: {self._order.line}"
            return replace(plan, notes=(*plan.notes, said))
        if self._order.relation != "after":
            return plan
        then = read.at(commit) or load.load_base(self._request, self._settings, self._repo, commit, read.topology)
        found = untouched(self.found.state, then)
        return plan if found is None else ahead.apart(plan, then, wish.topology, commit, found)

    @property
    def order(self) -> Order | None:
        """How the commit of the plan stands to the one that was applied last, None where nobody looked."""
        return self._order

    def in_order(self, allowed: str | None) -> None:
        """Raise Blocked, or Untold, for a commit that may not follow the one that was applied last."""
        refused = order.refusal(self._order, allowed) if self._order is not None else None
        if refused is not None:
            raise refused

    def out_of_order(self) -> str | None:
        """What a plan says where an apply of this commit would be refused."""
        return order.note(self._order) if self._order is not None else None

    def _unfit(self, owner: Owner | None) -> str | None:
        """Why what was applied last cannot be compared with the files."""
        commit = owner.commit if owner is not None else None
        if self.part is not None:
            return f"only a part of the topology ({self.part}) is read"
        if commit is None:
            return None
        if self._order is not None and self._order.relation in ("unknown", "none"):
            return f"git does not know commit {commit[:7]}, which was applied last: {self._order.line}"
        if self._order is not None and not self._order.goes:
            return f"commit {commit[:7]}, which was applied last, is not among the commits of HEAD"
        return None

    def _owned(self, owner: Owner, commit: str, wish: Wish, read: Read) -> Topology:
        """What the files declared that were applied last, and what is still to go of earlier ones."""
        earlier: dict[str, set[Key]] = {}
        there: dict[str, bool] = {}
        for one in self._removals(owner, wish):
            assert one.commit is not None
            if one.commit not in there:
                there[one.commit] = ordered(self._repo, one.commit, wish.commit).goes
            if there[one.commit]:
                earlier.setdefault(one.commit, set()).add(Key(one.kind, one.name))
            else:
                self._lost.append(one)
        found = self.then = wish.topology if wish.commit == commit else self._at(commit, read)
        return before.added(found, [(self._at(one, read), keys) for one, keys in earlier.items()]) if earlier else found

    def _removals(self, owner: Owner | None, wish: Wish) -> list[Open]:
        """The removals that are still open and that the files do not declare again."""
        found = owner.open if owner is not None and self.part is None else ()
        return [one for one in found if one.commit and Key(one.kind, one.name) not in wish.topology.state]

    def _at(self, commit: str, read: Read) -> Topology:
        return before.base(self._request, self._settings, self._repo, read, commit)


def held(state: State) -> Mapping[Key, holds.Hold]:
    """The holds that an `undo --now` wrote and that are not over."""
    found = {}
    for key, one in state.holds(clock.now().timestamp()).items():
        until = datetime.fromtimestamp(min(one.until, records.LATEST), timezone.utc)
        found[key] = holds.Hold(until, f"{until:%Y-%m-%d %H:%M} UTC", one.reason)
    return found


def _brief(one: Open) -> str:
    return f"commit {(one.commit or '')[:7]}"


def _says(owner: Owner, commit: str) -> str:
    run = f" in run {owner.run}" if owner.run is not None else ""
    return f"owner {others.named(owner)} applied commit {commit[:7]} last{run}"
