"""No output of any command, and no file that it writes, holds a secret: every run here is a process that knows some."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from desk import topology

from kafka_gitops.sandbox import Sandbox

CANARY = "CANARY"  # a part of every secret here, so that a secret that is cut or escaped is found too
WRONG = f'{CANARY}"\\ß% &<'
BROKEN = [  # kafka-gitops.yaml: what of `client:` cannot be read
    f"[{CANARY}]",
    f"sasl.password={CANARY}",
    f"{{sasl.password: [{CANARY}]}}",
    f"{{sasl.password: {{{CANARY}: x}}}}",
    f"{{sasl.password: *{CANARY}}}",
    f"{{sasl.password: !{CANARY} x}}",
    f"{{sasl.password: &{CANARY}}}",
    f"{{sasl.password: @{CANARY}}}",
    f"{{sasl.password: %{CANARY}}}",
    f'{{sasl.password: "{CANARY}\\q"}}',
    f'{{sasl.password: "{CANARY}',
    f"{{sasl.password: {CANARY}: y, z}}",
    f"{{sasl.password: '${{{CANARY}'}}",
    f"{{sasl.password: {CANARY}1, sasl.password: {CANARY}2}}",
    f"{{sasl.kerberos.kinit.cmd: {CANARY}, sasl.jaas.config: 'x {CANARY}'}}",
]
MISSPELT = [  # command lines
    ["-X", f"sasl.password={CANARY}"],
    ["-X", "sasl.password", CANARY, "plan"],
    ["-X", f"sasl.password:{CANARY}", "plan"],
    ["plan", "-X", "sasl.password", CANARY],
    ["plan", f"--sasl.password={CANARY}"],
    ["--sasl.password", CANARY, "plan"],
    ["-X", CANARY, "plan"],
    ["plan", f"-Xsasl.password={CANARY}", "--no-such-option"],
    ["plan", "-X", f"sasl.passwordd={CANARY}", "-X", "bootstrap.servers=127.0.0.1:9"],
    ["plan", "--client-config", "absent.properties", "-X", f"ssl.key.password={CANARY}"],
]


class Home(NamedTuple):
    """A directory, and the variables of the processes that run in it."""

    path: Path
    variables: dict[str, str]

    def run(self, *words: str, code: int) -> str:
        """Run a command line that ends with a code; its outputs, and all files that are new or changed since."""
        before = self.files()
        environment = {**os.environ, "TMPDIR": str(self.path), **self.variables}
        ran = subprocess.run(
            [sys.executable, "-m", "kafka_gitops.cli.main", *words],
            cwd=self.path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == code, (words, ran)
        written = [text for name, text in self.files().items() if before.get(name) != text]
        return "\n".join([ran.stdout, ran.stderr, *written])

    def files(self) -> dict[Path, str]:
        """The text of each file."""
        return {path: path.read_text(errors="replace") for path in self.path.rglob("*") if path.is_file()}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An environment whose password is a variable, and one without a cluster."""
    client = "{security.protocol: SASL_PLAINTEXT, sasl.mechanism: PLAIN, sasl.username: admin, sasl.password: "
    (tmp_path / "kafka-gitops.yaml").write_text(
        "environments:\n"
        f'  dev: {{bootstrap: "${{BROKER:-127.0.0.1:9}}", client: {client}"${{KAFKA_PASSWORD}}"}}}}\n'
        f'  open: {{bootstrap: "127.0.0.1:9", client: {client}"{CANARY}-literal"}}}}\n'
    )
    return Home(tmp_path, {"KAFKA_PASSWORD": WRONG})


@pytest.mark.parametrize("client", BROKEN)
def test_settings_that_cannot_be_read(home: Home, client: str) -> None:
    settings = f'environments:\n  dev:\n    bootstrap: "127.0.0.1:9"\n    client: {client}\n'
    (home.path / "kafka-gitops.yaml").write_text(settings)
    assert CANARY not in home.run("config", "-v", code=78)


@pytest.mark.parametrize("words", MISSPELT, ids=" ".join)
def test_command_lines_that_cannot_be_read(home: Home, words: list[str]) -> None:
    code = 5 if "bootstrap.servers=127.0.0.1:9" in words else 78 if "absent.properties" in words else 64
    (home.path / "kafka-gitops.yaml").unlink()
    (home.path / "topologies").mkdir()
    (home.path / "topologies" / "t.yaml").write_text(topology("a.", "b"))
    assert CANARY not in home.run(*words, code=code)


@pytest.mark.parametrize(
    "line",
    [
        f"sasl.jaas.config=org.Plain required username={CANARY}",
        f'sasl.jaas.config=org.Krb5LoginModule required username="u" password="{CANARY}";',
        f"sasl.password=\\u{CANARY}",
        f"sasl.oauthbearer.client.secret={CANARY}\nsasl.mechanism=GSSAPI",
        f"ssl.keystore.location=a.jks\nssl.keystore.password={CANARY}",
        f'sasl.password="{CANARY}"\nsasl.mechanism=NONE',
    ],
)
def test_client_files_that_cannot_be_used(home: Home, line: str) -> None:
    (home.path / "c.properties").write_text(f"bootstrap.servers=127.0.0.1:9\n{line}\n")
    said = home.run("config", "--client-config", "c.properties", code=78)
    assert CANARY not in said
    assert f"\\u{CANARY}"[:4] not in said


