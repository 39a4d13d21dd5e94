"""JulieOps' own forms of schemas, connectors and quotas are the same declarations as ours (its sections 5 to 7)."""

import json
from pathlib import Path

import pytest
from reading import messages

from kafka_gitops.cli.main import main
from kafka_gitops.descriptor.build import topology
from kafka_gitops.files import artefacts
from kafka_gitops.model import Topology
from kafka_gitops.settings import Dlq, Language, Naming
from kafka_gitops.text.source import parse

VALUE = '{"type": "record", "name": "V", "fields": [{"name": "a", "type": "string"}]}'
FILES = {
    "schemas/value.avsc": VALUE,
    "schemas/key.avsc": '"string"',
    "schemas/other.json": '{"type": "object", "title": "Näme"}',
    "schemas/order.proto": 'syntax = "proto3";\nmessage Order {}\n',
    "connectors/sink.json": '{"name": "SINK", "config": {"connector.class": "x.Sink", "topics": "a"}}',
    "connectors/source.json": '{"connector.class": "x.Source", "tasks.max": 1, "name": "source", "password": "${file:/s:p}"}',
    "connectors/other.json": '{"name": "another", "config": {"connector.class": "x.Sink", "topics": "a"}}',
}
HEAD = "context: schemas\nkind: avro\nprojects:\n- name: foo\n"
ARTEFACTS = "[{path: connectors/sink.json, server: main, name: sink}, {path: connectors/source.json, server: main, name: source}]"
SUBJECTS = {
    "a map: one subject, by the topic's full name": (
        "{value.schema.file: schemas/value.avsc}",
        ["schemas.avro.foo.t.avro-value AVRO"],
    ),
    "key and value, in a list, with a level": (
        "[{key.schema.file: schemas/key.avsc, value.schema.file: schemas/value.avsc, value.compatibility: FULL}]",
        ["schemas.avro.foo.t.avro-key AVRO", "schemas.avro.foo.t.avro-value AVRO FULL"],
    ),
    "formats": (
        "{key.schema.file: schemas/order.proto, key.format: PROTOBUF, value.schema.file: schemas/other.json, value.format: JSON}",
        ["schemas.avro.foo.t.avro-key PROTOBUF", "schemas.avro.foo.t.avro-value JSON"],
    ),
    "a topic's records": (
        "[{key.schema.file: schemas/key.avsc, value.schema.file: schemas/value.avsc, key.record.type: K, value.record.type: V},"
        " {value.schema.file: schemas/other.json, value.format: JSON, value.record.type: W}]\n"
        "    subject.name.strategy: TopicRecordNameStrategy",
        ["schemas.avro.foo.t.avro-K AVRO", "schemas.avro.foo.t.avro-V AVRO", "schemas.avro.foo.t.avro-W JSON"],
    ),
    "records alone": (
        "{value.schema.file: schemas/value.avsc, value.record.type: com.acme.V}\n    subject.name.strategy: RecordNameStrategy",
        ["com.acme.V AVRO"],
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A directory with the files that the topologies name."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def read(folder: Path, text: str, language: Language | None = None) -> Topology:
    """The topology of a text that stands in the folder."""
    path = str(folder / "t.yaml")
    reader = artefacts.reader({path: str(folder)})
    return topology({path: parse(path, text)}, language or Language(connect_servers=("main",)), read=reader)


def subjects(found: Topology) -> list[str]:
    """Each subject with its type and its level."""
    rows = [(one.key.name, *map(str, one.spec.fields().values())) for one in found.of("schema")]
    return [" ".join(part for part in row if part in (row[0], "AVRO", "JSON", "PROTOBUF", "FULL")) for row in rows]


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_topics_schemas_are_subjects(name: str, folder: Path) -> None:
    schemas, expected = SUBJECTS[name]
    found = read(folder, f"{HEAD}  topics:\n  - name: t\n    dataType: avro\n    schemas: {schemas}\n")
    assert messages(found) == []
    assert subjects(found) == expected
    assert {one.project for one in found.declared} == {"foo"}


def test_a_special_topics_subject_has_its_bare_name(folder: Path) -> None:
    found = read(folder, "context: c\nspecial_topics:\n- {name: t, schemas: {value.schema.file: schemas/value.avsc}}\n")
    assert (subjects(found), [one.project for one in found.declared]) == (["t-value AVRO"], [None])


def test_a_dead_letter_topic_has_the_schemas_of_its_topic(folder: Path) -> None:
    dlq = Language(Naming(dlq=Dlq(generate=True)))
    found = read(folder, f"{HEAD}  topics: [{{name: t, schemas: {{value.schema.file: schemas/value.avsc}}}}]\n", dlq)
    assert subjects(found) == ["schemas.avro.foo.t-value AVRO", "schemas.avro.foo.t.dlq-value AVRO"]


@pytest.mark.parametrize("key", ["artefacts", "artifacts"])
def test_artefacts_are_connectors_whether_wrapped_or_flat(key: str, folder: Path) -> None:
    found = read(folder, f"{HEAD}  connectors:\n    {key}: {ARTEFACTS}\n  topics:\n")
    assert messages(found) == []
    assert {one.key.name: one.spec.fields() for one in found.of("connector")} == {
        "main/sink": {"connector.class": "x.Sink", "topics": "a"},
        "main/source": {"connector.class": "x.Source", "password": "${file:/s:p}", "tasks.max": "1"},
    }


def test_a_wrapped_artefact_of_another_name_is_an_error_in_its_file(folder: Path) -> None:
    item = "[{path: connectors/other.json, server: main, name: sink}]"
    found = read(folder, f"{HEAD}  connectors: {{artefacts: {item}}}\n")
    assert found.declared == ()
    (said,) = messages(found)
    assert said.startswith('connectors/other.json:1:10: error wrong-type the file is about "another"')


def test_platform_quotas_are_quotas_of_the_bare_user(folder: Path) -> None:
    item = '{principal: "User:App0", producer_byte_rate: 1024.0, request_percentage: "50.0"}'
    found = read(folder, f"context: c\nplatform: {{kafka: {{quotas: [{item}]}}}}\n")
    (quota,) = found.of("quota")
    assert quota.key.name == "user=App0"
    assert [text.split()[0] for text in quota.spec.fields().values() if text] == ["1024", "50"]


def test_render_shows_all_of_them_with_a_file_of_julieops_settings(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    Path("t.yaml").write_text(
        f"{HEAD}  topics: [{{name: t, schemas: {{value.schema.file: schemas/value.avsc}}}}]\n"
        f"  connectors: {{artefacts: {ARTEFACTS}}}\n",
        encoding="utf-8",
    )
    Path("c.properties").write_text("bootstrap.servers=h:1\nplatform.servers.connect.0=main:http://h:2\n")
    assert main(["render", "t.yaml", "--client-config", "c.properties", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in shown["connectors"]] == ["main/sink", "main/source"]
    assert shown["schemas"] == [{"name": "schemas.avro.foo.t-value", "type": "AVRO", "schema": VALUE}]
