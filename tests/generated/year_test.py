"""Twenty repositories on one cluster: stale branches, reverts, cherry-picks, moves, kills and races of applies, while
clients are at work; nothing is touched but what a merge changed, nobody is refused, and reports say what a watcher saw."""

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
from witness import Watched, changed, done, everything, ledger_topic, link_of, watched

from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.ledger.nouns import RunOutcome
from kafka_gitops.model import Key
from kafka_gitops.plan.policy import blocking
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka

MERGES = int(os.environ.get("FLEET", "500")) if os.environ.get("KAFKA_GITOPS_LONG") else 40  # `make long`
REPOSITORIES, SHARED = 20, 6
CLIENTS = ("alice", "bob", "carol")
RECORDS = {
    "Topic": "topic create",
    "RemoveTopic": "topic delete",
    "AccessControlEntry": "acl create",
    "RemoveAccessControlEntry": "acl delete",
}
ACCEPT = [word for risk in blocking() for word in ("--accept", risk)]


@dataclass
class Fleet:
    """The repositories, whoever watches, and two processes of which runs that are killed or race are forked."""

    repos: list[Repo]
    cluster: KafkaCluster
    ledgers: list[Watched]
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
        before, head = everything(self.cluster), repo.head()
        fate = self.chance.random()
        if fate < 0.12:
            last = self.chance.randint(self.messages // 2, self.messages)
            killed = self.processes[0].run(self.words(repo), home=repo.desk.home, last=last)
            self.messages = killed.sent or self.messages
            self.counted["killed" if killed.code < 0 else "survived"] += 1
            self.ledgers[repo.number].free()
        elif fate < 0.18:
            words = [*self.words(repo), "--lock-timeout", "2m"]
            with ThreadPoolExecutor(2) as pool:
                asked = [pool.submit(one.run, words, home=repo.desk.home) for one in self.processes]
            ends = [one.result() for one in asked]
            assert [one.code for one in ends] == [0, 0], ends  # the second waits, and plans anew
            self.counted["race"] += 1
        self.run(repo)
        outcomes = self.ledgers[repo.number].new(head)
        self.judge(repo, head, before, everything(self.cluster), outcomes)
        repo.applied = head

    def words(self, repo: Repo) -> list[str]:
        return ["apply", "--base", repo.applied, "--yes", *ACCEPT]

    def run(self, repo: Repo) -> None:
        """One whole apply in this process."""
        result = repo.desk.run(*self.words(repo))
        assert result.code == 0, (repo.number, result)

    def judge(
        self,
        repo: Repo,
        head: str,
        before: dict[Key, object],
        after: dict[Key, object],
        outcomes: Sequence[RunOutcome],
    ) -> None:
        """Whether what a watcher saw is what was merged, no more and no less, and what the ledger says."""
        was, now = repo.declared[repo.applied], repo.declared[head]
        moved = changed(before, after)
        reviewed = {key for key in {*was, *now} if was.get(key) != now.get(key)}
        assert moved <= reviewed, (repo.number, moved - reviewed)
        assert done(outcomes) == moved, (repo.number, done(outcomes) ^ moved, outcomes)
        assert {one.status for one in outcomes} <= {
            "done",
            "already",
            "failed",
        }  # failed: seen not to be done by who died
        for key, wanted in now.items():
            assert looks(after.get(key)) == wanted, (repo.number, key, after.get(key), wanted)
        others = {key for other in self.repos if other is not repo for key in other.declared[other.applied]}
        gone = was.keys() - now.keys() - released(repo.files) - others
        assert not gone & after.keys(), (repo.number, gone & after.keys())
        self.counted["changes"] += len(moved)
        self.done.update(f"{one.kind} {one.action}" for one in outcomes if one.status == "done")


def looks(found: object) -> object:
    """A live resource as files declare it."""
    return found[2] if isinstance(found, tuple) else found


@pytest.fixture
def fleet(tmp_path: Path, bare_kafka: Sandbox) -> Iterator[Fleet]:
    home, seed = tmp_path, 7
    repos = [
        made(number, home / f"r{number}" / "repository", bare_kafka, seed, dict(enumerate(CLIENTS)).get(number))
        for number in range(REPOSITORIES)
    ]
    processes = Dying(), Dying()
    with open_cluster(bare_kafka.client(), timeout=10) as cluster:
        topics = {f"_kafka_gitops.{repo.owner}.prod": ledger_topic(1) for repo in repos}
        assert set(cluster.create_topics(topics).values()) == {None}
        link = link_of(bare_kafka)
        yield Fleet(repos, cluster, [watched(link, repo.owner, "prod") for repo in repos], Random(seed), processes)
        link.close()
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
    for repo in fleet.repos:
        fleet.apply(repo)
    with at_work(**works(bare_kafka, fleet.repos)) as clients:
        go_on(clients)
        start = written(bare_kafka.data_dir)
        fleet.done.clear()
        for _ in range(MERGES):
            fleet.step()
            assert not refusals(clients)
        go_on(clients)
    sys.stdout.write(f"{dict(fleet.counted)} {dict(fleet.done)} {told(clients)}\n")  # seen with -s
    end = written(bare_kafka.data_dir)
    log = {change: end[record] - start[record] for record, change in RECORDS.items()}
    assert log == {change: fleet.done[change] for change in log}, (
        "the controller's own log says the same as the ledgers"
    )


def told(clients: Mapping[str, Client]) -> str:
    """How much the clients did."""
    return str({name: client.done for name, client in clients.items()})
