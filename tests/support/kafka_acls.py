"""Kafka's own kafka-acls, typed as a help of ours prints it, and what is on the cluster then."""

import re
import shlex
import subprocess

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.model import Acl
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.sandbox.source import Source, runtime

QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")


def typed(kafka: Sandbox, line: str, *more: str) -> str:
    """What Kafka's program prints for a line, which has to be right for it; where the cluster is says its reader."""
    name, *words = shlex.split(line)
    assert name == "kafka-acls"
    java = runtime(Source(version="3.9"), log=print)  # from 4.1 on the program is in no jar of the broker
    command = java.command(QUICK, ["kafka.admin.AclCommand", "--bootstrap-server", kafka.bootstrap, *words, *more])
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0 and "Error while" not in done.stdout + done.stderr, done
    return done.stdout


def lines(text: str | None) -> list[str]:
    """The lines of a help that are to be copied."""
    return re.findall(r"^  (kafka-acls .*)$", text or "", re.MULTILINE)


def there(kafka: Sandbox, *principals: str) -> set[Acl]:
    """The bindings of these principals on the cluster."""
    with open_cluster(kafka.client()) as cluster:
        return {one for one in cluster.list_acls() if one.principal in principals}
