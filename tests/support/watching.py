"""Days of a cluster that is watched for drift: what happens there by chance, and what of it is an incident."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from random import Random

from altering import eventually, move, set_broker
from desk import Desk, Result
from trio import Trio

from kafka_gitops.cli.pipeline import twice
from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.clients.quotas import KafkaQuotas
from kafka_gitops.errors import Unreachable
from kafka_gitops.model import Acl, Topic

PATIENCE = twice.AWAY  # before any test shortens it
RISKS = [f"--accept={risk}" for risk in ("retention-shrink", "message-size-shrink", "taken-over")]
START = datetime(2026, 6, 1, tzinfo=timezone.utc)
NAMES = tuple(f"acme.pay.t{number}" for number in range(6))
QUOTA = (("user", "app"),)
RIGHT = Acl("User:app", "*", "READ", "ALLOW", "TOPIC", "LITERAL", NAMES[0])
LIMIT = "user=app"
EVERY = (*NAMES, str(RIGHT), LIMIT)
WEEK = "604800000"


@dataclass
class Seen:
    """What the watch came to: runs, what was told that was none, what was not told, runs that could not look."""

    runs: int = 0
    false: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    blind: list[str] = field(default_factory=list)
    found: int = 0
    held: int = 0
    again: int = 0
    events: dict[str, int] = field(default_factory=dict)


@dataclass
class World:
    """The cluster, its files, and what somebody did to it by hand: by the name of a resource, how it is undone."""

    trio: Trio
    desk: Desk
    chance: Random
    incidents: dict[str, Callable[[], None]] = field(default_factory=dict)
    holds: dict[str, datetime] = field(default_factory=dict)
    moving: str | None = None
    down: int | None = None
    now: datetime = START
    seen: Seen = field(default_factory=Seen)

    def write(self) -> None:
        """The files with the holds that were asked for, those that are over among them."""
        lines = ["context: acme", "projects:", "- name: pay", "  topics:"]
        for name in NAMES:
            lines += [f"  - name: {name.rpartition('.')[2]}"]
            lines += ['    config: {num.partitions: "2", replication.factor: "2", ' + f'retention.ms: "{WEEK}"}}']
            lines += [f"    {one}" for one in self.held(name)]
        lines += ["acls:", "- principals: [User:app]", "  allow: [READ]", f"  topics: [{NAMES[0]}]"]
        lines += [f"  {one}" for one in self.held(str(RIGHT))]
        lines += ["quotas:", "- user: app", "  producer_byte_rate: 1048576", *(f"  {one}" for one in self.held(LIMIT))]
        self.desk.write("topologies/t.yaml", "\n".join(lines) + "\n")

    def held(self, name: str) -> list[str]:
        """The line of a file with the hold of a resource, if there is one."""
        if name not in self.holds:
            return []
        return [f"hold: {{until: {(self.holds[name] - timedelta(days=1)).date()}, reason: by chance}}"]

    @contextmanager
    def cluster(self, server: str | None = None) -> Iterator[KafkaCluster]:
        with open_cluster({"bootstrap.servers": server or self.trio.bootstrap}, timeout=30) as opened:
            yield opened

    def everywhere(self, true: Callable[[KafkaCluster], bool]) -> None:
        """Wait until each broker that runs says so: somebody's change is seen before the next look."""
        for number, server in enumerate(self.trio.bootstrap.split(","), 1):
            if number != self.down:
                with self.cluster(server) as opened:
                    eventually(lambda: true(opened))

    def expected(self) -> set[str]:
        """What a drift run has to tell now: what was done by hand and is not held."""
        return {name for name in self.incidents if self.holds.get(name, START) <= self.now}

    def patient(self) -> Result:
        """A look, taken again as a pipeline does where a broker cannot be reached."""
        for pause in PATIENCE:
            result = self.desk.unread("drift", "--format", "json")
            if result.code != Unreachable.exit_code:
                return result
            self.seen.again += 1
            time.sleep(pause)
        return self.desk.unread("drift", "--format", "json")

    def look(self) -> None:
        """One run of the watch, and whether it told exactly what there is to tell."""
        seen, wanted = self.seen, self.expected()
        result = self.patient()
        seen.runs += 1
        if result.code not in (0, 2):
            seen.blind.append(f"{self.now:%d %H}: {result.code}: {result.err[:300]}")
            return
        plan = json.loads(result.out)
        told = {entry["name"] for part in ("changes", "unsupported") for entry in plan[part]}
        seen.held += len(plan.get("held", ()))
        seen.found += len(told & wanted)
        seen.false += [f"{self.now:%d %H}: {name}: {result.out[:2000]}" for name in sorted(told - wanted)]
        seen.missed += [f"{self.now:%d %H}: {name}" for name in sorted(wanted - told)]
        if (result.code == 2) != bool(told):
            seen.false.append(f"{self.now:%d %H}: exit code {result.code} with {told}")


