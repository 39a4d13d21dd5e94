"""The table of docs/trust.md, each row as a run with a real repository: whom it calls with the password, if anybody."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from acting import repository
from ci_forks_test import FILE, ON
from ci_trust_test import CANARY, Site
from desk import topology
from hooking import git, head, write
from thief import Thief, thief
from trust_cases import FORKS, LINT, PLAN, TOPICS, Case, cases, table

CONFIG = "rules: {topic-owner: off}\nenvironments: {prod: {client_config: conf/c.properties}}\n"
CLIENT = """\
bootstrap.servers=127.0.0.1:PORT
security.protocol=SASL_PLAINTEXT
sasl.mechanism=PLAIN
sasl.username=admin
sasl.password=canary-of-the-pipeline
"""
POLICY, CERTIFICATE = "limits: {topics: 1}\n", "not looked at without TLS\n"
GIVEN = ("-e", "prod", "--policy", "policy.yaml", "-X", "ssl.ca.location=conf/ca.pem", "--timeout", "2")


@pytest.fixture(scope="module")
def brokers() -> Iterator[tuple[Thief, Thief]]:
    """The cluster of main, and where the change would send the password."""
    with thief() as good, thief() as evil:
        yield good, evil


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory, brokers: tuple[Thief, Thief]) -> Path:
    """A repository whose main branch once connected to another broker."""
    home = tmp_path_factory.mktemp("origin") / "streams"
    good, evil = (CLIENT.replace("PORT", str(one.port)) for one in brokers)
    repository(home, CONFIG)
    site = Site(home)
    site.commit(("conf/c.properties", evil), ("conf/ca.pem", CERTIFICATE), ("policy.yaml", POLICY))
    site.commit(("topologies/a.yaml", topology("acme.", "orders")))
    git(home, "branch", "old")
    site.commit(("conf/c.properties", good))
    return home


def edit(site: Site, edits: str, evil: str) -> None:
    """A commit of the change."""
    files = {
        "`kafka-gitops.yaml`": ("kafka-gitops.yaml", CONFIG + "# words\n"),
        "another config that would win": ("kafka-gitops.yml", CONFIG),
        "the client file": ("conf/c.properties", evil),
        "the certificate": ("conf/ca.pem", "another\n"),
        "the policy": ("policy.yaml", "limits: {topics: 9}\n"),
        "`.gitattributes`, so that the checkout has another config": (".gitattributes", "conf/* ident\n"),
    }
    if edits == "a link":
        (site.home / "topologies" / "b.yaml").symlink_to("a.yaml")
    if edits.startswith("`.gitattributes`"):
        write(site.home / "conf" / "c.properties", evil)  # as a filter of the checkout would make it; not committed
        git(site.home, "update-index", "--assume-unchanged", "conf/c.properties")
    more = [files[edits]] if edits in files else []
    site.commit(("topologies/a.yaml", topology("acme.", "orders", "new")), *more)


def told(value: Any, site: Site, base: str) -> Any:
    """An event or variable with HEAD and BASE as commits."""
    if isinstance(value, dict):
        return {key: told(one, site, base) for key, one in value.items()}
    return {"HEAD": head(site.home), "BASE": base}.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize("case", [*cases()], ids=lambda case: f"{case.run.platform}, {case.run.says}, {case.edits}")
def test_row(
    case: Case, origin: Path, brokers: tuple[Thief, Thief], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, evil = brokers
    before = len(good.came), len(evil.came)
    site = Site(tmp_path / "streams")
    shutil.copytree(origin, site.home, symlinks=True)
    if FORKS in case.run.says:
        (site.home / "topics.snapshot").write_bytes(FILE)
        site.commit(("kafka-gitops.yaml", ON + CONFIG))
    if case.run.fetched:
        git(site.home, "update-ref", "refs/remotes/origin/main", "main")
    git(site.home, "update-ref", "refs/remotes/origin/mine", "old")
    old = "begun before" in case.edits
    git(site.home, "checkout", "-qb", "change", "old" if old else "main")
    base = head(site.home)
    edit(site, case.edits, CLIENT.replace("PORT", str(evil.port)))
    git(site.home, "branch", "-qD", "main")  # as in the clone of a CI: a local branch tells nothing
    if case.run.event or case.run.platform == "GitHub":
        write(tmp_path / "event.json", json.dumps(told(case.run.event, site, base)))
        monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))
    for name, value in told(case.run.env, site, base).items():
        monkeypatch.setenv(name, value)
    result = site.run("ci", "plan", *GIVEN, "--no-comment", *case.run.words)
    called = len(good.came) > before[0], len(evil.came) > before[1]
    assert called == (case.verdict == PLAN, False), result
    assert ("Lint only, no plan: " in result.out) == (case.verdict == LINT), result
    assert ("Only topics are planned, against a snapshot" in result.out) == (case.verdict == TOPICS), result
    assert CANARY not in result.out + result.err


def test_the_page_has_the_table() -> None:
    assert table() in (Path(__file__).parents[2] / "docs" / "trust.md").read_text(encoding="utf-8")
