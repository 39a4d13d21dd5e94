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
from kafka_gitops.kinds.cluster import LiveTopic


class Busy(Recording):
    """A cluster on which an apply is under way: what its first look lacks is there at the next."""

    def list_topics(self) -> Mapping[str, LiveTopic]:
        found = super().list_topics()
        self.topics["acme.orders"] = topic(1, 1)
        return found

    def describe_topics(self, names: object) -> Mapping[str, LiveTopic | None]:
        return {}


@pytest.mark.parametrize(("cluster", "code"), [(Busy(), 0), (Recording(), 2)])
def test_what_is_gone_at_the_second_look_is_no_drift(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: Recording, code: int
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(twice, "sleep", waited.append)
    monkeypatch.setenv("PASSWORD", "canary")
    stand_in(monkeypatch, cluster)
    repository(tmp_path / "streams", ONE_CLUSTER)
    desk = Desk(tmp_path / "streams")
    config = '{num.partitions: "1", replication.factor: "1"}'
    desk.write("topologies/a.yaml", f"context: x\nspecial_topics:\n- {{name: acme.orders, config: {config}}}\n")
    git(desk.home, "add", "-A")
    git(desk.home, "commit", "-qm", "files")
    assert (desk.run("ci", "drift", "--merged").code, waited) == (code, [twice.PAUSE])
