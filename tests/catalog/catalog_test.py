"""The catalog says what real Kafkas say: their printed definitions and their answers are stored in data/catalog/."""

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from kafka_gitops import catalog
from kafka_gitops.catalog import acls
from kafka_gitops.catalog.topic_configs import CONFIGS, VERSIONS

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parents[1] / "data" / "catalog"
CATALOG = ROOT / "kafka_gitops" / "catalog" / "topic_configs.py"
KAFKAS = ("2.8.2", "3.9.2", "4.3.0", "4.4.0")


def load_generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "tools" / "catalog" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def operations(kafka: str) -> Iterator[list[str]]:
    """[resource type, operations]: what a real Kafka answered to tools/catalog/ask.bsh."""
    for line in (DATA / f"kafka-{kafka}.tsv").read_text(encoding="utf-8").split("\n"):
        if line.startswith("acl\t"):
            yield line.split("\t")[1:]


# --- the data and its generator


def test_the_file_is_what_the_parser_makes_of_kafka_s_print() -> None:
    parsed = load_generator().parse((DATA / "printed-3.9.2.html").read_text(encoding="utf-8"))
    assert len(parsed) == 7
    order = catalog.versions()
    for key, record in parsed.items():
        past = [version for version in CONFIGS[key] if order.index(version) <= order.index("3.9")]
        assert CONFIGS[key][past[-1]] == record, key


def test_the_parser_reads_each_form() -> None:
    parsed = load_generator().parse((DATA / "printed-3.9.2.html").read_text(encoding="utf-8"))
    assert parsed["compression.gzip.level"] == {
        "type": "int",
        "default": "-1",
        "doc": "The compression level to use if compression.type is set to gzip.",
        "min": 1,
        "max": 9,
        "also": -1,
        "broker": "compression.gzip.level",
    }
    assert parsed["leader.replication.throttled.replicas"]["form"] == "replicas"
    assert parsed["cleanup.policy"]["allowed"] == ["compact", "delete"]
    assert parsed["retention.ms"]["default"] == "604800000"
    assert parsed["message.timestamp.difference.max.ms"]["deprecated"] is True
    assert "broker" not in parsed["remote.storage.enable"]


def test_an_unknown_form_stops_the_generator() -> None:
    with pytest.raises(ValueError, match=r"x\.y: an unknown form of valid values: 'non-empty string'"):
        load_generator().valid("non-empty string", "x.y")


def test_the_file_has_stable_bytes() -> None:
    text = CATALOG.read_text(encoding="utf-8")
    assert load_generator().dumps({"versions": VERSIONS, "configs": CONFIGS}) == text


def test_a_record_stands_once() -> None:
    one, other = {"type": "int"}, {"type": "long"}
    told = load_generator().history({"1.0": {"a": one}, "1.1": {"a": one, "b": one}, "1.2": {"b": other}})
    assert told == {
        "versions": ["1.0", "1.1", "1.2"],
        "configs": {"a": {"1.0": one, "1.2": None}, "b": {"1.1": one, "1.2": other}},
    }


@pytest.mark.parametrize(("kafka", "name"), [("3.4.1", "kafka.log.LogConfig"), ("3.5.2", "storage.internals")])
def test_which_class_prints(kafka: str, name: str) -> None:
    assert name in load_generator().main_class(kafka)


# --- versions


