"""Make the topic of the ledger, check it, take its records out, or take a person out of its records."""

import argparse
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from kafka_gitops.cli import locking, reaching, saving, terminal
from kafka_gitops.cli.doctor import line
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.request import Request as Common
from kafka_gitops.cli.setup import Configured
from kafka_gitops.cli.whose import whose
from kafka_gitops.errors import Blocked, KafkaGitopsError, MissingRight, UsageError
from kafka_gitops.git import Repository
from kafka_gitops.ledger import audit, records, state
from kafka_gitops.ledger import topic as ledger
from kafka_gitops.ledger.log import Entry, Log
from kafka_gitops.ledger.owner import Identity
from kafka_gitops.report import words

if TYPE_CHECKING:
    from kafka_gitops.doctor.verdict import Verdict
    from kafka_gitops.kinds.parts import Systems
    from kafka_gitops.ledger.holding import Holding
    from kafka_gitops.settings import Settings

EXAMPLE = "kafka-gitops ledger check -e prod"
_PATIENCE = 60.0  # seconds until what was made is seen
_ERASE = "kafka-gitops ledger erase --actor octocat -e prod"
_OF = {"print": ("--print", "init"), "fix": ("--fix", "init"), "output": ("--output", "export")}  # whose it is


class Request(Common):
    """What `ledger` is asked for."""

    action: str = "check"
    print: bool = False
    fix: bool = False
    actor: str | None = None
    output: str | None = None


