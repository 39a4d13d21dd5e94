"""What `init` finds in a repository: a line for each, with what to do next, and what it means for the config."""

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kafka_gitops import scaffold, shell
from kafka_gitops.cli import compose, migrated
from kafka_gitops.cli.compose import Broker
from kafka_gitops.cli.discover import Discovered, Group, discover, named
from kafka_gitops.dialects.known import Known, known
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.text.source import parse

_PIPELINES = {  # what lies at the root of a repository -> the word for --ci, and the platform's name
    ".gitlab-ci.yml": ("gitlab", "GitLab"),
    "Jenkinsfile": ("jenkins", "Jenkins"),
    "bitbucket-pipelines.yml": ("bitbucket", "Bitbucket"),
}
MOST = 5_000  # files of a repository that are looked at
_LARGEST = 500_000  # characters of a file that is parsed to know whose it is
_FOREIGN = re.compile(  # a key that other tools' files begin with
    r"^(?:apiVersion|meta|topics|services|users|custom(?:User|Service)Acls)\s*:|\"(?:apiVersion|terraform_version|resource)\"",
    re.MULTILINE,
)


class Finding(NamedTuple):
    """A file or folder, what it is, and what was done with it or is to be done next."""

    path: str
    what: str
    then: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}; {self.then}"


class Found(NamedTuple):
    """What is there: topologies of JulieOps with their client and plans files, brokers, other tools' files."""

    there: Discovered
    brokers: tuple[Broker, ...]
    foreign: tuple[tuple[str, Known], ...]
    own: str | None  # the topology that is at a customary place

    @property
    def groups(self) -> tuple[Group, ...]:
        """The topologies that are not at a customary place."""
        return () if self.own is not None else self.there.groups


def look(own: str | None) -> Found:
    """Look at the working directory and below it; what cannot be read is passed over."""
    try:
        there = discover(".", MOST)
    except OSError:
        there = Discovered((), (), (), (), (), ())
    brokers = [one for path in there.composes if (one := compose.broker(path, _text(path))) is not None]
    return Found(there, tuple(brokers), tuple(_foreign(there.others)), own)


def _text(path: str) -> str:
    return Path(path).read_text(encoding="utf-8", errors="replace")


def _foreign(paths: Sequence[str]) -> Iterator[tuple[str, Known]]:
    for path in paths:
        if path.endswith(".tf"):
            yield path, Known("terraform", "a Terraform configuration")
            continue
        text = _text(path)
        if len(text) > _LARGEST or not _FOREIGN.search(text):
            continue
        root = parse(path, text.partition("\n---")[0]).root
        found = known(root) if root is not None else None
        if found is not None:
            yield path, found


def findings(found: Found, *, writes: bool) -> Iterator[Finding]:
    """What was found and is in the config, where that is written, then other tools' files."""
    if writes:
        yield from _used(found)
    for dialect in dict.fromkeys(one.dialect for _, one in found.foreign):
        yield _others(dialect, [(path, one) for path, one in found.foreign if one.dialect == dialect])


def _used(found: Found) -> Iterator[Finding]:
    there = found.there
    for path in named(found.groups, there.plans):
        count = sum(path.rstrip("/") in (group.folder, *group.paths) for group in found.groups)
        yield Finding(path, "a topology" if count == 1 else "topologies", "kafka-gitops.yaml names it")
    if found.groups or found.own:
        for path in _clients(there):
            all_of_it = shell.ours("migrate", "--from", "julieops", path, "--out", "DIR")
            yield Finding(path, "a client file", f"kafka-gitops.yaml has its settings; what has none: {all_of_it}")
        for path in there.plans if len(there.plans) == 1 else ():
            yield Finding(path, "topic plans", "kafka-gitops.yaml names it")
    for broker in found.brokers[:1]:
        yield Finding(
            broker.path, f"a broker at {broker.address}", f"{shell.ours('plan', '-e', 'local')}{_login(broker)}"
        )


def around(root: Path, ci: str | None, hook: str, page: Callable[[str], str]) -> Iterator[Finding]:
    """Pipelines of others, where no platform is named, and their hooks of commits, at the root of the repository.

    `hook` is the entry to add to these, `page` gives the address of a page of ours.
    """
    if ci is None:
        yield from _pipelines(root, page)
    hooks = root / ".pre-commit-config.yaml"
    if hooks.is_file() and "kafka-gitops" not in _text(str(hooks)):
        yield Finding(os.path.relpath(hooks), "commit hooks of others", f"add below repos: - {hook}")


