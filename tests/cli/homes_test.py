"""A registry or Connect cluster of several environments has one home, whose runs alone remove what left the files."""

from pathlib import Path

import pytest
from acting import repository
from connector_case import SINK, Remembering, World, running
from desk import Desk
from memory_logs import WithLedgers
from reading import understood
from recording import stand_in
from registering import Memory, WithRegistry, avro, files

from kafka_gitops.kinds.wish import Wish
from kafka_gitops.plan.make import Plan, make
from kafka_gitops.settings import Language, Rest, Settings

URL = "http://registry:8081"


def planned(environment: str, home: str | None, text: str = "") -> Plan:
    """What becomes of a subject that left the files, in an environment."""
    memory = Memory().put("kept", avro("x")).put("old", avro("x", name="acme.Old"))
    kept = "schemas:\n- {subject: kept, file: a.avsc}\n"
    before = files(f"{kept}- {{subject: old, file: b.avsc}}\n", a=avro("x"), b=avro("x", name="acme.Old"))
    registry = Rest((URL,), home=home, at=f"environments.{environment}.schema_registry")
    settings = Settings(environment, registry=registry, prune=frozenset(("schemas",)))
    return make(Wish(files(kept + text, a=avro("x")), before), settings, WithRegistry(memory=memory))


@pytest.mark.parametrize("home", [None, "prod"])
def test_its_home_removes_what_left_the_files(home: str | None) -> None:
    assert [str(change.key) for change in planned("prod", home).changes] == ["schema old"]


@pytest.mark.parametrize("text", ["", "removed: [{schema: old}]\n"])
def test_another_environment_does_not_and_says_so(text: str) -> None:
    plan = planned("dev", "prod", text)
    assert (plan.changes, plan.nevers) == ((), ())
    reason = (
        "its server is that of several environments, and prod is its home (`environments.dev.schema_registry.home`)"
    )
    assert [(str(one.key), one.reason) for one in plan.stays] == [("schema old", reason)]


def test_a_connector_has_the_home_of_its_cluster() -> None:
    one = f"connectors:\n- {{name: old, config: {{connector.class: {SINK}, topics: t}}}}\n"
    language = Language(connect_servers=("main",))
    before, after = (understood(f"context: x\n{text}", settings=language) for text in (one, ""))
    config = {"connector.class": SINK, "topics": "t"}
    for home, gone in (("prod", []), ("dev", ["connector main/old"])):
        rest = Rest(("http://c",), home=home, at="environments.dev.connect.main")
        settings = Settings("dev", connect={"main": rest}, prune=frozenset(("connectors",)), language=language)
        plan = make(Wish(after, before), settings, World(main=Remembering(old=running(**config))))
        assert [str(change.key) for change in plan.changes] == gone


CONFIG = """\
owner: pay
prune: [schemas]
rules: {topic-owner: off}
environments:
  dev:
    bootstrap: 127.0.0.1:9
    brokers: 1
    ledger: optional
    schema_registry: {url: [http://other:8081, "http://registry:8081/"]}
  prod:
    bootstrap: 127.0.0.1:9
    schema_registry: {url: "http://Registry:8081"}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    stand_in(monkeypatch, WithLedgers())
    made = Desk(tmp_path / "repo")
    repository(made.home, CONFIG)
    made.write("topologies/a.yaml", "context: x\nspecial_topics: []\n")
    return made


def test_without_a_home_nothing_is_planned_once_prune_names_the_kind(desk: Desk) -> None:
    ran = desk.run("plan", "-e", "dev")
    assert ran.code == 78
    assert ran.err == (
        "error: http://other:8081 is schema_registry of environments dev, prod, and `prune` names schemas: the run of one "
        "would remove what another has\n"
        "  Say in each of them which one owns what is there: environments.NAME.schema_registry.home: dev\n"
    )
    desk.write("kafka-gitops.yaml", CONFIG.replace("[schemas]", "[topics]"))
    assert desk.run("plan", "-e", "dev").code != 78
    desk.write("kafka-gitops.yaml", CONFIG.replace('8081/"]', '8081/"], home: prod'))
    assert desk.run("plan", "-e", "dev").code != 78
    desk.write("kafka-gitops.yaml", CONFIG.replace("optional", "off"))
    assert desk.run("plan", "-e", "dev").code != 78


def test_a_home_is_an_environment(desk: Desk) -> None:
    desk.write("kafka-gitops.yaml", CONFIG.replace('8081/"]', '8081/"], home: live'))
    ran = desk.run("plan", "-e", "dev")
    assert ran.code == 78
    assert 'schema_registry.home is "live", which is no environment; there are dev, prod' in ran.err