def day(world: World, hours: int = 24) -> None:
    """A day: some of the hours begin with an event, each ends with a look."""
    busy = set(world.chance.sample(range(hours), min(hours, world.chance.randint(3, 6))))
    for hour in range(hours):
        if hour in busy:
            event = world.chance.choice(EVENTS)
            if event(world):
                world.seen.events[event.__name__] = world.seen.events.get(event.__name__, 0) + 1
        world.look()
        world.now += timedelta(days=1) / hours


def rolling_restart(world: World) -> bool:
    """Each broker in turn, with a look while it is down; one of them has the controller."""
    if world.down is not None:
        return False
    for number in (1, 2, 3):
        world.down = number
        world.trio.stop(number)
        world.look()
        world.trio.start(number)
        world.down = None
        world.look()
    return True


def crash(world: World) -> bool:
    """A broker dies and stays away for some hours, or comes back."""
    if world.down is not None:
        number, world.down = world.down, None
        world.trio.start(number)
        return True
    world.down = world.chance.randint(1, 3)
    world.trio.stop(world.down, signal.SIGKILL)
    return True


def reassignment(world: World) -> bool:
    """A topic's replicas begin to move, slowly, or the move is let go on."""
    if world.down is not None:
        return False
    with world.cluster() as cluster:
        if world.moving is not None:
            name, world.moving = world.moving, None
            _throttle(cluster, None)
            world.look()  # while it ends
            eventually(lambda: name not in (cluster.reassigning() or ()))
            cluster.alter_configs({name: {f"{side}.replication.throttled.replicas": None for side in _SIDES}})
            world.everywhere(lambda one: not _throttled(one, name))
            return True
        free = [name for name in NAMES if name not in world.incidents]
        if not free:
            return False
        name = world.moving = world.chance.choice(free)
        _fill(world, name)
        _throttle(cluster, "1")
        cluster.alter_configs({name: {f"{side}.replication.throttled.replicas": "*" for side in _SIDES}})
        first = world.chance.randint(1, 3)
        move(cluster.link, name, {part: [first, first % 3 + 1] for part in (0, 1)})
    return True


_SIDES = ("leader", "follower")


def _throttle(cluster: KafkaCluster, rate: str | None) -> None:
    for node in ("1", "2", "3"):
        for side in _SIDES:
            assert set_broker(cluster.link, f"{side}.replication.throttled.rate", rate, node=node) == 0


def _throttled(cluster: KafkaCluster, name: str) -> bool:
    return any("throttled" in key for key in cluster.topic_configs([name], [])[name].overrides)


def _fill(world: World, name: str) -> None:
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": world.trio.bootstrap})
    for _ in range(50):
        producer.produce(name, bytes(10_000))
    assert producer.flush(60) == 0


def incident(world: World) -> bool:
    """Somebody changes something by hand."""
    free = [name for name in NAMES if name not in world.incidents and name != world.moving]
    if not free or world.down is not None:
        return False
    return world.chance.choice((_shortened, _extra, _deleted, _revoked, _limited))(world, world.chance.choice(free))


def _shortened(world: World, name: str) -> bool:
    return _overridden(world, name, "retention.ms", "3600000", WEEK)


def _extra(world: World, name: str) -> bool:
    return _overridden(world, name, "max.message.bytes", "2000000", None)


