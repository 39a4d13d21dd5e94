"""Why a handshake failed, judged by OpenSSL's reason; no broker is needed."""

import socket
import ssl
import struct
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from certifying import certify, key_of, pem_of

from kafka_gitops.clients.handshake import failed
from kafka_gitops.clients.reasons import reason
from kafka_gitops.clients.tls import Failed, Untrusted
from kafka_gitops.clients.translate import Login
from kafka_gitops.clients.wire import Closed, Wire
from kafka_gitops.errors import plainly, without_source

SSL = Login((("b", 1),), protocol="SSL")
OWN = Login((("b", 1),), protocol="SSL", tls={"ssl.certificate.pem": "x"})
PLAIN = "the TLS handshake failed: it looks like a PLAINTEXT port, and security.protocol is SSL"
WANTS = "it wants a client certificate, and none is set"
OLD = "it speaks neither TLS 1.2 nor TLS 1.3"
CIPHER = "it refused the TLS handshake: no cipher is known to both sides"
SHOWN = "it closes the connection after it has shown its certificate: "


@pytest.mark.parametrize(
    ("found", "agreed", "login", "said"),
    [
        *((name, False, SSL, PLAIN) for name in ("UNEXPECTED_EOF_WHILE_READING", "WRONG_VERSION_NUMBER", "CLOSED")),
        *((name, False, SSL, PLAIN) for name in ("HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG")),
        *((f"SSLV3_ALERT_{name}", True, SSL, WANTS) for name in ("BAD_CERTIFICATE", "HANDSHAKE_FAILURE")),
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", True, SSL, WANTS),
        ("TLSV1_ALERT_UNKNOWN_CA", True, OWN, "it refused ssl.certificate.pem (unknown ca)"),
        ("SSLV3_ALERT_CERTIFICATE_EXPIRED", True, OWN, "it refused ssl.certificate.pem (certificate expired)"),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", True, OWN, "it refused ssl.certificate.pem (handshake failure)"),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", False, SSL, CIPHER),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", False, OWN, CIPHER),
        ("TLSV1_ALERT_INSUFFICIENT_SECURITY", False, SSL, CIPHER),
        *((name, False, SSL, OLD) for name in ("TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL")),
        ("TLSV1_UNRECOGNIZED_NAME", False, SSL, 'it has no certificate for the name "b"'),
        ("TLSV1_ALERT_INTERNAL_ERROR", False, SSL, "it refused the TLS handshake: internal error"),
        ("DH_KEY_TOO_SMALL", True, SSL, "the TLS handshake failed: dh key too small"),
        ("UNEXPECTED_EOF_WHILE_READING", True, SSL, f"{SHOWN}it may want a client certificate, and none is set"),
        ("UNEXPECTED_MESSAGE", True, SSL, f"{SHOWN}it may want a client certificate, and none is set"),
        ("UNEXPECTED_MESSAGE", False, SSL, "the TLS handshake failed: unexpected message"),
        ("CLOSED", True, OWN, f"{SHOWN}it may refuse ssl.certificate.pem"),
    ],
)
def test_a_reason_has_its_sentence(found: str, agreed: bool, login: Login, said: str) -> None:
    assert failed(Failed("x (_ssl.c:1006)", found, agreed=agreed), login, "b").text == said


def test_only_a_plain_port_is_told_to_go_without_tls() -> None:
    for name in dir(ssl._ssl) if hasattr(ssl, "_ssl") else ():
        if "ALERT" in name and name.startswith("ALERT_DESCRIPTION_"):
            alert = name.removeprefix("ALERT_DESCRIPTION_")
            for agreed in (True, False):
                said = failed(Failed("x", f"SSLV3_ALERT_{alert}", agreed=agreed), SSL, "b")
                assert "PLAINTEXT" not in said.text + said.help, alert


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (10, "certificate has expired", "its certificate has expired"),
        (9, "certificate is not yet valid", "its certificate is not valid yet"),
        (18, "self-signed certificate", "its certificate is not trusted: self-signed certificate"),
        (23, "certificate revoked", "its certificate is not trusted: certificate revoked"),
        (26, "unsuitable certificate purpose", "its certificate is not trusted: unsuitable certificate purpose"),
        (64, "IP address mismatch", 'its certificate is not for the name "b"'),
    ],
)
def test_a_certificate_that_does_not_verify_and_is_not_known_further(code: int, words: str, said: str) -> None:
    assert failed(Untrusted(code, words, ()), SSL, "b").text == said
    assert failed(Untrusted(code, words, (b"junk",)), SSL, "b").text == said


def test_a_server_that_closes_at_the_login() -> None:
    login = Login((("b", 1),), protocol="SASL_PLAINTEXT", mechanism="PLAIN", username="u", password="p")
    for failure in (Closed("x"), ConnectionResetError(), BrokenPipeError()):
        found = reason(failure, "login", login, "b")
        assert found.text == "it closed the connection at the login: user, password or mechanism may be wrong"
        assert not found.final


def test_no_message_tells_a_place_in_a_library() -> None:
    assert without_source("[SSL: PEM_LIB] PEM lib (_ssl.c:3926)") == "PEM lib"
    assert plainly(ssl.SSLError(1, "[SSL] PEM lib (_ssl.c:3926)")) == "pem lib"
    assert plainly(OSError(2, "No such file or directory")) == "no such file or directory"
    assert plainly(TimeoutError()) == "timeouterror"


def test_an_alert_that_came_before_the_connection_was_reset_is_read(tmp_path: Path) -> None:
    pair = certify("CN=localhost", None)
    (tmp_path / "both.pem").write_text(key_of(pair) + pem_of(pair))
    asking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    asking.load_cert_chain(tmp_path / "both.pem")
    asking.verify_mode = ssl.CERT_REQUIRED

    def refuse(door: socket.socket) -> None:
        ours, _ = door.accept()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, as of a busy broker
        with suppress(OSError):
            asking.wrap_socket(ours, server_side=True)
        ours.close()

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=refuse, args=(door,))
        thread.start()
        login = Login((), protocol="SSL", verify=False, verify_name=False)
        wire = Wire("127.0.0.1", door.getsockname()[1], login, timeout=5)
        wire.encrypt()
        thread.join()
        time.sleep(0.1)
        with pytest.raises(ssl.SSLError) as caught:
            wire.greet()
        wire.close()
    assert reason(caught.value, "kafka", SSL, "b").text == WANTS
