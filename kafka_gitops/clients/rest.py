"""A REST server of one of our kinds (a schema registry, a Connect cluster): its login, a sentence for each fault."""

import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from kafka_gitops.clients import rest_tls
from kafka_gitops.clients.http import Api, ApiError, Denied, NoAnswer, open_api
from kafka_gitops.errors import ConfigError, KafkaGitopsError, plainly
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.redact import keep_secret
from kafka_gitops.settings import Rest

SECONDS = 30.0  # for one answer: a Connect worker that lost its leader needs ten and more
STARTING = 10.0  # seconds in which a server that is just starting answers 404 to whatever it is asked
_PAUSE = 0.5
_ABSENT = 404


@dataclass(frozen=True)
class Service:
    """What is asked of a server; `what` names it in sentences (`the schema registry`)."""

    what: str
    rest: Rest
    api: Api = field(repr=False)

    def ask(self, method: str, path: str, body: object = None, *, harmless: bool | None = None) -> Any:
        """The JSON that it answers (None for nothing); `harmless` as in `Api.call`.

        Raises Unreachable where nobody answers, MissingRight for 401 and 403, else ApiError with what it says. Absent
        is what is 404 with its own `error_code`: one that is just starting says 404 of everything, and is waited for.
        """
        until = time.monotonic() + STARTING
        while True:
            try:
                return self.api.call(method, path, body, harmless=harmless).data
            except NoAnswer as error:
                raise self._unreachable(error) from None
            except Denied as error:
                raise self._denied(error, method, path) from None
            except ApiError as error:
                if error.status != _ABSENT or error.code is not None:
                    raise self._said(error, method, path) from None
                if time.monotonic() > until:
                    raise self._not_it() from None
            time.sleep(_PAUSE)

    @property
    def _named(self) -> str:
        return f"{self.what} at {self.api.bases[0]}"

    def _unreachable(self, error: NoAnswer) -> NoAnswer:
        reasons = {base: _reason(why, self.api.seconds) for base, why in error.failures.items()}
        why = "; ".join(f"{base}: {text}" for base, text in reasons.items())
        tries = f" ({error.tries} attempts)" if error.tries > 1 else ""
        sent = ". It may have heard the request" if error.sent else ""
        made = NoAnswer(f"Cannot reach {self.what} at {why}{tries}{sent}.", error.failures, sent=error.sent)
        made.help = f"Does it run, and is `url` under {self.rest.at} right?"
        if any(isinstance(one, SSLError) for one in error.failures.values()):
            made.help = f"Look at `url`, `ca`, `certificate` and `key` under {self.rest.at}."
        return made

    def _denied(self, error: ApiError, method: str, path: str) -> Denied:
        who = self.rest.username or ("this token" if self.rest.token else "who does not log in")
        said = f": {error.said}" if error.said else ""
        keys = "`token`" if self.rest.token else "`username` and `password`"
        if error.status == 403:
            made = Denied(f"{self._named} does not let {who} {method} {_plain(path)} (HTTP 403){said}", 403)
            made.help = "Give that login the right, or plan other kinds only: --only KINDS"
        elif self.rest.username or self.rest.token:
            made = Denied(f"{self._named} refuses the login of {who} (HTTP 401){said}", 401)
            made.help = f"Are {keys} under {self.rest.at} right?"
        else:
            made = Denied(f"{self._named} wants a login (HTTP 401){said}", 401)
            made.help = f"Set `username` and `password`, or `token`, under {self.rest.at}."
        made.message = made.message[0].upper() + made.message[1:]
        return made

    def _said(self, error: ApiError, method: str, path: str) -> ApiError:
        said = f": {error.said}" if error.said else ""
        why = f"HTTP {error.status}{said}" if error.status is None or error.status >= 300 else "no JSON"
        text = f"{self._named} answers {why} to {method} {_plain(path)}"
        return ApiError(text[0].upper() + text[1:], error.status, error.code, error.said)

    def _not_it(self) -> NoAnswer:
        text = f"{self._named} answers 404 and no JSON of its own: it is still starting, or something else is there"
        made = NoAnswer(text[0].upper() + text[1:], {}, sent=False)
        made.help = f"Is the path of `url` under {self.rest.at} right?"
        return made


def written(ask: Callable[[], object], refused: Callable[[ApiError], Problem | None]) -> Problem | None:
    """Ask for a write: None for done, else why not; `refused` says what an answer means that is none of a login's."""
    try:
        ask()
    except NoAnswer as error:
        return Problem("NO_ANSWER", error.message, "lost" if error.sent else "unsent", error.help or "")
    except Denied as error:
        return Problem(f"HTTP {error.status}", error.message, help=error.help or "")
    except ApiError as error:
        return refused(error)
    except KafkaGitopsError as error:
        return Problem("NO_ANSWER", error.message, "lost", error.help or "")
    return None


def open_service(what: str, rest: Rest, env: Mapping[str, str], *, seconds: float = SECONDS) -> Service:
    """A server by its settings; nothing is asked yet. Raises ConfigError for what cannot be used of them."""
    headers = {}
    if rest.token:
        headers["Authorization"] = f"Bearer {rest.token}"
    elif rest.username is not None:
        pair = f"{rest.username}:{rest.password or ''}".encode()
        headers["Authorization"] = f"Basic {b64encode(pair).decode()}"
    keep_secret(rest.password or "")
    first, *others = rest.urls
    tls = rest_tls.context(rest)
    try:
        api = open_api(first, headers=headers, env=env, others=tuple(others), seconds=seconds, tls=tls)
    except ApiError as error:
        raise ConfigError(f"{rest.at}.url: {error.message}") from None
    return Service(what, rest, api)


def _plain(path: str) -> str:
    return "/" + path.partition("?")[0].lstrip("/")


def _reason(error: HTTPError, seconds: float) -> str:
    """Why there was no answer."""
    cause = error.__cause__ or getattr(error, "original_error", None) or error
    if isinstance(error, NameResolutionError):
        return "its name does not resolve"
    if isinstance(error, ProxyError):
        return f"the proxy does not answer ({plainly(error.original_error)})"
    if isinstance(error, ConnectTimeoutError) and not isinstance(error, NewConnectionError):
        return "no answer: the host is down, or a firewall drops the connection"
    if isinstance(error, NewConnectionError):
        return plainly(cause) if isinstance(cause, OSError) else plainly(error)
    if isinstance(error, ReadTimeoutError):
        return f"no answer within {seconds:g} s"
    if isinstance(error, SSLError):
        return rest_tls.reason(error)
    if isinstance(error, ProtocolError):
        return "it closes the connection without an answer" if _closed(error) else "what answers does not speak HTTP"
    return plainly(error)


def _closed(error: ProtocolError) -> bool:
    return any(isinstance(one, ConnectionError) for one in (*error.args, error.__cause__))