def _overridden(world: World, name: str, key: str, value: str, usual: str | None) -> bool:
    def put(text: str | None) -> None:
        with world.cluster() as cluster:
            assert cluster.alter_configs({name: {key: text}}) == {name: None}
        world.everywhere(lambda one: one.topic_configs([name], [key])[name].overrides.get(key) == text)

    put(value)
    world.incidents[name] = lambda: put(usual)
    return True


def _deleted(world: World, name: str) -> bool:
    with world.cluster() as cluster:
        live = cluster.describe_topics([name])[name]
        assert live is not None and cluster.delete_topics({name: live.topic_id}) == {name: None}
    world.everywhere(lambda one: name not in one.list_topics())

    def back() -> None:
        with world.cluster() as cluster:
            assert cluster.create_topics({name: Topic(2, 2, {"retention.ms": WEEK})}) == {name: None}
        world.everywhere(lambda one: name in one.list_topics())

    world.incidents[name] = back
    return True


def _revoked(world: World, _name: str) -> bool:
    if str(RIGHT) in world.incidents:
        return False
    with world.cluster() as cluster:
        assert cluster.delete_acls([RIGHT]) == {RIGHT: None}
    world.everywhere(lambda one: RIGHT not in one.list_acls())

    def back() -> None:
        with world.cluster() as cluster:
            assert cluster.create_acls([RIGHT]) == {RIGHT: None}
        world.everywhere(lambda one: RIGHT in one.list_acls())

    world.incidents[str(RIGHT)] = back
    return True


def _limited(world: World, _name: str) -> bool:
    if LIMIT in world.incidents:
        return False

    def put(rate: float) -> None:
        with world.cluster() as cluster:
            assert KafkaQuotas(cluster.link).alter_quotas({QUOTA: {"producer_byte_rate": rate}}) == {QUOTA: None}
        world.everywhere(lambda one: _rate(one) == rate)

    put(5.0)
    world.incidents[LIMIT] = lambda: put(1048576.0)
    return True


def _rate(cluster: KafkaCluster) -> float | None:
    limits = KafkaQuotas(cluster.link).list_quotas().get(QUOTA)
    return None if limits is None else float(limits["producer_byte_rate"])


def repair(world: World) -> bool:
    """Somebody takes one of those changes back."""
    if not world.incidents or world.down is not None:
        return False
    world.incidents.pop(world.chance.choice(sorted(world.incidents)))()
    return True


def apply(world: World) -> bool:
    """A merge: what is held stays, all else is brought to the files."""
    if world.down is not None:
        return False
    result = world.desk.unread("apply", "--yes", *RISKS)
    assert result.code == 0, result
    world.incidents = {name: undo for name, undo in world.incidents.items() if name not in world.expected()}
    for name in NAMES:
        if name not in world.incidents:
            world.everywhere(lambda one: name in one.list_topics())  # noqa: B023 - called here
    return True


def hold(world: World) -> bool:
    """An entry is held for some days; whatever differs about it is told by nobody until then."""
    differing = [name for name in EVERY if name in world.incidents and name not in world.holds]
    name = world.chance.choice(differing or EVERY)
    last = (world.now + timedelta(days=world.chance.randint(0, 3))).replace(hour=0, minute=0)
    world.holds[name] = last + timedelta(days=1)
    world.write()
    return True


def let_go(world: World) -> bool:
    """A hold is taken back."""
    if not world.holds:
        return False
    world.holds.pop(world.chance.choice(sorted(world.holds)))
    world.write()
    return True


def default(world: World) -> bool:
    """A default of one broker, or of all, changes, as in an upgrade: no file declares it."""
    if world.down is not None:
        return False
    node = world.chance.choice(("", "1", "2", "3"))
    with world.cluster() as cluster:
        size = str(world.chance.randint(1, 9) * 1_000_000)
        assert set_broker(cluster.link, "log.segment.bytes", world.chance.choice((size, None)), node=node) == 0
    return True


EVENTS: tuple[Callable[[World], bool], ...] = (
    *(rolling_restart, crash, crash, reassignment, reassignment, incident, incident, incident),
    *(repair, apply, apply, hold, hold, let_go, default),
)
