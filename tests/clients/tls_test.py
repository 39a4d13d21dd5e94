"""What a user reads of a broken certificate or login over TLS 1.2 and 1.3: each sentence and exit code, in a golden."""

import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import yaml
from certifying import ODD, PASSWORD, SOON, Lab, lab
from configuring import Ran, home, run

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.model import Acl

__all__ = ["home", "run"]
pytestmark = pytest.mark.kafka
Run = Callable[..., Ran]

GOLDEN = Path(__file__).parents[1] / "data" / "tls" / "broken.txt"
LOGIN = {"sasl_mechanism": "PLAIN", "sasl_username": "ci", "ssl_certificate_location": "", "ssl_key_location": ""}
NONE = {"ssl_certificate_location": "", "ssl_key_location": ""}
KINDS: dict[str, tuple[str, dict[str, str]]] = {  # what is wrong -> the listener without its version, the client
    "no client certificate": ("GOOD", NONE),
    "a client certificate of an authority that the broker does not know": (
        "GOOD",
        {"ssl_certificate_location": "stranger.pem", "ssl_key_location": "stranger.key"},
    ),
    "a client certificate that has expired": (
        "GOOD",
        {"ssl_certificate_location": "client-expired.pem", "ssl_key_location": "client-expired.key"},
    ),
    "a client certificate that is not valid yet": (
        "GOOD",
        {"ssl_certificate_location": "client-future.pem", "ssl_key_location": "client-future.key"},
    ),
    "a broker's certificate that has expired": ("PAST", {}),
    "a broker's certificate that is not valid yet": ("FUTURE", {}),
    "a broker's certificate for another name": ("OTHER", {}),
    "a broker's certificate of an authority that we do not know": ("GOOD", {"ssl_ca_location": "other.pem"}),
    "a plain port": ("PLAINTEXT", {"security_protocol": "SSL"}),
    "a plain port that asks for a login": (
        "SASL_PLAINTEXT",
        {**LOGIN, "security_protocol": "SASL_SSL", "sasl_password": "x"},
    ),
    "a TLS port, by a plain client": ("GOOD", {**NONE, "security_protocol": "PLAINTEXT"}),
    "a wrong password": ("LOGIN", {**LOGIN, "sasl_password": "wrong"}),
    "a mechanism that is not offered": ("LOGIN", {**LOGIN, "sasl_mechanism": "SCRAM-SHA-256", "sasl_password": "x"}),
    "a login where none is asked for": ("GOOD", {**LOGIN, "security_protocol": "SASL_SSL", "sasl_password": "x"}),
    "no login where one is asked for": ("LOGIN", {**NONE, "security_protocol": "SSL"}),
    "an encrypted key (PKCS8) without its password": ("GOOD", {"ssl_key_location": "pkcs8.key"}),
    "an encrypted key (PKCS8) with a wrong password": (
        "GOOD",
        {"ssl_key_location": "pkcs8.key", "ssl_key_password": "wrong-password"},
    ),
    "an encrypted key (PKCS1) without its password": ("GOOD", {"ssl_key_location": "pkcs1.key"}),
    "an encrypted key (PKCS1) with a wrong password": (
        "GOOD",
        {"ssl_key_location": "pkcs1.key", "ssl_key_password": "wrong-password"},
    ),
    "a PKCS12 store given as PEM": ("GOOD", {"ssl_certificate_location": "client.p12", "ssl_key_location": ""}),
    "a JKS store given as PEM": ("GOOD", {"ssl_certificate_location": "client.jks"}),
    "a certificate in DER": ("GOOD", {"ssl_certificate_location": "client.der"}),
    "a PKCS12 store that is called JKS": (
        "GOOD",
        {**NONE, "ssl_keystore_location": "client.p12", "ssl_keystore_type": "JKS"},
    ),
    "a key of another certificate": ("GOOD", {"ssl_key_location": "stranger.key"}),
    "a key and no certificate": ("GOOD", {"ssl_certificate_location": ""}),
    "a certificate and no key": ("GOOD", {"ssl_key_location": ""}),
    "a key where the certificate should be": ("GOOD", {"ssl_certificate_location": "client.key"}),
    "authorities that are no PEM": ("GOOD", {"ssl_ca_location": "client.p12"}),
    "authorities without a certificate": ("GOOD", {"ssl_ca_location": "client.key"}),
}


