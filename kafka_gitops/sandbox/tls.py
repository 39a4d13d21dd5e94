"""A certificate authority of its own and the broker's certificate, as PEM files, made with openssl."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from kafka_gitops.errors import ConfigError


def certificates(directory: Path) -> Path:
    """Write ca.pem and broker.pem (key and certificate for 127.0.0.1 and localhost, 30 days); return ca.pem's path."""
    ca, ca_key, key, request = (directory / name for name in ("ca.pem", "ca.key", "broker.key", "broker.csr"))
    extensions = directory / "broker.ext"
    extensions.write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    new = ["req", "-newkey", "rsa:2048", "-nodes"]
    _openssl(
        [*new, "-x509", "-days", "30", "-subj", "/CN=kafka-gitops sandbox CA", "-keyout", str(ca_key), "-out", str(ca)]
    )
    _openssl([*new, "-subj", "/CN=localhost", "-keyout", str(key), "-out", str(request)])
    signed = directory / "broker.crt"
    _openssl(
        [
            *("x509", "-req", "-in", str(request), "-CA", str(ca), "-CAkey", str(ca_key), "-set_serial", "1"),
            *("-days", "30", "-extfile", str(extensions), "-out", str(signed)),
        ]
    )
    pem = directory / "broker.pem"
    pem.touch(mode=0o600)
    pem.write_text(key.read_text() + signed.read_text())
    return ca


def properties(directory: Path) -> dict[str, str]:
    """The broker properties that use the files of `certificates`."""
    return {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(directory / "broker.pem"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(directory / "ca.pem"),
        "ssl.client.auth": "none",
    }


def _openssl(arguments: Sequence[str]) -> None:
    try:
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise ConfigError(
            "TLS needs the program openssl, which is not on PATH", help="Install it, or go without TLS."
        ) from None
    except subprocess.CalledProcessError as error:
        raise ConfigError(f"openssl {arguments[0]} failed: {error.stderr.strip()}") from None
