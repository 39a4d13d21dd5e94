"""Examines a ledger's topic: is it there, is it as it must be, what may this principal do with it."""

from collections.abc import Iterator

from kafka_gitops.clients.refusals import who
from kafka_gitops.doctor.verdict import LACKING, Verdict
from kafka_gitops.errors import MissingRight
from kafka_gitops.kinds.cluster import Cluster
from kafka_gitops.ledger import topic as ledger
from kafka_gitops.ledger.log import Logs

STEPS = ("ledger topic", "ledger settings", "may use the ledger", "other ledgers")
NEEDED = ("READ", "WRITE", "DESCRIBE_CONFIGS")


def examine(cluster: Cluster, logs: Logs, name: str) -> list[Verdict]:
    """A verdict for each of STEPS; what was not tried after one that failed is told as such."""
    found = list(_verdicts(cluster, logs, name))
    return [*found, *(Verdict("-", step, "not tried") for step in STEPS[len(found) :])]


def _verdicts(cluster: Cluster, logs: Logs, name: str) -> Iterator[Verdict]:
    there, settings, rights, others = STEPS
    try:
        topic = ledger.look(cluster, name)
    except MissingRight as missing:
        help = "\n".join(ledger.granting(name, cluster.principal or "User:NAME"))
        yield Verdict("FAIL", there, missing.message, help, LACKING)
        return
    if topic is None:
        help = f"kafka-gitops ledger init, or by the platform:\n{ledger.creating(name, cluster.brokers)}"
        yield Verdict("FAIL", there, f"there is no topic {name}", help, LACKING)
        return
    yield Verdict("ok", there, name)
    faults = ledger.faults(topic)
    said = "; ".join(fault.sentence for fault in faults)
    if faults:
        yield Verdict("FAIL", settings, said, ledger.mending(name, faults), LACKING)
    else:
        yield Verdict("ok", settings, told(topic))
    yield _rights(cluster, logs, name, rights)
    yield _others(logs, others)


def told(topic: ledger.Topic) -> str:
    """What a topic is like that is as it must be."""
    copies = "1 replica" if topic.replication == 1 else f"{topic.replication} replicas"
    values = topic.values
    return f"{copies}, {values['cleanup.policy']}, {values['message.timestamp.type']}"


def _rights(cluster: Cluster, logs: Logs, name: str, step: str) -> Verdict:
    may = logs.rights(name)
    if may is None:
        return Verdict("-", step, "this server does not tell what a principal may do")
    lacking = [operation for operation in NEEDED if operation not in may]
    if not lacking:
        return Verdict("ok", step, "may read and write it")
    said = f"{who(cluster.principal)} lacks {', '.join(lacking)} on topic {name}"
    help = "\n".join(ledger.granting(name, cluster.principal or "User:NAME"))
    return Verdict("FAIL", step, said, help, LACKING)


def _others(logs: Logs, step: str) -> Verdict:
    missing = logs.unseen()
    if missing is None:
        return Verdict("ok", step, "may see them")
    return Verdict("note", step, f"{missing.message}: what left the files stays", missing.help or "")
