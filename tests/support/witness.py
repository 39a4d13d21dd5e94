"""Somebody who watches a cluster, and reads what the ledgers of its owners say of the same time."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

from kafka_gitops.clients.cluster import KafkaCluster
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.log import on
from kafka_gitops.clients.quotas import KafkaQuotas
from kafka_gitops.clients.scram import KafkaUsers
from kafka_gitops.clients.translate import login
from kafka_gitops.kinds.quota.spec import name
from kafka_gitops.kinds.schema.spec import parts
from kafka_gitops.ledger import chain, dead, state
from kafka_gitops.ledger.dead import SHOWN
from kafka_gitops.ledger.holding import look, unlock
from kafka_gitops.ledger.log import Log
from kafka_gitops.ledger.nouns import RunOutcome
from kafka_gitops.model import Key, Topic, acl_key
from kafka_gitops.plan.memory import STILL
from kafka_gitops.sandbox import Sandbox

BESIDE = ("user", "schema", "connector")  # kinds of which one reads back what is there
WATCHED = ("topic", "acl", "quota")  # kinds of which a watcher sees every change


def everything(cluster: KafkaCluster) -> dict[Key, object]:
    """What is there of these kinds; a topic with its id, which another topic of the name would not have."""
    topics = {called: live for called, live in cluster.list_topics().items() if not called.startswith("_")}
    configs = cluster.topic_configs(list(topics), ()) if topics else {}
    found: dict[Key, object] = {
        Key("topic", called): (live.topic_id, live.partitions, dict(configs[called].overrides))
        for called, live in topics.items()
        if called in configs
    }
    found.update((acl_key(acl), True) for acl in cluster.list_acls())
    quotas = KafkaQuotas(cluster.link).list_quotas()
    found.update((Key("quota", name(entity)), dict(limits)) for entity, limits in quotas.items())
    return found


def beside(cluster: KafkaCluster, registry: str, worker: str) -> dict[Key, object]:
    """What is there of the other kinds: of a user its mechanisms (a password shows nowhere), of a subject its versions
    and its own level, of a connector its config and whether it is to run."""
    users = KafkaUsers(cluster.link).list_users()
    found: dict[Key, object] = {Key("user", called): dict(there) for called, there in users.items()}
    for subject in _told(f"{registry}/subjects"):
        at = f"{registry}/subjects/{quote(subject, safe='')}/versions"
        level = _told(f"{registry}/config/{quote(subject, safe='')}")
        found[Key("schema", subject)] = (_told(at), _told(f"{at}/latest"), level)
    for called, told in (_told(f"{worker}/connectors?expand=info&expand=status") or {}).items():
        idle = {"PAUSED", "STOPPED"} & {told["status"]["connector"]["state"]}
        found[Key("connector", f"main/{called}")] = (told["info"]["config"], idle)
    return found


def _told(url: str) -> Any:
    """The answer of a server; None where it has no such thing."""
    try:
        with urlopen(url, timeout=10) as answer:
            return json.load(answer)
    except HTTPError as error:
        if error.code != 404:
            raise
        return None


def changed(before: dict[Key, object], after: dict[Key, object]) -> set[Key]:
    """What is not as it was."""
    return {key for key in {*before, *after} if before.get(key) != after.get(key)}


def done(outcomes: Sequence[RunOutcome]) -> set[Key]:
    """What records say was done, of the kinds that are watched."""
    return {Key(one.kind, one.name) for one in outcomes if one.status == "done" and one.kind in WATCHED}


def done_beside(outcomes: Sequence[RunOutcome]) -> tuple[set[Key], set[Key]]:
    """The same of the other kinds: what has to show, and that with what need not: acts, and of a subject a level of its
    own, where that is the one of all."""
    told = [one for one in outcomes if one.status == "done" and one.kind in BESIDE]
    keys = [Key(one.kind, parts(Key(one.kind, one.name))[0] if one.kind == "schema" else one.name) for one in told]
    return {key for key, one in zip(keys, told, strict=True) if one.action in SHOWN and one.kind != "schema"}, {*keys}


def ledger_topic(replicas: int) -> Topic:
    """The topic of a ledger, as `ledger init` makes it."""
    config = {
        "cleanup.policy": "compact",
        "message.timestamp.type": "LogAppendTime",
        "unclean.leader.election.enable": "false",
        "min.compaction.lag.ms": "3600000",
        "max.message.bytes": "1048588",
        **({"min.insync.replicas": "2"} if replicas > 2 else {}),
    }
    return Topic(1, replicas, config)


@dataclass
class Watched:
    """The ledger of one owner, and the runs that were seen in it."""

    log: Log
    known: set[str] = field(default_factory=set)

    def free(self) -> list[dead.Dead]:
        """Take the lock from a run that was killed (else the next one waits for the end of its lease); what the ledger
        says of it."""
        holder = look(self.log).holder
        if holder is not None:
            unlock(self.log, holder.run, "it was killed")
        return dead.dead(state.read(self.log), "")

    def over(self) -> bool:
        """Whether a run that was not seen before has told its end: one may be killed behind that."""
        found = state.read(self.log)
        return any(found.run(run).status != "running" for run in found.run_ids if run not in self.known)

    def new(self, head: str) -> list[RunOutcome]:
        """The outcomes of the runs that were not seen before; all of them have ended, in one chain of hashes, the commit
        is the one that was applied last, and nothing is open but the removal of rights that others still declare."""
        found = state.read(self.log)
        assert found.owner is not None and found.running == ()
        assert all(one.kind == "acl" and one.why.startswith(STILL) for one in found.owner.open), found.owner.open
        assert found.owner.commit == head
        runs = {run: found.run_data(run) for run in found.run_ids}
        assert not list(chain.verify(runs.values(), (found.owner.number, found.owner.digest)))
        new = [found.run(run) for run in found.run_ids if run not in self.known]
        self.known |= set(found.run_ids)
        return [outcome for run in new for outcome in run.outcomes]


def link_of(kafka: Sandbox) -> Link:
    """A connection for reading logs."""
    return Link(login(kafka.client()), timeout=10)


def watched(link: Link, owner: str, environment: str) -> Watched:
    """The ledger of an owner."""
    return Watched(on(link).log(f"_kafka_gitops.{owner}.{environment}"))
