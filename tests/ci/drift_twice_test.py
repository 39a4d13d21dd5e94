"""A pipeline tells of drift only what it finds twice, some seconds apart."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from acting import repository
from desk import ONE_CLUSTER, Desk
from hooking import git
from making import topic
from recording import Recording, stand_in

from kafka_gitops.cli.pipeline import twice
from kafka_gitops.errors import Unreachable
from kafka_gitops.kinds.cluster import LiveTopic


class Busy(Recording):
    """A cluster on which an apply is under way: what its first look lacks is there at the next."""

    def list_topics(self) -> Mapping[str, LiveTopic]:
        found = super().list_topics()
        self.topics["acme.orders"] = topic(1, 1)
        return found

    def describe_topics(self, names: object) -> Mapping[str, LiveTopic | None]:
        return {}


class Dying(Recording):
    """A cluster of which a broker has just died: it is named, and cannot be reached, for some looks."""

    left = 2

    def list_topics(self) -> Mapping[str, LiveTopic]:
        if self.left > 0:
            self.left -= 1
            raise Unreachable("The cluster answers, but its broker 1 cannot be reached")
        return super().list_topics()


def test_a_broker_that_has_just_died_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(twice, "sleep", waited.append)
    cluster = Dying(topics={"acme.orders": topic(1, 1)})
    assert (looked(tmp_path, monkeypatch, cluster), waited) == (0, [*twice.AWAY])
    cluster.left = 3
    assert (looked(tmp_path / "again", monkeypatch, cluster), waited) == (5, [*twice.AWAY] * 2)


@pytest.mark.parametrize(("cluster", "code"), [(Busy(), 0), (Recording(), 2)])
def test_what_is_gone_at_the_second_look_is_no_drift(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: Recording, code: int
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(twice, "sleep", waited.append)
    assert (looked(tmp_path, monkeypatch, cluster), waited) == (code, [twice.PAUSE])


def looked(home: Path, monkeypatch: pytest.MonkeyPatch, cluster: Recording) -> int:
    """The exit code of a pipeline's look at a cluster."""
    monkeypatch.setenv("PASSWORD", "canary")
    stand_in(monkeypatch, cluster)
    repository(home / "streams", ONE_CLUSTER)
    desk = Desk(home / "streams")
    config = '{num.partitions: "1", replication.factor: "1"}'
    desk.write("topologies/a.yaml", f"context: x\nspecial_topics:\n- {{name: acme.orders, config: {config}}}\n")
    git(desk.home, "add", "-A")
    git(desk.home, "commit", "-qm", "files")
    return desk.run("ci", "drift", "--merged").code
