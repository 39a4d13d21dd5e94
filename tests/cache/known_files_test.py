"""Of files that are as they were a lint takes what they contribute from an earlier run, and says the same."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from warming import BAD, WARNS, Desk, write_entry

from kafka_gitops.cache import key, shelf
from kafka_gitops.cache.store import Store
from kafka_gitops.descriptor import parts
from kafka_gitops.settings import RuleSetting, Settings
from kafka_gitops.text.source import Source

FILE = """context: acme
projects:
- name: p{0}
  consumers: [{{principal: "User:c{0}", group: "g{0}*"}}]
  producers: [{{principal: "User:p{0}"}}]
  topics:
  - name: t{0}
    config: {{num.partitions: "{1}", retention.ms: "yes", max.message.byte: "1"}}
"""
WAIVED = BAD.replace("new orders", "new orders  # kafka-gitops: allow topic-name-legal: soon")
SECRET = 'context: acme\nusers:\n- {name: ada, mechanism: SCRAM-SHA-512, password: "letmein-now"}\n'


class Reading:
    """Which files were read."""

    def __init__(self, desk: Desk, patch: pytest.MonkeyPatch) -> None:
        self.desk, self.read = desk, [""]
        part = parts.part

        def counted(draft: Any, source: Source) -> Any:
            self.read.append(Path(source.path).stem)
            return part(draft, source)

        patch.setattr(parts, "part", counted)

    def lint(self, *options: str) -> list[str]:
        """The files that a lint read, which must say what one says that knows nothing."""
        want = self.desk.lint(*options, "--no-cache").said
        self.read.clear()
        assert self.desk.lint(*options).said == want
        return sorted(self.read)


@pytest.fixture
def reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Reading:
    """A repository with six files, which were linted."""
    desk = Desk(tmp_path, monkeypatch, capsys)
    desk.write(**{f"topologies__f{number}_yaml": FILE.format(number, 6) for number in range(4)})
    desk.write(topologies__bad_yaml=BAD, topologies__warns_yaml=WARNS, topologies__none_yaml="a: 1\n")
    found = Reading(desk, monkeypatch)
    assert len(found.lint()) == 7
    return found


EDITS: dict[str, tuple[Callable[[Desk], object], list[str]]] = {
    "a value": (lambda desk: desk.write(topologies__f1_yaml=FILE.format(1, 90)), ["f1"]),
    "a name that another has": (lambda desk: desk.write(topologies__f1_yaml=FILE.format(2, 6)), ["f1"]),
    "a file that cannot be read": (lambda desk: desk.write(topologies__f1_yaml="a: ["), ["f1"]),
    "a file that can again": (lambda desk: desk.write(topologies__bad_yaml=FILE.format(7, 6)), ["bad"]),
    "a new file": (lambda desk: desk.write(topologies__a_yaml=FILE.format(8, 6)), ["a"]),
    "one file less": (lambda desk: Path("topologies/f2.yaml").unlink(), []),
    "another name": (lambda desk: Path("topologies/f2.yaml").rename("topologies/z.yaml"), ["z"]),
    "the same file twice": (lambda desk: desk.write(topologies__g_yaml=FILE.format(1, 6)), ["g"]),
    "a line at the top": (lambda desk: desk.write(topologies__f1_yaml="# new\n" + FILE.format(1, 6)), ["f1"]),
    "a waiver": (lambda desk: desk.write(topologies__bad_yaml=WAIVED), ["bad"]),
    "line ends": (
        lambda desk: Path("topologies/f1.yaml").write_bytes(FILE.format(1, 6).replace("\n", "\r\n").encode()),
        ["f1"],
    ),
}


@pytest.mark.parametrize("form", ["full", "json"])
@pytest.mark.parametrize("name", EDITS)
def test_only_what_changed_is_read(name: str, form: str, reading: Reading) -> None:
    change, read = EDITS[name]
    change(reading.desk)
    assert reading.lint("--format", form) == read
    assert reading.lint("--format", form) == []


SETTINGS = {
    "a rule's severity": "rules: {topic-partitions: error}\n",
    "a rule's option": "rules: {topic-partitions: {severity: warning, max: 3}}\n",
    "an override": "overrides: [{paths: [topologies/f1.yaml], rules: {topic-config-value: 'off'}}]\n",
    "names": "naming: {separator: '-'}\n",
    "a version": "kafka_version: '2.0'\n",
    "an environment": "environments: {dev: {brokers: 3, broker_defaults: {min.insync.replicas: '2'}}}\n",
    "a scope": "manage: {topics: ['acme.*']}\n",
    "plans": "plans: plans.yaml\n",
    "roles": "roles: roles.yaml\n",
}


@pytest.mark.parametrize("name", SETTINGS)
def test_under_other_settings_every_file_is_read(name: str, reading: Reading) -> None:
    reading.desk.write(kafka_gitops_yaml=SETTINGS[name], plans_yaml="plans: {}\n", roles_yaml="roles: []\n")
    assert len(reading.lint()) == 7
    reading.desk.write(topologies__f1_yaml=FILE.format(1, 7))
    assert reading.lint() == ["f1"]


@pytest.mark.parametrize(
    ("side", "text"), [("plans", "plans: {small: {alias: small, config: {}}}\n"), ("roles", "roles: []\n# 1\n")]
)
def test_with_other_side_files_every_file_is_read(side: str, text: str, reading: Reading) -> None:
    reading.desk.write(
        kafka_gitops_yaml=f"{side}: {side}.yaml\n", **{f"{side}_yaml": f"{side}: {'[]' if side == 'roles' else '{}'}\n"}
    )
    assert len(reading.lint()) == 7
    reading.desk.write(**{f"{side}_yaml": text})
    assert len(reading.lint()) == 7


def test_a_hook_and_a_lint_know_the_same_files(reading: Reading) -> None:
    reading.desk.write(topologies__f1_yaml=FILE.format(1, 7))
    assert reading.lint("--hook") == ["f1"]
    assert reading.lint() == []


def test_a_file_that_names_another_is_always_read(reading: Reading) -> None:
    reading.desk.write(topologies__s_yaml=FILE.format(9, 6) + "    schemas: {value.schema.file: s.avsc}\n")
    assert reading.lint() == ["s"]
    reading.desk.write(topologies__f1_yaml=FILE.format(1, 7))
    assert reading.lint() == ["f1", "s"]
    reading.desk.write(topologies__s_avsc='"string"')
    assert reading.lint() == ["s"]


def test_a_file_with_a_secret_is_always_read_and_nothing_of_it_kept(reading: Reading) -> None:
    reading.desk.write(topologies__secret_yaml=SECRET)
    assert reading.lint() == ["secret"]
    reading.desk.write(topologies__f1_yaml=FILE.format(1, 7))
    assert reading.lint() == ["f1", "secret"]
    assert all(b"letmein" not in path.read_bytes() for path in reading.desk.kept.iterdir())


def test_another_tool_reads_every_file(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key, "__version__", "0")
    assert len(reading.lint()) == 7


def test_other_libraries_read_every_file(reading: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = tmp_path / "code.py"
    code.write_text("a = 1\n")
    monkeypatch.setattr("pytest.__file__", str(code))
    monkeypatch.setattr(key, "__version__", "0")
    assert len(reading.lint()) == 7
    reading.desk.write(topologies__f1_yaml=FILE.format(1, 7))
    assert reading.lint() == ["f1"]
    code.write_text("a = 2\n")
    assert len(reading.lint()) == 7


def test_settings_that_are_no_plain_data_have_no_name() -> None:
    with pytest.raises(TypeError):
        key.shelf(Settings(rules={"a": RuleSetting(options={"b": object()})}))
    secret = Settings(client={"sasl.password": "letmein-now"})
    assert key.shelf(secret) == key.shelf(Settings())


PLANTED: dict[str, Any] = {
    "nothing": None,
    "no frame": 1,
    "a short frame": [True],
    "no part": [True, None, []],
    "an empty part": [True, [[], [], [[], [], [], [], [], []], []], []],
    "no findings": [True, [[], [], [[], [], [], [], [], []], []], 1],
    "nodes that are not there": "steps",
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_cannot_be_a_part_is_read_anew(name: str, reading: Reading) -> None:
    for path in reading.desk.shelves():
        data = json.loads(path.read_bytes()[65:])
        for found in data["files"].values():
            if PLANTED[name] == "steps":
                found[1][1][0] = [["nowhere", 7] for _ in found[1][1][0]]
            else:
                found[1] = PLANTED[name]
        write_entry(path, json.dumps(data).encode())
    reading.desk.write(topologies__f1_yaml=FILE.format(1, 7))
    assert len(reading.lint()) >= 7


@pytest.mark.parametrize(
    "data", [b"[]", b"{}", b"null", b'{"salt": 1, "files": {}}', b'{"salt": "", "files": []}', b"{"]
)
def test_an_entry_that_is_none_is_not_there(data: bytes, reading: Reading) -> None:
    for path in reading.desk.shelves():
        write_entry(path, data)
    reading.desk.write(topologies__f1_yaml=FILE.format(1, 7))
    assert "f1" in reading.lint()


def test_what_is_gone_is_forgotten_with_the_next_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shelf, "BOXES", 1)
    store = Store(str(tmp_path / "kept"))
    first = shelf.Shelf(store, "a")
    for path in ("here", "gone"):
        first.put(Source(path, "1", None, ()), path)
    Path("here").touch()
    first.save()
    second = shelf.Shelf(store, "a")
    assert second.get(Source("new", "1", None, ())) is None
    second.put(Source("new", "1", None, ()), "new")
    second.save()
    third = shelf.Shelf(store, "a")
    assert [third.get(Source(path, "1", None, ())) for path in ("here", "gone", "new")] == ["here", None, "new"]
    assert third.get(Source("here", "2", None, ())) is None
