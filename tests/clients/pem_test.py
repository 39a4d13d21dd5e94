"""PEM text and stores: what each holds, what converts it, and that no command prints a key."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from configuring import Ran, home, run

from kafka_gitops import pem
from kafka_gitops.redact import redact

__all__ = ["home", "run"]
Run = Callable[..., Ran]

BODY = [base64.b64encode(os.urandom(48)).decode() for _ in range(4)]
KEY = "\n".join(["-----BEGIN PRIVATE KEY-----", *BODY, "-----END PRIVATE KEY-----", ""])
ONE_LINE = KEY.replace("\n", "\\n")
BLANKS = KEY.replace("\n", " ")
OPTIONS = ("-X", "bootstrap.servers=127.0.0.1:9", "-X", "security.protocol=SSL")
COMMANDS = (
    ("plan", "t.yaml"),
    ("plan", "t.yaml", "--format", "json"),
    ("apply", "--yes", "t.yaml"),
    ("drift", "t.yaml"),
    ("doctor",),
    ("config",),
    ("config", "--format", "json"),
)
TAKES = {
    "ssl.key.location": "put it under ssl.key.pem, or give a file's name",
    "ssl.ca.location": "put it under ssl.ca.pem, or give a file's name",
    "ssl.certificate.location": "put it under ssl.certificate.pem, or give a file's name",
    "ssl.crl.location": "give a file's name",
    "ssl.keystore.location": "put it under ssl.keystore.certificate.chain and ssl.keystore.key, or give a file's name",
    "ssl.truststore.location": "put it under ssl.truststore.certificates, or give a file's name",
}
TOPOLOGY = "context: a\nprojects:\n- name: p\n  topics:\n  - {name: t}\n"


def assert_hidden(ran: Ran) -> None:
    """Nothing that a command printed holds a part of the key."""
    shown = ran.out + ran.err
    assert "-----BEGIN PRIVATE" not in shown
    assert [line for line in BODY if line[:20] in shown] == []


def indented(text: str, by: int) -> str:
    """The text as a block scalar of YAML."""
    return "|\n" + "".join(f"{' ' * by}{line}\n" for line in text.splitlines())


@pytest.fixture(autouse=True)
def topology(home: Path) -> None:
    """A topology file, so that a plan gets as far as the connection."""
    (home / "t.yaml").write_text(TOPOLOGY)


@pytest.mark.parametrize("key", TAKES)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_pem_in_place_of_a_file_is_told_and_never_printed(run: Run, key: str, command: tuple[str, ...]) -> None:
    for text in (KEY, ONE_LINE, BLANKS):
        ran = run(*command, *OPTIONS, "-X", f"{key}={text}")
        assert_hidden(ran)
        assert (ran.code, ran.err) == (78, f"error: -X: {key} holds the PEM text itself: {TAKES[key]}\n")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_pem_in_a_config_or_a_client_file(run: Run, command: tuple[str, ...], home: Path) -> None:
    client = f"    client:\n      security.protocol: SSL\n      ssl.key.location: {indented(KEY, 8)}"
    (home / "kafka-gitops.yaml").write_text(f"environments:\n  prod:\n    bootstrap: 127.0.0.1:9\n{client}")
    ran = run(*command)
    assert_hidden(ran)
    assert ran.err.endswith("6:25: ssl.key.location holds the PEM text itself: " + TAKES["ssl.key.location"] + "\n")
    for text in (ONE_LINE, ONE_LINE.replace("\\n", "\\n\\\n  ")):
        (home / "c.properties").write_text(f"bootstrap.servers=127.0.0.1:9\nssl.key.location={text}\n")
        ran = run(*command, "--client-config", "c.properties")
        assert_hidden(ran)
        assert (ran.code, ran.err.splitlines()[0]) == (
            78,
            "error: c.properties:2: ssl.key.location holds the PEM text itself: " + TAKES["ssl.key.location"],
        )


@pytest.mark.parametrize("key", ["ssl.key.location", "ssl.key.pem", "ssl.keystore.key", "ssl.kei.pem", "anything"])
@pytest.mark.parametrize("command", [*COMMANDS, ("lint", "t.yaml")], ids=" ".join)
def test_lines_of_a_key_that_a_client_file_takes_for_keys_of_its_own(
    run: Run, key: str, command: tuple[str, ...], home: Path
) -> None:
    (home / "c.properties").write_text(f"bootstrap.servers=127.0.0.1:9\n{key}={KEY}")
    ran = run(*command, "--client-config", "c.properties")
    assert_hidden(ran)
    assert ran.err.splitlines()[0] == f"error: c.properties:2: the PEM text of {key} ends with its first line"


@pytest.mark.parametrize("key", ["ssl.kei.location", "client.id", "sasl.username", "group.id", "x"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_pem_under_any_other_key(run: Run, key: str, command: tuple[str, ...]) -> None:
    assert_hidden(run(*command, "--timeout", "0.3", *OPTIONS[:2], "-X", f"{key}={KEY}"))


def test_config_shows_pem_as_a_variable(run: Run, home: Path) -> None:
    pems = [f"ssl.{name}.pem" for name in ("ca", "certificate", "key")]
    given = [word for key in pems for word in ("-X", f"{key}={KEY}")]
    ran = run("config", "--format", "json", *given)
    assert json.loads(ran.out)["settings"]["environments"]["default"]["client"] == {
        key: f"${{{key.upper().replace('.', '_')}}}" for key in pems
    }
    assert_hidden(ran)


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "t.yaml", "--client-config", KEY),
        ("plan", "t.yaml", "--config", KEY),
        ("plan", "t.yaml", "--policy", f"a: {KEY}"),
        ("plan", KEY, *OPTIONS),
        ("plan", "t.yaml", "-X", KEY),
        ("plan", "t.yaml", f"--bootstrap={KEY}"),
        ("plan", "t.yaml", "-X", f"bootstrap.servers={KEY}"),
        ("plan", "t.yaml", *OPTIONS, "-X", f"security.protocol={KEY}"),
        (KEY,),
        ("-e", KEY, "lint"),
    ],
)
def test_a_key_in_a_wrong_place_of_the_command_line(run: Run, words: tuple[str, ...]) -> None:
    ran = run(*words)
    assert_hidden(ran)
    assert ran.code


@pytest.mark.parametrize("text", [ONE_LINE, BLANKS, KEY.replace("\n", "\r\n"), KEY, KEY.replace("\n", "\\r\\n")])
def test_the_line_ends_that_a_variable_lost_are_made_again(text: str) -> None:
    assert pem.normal(text).split() == KEY.split()
    lines = pem.normal(text + text).splitlines()
    assert [line.strip() for line in lines if line.strip()] == KEY.splitlines() * 2


def test_headers_of_a_traditional_key_keep_their_lines() -> None:
    text = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,AB\n\nMIIE\n-----END RSA PRIVATE KEY-----"
    assert pem.normal(text) == text == pem.normal(text.replace("\n", "\\n"))
    assert pem.is_encrypted(text) and pem.has_key(text) and not pem.has_certificate(text)


def test_output_never_holds_pem_that_nobody_knew_of() -> None:
    assert redact(f"before {KEY} after") == "before [redacted]\n after"
    assert redact(f'"{ONE_LINE}"') == '"[redacted]\\n"'
    assert redact("Expected PEM: -----BEGIN CERTIFICATE----- ...") == "Expected PEM: -----BEGIN CERTIFICATE----- ..."
    assert redact(f"-----BEGIN PRIVATE KEY-----\n{BODY[0]}\n{BODY[1]}\nend") == "[redacted]\nend"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and its key as PEM, as DER and as a PKCS12 store, made by openssl."""
    folder = tmp_path_factory.mktemp("made")
    for line in (
        "req -x509 -newkey rsa:2048 -nodes -keyout my.key -out my.pem -days 2 -subj /CN=kg",
        "pkcs12 -export -in my.pem -inkey my.key -passout pass:secret -out my.p12",
        "x509 -in my.pem -outform DER -out my.der",
    ):
        subprocess.run(["openssl", *line.split()], cwd=folder, check=True, capture_output=True)
    return folder