def test_versions() -> None:
    assert catalog.versions() == (
        *("2.8", "3.0", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9"),
        *("4.0", "4.1", "4.2", "4.3", "4.4"),
    )


@pytest.mark.parametrize(
    ("version", "known"),
    [
        (None, "4.4"),
        ("4.3", "4.3"),
        ("4.10", "4.4"),
        ("3.9.1", "3.9"),
        ("3.12", "3.9"),
        ("0.11.0", "2.8"),
        ("4", "4.4"),
        ("3", "3.9"),
    ],
)
def test_resolve(version: str | None, known: str) -> None:
    assert catalog.resolve(version) == known


@pytest.mark.parametrize("version", ["", "4.", "4.x", "v4.1", "latest", "4.1-rc1", "4.1\n"])
def test_resolve_refuses(version: str) -> None:
    with pytest.raises(ValueError) as error:
        catalog.resolve(version)
    assert str(error.value) == f'"{version}" is not a Kafka version; expected one such as "4.4" or "4.4.0"'


# --- definitions


def test_definition() -> None:
    found = catalog.definition("segment.bytes", "4.1")
    assert found == catalog.Definition(
        key="segment.bytes",
        type="int",
        default="1073741824",
        minimum=1048576,
        maximum=None,
        also=None,
        allowed=(),
        form=None,
        broker_key="log.segment.bytes",
        doc="This configuration controls the segment file size for the log.",
        since="2.8",
        deprecated=None,
        removed=None,
    )
    before = catalog.definition("segment.bytes", "4.0")
    assert before is not None and before.minimum == 14


def test_known_counts_and_no_internals() -> None:
    assert [len(catalog.known(version)) for version in ("2.8", "3.9", "4.3", "4.4")] == [26, 36, 33, 37]
    assert list(catalog.known()) == sorted(catalog.known())
    assert not [key for key in catalog.known() if key.startswith("internal.")]


@pytest.mark.parametrize(
    ("key", "version", "status"),
    [
        ("retention.ms", None, "known"),
        ("message.format.version", "2.8", "known"),
        ("message.format.version", "3.0", "deprecated"),
        ("message.format.version", "4.0", "removed"),
        ("message.timestamp.difference.max.ms", "3.5", "known"),
        ("message.timestamp.difference.max.ms", "3.6", "deprecated"),
        ("message.downconversion.enable", "3.9", "known"),
        ("message.downconversion.enable", None, "removed"),
        ("remote.storage.enable", "3.5", "later"),
        ("remote.storage.enable", "3.6", "known"),
        ("confluent.value.schema.validation", None, "unchecked"),
        ("retention.mss", None, "unknown"),
        ("internal.segment.bytes", None, "unknown"),
    ],
)
def test_status(key: str, version: str | None, status: str) -> None:
    assert catalog.status(key, version) == status


def test_last_definition_says_when() -> None:
    found = catalog.last_definition("message.format.version")
    assert found is not None
    assert (found.since, found.deprecated, found.removed) == ("2.8", "3.0", "4.0")
    assert catalog.last_definition("nothing") is None


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("retention.mss", "retention.ms"),
        ("retention", "retention.ms"),
        ("retention_ms", "retention.ms"),
        ("Retention.Ms", "retention.ms"),
        ("log.retention.ms", "retention.ms"),
        ("log.retention.hours", "retention.ms"),
        ("message.max.bytes", "max.message.bytes"),
        ("cleanup.polcy", "cleanup.policy"),
        ("num.partitions", None),
        ("replication.factor", None),
        ("owner", None),
    ],
)
def test_suggest(key: str, meant: str | None) -> None:
    assert catalog.suggest(key) == meant


# --- ACL operations


@pytest.mark.parametrize("kafka", KAFKAS)
def test_acl_operations_agree_with_kafka(kafka: str) -> None:
    told = {kind: {*found.split(","), acls.ALL} for kind, found in operations(kafka)}
    assert {kind: set(acls.operations(kind, kafka)) for kind in acls.resource_types(kafka)} == told


@pytest.mark.parametrize(
    ("kind", "version", "found"),
    [
        ("GROUP", "3.9", ("READ", "DELETE", "DESCRIBE", "ALL")),
        ("GROUP", "4.0", ("READ", "DELETE", "DESCRIBE", "DESCRIBE_CONFIGS", "ALTER_CONFIGS", "ALL")),
        ("TRANSACTIONAL_ID", "4.0", ("WRITE", "DESCRIBE", "ALL")),
        ("TRANSACTIONAL_ID", "4.1", ("WRITE", "DESCRIBE", "TWO_PHASE_COMMIT", "ALL")),
        ("USER", "3.2", ()),
        ("USER", "3.3", ("CREATE_TOKENS", "DESCRIBE_TOKENS", "ALL")),
        ("ANY", None, ()),
    ],
)
def test_acl_operations(kind: str, version: str | None, found: tuple[str, ...]) -> None:
    assert acls.operations(kind, version) == found


def test_implied() -> None:
    assert {one: acls.implied(one) for one in ("READ", "ALTER", "ALTER_CONFIGS", "CREATE", "ALL")} == {
        "READ": ("DESCRIBE",),
        "ALTER": ("DESCRIBE",),
        "ALTER_CONFIGS": ("DESCRIBE_CONFIGS",),
        "CREATE": (),
        "ALL": (),
    }


def test_importing_loads_nothing_heavy() -> None:
    code = "import sys, kafka_gitops.catalog; print({'json', 'difflib'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert run.stdout == "set()\n"
