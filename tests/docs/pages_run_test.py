"""Commands of pages and messages that another program runs: bash, openssl, keytool; and what doctor advises, by Kafka's."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from desk import Desk
from docs_examples_test import blocks
from kafka_acls import lines, there, typed

from kafka_gitops import pem
from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.sandbox import Sandbox

HERE = Path(sys.executable).parent  # where our command is, too
NEW = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=us -days 2 -keyout key.pem -out cert.pem"
STORE = "openssl pkcs12 -export -in cert.pem -inkey key.pem -out 'my store.p12' -passout pass:secret"
WORD = {"openssl pkcs12": " -passin pass:secret -passout pass:secret", "keytool -list": " -storepass secret"}
JKS = "keytool -importkeystore -srckeystore 'my store.p12' -srcstoretype PKCS12 -destkeystore 'my store.jks' -deststoretype JKS"


def shell(home: Path, line: str, **variables: str) -> str:
    """What bash prints for a line that must succeed."""
    env = {**os.environ, "PATH": f"{HERE}{os.pathsep}{os.environ['PATH']}", **variables}
    done = subprocess.run(["bash", "-c", line], cwd=home, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (line, done)
    return done.stdout


def with_passwords(line: str) -> str:
    """A line that asks for passwords, with them given."""
    command, *into = line.split(" > ")
    for begin, words in WORD.items():
        command += words if command.startswith(begin) else ""
    if command.startswith("keytool -importkeystore"):
        command += " -srcstorepass secret -deststorepass secret -noprompt"
    return " > ".join([command, *into])


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
@pytest.mark.parametrize("kind", ["DER", "PKCS12", "JKS"])
@pytest.mark.parametrize("trust", [False, True], ids=["own", "authorities"])
def test_what_converts_a_store_makes_pem_of_it(tmp_path: Path, kind: str, *, trust: bool) -> None:
    if (kind == "JKS" or (trust and kind != "DER")) and shutil.which("keytool") is None:
        pytest.skip("needs keytool")
    shell(tmp_path, f"{NEW} && {STORE} && openssl x509 -in cert.pem -outform DER -out 'my store.der'")
    if kind == "JKS":
        shell(tmp_path, with_passwords(JKS))
    suffix = {"DER": ".der", "PKCS12": ".p12", "JKS": ".jks"}[kind]
    before = (tmp_path / f"my store{suffix}").read_bytes()
    for line in pem.conversion(f"my store{suffix}", kind, trust=trust):
        shell(tmp_path, with_passwords(line))
    made = "".join(path.read_text() for path in tmp_path.glob("my store*.pem"))
    assert pem.has_certificate(made)
    assert pem.has_key(made) is (not trust and kind != "DER")
    assert (tmp_path / f"my store{suffix}").read_bytes() == before


@pytest.mark.kafka
def test_the_commands_of_the_start_are_typed_one_after_another(three_brokers: Sandbox, tmp_path: Path) -> None:
    first, then, *_ = blocks("docs/start.md", "console")
    commands = re.findall(r"(?ms)^\$ (.*?<<'EOF'\n.*?^EOF$|[^\n]*)", first + then)
    assert [" ".join(line.split(" ")[:2]) for line in commands] == [
        "mkdir topologies",
        *(f"kafka-gitops {name}" for name in ("lint", "render", "plan", "apply")),
    ]
    try:
        said = [shell(tmp_path, line.replace("localhost:9092", three_brokers.bootstrap)) for line in commands]
        assert "3 applied and verified, 0 failed" in said[-1]
    finally:
        with open_cluster(three_brokers.client()) as cluster:
            cluster.delete_acls([*there(three_brokers, "User:payments")])
            cluster.delete_topics({"acme.payments.settled": None})


@pytest.mark.kafka
def test_what_doctor_advises_gives_the_rights_that_it_misses(kafka: Sandbox, tmp_path: Path, prefix: str) -> None:
    desk = Desk(tmp_path, [word for key, value in kafka.client("streams").items() for word in ("-X", f"{key}={value}")])
    missing = desk.run("doctor")
    assert (missing.code, "FAIL  may read ACLs" in missing.out) == (1, True), missing
    advised = lines(re.sub(r"(?m)^ +(?=kafka-acls)", "  ", missing.out))
    assert len(advised) >= 2
    try:
        for line in dict.fromkeys(advised):
            typed(kafka, line.replace("NAME", f"{prefix}a"))
        assert "ok    may read ACLs" in desk.ok("doctor")
    finally:
        with open_cluster(kafka.client()) as cluster:
            cluster.delete_acls([*there(kafka, "User:streams")])