def test_a_file_is_known_by_its_bytes(made: Path) -> None:
    assert {name: pem.kind((made / name).read_bytes()) for name in ("my.key", "my.pem", "my.p12", "my.der")} == {
        "my.key": "PEM",
        "my.pem": "PEM",
        "my.p12": "PKCS12",
        "my.der": "DER",
    }
    assert [pem.kind(start) for start in (b"\xfe\xed\xfe\xed\0", b"\xce\xce\xce\xce\0", b"", b"junk")] == [
        *("JKS", "JCEKS", None, None)
    ]


def test_a_store_is_judged_by_its_bytes_and_what_converts_it_works(run: Run, made: Path, home: Path) -> None:
    store = home / "store.jks"  # a name that lies
    store.write_bytes((made / "my.p12").read_bytes())
    ran = run("plan", "t.yaml", *OPTIONS, "-X", "ssl.keystore.location=store.jks")
    assert ran.err == (
        "error: -X: ssl.keystore.location is a PKCS12 store; only PEM is read here. Convert it, then set "
        "ssl.certificate.location and ssl.key.location:\n"
        "    openssl pkcs12 -in store.jks -nokeys -out store.crt.pem\n"
        "    openssl pkcs12 -in store.jks -nocerts -out store.key.pem\n"
    )
    for line in ran.err.splitlines()[1:]:
        words = [*line.split(), "-passin", "pass:secret", *(["-passout", "pass:secret"] if "-nocerts" in line else [])]
        subprocess.run(words, check=True, capture_output=True)
    assert pem.has_certificate((home / "store.crt.pem").read_text())
    assert pem.is_encrypted((home / "store.key.pem").read_text())


