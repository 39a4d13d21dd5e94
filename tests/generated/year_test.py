"""Twenty repositories on one cluster: stale branches, reverts, cherry-picks, moves, kills and races of applies, while
clients are at work; nothing is touched but what a merge changed, nobody is refused, and reports say what a watcher saw."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from dying import Dying
from fleets import DAY, Repo, made, released, topic
from metadata_log import written
from moving import Client, Work, at_work, go_on, login, reader, refusals, writer

from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.clients.quotas import KafkaQuotas
from kafka_gitops.kinds.quota.spec import name
from kafka_gitops.model import Key, acl_key
from kafka_gitops.plan.policy import blocking
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka

MERGES = int(os.environ.get("FLEET", "500")) if os.environ.get("KAFKA_GITOPS_LONG") else 50  # `make long`
REPOSITORIES, SHARED = 20, 6
CLIENTS = ("alice", "bob", "carol")
RECORDS = {
    "Topic": "topic create",
    "RemoveTopic": "topic delete",
    "AccessControlEntry": "acl create",
    "RemoveAccessControlEntry": "acl delete",
}
ACCEPT = [word for risk in blocking() for word in ("--accept", risk)]


def state(cluster: KafkaCluster) -> dict[Key, object]:
    """What a watcher sees of the whole cluster; a topic with its id, which another topic of the name would not have."""
    topics = {called: live for called, live in cluster.list_topics().items() if not called.startswith("_")}
    configs = cluster.topic_configs(list(topics), ()) if topics else {}
    found: dict[Key, object] = {
        Key("topic", called): (live.topic_id, live.partitions, dict(configs[called].overrides))
        for called, live in topics.items()
        if called in configs
    }
    found.update((acl_key(acl), True) for acl in cluster.list_acls())
    quotas = KafkaQuotas(cluster.link).list_quotas()
    found.update((Key("quota", name(entity)), dict(limits)) for entity, limits in quotas.items())
    return found


@dataclass
class Fleet:
    """The repositories, whoever watches, and two processes of which runs that are killed or race are forked."""

    repos: list[Repo]
    cluster: KafkaCluster
    chance: Random
    processes: tuple[Dying, Dying]
    owners: dict[int, Repo] = field(default_factory=dict)  # of the shared topics
    counted: Counter[str] = field(default_factory=Counter)
    messages: int = 16  # of an apply of one that was not killed
    done: Counter[str] = field(default_factory=Counter)  # what reports tell of, by kind and action

    def step(self) -> None:
        """One merge somewhere, and its apply."""
        if self.chance.random() < 0.12:
            self.move()
            return
        repo = self.chance.choice(self.repos)
        if self.chance.random() < 0.25:
            merged, how = repo.revert(), "revert"
        else:
            repo.branch()
            for _ in range(self.chance.randrange(1, 4)):
                repo.edit()
            how = self.chance.choice(("merge", "squash", "cherry-pick"))
            merged = repo.commit("a change") and repo.merge(how)
            repo.git("checkout", "-q", "main")
        self.counted[how if merged else "conflict"] += 1
        self.apply(repo)

    def move(self) -> None:
        """A shared topic goes to another repository, which declares it before or after the first lets go."""
        number = self.chance.randrange(SHARED)
        old = self.owners[number]
        new = self.chance.choice([repo for repo in self.repos if repo is not old])
        path, shared = f"s-{number}.yaml", f"fleet.shared.{number}"
        content = (old.files / path).read_text(encoding="utf-8")
        (old.files / path).unlink()
        self.release(old, lets={shared}, takes=set())
        old.commit(f"{shared} goes")
        (new.files / path).write_text(content, encoding="utf-8")
        self.release(new, lets=set(), takes={shared})
        new.commit(f"{shared} comes")
        self.owners[number] = new
        self.counted["move"] += 1
        for repo in self.chance.sample([old, new], 2):
            self.apply(repo)

    def release(self, repo: Repo, *, lets: set[str], takes: set[str]) -> None:
        """Edit what a repository lets go of."""
        names = sorted(({key.name for key in released(repo.files)} | lets) - takes)
        if names:
            repo.write("released.yaml", {"removed": [{"release": {"topics": names}, "because": "it moves"}]})
        else:
            (repo.files / "released.yaml").unlink(missing_ok=True)

    def apply(self, repo: Repo) -> None:
        """The pipeline of a repository, some of whose runs die or race."""
        before, head = state(self.cluster), repo.head()
        fate = self.chance.random()
        if fate < 0.12:
            last = self.chance.randint(self.messages // 2, self.messages)
            killed = self.processes[0].run(self.words(repo), home=repo.desk.home, last=last)
            self.messages = killed.sent or self.messages
            self.counted["killed" if killed.code < 0 else "survived"] += 1
        elif fate < 0.18:
            with ThreadPoolExecutor(2) as pool:
                asked = [pool.submit(one.run, self.words(repo), home=repo.desk.home) for one in self.processes]
            codes = [one.result().code for one in asked]
            assert set(codes) <= {0, 1, 3, 6} and 0 in codes, [one.result() for one in asked]
            self.counted["race"] += 1
        told = self.run(repo)
        after = state(self.cluster)
        self.judge(repo, head, before, after, told if fate >= 0.18 else None)
        repo.applied = head

    def words(self, repo: Repo) -> list[str]:
        return ["apply", "--base", repo.applied, "--yes", *ACCEPT]

    def run(self, repo: Repo) -> set[Key]:
        """One whole apply in this process; what its report says was done."""
        result = repo.desk.run(*self.words(repo), "--report", "json=out.json")
        assert result.code == 0, (repo.number, result)
        report = repo.desk.home / "out.json"
        told = json.loads(report.read_text(encoding="utf-8"))["outcomes"] if report.exists() else []
        report.unlink(missing_ok=True)
        assert {one["status"] for one in told} <= {"done", "already"}, told
        self.done.update(f"{one['kind']} {one['action']}" for one in told if one["status"] == "done")
        return {Key(one["kind"], one["name"]) for one in told if one["status"] == "done"}

    def judge(
        self, repo: Repo, head: str, before: dict[Key, object], after: dict[Key, object], told: set[Key] | None
    ) -> None:
        """Whether what a watcher saw is what was merged, no more and no less."""
        was, now = repo.declared[repo.applied], repo.declared[head]
        changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
        reviewed = {key for key in {*was, *now} if was.get(key) != now.get(key)}
        assert changed <= reviewed, (repo.number, changed - reviewed)
        assert told is None or told == changed, (repo.number, told, changed)
        for key, wanted in now.items():
            assert looks(after.get(key)) == wanted, (repo.number, key, after.get(key), wanted)
        gone = was.keys() - now.keys() - released(repo.files)
        assert not gone & after.keys(), (repo.number, gone & after.keys())
        self.counted["changes"] += len(changed)


def looks(found: object) -> object:
    """A live resource as files declare it."""
    return found[2] if isinstance(found, tuple) else found


@pytest.fixture
def fleet(tmp_path: Path, bare_kafka: Sandbox) -> Iterator[Fleet]:
    home, seed = tmp_path, 7
    repos = [
        made(number, home / f"r{number}" / "repository", bare_kafka, seed, dict(enumerate(CLIENTS)).get(number), "")
        for number in range(REPOSITORIES)
    ]
    processes = Dying(), Dying()
    with open_cluster(bare_kafka.client(), timeout=10) as cluster:
        yield Fleet(repos, cluster, Random(seed), processes)
    for process in processes:
        process.close()


def works(kafka: Sandbox, repos: Sequence[Repo]) -> dict[str, Work]:
    """A writer and a reader for the rights of each repository with a client."""
    found: dict[str, Work] = {}
    for repo in repos:
        if repo.client is not None:
            config = login(kafka, repo.client, f"{repo.client}-secret")
            found[f"{repo.client}-writes"] = writer(config, f"{repo.prefix}keep", f"{repo.prefix}tx")
            found[f"{repo.client}-reads"] = reader(config, f"{repo.prefix}keep", f"{repo.prefix}group")
    return found


def test_a_year_of_a_fleet(fleet: Fleet, bare_kafka: Sandbox) -> None:
    for number in range(SHARED):
        owner = fleet.repos[number * 3]
        owner.write(f"s-{number}.yaml", topic(f"fleet.shared.{number}", DAY))
        owner.commit("a topic that will move")
        fleet.owners[number] = owner
    start = written(bare_kafka.data_dir)
    for repo in fleet.repos:
        fleet.apply(repo)
    with at_work(**works(bare_kafka, fleet.repos)) as clients:
        go_on(clients)
        for _ in range(MERGES):
            fleet.step()
            assert not refusals(clients)
        go_on(clients)
    sys.stdout.write(f"{dict(fleet.counted)} {dict(fleet.done)} {told(clients)}\n")  # seen with -s
    end = written(bare_kafka.data_dir)
    for record, change in RECORDS.items():  # what runs that were killed or raced have done is in no report
        assert end[record] - start[record] >= fleet.done[change], (record, change)


def told(clients: Mapping[str, Client]) -> str:
    """How much the clients did."""
    return str({name: client.done for name, client in clients.items()})