def add(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    text = "init makes the topic, check (the default) looks at it and at the hashes, export prints all records as JSON "
    text += "lines, erase takes a person out, move says that the repository or its config has another place now"
    parser.add_argument("action", metavar="ACTION", nargs="?", choices=tuple(ACTIONS), default="check", help=text)
    text = "init: make nothing, print the commands that a platform team runs"
    parser.add_argument("--print", action="store_true", help=text)
    parser.add_argument("--fix", action="store_true", help="init: set right the configs of a topic that is there")
    parser.add_argument("--actor", metavar="NAME", help="erase: the login or id, as it stands in the records")
    parser.add_argument("-o", "--output", metavar="FILE", help="export: a file that only its owner may read")


def run(request: Request) -> int:
    """Do what is asked for; 0 when all is well, 1 when the topic or a hash is not as it must be."""
    _stop_on_idle(request)
    config = Configured(request, MERGED)
    settings = config.settings()
    with Repository() as repo:
        identity = whose(config, settings, repo)
    with reaching.connected(request, settings) as systems:
        return ACTIONS[request.action](request, settings, systems, identity)


def _stop_on_idle(request: Request) -> None:
    """Raise UsageError for an option that the action does not look at, and for a person without a name."""
    given = request.actor is not None
    if given != (request.action == "erase") or (given and not (request.actor or "").strip()):
        raise UsageError("ledger erase takes --actor NAME, and nothing else does.", help=f"For example: {_ERASE}")
    for name, (option, action) in _OF.items():
        if getattr(request, name) not in (None, False) and request.action != action:
            said = f"{option} belongs to ledger {action}; ledger {request.action} does nothing with it."
            raise UsageError(said, help="kafka-gitops ledger --help shows which option is whose.")


def _init(request: Request, settings: "Settings", systems: "Systems", identity: Identity) -> int:
    name, brokers = identity.topic, systems.kafka.brokers
    if request.print:
        for command in (ledger.creating(name, brokers), *_grants(systems, name)):
            terminal.write(command)
        return 0
    found = ledger.look(systems.kafka, name)
    if found is None:
        _create(systems, name, brokers)
        terminal.write(f"Created topic {name} for the ledger of owner {identity.owner}.")
    else:
        _mend(request, systems, found)
    if not settings.ledger.on:
        where = f"environments.{settings.environment}.ledger" if settings.environment else "ledger"
        terminal.say(f"note: it is not used yet, because {where} is off: write `optional` or `required` there.")
    return 0


def _grants(systems: "Systems", name: str) -> tuple[str, str]:
    return ledger.granting(name, systems.kafka.principal or "User:NAME")


def _create(systems: "Systems", name: str, brokers: int) -> None:
    from kafka_gitops.model import Topic

    copies, configs = ledger.wanted(brokers)
    problem = systems.kafka.create_topics({name: Topic(1, copies, configs)})[name]
    if problem is not None:
        commands = "\n".join((ledger.creating(name, brokers), *_grants(systems, name)))
        said = f"Topic {name} could not be made: {problem}"
        raise KafkaGitopsError(said, help=f"Whoever may create topics runs:\n{commands}")
    until = time.monotonic() + _PATIENCE
    while systems.kafka.describe_topics([name])[name] is None and time.monotonic() < until:  # reads lag writes
        time.sleep(0.1)


def _mend(request: Request, systems: "Systems", found: ledger.Topic) -> None:
    faults = ledger.faults(found)
    if not faults:
        terminal.write(f"Topic {found.name} exists, and its settings are right.")
        return
    if not request.fix:
        ledger.refuse(found.name, faults)
    configs: dict[str, str | None] = dict(fault.config for fault in faults if fault.config is not None)
    problem = systems.kafka.alter_configs({found.name: configs})[found.name] if configs else None
    if problem is not None:
        raise KafkaGitopsError(f"The configs of topic {found.name} could not be set: {problem}")
    if configs:
        terminal.write(f"Set on topic {found.name}: {', '.join(f'{key}={value}' for key, value in configs.items())}")
    ledger.refuse(found.name, [fault for fault in faults if fault.config is None])


def _check(request: Request, settings: "Settings", systems: "Systems", identity: Identity) -> int:
    from kafka_gitops import doctor
    from kafka_gitops.doctor.ledger import examine

    terminal.write(f"Ledger {identity.topic} on cluster {systems.kafka.id}")
    verdicts = examine(systems.kafka, systems.on_kafka("log"), identity.topic)
    if verdicts[0].status == "ok":
        verdicts += _records(_log(systems, identity), identity)
    for verdict in verdicts:
        terminal.write(line(verdict))
    return doctor.exit_code(verdicts)


def _log(systems: "Systems", identity: Identity) -> Log:
    log: Log = systems.on_kafka("log").log(identity.topic)
    return log


def _records(log: Log, identity: Identity) -> "Iterator[Verdict]":
    from kafka_gitops.doctor.verdict import LACKING, Verdict

    try:
        for one in audit.examine(state.read(log), identity):
            yield Verdict(*one, code=LACKING if one.status == "FAIL" else 0)
    except MissingRight as missing:
        yield Verdict("FAIL", "records", missing.message, missing.help or "", LACKING)


def _export(request: Request, settings: "Settings", systems: "Systems", identity: Identity) -> int:
    lines = audit.lines(state.read(_log(systems, identity)))
    if request.output is None:
        for one in lines:
            terminal.write(one)
    else:
        saving.save(request.output, "".join(f"{one}\n" for one in lines), private=True)
    return 0


def _erase(request: Request, settings: "Settings", systems: "Systems", identity: Identity) -> int:
    assert request.actor is not None
    with _alone(systems, identity) as writer:
        found = audit.without(state.read(_log(systems, identity)), request.actor)
        for entries in found:
            writer.append(entries)
    if not found:
        terminal.write(f"No record of the ledger {identity.topic} names {request.actor}.")
        return 0
    terminal.write(f"Erased {request.actor} from {words.count(len(found), 'record')} of the ledger {identity.topic}.")
    terminal.say(
        "note: the brokers keep what the records said before until they compact it (max.compaction.lag.ms), and git, "
        "copies and exports keep what they have."
    )
    return 0


@contextmanager
def _alone(systems: "Systems", identity: Identity) -> "Iterator[Holding]":
    """The owner's lock, under which is read and written: an apply between both would be written over.

    Raises Blocked where a run has it.
    """
    log = systems.on_kafka("log").log(identity.topic, apart=True)
    with closing(log), ExitStack() as close:
        try:
            writer = close.enter_context(locking.held(log, run=locking.new_run(), wait=0))
        except Blocked as taken:  # said to an apply, which can wait
            said = f"{taken.message.removesuffix(' Nothing was applied.')} Nothing was written."
            raise Blocked(said, help="Run this again when that run is over.") from None
        yield writer


def _move(request: Request, settings: "Settings", systems: "Systems", identity: Identity) -> int:
    with _alone(systems, identity) as writer:
        return _moved(_log(systems, identity), identity, writer)


def _moved(log: Log, identity: Identity, writer: "Holding") -> int:
    before = state.bounded(log).owner
    if before is None:
        terminal.write(f"The ledger {identity.topic} does not know yet whose it is: the next apply tells it.")
        return 0
    was, now = f"{before.repository}, {before.config}", f"{identity.repository}, {identity.config}"
    if was != now:
        moved = replace(before, repository=identity.repository, config=identity.config, at=log.bounds()[1])
        moved = replace(moved, topic_id=log.id or None)
        writer.append([Entry(moved.key, records.encode(moved))])
    terminal.write(f"The ledger {identity.topic} is that of {now}" + (f", no longer of {was}." if was != now else "."))
    return 0


Action = Callable[[Request, "Settings", "Systems", Identity], int]
ACTIONS: Mapping[str, Action] = {
    "init": _init,
    "check": _check,
    "export": _export,
    "erase": _erase,
    "move": _move,
}
