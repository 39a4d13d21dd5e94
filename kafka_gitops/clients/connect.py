"""A Connect cluster through its REST API (KIP-26, 475, 745, 875, 980); what it says has no secret in it."""

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import quote

from kafka_gitops.clients.http import ApiError, Denied, NoAnswer, in_flight, shaped
from kafka_gitops.clients.rest import Service, open_service, written
from kafka_gitops.kinds.connector import words
from kafka_gitops.kinds.connector.live import Asked, Live, Offset, Plugin, Task, Verdict
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.settings import Rest

BUSY_SECONDS = 60.0  # how long a 409 is waited out: a rebalance, or a config that is not read yet by all workers
SECONDS = 90.0  # for one answer: a plugin that validates may wait for a system that does not answer
_PAUSE = 0.5
_REBALANCE = 409
_NULL = "(null)"
_VERBS = {"running": "resume", "paused": "pause", "stopped": "stop"}
_Got = TypeVar("_Got")


class Workers:
    """The workers of one Connect cluster; fulfils `kinds.connector.live.Connect`."""

    settles = 2.0

    def __init__(self, service: Service, *, patience: float = BUSY_SECONDS) -> None:
        self._service, self._patience = service, patience
        self._passwords: dict[str, frozenset[str]] = {}

    @property
    def where(self) -> str:
        """The address that is asked first, without user info."""
        return self._service.api.bases[0]

    @cached_property
    def kafka(self) -> str | None:
        """The id of the Kafka cluster that the workers use."""
        with shaped(self.where):
            found = self._read("").get("kafka_cluster_id")
            return str(found) if found else None

    @cached_property
    def _plugins(self) -> tuple[Plugin, ...]:
        with shaped(self.where):
            found = self._read("connector-plugins")
            return tuple(Plugin(str(one["class"]), one.get("type") == "sink") for one in found)

    def plugins(self) -> Sequence[Plugin]:
        """The connector classes that are installed."""
        return self._plugins

    def connectors(self) -> Mapping[str, Live]:
        """Every connector with its config and state (KIP-465).

        One that has no status yet is left out of that answer whole (Kafka 4.3), so the names are asked as well: what
        exists must never look absent.
        """
        with shaped(self.where):
            found = self._read("connectors?expand=info&expand=status")
            if not set(self._read("connectors")) <= set(found):
                found = {**self._read("connectors?expand=info"), **found}
            return {str(name): _live(entry) for name, entry in found.items()}

    def passwords(self, plugin: str) -> frozenset[str]:
        """The keys that a plugin declares as PASSWORD (KIP-769); empty where it is not installed."""
        if plugin not in self._passwords:
            try:
                found = self._read(f"connector-plugins/{quote(plugin, safe='')}/config")
            except ApiError as error:
                if error.status != 404:
                    raise
                found = []
            with shaped(self.where):
                self._passwords[plugin] = frozenset(str(one["name"]) for one in found if one.get("type") == "PASSWORD")
        return self._passwords[plugin]

    def validate(self, asked: Sequence[Asked]) -> Sequence[Verdict]:
        """What the workers and the plugins say of configs, in the same order (at most 16 at once)."""
        return list(in_flight(self._verdict, asked))

    def _verdict(self, asked: Asked) -> Verdict:
        """A 500 is what Connect answers to much that is wrong with a config: it is a message about all of it."""
        path = f"connector-plugins/{quote(asked.plugin, safe='')}/config/validate"
        try:
            found = self._read(path, "PUT", {**asked.config, "name": asked.name})
        except (NoAnswer, Denied):
            raise
        except ApiError as error:
            said = error.said or f"HTTP {error.status} without an explanation"
            return Verdict(((None, words.told(said, asked.config, asked.secret)),))
        with shaped(self.where):
            return _verdict(found["configs"], asked.config, asked.secret)

    def put(self, name: str, config: Mapping[str, str], secret: Collection[str] = ()) -> Problem | None:
        """Create or change a connector; a change restarts it and its tasks."""
        return self._write("PUT", f"{_path(name)}/config", config, config, secret)

    def create(self, name: str, config: Mapping[str, str], state: str, secret: Collection[str] = ()) -> Problem | None:
        """Create a connector in a state (KIP-980, Connect 3.7)."""
        body = {"name": name, "config": config, "initial_state": state.upper()}
        return self._write("POST", "connectors", body, config, secret)

    def turn(self, name: str, state: str) -> Problem | None:
        """Make a connector `running`, `paused` or `stopped` (KIP-875)."""
        return self._write("PUT", f"{_path(name)}/{_VERBS[state]}")

    def restart(self, name: str) -> Problem | None:
        """Restart what has failed of a connector, itself and its tasks (KIP-745)."""
        return self._write("POST", f"{_path(name)}/restart?includeTasks=true&onlyFailed=true")

    def offsets(self, name: str) -> Sequence[Offset]:
        """The offsets of a connector (KIP-875)."""
        with shaped(self.where):
            found = self._read(f"{_path(name)}/offsets")["offsets"]
            return tuple(Offset(json.dumps(one["partition"]), json.dumps(one["offset"])) for one in found)

    def set_offsets(self, name: str, offsets: Sequence[Offset]) -> Problem | None:
        """Overwrite offsets of a stopped connector (KIP-875)."""
        found = [{"partition": json.loads(one.partition), "offset": json.loads(one.offset)} for one in offsets]
        return self._write("PATCH", f"{_path(name)}/offsets", {"offsets": found})

    def delete(self, name: str) -> Problem | None:
        """Delete a connector; one that is gone already is done."""
        problem = self._write("DELETE", _path(name))
        return None if problem is not None and problem.code == "HTTP 404" else problem

    def _read(self, path: str, method: str = "GET", body: object = None) -> Any:
        return self._patiently(lambda: self._service.ask(method, path, body, harmless=True))

    def _patiently(self, ask: Callable[[], _Got]) -> _Got:
        """What is answered when nothing is rebalanced any more; 409 says that nothing was done."""
        until = time.monotonic() + self._patience
        while True:
            try:
                return ask()
            except ApiError as error:
                if error.status != _REBALANCE or time.monotonic() > until or "already exists" in error.said:
                    raise
            time.sleep(_PAUSE)

    def _write(
        self,
        method: str,
        path: str,
        body: object = None,
        config: Mapping[str, str] | None = None,
        secret: Collection[str] = (),
    ) -> Problem | None:
        """None for done, else why not, in the worker's words without the secrets of the config."""

        def refused(error: ApiError) -> Problem:
            return Problem(f"HTTP {error.status}", words.told(error.said or "no explanation", config or {}, secret))

        return written(lambda: self._patiently(lambda: self._service.ask(method, path, body)), refused)


