"""An identity provider for tests: an RSA key, its JWKS, signed tokens, and token endpoints on 127.0.0.1."""

import base64
import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

ISSUER, AUDIENCE = "https://issuer.example.org", "kafka"
SUBJECT = "repo:acme/streams:environment:production"  # as GitHub writes it; may do everything
SECURITY = "org.apache.kafka.common.security.oauthbearer"
AT = "listener.name.sasl_plaintext."


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _openssl(*words: str, given: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *words], input=given, capture_output=True, check=True).stdout


@dataclass(frozen=True)
class Signer:
    """A private key in a file."""

    key: Path

    def jwks(self) -> str:
        """The public part as a JSON Web Key Set (RFC 7517)."""
        modulus = _openssl("rsa", "-in", str(self.key), "-modulus", "-noout").decode().strip().partition("=")[2]
        one = {"kty": "RSA", "kid": "one", "alg": "RS256", "use": "sig", "e": "AQAB"}
        return json.dumps({"keys": [{**one, "n": _base64(bytes.fromhex(modulus))}]})

    def token(self, sub: str, *, seconds: float = 300, **claims: object) -> str:
        """A token that begins now and ends in so many seconds, signed with RS256 (RFC 7515)."""
        now = int(time.time())
        body = {"iss": ISSUER, "aud": AUDIENCE, "sub": sub, "iat": now + min(0, seconds * 2)}
        body |= {"exp": now + seconds, **claims}
        parts = ({"alg": "RS256", "typ": "JWT", "kid": "one"}, body)
        signed = ".".join(_base64(json.dumps(part).encode()) for part in parts)
        return f"{signed}.{_base64(_openssl('dgst', '-sha256', '-sign', str(self.key), given=signed.encode()))}"


def trust(keys: Path) -> dict[str, str]:
    """What brokers need to take, at their SASL listener, tokens signed by one of these keys."""
    return {
        "sasl.enabled.mechanisms": "SCRAM-SHA-256,SCRAM-SHA-512,PLAIN,OAUTHBEARER",
        "super.users": f"User:admin;User:ANONYMOUS;User:{SUBJECT}",
        f"{AT}oauthbearer.sasl.jaas.config": f"{SECURITY}.OAuthBearerLoginModule required;",
        f"{AT}oauthbearer.sasl.server.callback.handler.class": f"{SECURITY}.OAuthBearerValidatorCallbackHandler",
        f"{AT}oauthbearer.connections.max.reauth.ms": "60000",
        "sasl.oauthbearer.jwks.endpoint.url": keys.as_uri(),
        "sasl.oauthbearer.expected.audience": AUDIENCE,
        "sasl.oauthbearer.expected.issuer": ISSUER,
    }


def signer(path: Path) -> Signer:
    """A new key in this file."""
    _openssl("genrsa", "-out", str(path), "2048")
    return Signer(path)


@dataclass
class Endpoint:
    """A token endpoint: what it answers next, and the requests that it got (method, path, authorization, body)."""

    url: str
    answer: dict[str, object] = field(default_factory=dict)
    status: int = 200
    asked: list[tuple[str, str, str, str]] = field(default_factory=list)


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """A token endpoint for the time of the block."""

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            said = self.headers.get("Authorization", "")
            one.asked.append((self.command, self.path, said, self.rfile.read(length).decode()))
            data = json.dumps(one.answer).encode()
            self.send_response(one.status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_GET

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    one = Endpoint(f"http://127.0.0.1:{server.server_port}/token?api-version=2.0")
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
