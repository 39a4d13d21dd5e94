"""Where a plan says that a schema's own file is: as seen from where the run is, so that a comment can link it."""

import pytest

from kafka_gitops.kinds.schema.declared import One
from kafka_gitops.kinds.schema.spec import NAME, Schema
from kafka_gitops.model import Key
from kafka_gitops.text.source import parse


@pytest.mark.parametrize(
    ("topology", "file", "shown"),
    [
        ("t.yaml", "order.avsc", "order.avsc:7"),
        ("topologies/pay.yaml", "schemas/order.avsc", "topologies/schemas/order.avsc:7"),
        ("topologies/pay.yaml", "../schemas/order.avsc", "schemas/order.avsc:7"),
        ("./topologies/pay.yaml", "./order.avsc", "topologies/order.avsc:7"),
    ],
)
def test_a_line_of_the_file_of_a_schema(topology: str, file: str, shown: str) -> None:
    node = parse(topology, f"{{subject: s, file: {file}}}\n").root
    assert node is not None
    assert str(One(Key(NAME, "s"), Schema("AVRO", '"int"'), node, None, frozenset()).in_file(7)) == shown