@pytest.mark.skipif(shutil.which("keytool") is None, reason="no keytool on this machine")
@pytest.mark.parametrize("kind", ["JKS"])  # JCEKS and PKCS12 were run by hand: four seconds each
def test_what_converts_each_kind_of_store_works(run: Run, home: Path, kind: str) -> None:
    new = f"keytool -genkeypair -alias kg -dname CN=kg -keyalg RSA -keystore store -storetype {kind} -storepass secret"
    subprocess.run([*new.split(), "-keypass", "secret"], check=True, capture_output=True)
    for key in ("ssl.keystore.location", "ssl.truststore.location"):
        ran = run("plan", "t.yaml", *OPTIONS, "-X", f"{key}=store")
        first, *lines = ran.err.splitlines()
        assert first.startswith(f"error: -X: {key} is a {kind} store; only PEM is read here. ")
        for line in lines:
            secrets = " -srcstorepass secret -deststorepass secret" if "-import" in line else " -storepass secret"
            if "openssl" in line:
                secrets = " -passin pass:secret" + (" -passout pass:secret" if "-nocerts" in line else "")
            command, _, target = line.partition(" > ")
            subprocess.run(f"{command}{secrets} {f'> {target}' * bool(target)}", shell=True, check=True)  # noqa: S602
    assert pem.has_certificate((home / "store.crt.pem").read_text())
    assert pem.has_key((home / "store.key.pem").read_text())
    assert pem.has_certificate((home / "store.pem").read_text())


def test_a_store_that_is_pem_needs_no_type(run: Run, made: Path) -> None:
    out = run("config", "-X", f"ssl.keystore.location={made / 'my.pem'}", "-X", "ssl.keystore.type=JKS").out
    assert f"ssl.certificate.location: {made / 'my.pem'}" in out


@pytest.mark.parametrize(
    ("path", "kind", "trust", "commands"),
    [
        ("a b.jks", "JKS", True, ["keytool -list -rfc -keystore 'a b.jks' -storetype JKS > 'a b.pem'"]),
        ("t.pem", "PKCS12", True, ["keytool -list -rfc -keystore t.pem -storetype PKCS12 > t-converted.pem"]),
        ("c.der", "DER", False, ["openssl x509 -inform DER -in c.der -out c.pem"]),
        (
            "me.p12",
            "JKS",
            False,
            [
                "keytool -importkeystore -srckeystore me.p12 -srcstoretype JKS -destkeystore me-converted.p12 -deststoretype PKCS12",
                "openssl pkcs12 -in me-converted.p12 -nokeys -out me.crt.pem",
                "openssl pkcs12 -in me-converted.p12 -nocerts -out me.key.pem",
            ],
        ),
    ],
)
def test_no_conversion_writes_over_its_file(path: str, kind: str, trust: bool, commands: list[str]) -> None:
    assert pem.conversion(path, kind, trust=trust) == commands


PLACES = (  # kafka-gitops.yaml: what of it cannot be
    "environments: {prod: {client: %s}}",
    "environments: {prod: {bootstrap: [%s]}}",
    "environments: {prod: {%s: x}}",
    "environments: {prod: {brokers: %s}}",
    "environments: {prod: {client: {ssl.key.pem: [%s]}}}",
    "environments: {prod: {client: {ssl.key.pem: {%s: 1}}}}",
    "environments: {prod: {client_config: %s}}",
    "environments: {%s: {}}",
    "manage: {topics: %s}",
    "kafka_version: %s",
    "roles: %s",
    "baseline: %s",
    "topology: %s",
    "prune: [%s]",
    "rules: {topic-owner: %s}",
    "%s",
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("command", [*COMMANDS, ("lint", "t.yaml"), ("render", "t.yaml")], ids=" ".join)
def test_a_key_in_a_wrong_place_of_the_config(run: Run, home: Path, place: str, command: tuple[str, ...]) -> None:
    for text in (json.dumps(KEY), json.dumps(ONE_LINE), json.dumps(BLANKS)):
        (home / "kafka-gitops.yaml").write_text(place.replace("%s", text) + "\n")
        assert_hidden(run(*command, "--timeout", "0.2"))


@pytest.mark.parametrize(
    "raw", [f"ssl.key.pem: {KEY}", f"ssl.key.pem:\n{KEY}", f"ssl.key.pem: |\n{KEY}", f'ssl.key.pem: "{KEY}', KEY]
)
@pytest.mark.parametrize("command", [("plan", "t.yaml"), ("lint", "t.yaml"), ("config",)], ids=" ".join)
def test_a_key_that_breaks_the_config(run: Run, home: Path, raw: str, command: tuple[str, ...]) -> None:
    (home / "kafka-gitops.yaml").write_text(f"environments:\n  prod:\n    client:\n      {raw}\n")
    assert_hidden(run(*command))


@pytest.mark.parametrize(
    ("value", "secret"),
    [
        ("https://me:canary-word@idp.example/token", "canary-word"),
        ("https://me:canary%2Fword@idp.example/token", "canary/word"),
        ("https://idp.example/token?api_key=canary-word&x=1", "canary-word"),
        ("https://idp.example/token?x=1&client_secret=canary-word", "canary-word"),
    ],
)
def test_a_secret_in_an_address_is_not_shown(run: Run, value: str, secret: str) -> None:
    ran = run("config", "-X", f"sasl.oauthbearer.token.endpoint.url={value}")
    assert "canary" not in ran.out + ran.err
    assert redact(f"a {secret} b") == "a [redacted] b"
