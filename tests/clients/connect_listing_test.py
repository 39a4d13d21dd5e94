"""What exists on a worker is listed from the moment of its creation."""

import pytest

from kafka_gitops.clients.connect import open_workers
from kafka_gitops.sandbox.rest import Server
from kafka_gitops.settings import Rest

pytestmark = pytest.mark.kafka


def test_a_connector_without_a_status_is_listed(worker: Server, prefix: str) -> None:
    workers = open_workers("main", Rest((worker.url,)), {})
    config = {"connector.class": "FileStreamSink", "topics": "none", "file": "/dev/null"}
    names = [f"{prefix}{number}" for number in range(12)]  # about every third has no status at once
    for name in names:
        body: dict[str, object] = {"name": name, "config": config, "initial_state": "STOPPED"}
        assert worker.ask("/connectors", method="POST", body=body) == 201
        assert workers.connectors()[name].config == {**config, "name": name}
    for name in names:
        assert worker.ask(f"/connectors/{name}", method="DELETE") == 204