def open_workers(label: str, rest: Rest, env: Mapping[str, str]) -> Workers:
    """The workers of a Connect cluster by its settings; nothing is asked yet. Raises ConfigError as `open_service`."""
    return Workers(open_service(f"the Connect cluster {label}", rest, env, seconds=SECONDS))


def _path(name: str) -> str:
    return f"connectors/{quote(name, safe='')}"


def _live(entry: Mapping[str, Any]) -> Live:
    info, status = entry["info"], entry.get("status") or {}
    own = status.get("connector") or {}
    config = {str(key): _NULL if value is None else str(value) for key, value in info["config"].items()}
    tasks = tuple(
        Task(int(task["id"]), str(task["state"]), str(task.get("trace") or "")) for task in status.get("tasks") or ()
    )
    kind = info.get("type")
    sink = {"sink": True, "source": False}.get(str(kind))
    state, trace = str(own.get("state") or "UNASSIGNED"), str(own.get("trace") or "")
    return Live(config, state, tasks, trace, len(info.get("tasks") or ()), sink)


def _verdict(entries: Sequence[Mapping[str, Any]], config: Mapping[str, str], secret: Collection[str]) -> Verdict:
    known = list(words.resolved(entries, config))
    messages = tuple(
        (
            words.about(str(entry["value"]["name"]), config, known),
            words.of_key(entry["value"], str(said), config, secret, known),
        )
        for entry in entries
        for said in _causes(entry["value"]["errors"])
    )
    declared = [entry["definition"] for entry in entries if entry.get("definition")]
    passwords = frozenset(str(one["name"]) for one in declared if one.get("type") == "PASSWORD")
    names = frozenset(words.about(str(one["name"]), config, known) for one in declared)
    return Verdict(messages, names, passwords)


def _causes(errors: Sequence[object]) -> Iterator[object]:
    """What is wrong with a key; that a value which could not be read is null as well is no cause of its own."""
    for number, said in enumerate(errors):
        if number == 0 or not str(said).startswith("Invalid value null for configuration"):
            yield said