@pytest.fixture(scope="module")
def broker() -> Iterator[Lab]:
    """The broker with the TLS listeners."""
    with lab({"admin": "admin-secret", "ci": "ci-secret"}) as made:
        yield made


def options(client: dict[str, str]) -> list[str]:
    """A client as `-X` of the command line."""
    return [word for key, value in client.items() for word in ("-X", f"{key}={value}")]


@pytest.fixture
def there(home: Path, broker: Lab, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the certificates as the current directory, with a topology."""
    (broker.folder / "t.yaml").write_text("context: a\nprojects:\n- name: p\n  topics:\n  - {name: t}\n")
    monkeypatch.chdir(broker.folder)
    return broker.folder


def told(run: Run, broker: Lab, kind: str) -> str:
    """What a kind says over TLS 1.2 and 1.3, once where both say the same."""
    listener, changes = KINDS[kind]
    said = {}
    for version in ("12", "13"):
        at = listener if listener in ("PLAINTEXT", "SASL_PLAINTEXT") else f"{listener}{version}"
        ran = run("plan", "t.yaml", "--only", "topics", "--timeout", "4", *options(broker.client(at, **changes)))
        text = ran.err.replace(broker.at[at], "BROKER").replace(str(broker.folder), "DIR")
        text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "NOW", text)
        text = re.sub(r" \(\d+ attempts, \d+ s\)", "", text)  # a busy machine
        said[version] = f"exit {ran.code}\n{text}"
        assert ran.out == "" and "_ssl.c" not in ran.err and PASSWORD not in ran.err
    if said["12"] == said["13"]:
        return f"== {kind}\n{said['12']}"
    return "".join(f"== {kind} (TLS 1.{version[-1]})\n{text}" for version, text in said.items())


@pytest.mark.usefixtures("there")
def test_each_kind_of_broken_certificate_and_login(run: Run, broker: Lab, request: pytest.FixtureRequest) -> None:
    """`WRITE_GOLDENS=1 pytest tests/clients/tls_test.py` writes the golden again."""
    found = "\n".join(told(run, broker, kind) for kind in KINDS)
    if os.environ.get("WRITE_GOLDENS"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(found)
    assert found == GOLDEN.read_text()


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"ssl_key_location": "pkcs8.key", "ssl_key_password": PASSWORD},
        {"ssl_key_location": "pkcs1.key", "ssl_key_password": PASSWORD},
        {"ssl_certificate_location": "client.both", "ssl_key_location": ""},
        {**NONE, "ssl_keystore_location": "client.both"},
        {**NONE, "ssl_certificate_pem": "client.pem", "ssl_key_pem": "client.key"},
    ],
    ids=["plain key", "PKCS8", "PKCS1", "one file", "keystore", "text with literal line ends"],
)
@pytest.mark.parametrize("version", ["12", "13"])
def test_a_good_certificate(run: Run, broker: Lab, changes: dict[str, str], version: str) -> None:
    client = broker.client(f"GOOD{version}", **changes)
    for key in ("ssl.certificate.pem", "ssl.key.pem"):
        if key in client:
            client[key] = (broker.folder / client[key]).read_text().replace("\n", "\\n")
    ran = run("doctor", *options(client))
    assert "ok    TLS                  TLSv1." + version[-1] in ran.out
    assert "ok    cluster" in ran.out


@contextmanager
def closing_at_login(server: str) -> Iterator[str]:
    """A way to a broker that hands on two requests, and closes at the third, in which the password is."""
    host, port = server.split(":")

    def serve(door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                ours, _ = door.accept()
                with ours, socket.create_connection((host, int(port))) as theirs:
                    for _ in range(2):
                        theirs.sendall(ours.recv(65536))
                        ours.sendall(theirs.recv(65536))
                    ours.recv(65536)

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=serve, args=(door,), daemon=True).start()
        yield f"127.0.0.1:{door.getsockname()[1]}"


@pytest.mark.usefixtures("there")
def test_a_server_that_closes_at_the_login(run: Run, broker: Lab) -> None:
    with closing_at_login(broker.at["SASL_PLAINTEXT"]) as server:
        client = {"bootstrap.servers": server, "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN"}
        ran = run("plan", "t.yaml", *options(client | {"sasl.username": "ci", "sasl.password": "wrong-password"}))
    assert (ran.code, ran.err) == (
        5,
        "warning: the password is sent without encryption (PLAIN over SASL_PLAINTEXT). Use SASL_SSL.\n"
        f"error: Cannot reach {server}: it closed the connection at the login: user, password or mechanism may be "
        "wrong (2 attempts, 1 s).\n"
        "  Are sasl.username, sasl.password and sasl.mechanism (PLAIN) right? The broker's log says more.\n",
    )


JAAS = """\
environments:
  prod:
    bootstrap: %s
    client:
      security.protocol: SASL_SSL
      ssl.ca.location: ca.pem
      sasl.mechanism: PLAIN
      sasl.jaas.config: org.apache.kafka.common.security.plain.PlainLoginModule required username="odd" password="${PW}";
"""


def test_a_password_with_quotes_and_backslashes_logs_in_by_a_variable_in_a_jaas_line(
    run: Run, broker: Lab, there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PW", ODD)
    (there / "jaas.yaml").write_text(JAAS % broker.at["LOGIN13"])
    assert "  ok    login                PLAIN as User:odd\n" in run("doctor", "--config", "jaas.yaml").out
    client = {"bootstrap.servers": broker.at["LOGIN12"], **yaml.safe_load(JAAS % "b")["environments"]["prod"]["client"]}
    (there / "c.properties").write_text("".join(f"{key}={value}\n" for key, value in client.items()))
    ran = run("doctor", "--client-config", "c.properties")
    assert "  ok    login                PLAIN as User:odd\n" in ran.out
    assert ODD not in ran.out + ran.err


SELF = "User:CN=kg,O=acme"
DENY = f"""\
context: a
projects: []
acls:
- {{principals: ["{SELF}"], deny: [ALL], topics: ["a.*"]}}
"""


def grants(broker: Lab, *operations: str) -> dict[Acl, None]:
    """Rights of the certificate's principal on the cluster, now and until they are taken back."""
    acls = [Acl(SELF, "*", operation, "ALLOW", "CLUSTER", "LITERAL", "kafka-cluster") for operation in operations]
    with open_cluster({"bootstrap.servers": broker.at["PLAINTEXT"]}) as cluster:
        assert set(cluster.create_acls(acls).values()) == {None}
        wait_for(lambda: set(acls) <= set(cluster.list_acls()))
    return dict.fromkeys(acls)


@pytest.fixture
def rights(broker: Lab) -> Iterator[Callable[..., None]]:
    """Grants rights on the cluster, which are gone after the test."""
    given: dict[Acl, None] = {}
    yield lambda *operations: given.update(grants(broker, *operations))
    with open_cluster({"bootstrap.servers": broker.at["PLAINTEXT"]}) as cluster:
        cluster.delete_acls(list(given))
        wait_for(lambda: not set(given) & set(cluster.list_acls()))


def wait_for(seen: Callable[[], bool]) -> None:
    """Until it is so: reads lag writes."""
    until = time.monotonic() + 20
    while not seen():
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("version", ["12", "13"])
def test_a_certificate_is_known_where_the_brokers_map_no_names(
    run: Run, broker: Lab, rights: Callable[..., None], version: str
) -> None:
    rights("DESCRIBE", "DESCRIBE_CONFIGS", "ALTER")
    (broker.folder / "deny.yaml").write_text(DENY)
    ran = run("plan", "deny.yaml", *options(broker.client(f"GOOD{version}")))
    assert ran.code == 4
    assert f"it also denies {SELF}, which this run logs in as" in ran.out
    out = run("doctor", *options(broker.client(f"GOOD{version}"))).out
    assert f"  ok    login                certificate CN=kg,O=acme, until {SOON:%Y-%m-%d}\n" in out
    assert f"  ok    principal            {SELF}: the brokers map no names of certificates\n" in out


@pytest.mark.usefixtures("there")
def test_a_certificate_is_not_known_where_the_brokers_do_not_tell(
    run: Run, broker: Lab, rights: Callable[..., None]
) -> None:
    rights("DESCRIBE", "ALTER")
    (broker.folder / "deny.yaml").write_text(DENY)
    out = run("plan", "deny.yaml", *options(broker.client("GOOD13"))).out
    assert "it also denies" not in out
    assert (
        "note: it is not known who the brokers take this run for, so `self-lockout` is not judged: "
        "set `principal` of the environment (`kafka-gitops doctor` says more)\n"
    ) in out
    assert (
        "  note  principal            not known: the brokers may give CN=kg,O=acme another name "
        "(ssl.principal.mapping.rules)\n"
        f"{'':29}Say it in the environment, so that no plan takes rights from the run itself:\n"
        f"{'':29}  principal: User:NAME\n"
    ) in run("doctor", *options(broker.client("GOOD13"))).out


def config(broker: Lab, principal: str = "") -> str:
    """kafka-gitops.yaml with the client of a good certificate, and what it says of the principal."""
    client = broker.client("GOOD13")
    keys = "".join(f"      {key}: {value}\n" for key, value in client.items() if key != "bootstrap.servers")
    said = f"    principal: {principal}\n" if principal else ""
    return f"environments:\n  prod:\n    bootstrap: {client['bootstrap.servers']}\n{said}    client:\n{keys}"


def test_a_principal_that_the_environment_says(
    run: Run, broker: Lab, rights: Callable[..., None], there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rights("DESCRIBE", "ALTER")
    (there / "deny.yaml").write_text(DENY.replace(SELF, "User:kg"))
    (there / "who.yaml").write_text(config(broker, "${WHO}"))
    monkeypatch.setenv("WHO", "User:kg")
    ran = run("plan", "deny.yaml", "--config", "who.yaml")
    assert ran.code == 4 and "it also denies User:kg, which this run logs in as" in ran.out
    out = run("doctor", "--config", "who.yaml").out
    assert "  ok    principal            User:kg, as `principal` of the environment says\n" in out


def test_rights_of_the_run_itself_are_never_taken(
    run: Run, broker: Lab, rights: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rights("DESCRIBE", "DESCRIBE_CONFIGS", "ALTER", "CREATE")
    (tmp_path / "t").mkdir()
    monkeypatch.chdir(tmp_path / "t")
    line = f"- {{principals: ['{SELF}'], allow: [CREATE], cluster: true}}\n"
    other = "- {principals: ['User:x'], allow: [READ], topics: [x]}\n"
    Path("topology.yaml").write_text(f"context: a\nprojects: []\nacls:\n{line}{other}")
    for words in ("init -q", "add -A", "-c user.name=t -c user.email=t@t commit -qm one"):
        subprocess.run(["git", *words.split()], check=True)
    Path("topology.yaml").write_text(f"context: a\nprojects: []\nacls:\n{other}")
    client = broker.client("GOOD13")
    full = {key: str(broker.folder / text) if key.endswith("location") else text for key, text in client.items()}
    ran = run("plan", "--base", "HEAD", "--prune", "acls", *options(full))
    assert f"it is a right of {SELF}, which this run logs in as" in ran.out
