"""Why a broker could not be reached, in one sentence each, and what to look at."""

import json
import socket
import time
from contextlib import suppress
from typing import NamedTuple

from kafka_gitops.clients import handshake
from kafka_gitops.clients.sasl import NoSasl, Refused
from kafka_gitops.clients.tokens import NoToken, Token
from kafka_gitops.clients.translate import Login
from kafka_gitops.clients.wire import Closed, NotKafka, Unreadable
from kafka_gitops.errors import plainly

FAILURES = (
    OSError,
    NotKafka,
    Refused,
    NoSasl,
    NoToken,
    Unreadable,
)  # what a connection attempt may raise; ssl.SSLError is an OSError
STEPS = ("name", "port", "tls", "kafka", "login", "cluster")
_LOOK = "Is the broker running? Is `bootstrap` of the environment right? kafka-gitops doctor checks each step."


class Reason(NamedTuple):
    """The words for a failure; `final` when another attempt would end the same way."""

    text: str
    help: str
    final: bool = True


def reason(failure: Exception, step: str, login: Login, host: str) -> Reason:
    """Explain what went wrong in one of the STEPS."""
    if isinstance(failure, Refused):
        return _login_refused(failure, login)
    if isinstance(failure, NoToken):
        return Reason(f"there is no token to log in with: {failure.message}", failure.help or "")
    if isinstance(failure, NoSasl):
        return Reason(
            f"it asks for no login, and security.protocol is {login.protocol}",
            f"Use the port of the SASL listener, or set security.protocol to {login.protocol.removeprefix('SASL_')}.",
        )
    if isinstance(failure, Unreadable):
        return Reason(failure.message[0].lower() + failure.message[1:].rstrip("."), failure.help or "")
    if isinstance(failure, NotKafka):
        return _not_kafka(failure.start, login)
    if isinstance(failure, socket.gaierror):
        return Reason(f'the name "{host}" does not resolve', "Is the host name right, and is this the right network?")
    if isinstance(failure, ConnectionRefusedError):
        return Reason("connection refused", _LOOK, final=False)
    if step == "tls":
        if isinstance(failure, TimeoutError):
            said = "it accepts connections and does not answer to TLS"
            return Reason(said, f"Does this port speak {login.protocol}?")
        return Reason(*handshake.failed(failure, login, host))
    if isinstance(failure, TimeoutError):
        return _silent(step)
    return _closed(failure, step, login)


def passing(why: Reason, failure: Exception) -> Reason:
    """The reason where this run was connected before: a broker that stops or starts, and no wrong setting."""
    gone = isinstance(failure, Closed | ConnectionResetError | BrokenPipeError)
    if gone or type(failure).__name__ == "SSLEOFError":
        return Reason("it closes the connection", _LOOK, final=False)
    return why._replace(final=False)


def _login_refused(failure: Refused, login: Login) -> Reason:
    if failure.offered:
        return Reason(
            f"it does not know the login mechanism {login.mechanism}; it offers {', '.join(failure.offered)}",
            "Set sasl.mechanism to one of these.",
        )
    if login.token is not None:
        return _token_refused(failure.reason, login.token())
    wrong = "invalid credentials" in failure.reason or "Invalid username or password" in failure.reason
    why = "wrong user or password" if wrong else failure.reason
    return Reason(
        f"login refused: {why} ({login.principal}, {login.mechanism})",
        "Are sasl.username and sasl.password right, and does the user exist for this mechanism?",
    )


def _token_refused(said: str, token: Token) -> Reason:
    """A broker says `{"status":"invalid_token"}` and no more; the rest stands in its log."""
    with suppress(ValueError, KeyError, TypeError):
        said = json.loads(said)["status"]
    text = f"login refused: {said} ({token.principal or 'an opaque token'}, OAUTHBEARER)"
    if token.expired:
        ended = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(token.until))
        return Reason(text, f"The token expired at {ended}: get a new one, or let it live longer.")
    return Reason(
        text,
        f"Does the broker trust the issuer, and expect this audience? The token has {token.origin()}.\n"
        "The audience is asked for by sasl.oauthbearer.audience, or by the pipeline (`id_tokens`, `oidc`).\n"
        "The broker's log says more.",
    )


def _not_kafka(start: bytes, login: Login) -> Reason:
    if start == b"HTTP" or start[:1] == b"<":
        return Reason("it answers in HTTP, so it is a web server and no Kafka listener", "Is the port right?")
    if start[:1] == b"\x15":  # a TLS alert record
        wanted = "SASL_SSL" if login.uses_sasl else "SSL (or SASL_SSL)"
        return Reason(f"it expects TLS, and security.protocol is {login.protocol}", f"Set it to {wanted}.")
    return Reason("what answers does not speak Kafka's protocol", "Is the port right?")


def _silent(step: str) -> Reason:
    if step == "port":
        return Reason("no answer: the host is down, or a firewall drops the connection", _LOOK, final=False)
    return Reason(
        "it accepts connections and says nothing", "Is the port right? Is the broker overloaded?", final=False
    )


def _closed(failure: Exception, step: str, login: Login) -> Reason:
    if handshake.is_alert(failure):  # TLS 1.3: a client's certificate is judged after the handshake
        return Reason(*handshake.refused(failure, login))
    if isinstance(failure, Closed | ConnectionError) or handshake.is_end(failure):
        return _hung_up(step, login)
    return Reason(plainly(failure), _LOOK, final=False)


def _hung_up(step: str, login: Login) -> Reason:
    """A broker that closes without a word: which step it was tells what it may have missed."""
    if step == "login":
        wrong = "user, password" if login.token is None else "token"
        keys = "sasl.username, sasl.password" if login.token is None else "the token"
        return Reason(
            f"it closed the connection at the login: {wrong} or mechanism may be wrong",
            f"Are {keys} and sasl.mechanism ({login.mechanism}) right? The broker's log says more.",
            final=False,
        )
    if step == "cluster" and not login.uses_sasl:
        wanted = f"SASL_{login.protocol}"
        return Reason(
            f"it closes the connection: it expects a login, and security.protocol is {login.protocol}",
            f"Set security.protocol to {wanted}, with sasl.mechanism, sasl.username and sasl.password.",
        )
    if step == "kafka" and not login.uses_tls:
        return Reason(
            f"it closes the connection: it may expect TLS, and security.protocol is {login.protocol}",
            "Is the port right? For TLS set security.protocol to SSL or SASL_SSL.",
        )
    if step == "kafka":  # the alert of TLS 1.3 may be lost with the connection
        return Reason(*handshake.hung_up(login), final=False)
    return Reason("it closes the connection", _LOOK, final=False)