@pytest.mark.parametrize("key", ["ssl.key.password", "ssl.key.pem", "ssl.certificate.pem", "sasl.password"])
@pytest.mark.parametrize("command", ["doctor", "plan"])
def test_keys_that_the_library_refuses_or_that_reach_nobody(home: Home, key: str, command: str) -> None:
    (home.path / "topology.yaml").write_text(topology("a.", "b"))
    options = ["-e", "dev", "-X", f"{key}={CANARY}-key", "-X", "security.protocol=SASL_SSL"]
    assert CANARY not in home.run(command, *options, "-v", "--timeout", "2", code=5)


def test_what_needs_no_cluster(home: Home) -> None:
    (home.path / "topologies").mkdir()
    (home.path / "topologies" / "t.yaml").write_text(topology("a.", "b retention.ms=abc", "c"))
    (home.path / "policy.yaml").write_text('manage: {topics: ["a.*"]}\nrules: {topic-owner: warning}\n')
    common = ["-e", "open", "-X", f"ssl.key.password={CANARY}", "--policy", "policy.yaml", "-v", "topologies/t.yaml"]
    formats = ["full", "concise", "json", "github", "gitlab", "sarif", "junit", "checkstyle", "rdjson", "markdown"]
    reports = [word for form in formats for word in ("--report", f"{form}=lint.{form}")]
    assert CANARY not in home.run("lint", *common, *reports, code=1)
    (home.path / "good.yaml").write_text(topology("a.", "b", "c"))
    for form in ("text", "json", "yaml"):
        assert CANARY not in home.run("render", *common, "--format", form, code=1)
        assert CANARY not in home.run("render", *common[:-1], "good.yaml", "--format", form, code=0)
    for form in ("text", "json"):
        assert CANARY not in home.run("config", *common[:-1], "--format", form, code=0)


@pytest.fixture
def live(home: Home, kafka: Sandbox, prefix: str) -> Home:
    """A home whose environment logs in to the shared broker, where the password is a canary of its own."""
    (home.path / "topologies").mkdir()
    (home.path / "topologies" / "t.yaml").write_text(topology(prefix, "a retention.ms=86400000"))
    return Home(home.path, {"KAFKA_PASSWORD": kafka.admin_password, "BROKER": kafka.sasl_bootstrap})


@pytest.mark.kafka
def test_a_whole_job_on_a_real_broker(live: Home, kafka: Sandbox, prefix: str) -> None:
    words = ["topologies", "-e", "dev", "-v", "-X", f"ssl.key.password={CANARY}"]
    text, markdown, json = (["--report", f"{form}=out.{form}"] for form in ("text", "markdown", "json"))
    reports = [*text, *markdown, *json]
    said = [live.run("plan", *words, "--format", form, *reports, code=0) for form in ("text", "markdown", "json")]
    said.append(live.run("plan", *words, "-o", "plan.json", code=0))
    said.append(live.run("apply", "plan.json", "-e", "dev", "-v", "--yes", *text, *json, code=0))
    (live.path / "topologies" / "t.yaml").write_text(topology(prefix, "a retention.ms=1"))
    said.append(live.run("apply", *words, "--yes", code=4))
    said.append(live.run("doctor", "-e", "dev", "-v", code=0))
    said.append(live.run("config", "-e", "dev", code=0))
    assert prefix in said[0]
    assert [text for text in said if CANARY in text or kafka.admin_password in text] == []


@pytest.mark.kafka
@pytest.mark.parametrize("command", ["doctor", "plan", "apply"])
@pytest.mark.parametrize(
    "options",
    [
        ["-X", f"sasl.password={WRONG}"],
        ["-X", f"sasl.jaas.config=org.apache.PlainLoginModule required username='admin' password='{CANARY}';"],
        ["-X", "security.protocol=SASL_SSL"],
        ["-X", "security.protocol=SASL_SSL", "-X", f"ssl.key.pem={CANARY}", "-X", f"ssl.certificate.pem={CANARY}"],
        ["-X", "bootstrap.servers=127.0.0.1:9"],
    ],
)
def test_a_login_that_does_not_work(live: Home, kafka: Sandbox, command: str, options: list[str]) -> None:
    paths = [] if command == "doctor" else ["topologies"]
    code = 78 if f"ssl.key.pem={CANARY}" in options else 5
    said = live.run(command, *paths, "-e", "dev", "-v", "--timeout", "8", *options, code=code)
    assert CANARY not in said
    assert kafka.admin_password not in said
