"""A quota on changes of topics (KIP-599): an apply obeys it, says that it waits."""

import re
import time
from pathlib import Path

import pytest
from desk import Desk, Result, topology
from telling import options

from kafka_gitops.clients.link import Link
from kafka_gitops.clients.quotas import KafkaQuotas
from kafka_gitops.clients.translate import login
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
COUNT, PARTITIONS, RATE = 30, 5, 10  # brokers let 11 s of a rate through at once
WAITS = r"applying: 0 of 30; a quota \(controller_mutation_rate\) lets (\d+) changes? wait, \d+ s more\n"


def limited(home: Path, kafka: Sandbox, client: str) -> Result:
    """An apply by a client that may change so many partitions a second."""
    link = Link(login(kafka.client()), timeout=10)
    quotas, entity = KafkaQuotas(link), (("client-id", client),)
    assert quotas.alter_quotas({entity: {"controller_mutation_rate": float(RATE)}}) == {entity: None}
    until = time.monotonic() + 30
    while entity not in quotas.list_quotas():
        assert time.monotonic() < until
    desk = Desk(home)
    desk.write(
        "t.yaml", topology(client, *(f"{n} num.partitions={PARTITIONS} replication.factor=1" for n in range(COUNT)))
    )
    try:
        words = ["apply", "t.yaml", "--yes", "--only", "topics", "-X", f"client.id={client}"]
        return desk.run(*words, *options(kafka.client()))
    finally:
        quotas.alter_quotas({entity: {"controller_mutation_rate": None}})
        link.close()


def test_an_apply_waits_and_says_so(tmp_path: Path, no_authorizer: Sandbox, prefix: str) -> None:
    result = limited(tmp_path, no_authorizer, prefix)
    assert result.code == 0, result
    assert f"{COUNT} applied and verified" in result.out
    waits = re.findall(WAITS, result.err)
    assert waits and all(1 <= int(left) < COUNT for left in waits), result.err
