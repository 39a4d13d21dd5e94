"""Plans and applies of connectors against real workers, the way the commands make them."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from kafka_gitops.changes import Change, Outcome, Risk
from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.clients.connect import Workers
from kafka_gitops.clients.rest import open_service
from kafka_gitops.clients.systems import Servers
from kafka_gitops.descriptor.build import topology
from kafka_gitops.kinds.connector.live import Live
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Topology
from kafka_gitops.plan import apply, file
from kafka_gitops.plan.make import Plan, make
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.settings import Language, Rest, Settings
from kafka_gitops.text.source import parse


@dataclass
class Desk:
    """One Kafka and its Connect clusters; `files` are what topologies may name."""

    servers: Servers
    clusters: Mapping[str, Workers]
    settings: Settings = field(default_factory=lambda: Settings(environment="dev"))
    files: dict[str, str] = field(default_factory=dict)

    def read(self, text: str) -> Topology:
        """The topology of one file; nothing may be wrong with it."""

        def reader(_topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
            return (self.files[path], None) if path in self.files else (None, "there is no such file")

        language = Language(connect_servers=tuple(self.clusters))
        found = topology({"a.yaml": parse("a.yaml", text)}, language, roles=None, plans=None, read=reader)
        assert [problem for problem in found.problems if problem.severity > 2] == []
        return found

    def plan(self, text: str, *, base: str | None = None) -> Plan:
        """The plan that brings the clusters to the file, through a plan file and back."""
        then = self.read(base) if base is not None else None
        found = make(Wish(self.read(text), then, frozenset({"connectors"})), self.settings, self.servers)
        again = file.loads(file.dumps(found), "plan.json")
        assert again.changes == found.changes
        return found

    def apply(self, plan: Plan) -> list[Outcome]:
        """What became of each change; what was done must be visible."""
        done = apply.carry_out(plan, self.servers, settings=self.settings, deadline=60.0)
        assert done.fault is None and done.unseen == []
        return done.outcomes

    def within(self, **lists: tuple[str, ...]) -> "Desk":
        """The same desk, with `manage`."""
        from kafka_gitops.settings import Scope

        return replace(self, settings=self.settings._replace(scopes=(Scope(lists),)))


@contextmanager
def desk(kafka: Sandbox, **urls: str) -> Iterator[Desk]:
    """A desk for a broker and Connect clusters by label."""
    clusters = {
        label: Workers(open_service(f"the Connect cluster {label}", Rest((url,), at=f"connect.{label}"), {}))
        for label, url in urls.items()
    }
    with open_cluster(kafka.client()) as cluster:
        yield Desk(Servers(cluster, "dev", {}, {"connect": lambda: clusters}), clusters)


def until(workers: Workers, name: str, seen: Callable[[Live], bool]) -> Live:
    """A connector as soon as it is so."""
    end = time.monotonic() + 60
    while True:
        live = workers.connectors().get(name)
        if live is not None and seen(live):
            return live
        assert time.monotonic() < end, live
        time.sleep(0.3)


def lines(path: Path, number: int) -> list[str]:
    """The lines of a file, as soon as it has so many; a moment later it has no more."""
    end = time.monotonic() + 60
    while not path.exists() or len(path.read_text().splitlines()) < number:
        assert time.monotonic() < end, path.read_text() if path.exists() else "no file"
        time.sleep(0.2)
    time.sleep(1.5)
    return path.read_text().splitlines()


def risks(change: Change) -> dict[str, Risk]:
    """The risks of a change by their names."""
    return {risk.name: risk for risk in change.risks}


def item(name: str, config: Mapping[str, str], **more: object) -> str:
    """A file with one connector."""
    return both({"name": name, "config": config, **more})


def both(*items: Mapping[str, object]) -> str:
    """A file with several connectors, an item on a line."""
    return "context: acme\nconnectors:\n" + "".join(f"- {json.dumps(one)}\n" for one in items)