def _login(broker: Broker) -> str:
    return "" if broker.protocol == "PLAINTEXT" else f" (it wants {broker.protocol}: say how to log in under client)"


def _others(dialect: str, files: Sequence[tuple[str, Known]]) -> Finding:
    paths = [path for path, _ in files]
    folder = os.path.commonpath([str(Path(path).parent) for path in paths]) or "."
    what = files[0][1].what if len(files) == 1 else f"{len(files):,} files of {dialect}, the first {files[0][1].what}"
    command = shell.ours("migrate", "--from", dialect, *(paths if len(paths) == 1 else [folder]), "--out", "topologies")
    return Finding(paths[0] if len(paths) == 1 else folder, what, command)


def _pipelines(root: Path, page: Callable[[str], str]) -> Iterator[Finding]:
    workflows = root / ".github" / "workflows"
    if workflows.is_dir() and any(one.suffix in (".yml", ".yaml") for one in workflows.iterdir()):
        then = f"ours beside them: {shell.ours('init', '--ci', 'github')}"
        yield Finding(os.path.relpath(workflows), "workflows of GitHub", then)
    for name, (platform, called) in _PIPELINES.items():
        if (root / name).is_file():
            then = f"what to add to it: {page(scaffold.PAGES[platform])}"
            yield Finding(os.path.relpath(root / name), f"a pipeline of {called}", then)


def _clients(there: Discovered) -> tuple[str, ...]:
    """JulieOps' client files: those with its own keys, else the only one that names brokers."""
    return there.julie or (there.clients if len(there.clients) == 1 else ())


def config(found: Found, text: str) -> str:
    """The config to write: the one that is shipped, with what was found in place of its examples."""
    topology = [found.own] if found.own is not None else named(found.groups, found.there.plans)
    if topology:
        said = _yaml(topology[0]) if len(topology) == 1 else f"[{', '.join(map(_yaml, topology))}]"
        more = [f"topology: {said}"]
        more += ["contexts: many"] if len({one.context for one in found.groups}) > 1 else []
        more += [f"plans: {_yaml(found.there.plans[0])}"] if len(found.there.plans) == 1 else []
        lines, environments = _migrated(found)
        body = re.sub(
            r"topology: topologies/\nmanage:.*?(?=\nlimits:)", lambda _: "\n".join(more), text, flags=re.DOTALL
        )
        head, mark, usual = body.partition("environments:\n")
        text = "".join((head, *(f"{line}\n" for line in lines), environments or mark + usual))
    for broker in found.brokers[:1]:
        text += f"  local: # {broker.service} of {broker.path}\n    bootstrap: {broker.address}\n"
        text += "" if broker.protocol == "PLAINTEXT" else f"    client: {{security.protocol: {broker.protocol}}}\n"
    return text


def _migrated(found: Found) -> tuple[list[str], str]:
    """The settings of JulieOps' client file in our words, and its environment; several are an environment each."""
    clients = _clients(found.there)
    if len(clients) > 1:
        names = (f"  {_name(path)}: {{client_config: {_yaml(path)}}}\n" for path in clients)
        return [], "".join(("environments:\n", *names))
    if not clients:
        return [], ""
    try:
        stated = migrated.stated(clients[0], "production")
    except KafkaGitopsError:  # lint says it, by the file that is named then
        return [], f"environments:\n  production: {{client_config: {_yaml(clients[0])}}}\n"
    at = next((number for number, line in enumerate(stated) if line.startswith("environments:")), len(stated))
    below = [line for line in stated[at:] if line.startswith((" ", "environments:"))]
    others = [*stated[:at], *(line for line in stated[at:] if line not in below)]
    return others, "".join(f"{line}\n" for line in below) if any("bootstrap:" in line for line in below) else ""


def _yaml(path: str) -> str:
    return path if re.fullmatch(r"[A-Za-z_.][\w./-]*", path) else json.dumps(path, ensure_ascii=False)


def _name(path: str) -> str:
    return re.sub(r"[^\w-]", "-", Path(path).stem)
