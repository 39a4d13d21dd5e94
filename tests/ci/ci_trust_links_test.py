"""Links and submodules of a change: what they lead to decides about nothing, and nothing is sent there."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from ci_trust_test import CANARY, Site, lint_only, site
from desk import ONE_CLUSTER as CONFIG
from desk import Desk, Result, topology
from hooking import git, head, write
from thief import Thief, thief

__all__ = ["site"]
EVIL = "bootstrap.servers=127.0.0.1:{port}\nsecurity.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.username=x\n"
GOOD = EVIL.format(port=9)
OF_FILE = "environments: {prod: {client_config: conf/c.properties}}\n"
GIVEN = ("-e", "prod", "-X", f"sasl.password={CANARY}")


@pytest.fixture
def evil() -> Iterator[Thief]:
    """Whom the change wants the password to be sent to; in the end nobody may have called."""
    with thief() as made:
        yield made
    assert (made.came, made.logins) == ([], [])


def linked(site: Site, name: str, target: str) -> None:
    """Commit a link where there was a file or directory."""
    git(site.home, "rm", "-rq", "--ignore-unmatch", name)
    (site.home / name).parent.mkdir(parents=True, exist_ok=True)
    (site.home / name).symlink_to(target)
    site.commit()


def by_link(result: Result, name: str) -> None:
    assert result.code == 0, result
    lint_only(result, f"this change edits {name}: a link or a submodule, which may lead anywhere.")


def test_the_thief_would_get_the_password(site: Site) -> None:
    with thief() as made:
        site.commit(("kafka-gitops.yaml", CONFIG.replace("127.0.0.1:9", f"127.0.0.1:{made.port}")))
        site.base = head(site.home)
        site.pull("plan")
    assert any(CANARY.encode() in login for login in made.logins)


def test_a_config_that_becomes_a_link_to_another_one(site: Site, evil: Thief) -> None:
    site.commit(("examples/other.yaml", CONFIG.replace("127.0.0.1:9", f"127.0.0.1:{evil.port}")))
    site.base = head(site.home)
    linked(site, "kafka-gitops.yaml", "examples/other.yaml")
    by_link(site.pull("plan"), "kafka-gitops.yaml")


def test_a_directory_above_the_client_file_that_becomes_a_link(site: Site, evil: Thief) -> None:
    site.commit(("kafka-gitops.yaml", OF_FILE), ("conf/c.properties", GOOD))
    site.commit(("dev/c.properties", EVIL.format(port=evil.port)))
    site.base = head(site.home)
    linked(site, "conf", "dev")
    by_link(site.pull("plan", *GIVEN), "conf")


def test_a_working_directory_that_becomes_a_link(site: Site, evil: Thief) -> None:
    git(site.home, "rm", "-rq", "kafka-gitops.yaml", "topologies")
    site.commit(("streams/kafka-gitops.yaml", CONFIG), ("streams/topologies/a.yaml", topology("acme.", "orders")))
    site.commit(("examples/kafka-gitops.yaml", CONFIG.replace("127.0.0.1:9", f"127.0.0.1:{evil.port}")))
    site.commit(("examples/topologies/a.yaml", topology("acme.", "orders")))
    site.base = head(site.home)
    linked(site, "streams", "examples")
    site.pull("lint")  # writes the event
    by_link(Desk(site.home / "streams").run("ci", "plan", "--timeout", "2"), "streams")


@pytest.mark.parametrize("target", ["{tmp}/elsewhere.properties", "/proc/self/environ"])
def test_a_client_file_that_becomes_a_link_out_of_the_repository(
    site: Site, evil: Thief, tmp_path: Path, target: str
) -> None:
    site.commit(("kafka-gitops.yaml", OF_FILE), ("conf/c.properties", GOOD))
    site.base = head(site.home)
    write(tmp_path / "elsewhere.properties", EVIL.format(port=evil.port) + "another-canary=1\n")
    linked(site, "conf/c.properties", target.format(tmp=tmp_path))
    for command in ("plan", "lint"):
        result = site.pull(command, *GIVEN)
        assert "another-canary" not in result.out + result.err
        assert result.err.count("note: kafka-gitops.yaml:1:38: this client file is not read") == 1
    by_link(site.pull("plan", *GIVEN), "conf/c.properties")


def test_a_policy_that_becomes_a_link_is_not_taken_for_none(site: Site) -> None:
    site.commit(("policy.yaml", "manage: {topics: [nothing.*]}\n"))
    site.base = head(site.home)
    linked(site, "policy.yaml", "/dev/null")
    result = site.pull("plan", "--policy", "policy.yaml")
    assert result.code == 1
    assert "policy.yaml leads out of the repository" in result.out


def test_a_certificate_that_becomes_a_link(site: Site) -> None:
    site.commit(
        ("kafka-gitops.yaml", CONFIG.replace("{security", "{ssl.ca.location: ca.pem, security")), ("ca.pem", "x")
    )
    site.base = head(site.home)
    linked(site, "ca.pem", "/etc/ssl/certs/ca-certificates.crt")
    by_link(site.pull("plan"), "ca.pem")


def test_a_submodule_that_moves(site: Site, evil: Thief, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q", "-b", "main")
    write(other / "c.properties", GOOD)
    git(other, "add", "-A")
    git(other, "commit", "-qm", "a client file")
    git(site.home, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "conf")
    site.commit(("kafka-gitops.yaml", OF_FILE))
    site.base = head(site.home)
    write(site.home / "conf" / "c.properties", EVIL.format(port=evil.port))
    git(site.home / "conf", "commit", "-qam", "another one")
    site.commit()
    by_link(site.pull("plan", *GIVEN), "conf")


def test_a_link_of_the_base_is_followed_to_what_the_change_edits(site: Site, evil: Thief) -> None:
    git(site.home, "mv", "kafka-gitops.yaml", "streams.yaml")
    linked(site, "kafka-gitops.yaml", "streams.yaml")
    site.base = head(site.home)
    site.commit(("streams.yaml", CONFIG.replace("127.0.0.1:9", f"127.0.0.1:{evil.port}")))
    lint_only(site.pull("plan"), "this change edits kafka-gitops.yaml, which says where")


def test_a_link_of_the_base_that_stays_stops_no_plan(site: Site) -> None:
    git(site.home, "mv", "kafka-gitops.yaml", "streams.yaml")
    linked(site, "kafka-gitops.yaml", "streams.yaml")
    site.base = head(site.home)
    site.commit(("topologies/a.yaml", topology("acme.", "orders", "new")))
    assert site.pull("plan").code == 5


def test_a_certificate_in_a_directory(site: Site) -> None:
    site.commit(("kafka-gitops.yaml", CONFIG.replace("{security", "{ssl.ca.location: certs/, security")))
    site.commit(("certs/a.pem", "x"))
    site.base = head(site.home)
    site.commit(("certs/more/5ed36f99.0", "y"))
    lint_only(site.pull("plan"), "this change edits certs, which says where")


@pytest.mark.parametrize("name", ["c.properties", "a:b.properties"])
@pytest.mark.parametrize("text", ["# nothing\n", "bootstrap.servers=127.0.0.1:10\n"])
def test_a_client_file_whatever_is_left_in_it_and_whatever_its_name(site: Site, name: str, text: str) -> None:
    site.commit(("kafka-gitops.yaml", f"environments: {{prod: {{client_config: '{name}'}}}}\n"), (name, GOOD))
    site.base = head(site.home)
    site.commit((name, text))
    lint_only(site.pull("plan", *GIVEN), f"this change edits {name}, which says where")


def test_a_name_in_other_case_is_the_same_file(site: Site) -> None:
    """On some disks it is."""
    site.commit(("KAFKA-GITOPS.yaml", CONFIG))
    lint_only(site.pull("plan"), "this change edits kafka-gitops.yaml, which says where")


@pytest.mark.parametrize("command", ["lint", "plan"])
@pytest.mark.parametrize("place", ["topologies", "topologies/sub", "topologies/b.yaml", "topologies/c.json"])
def test_what_lies_out_of_the_repository_is_not_even_named(
    site: Site, tmp_path: Path, place: str, command: str
) -> None:
    folder = tmp_path / "machine"
    write(folder / "another-canary.txt", "")
    write(folder / "another-canary.yaml", topology("another-canary.", "orders") + "another-canary: 1\n")
    (folder / "another-canary.json").write_bytes(b"\xff another-canary")
    suffix = Path(place).suffix
    linked(site, place, str(folder / f"another-canary{suffix}" if suffix else folder))
    result = site.pull(command, "--recursive")
    assert (result.code, f"{place} leads out of the repository" in result.out) == (1, True), result
    assert "another-canary" not in result.out + result.err
    for word in ("topologies", "topologies/"):
        assert "another-canary" not in "".join(map(str, site.pull(command, word)))


def test_a_directory_of_the_change_that_looks_like_a_repository_answers_nothing(site: Site, evil: Thief) -> None:
    """Git takes one for a repository when it is run in there; its HEAD would be the base, so that nothing differs."""
    git(site.home, "rm", "-rq", "kafka-gitops.yaml", "topologies")
    site.commit(("streams/kafka-gitops.yaml", CONFIG), ("streams/topologies/a.yaml", topology("acme.", "orders")))
    site.base = head(site.home)
    shutil.copytree(
        site.home / ".git", site.home / "streams", dirs_exist_ok=True, ignore=shutil.ignore_patterns("hooks")
    )
    write(site.home / "streams" / "refs" / "heads" / "main", site.base + "\n")
    write(site.home / "streams" / "config", f"[core]\nrepositoryformatversion = 0\nworktree = {site.home}\n")
    site.commit(("streams/kafka-gitops.yaml", CONFIG.replace("127.0.0.1:9", f"127.0.0.1:{evil.port}")))
    site.pull("lint")  # writes the event
    result = Desk(site.home / "streams").run("ci", "plan", "--timeout", "2")
    assert result.code == 64
    assert "streams looks like a bare git repository, so git is not run in it." in result.out


def test_a_file_of_the_name_head_is_no_commit(site: Site) -> None:
    site.commit(("HEAD", "x"), ("topologies/a.yaml", topology("acme.", "orders", "new")))
    result = site.pull("plan")
    assert result.code == 5, result


@pytest.mark.parametrize("command", ["lint", "plan"])
@pytest.mark.parametrize("place", ["kafka-gitops.yaml", "roles.yaml", "topologies", "topologies/b.yaml", "p.yaml"])
def test_a_link_to_itself_is_a_sentence(site: Site, place: str, command: str) -> None:
    site.commit(("kafka-gitops.yaml", f"roles: roles.yaml\n{CONFIG}"), ("roles.yaml", "[]\n"), ("p.yaml", ""))
    site.base = head(site.home)
    linked(site, place, Path(place).name)
    result = site.pull(command, "--policy", "p.yaml")
    assert result.code in (0, 1, 64, 78)
    assert "Traceback" not in result.err
