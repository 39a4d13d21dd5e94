"""A small client for REST APIs that speak JSON: several addresses, repetitions, proxies, TLS, time-outs, pages.

Its errors hold no token. A write is sent once: what is repeated is a question, or what no server has heard.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProxyError, SSLError

from kafka_gitops.clients.bounded import AT_ONCE, pool, request
from kafka_gitops.clients.http_errors import ApiError, Denied, NoAnswer, no_answer, refused, shown
from kafka_gitops.redact import keep_secret

if TYPE_CHECKING:
    from ssl import SSLContext

__all__ = ["Api", "ApiError", "Denied", "NoAnswer", "Reply", "in_flight", "open_api", "shaped"]

SECONDS = 15.0  # for one answer, whatever it takes: connecting, repetitions, all of its bytes
PAUSES = (0.0, 0.0, 0.6, 1.2)  # seconds before each try
BUSY = 429  # the request was not looked at, so that it may be sent again whatever it is
AGAIN = (BUSY, 502, 503, 504)  # the server's own hiccups; what else it says is meant
MOST_PAGES = 1000
_HARMLESS = ("GET", "HEAD")
_UNSENT = (NewConnectionError, ConnectTimeoutError, ProxyError)  # SSLError: a part of them comes after the request
_Item = TypeVar("_Item")
_Got = TypeVar("_Got")


class Reply(NamedTuple):
    """The decoded JSON (None for an empty body) and the address of the next page."""

    data: Any
    next: str | None


class _Request(NamedTuple):
    """What is asked; `again`: it may be asked again when nobody knows what became of it."""

    method: str
    data: bytes | None
    headers: Mapping[str, str]
    again: bool

    def answered(self, status: int) -> bool:
        """Whether an answer of this status is meant, or all that there will be."""
        return status not in AGAIN or (status != BUSY and not self.again)


@dataclass(frozen=True)
class Api:
    """The API below an address, asked with these headers on every request; `seconds` bound one answer.

    `others` are further addresses of the same server, asked where the first does not answer; the one that answered
    last is asked first.
    """

    base: str
    headers: Mapping[str, str] = field(repr=False)
    pool: urllib3.PoolManager = field(repr=False)
    others: tuple[str, ...] = ()
    seconds: float = SECONDS
    _first: list[str] = field(default_factory=list, repr=False)

    @property
    def bases(self) -> tuple[str, ...]:
        """All addresses, in the order in which they are asked."""
        return tuple(dict.fromkeys((*self._first, self.base, *self.others)))

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        form: Mapping[str, str] | None = None,
        harmless: bool | None = None,
    ) -> Reply:
        """Ask one thing; `path` is below `base`, or a full address on the same host; `form` goes instead of JSON.

        `harmless`: nothing happens when it is asked twice; None: as its method says. No redirect is followed.
        Raises ApiError, which is Denied or NoAnswer where that is why.
        """
        data = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json", **self.headers}
        if data is not None:
            headers["Content-Type"] = "application/json"
        if form is not None:
            data, headers["Content-Type"] = urlencode(form).encode(), "application/x-www-form-urlencoded"
        again = method in _HARMLESS if harmless is None else harmless
        url, answer, found = self._answer(_Request(method, data, headers, again), self._urls(path))
        if answer.status >= 300:
            raise refused(f"{method} {shown(url)}", answer, found)
        try:
            return Reply(json.loads(found) if found else None, _next(answer.headers.get("Link", "")))
        except (ValueError, RecursionError):
            raise ApiError(f"{method} {shown(url)}: the answer is not JSON", answer.status) from None

    def pages(self, path: str) -> Iterator[Any]:
        """The items of a list, of all its pages (`Link: <...>; rel="next"`). Raises ApiError."""
        following: str | None = path
        for _ in range(MOST_PAGES):
            if following is None:
                return
            data, following = self.call("GET", following)
            if not isinstance(data, list):
                raise ApiError(f"GET {shown(path)}: expected a list")
            yield from data

    def _urls(self, path: str) -> dict[str, str]:
        """The base of each full address that a path stands for."""
        if "://" not in path:
            return {f"{base.rstrip('/')}/{path.lstrip('/')}": base for base in self.bases}
        if urlsplit(path)[:2] not in [urlsplit(base)[:2] for base in self.bases]:  # the token is for one host
            raise ApiError(f"{shown(path)} is not on {self.base}: not asked")
        return {path: self.base}

    def _answer(self, one: _Request, urls: Mapping[str, str]) -> tuple[str, urllib3.BaseHTTPResponse, bytes]:
        """The first answer that is meant, else the last that came; each address is asked as often as PAUSES says."""
        until = time.monotonic() + self.seconds
        failures: dict[str, HTTPError] = {}
        last: tuple[str, urllib3.BaseHTTPResponse, bytes] | None = None
        tries = 0
        for pause in PAUSES:
            if tries and time.monotonic() + pause >= until:
                break
            time.sleep(pause)
            tries += 1
            for place, (url, base) in enumerate(urls.items()):
                seconds = (until - time.monotonic()) / (len(urls) - place)  # a silent one leaves time for the next
                try:
                    last = url, *request(self.pool, one.method, url, one.data, one.headers, seconds)
                except HTTPError as error:
                    failures[base] = error
                    if not one.again and not isinstance(error, _UNSENT):
                        raise no_answer(one.method, url, failures, sent=True, tries=tries) from None
                    continue
                if one.answered(last[1].status):
                    self._first[:] = [base]
                    return last
            if failures and all(isinstance(why, SSLError) for why in failures.values()):
                break
        if last is not None:
            return last
        raise no_answer(one.method, next(iter(urls)), failures, sent=False, tries=tries) from None


def in_flight(ask: Callable[[_Item], _Got], items: Iterable[_Item]) -> Iterator[_Got]:
    """What is got for each of the items, in their order, at most 16 of them asked at once.

    The first failure is raised, and what was not begun is not asked any more.
    """
    from concurrent.futures import ThreadPoolExecutor

    workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="rest")
    try:
        yield from workers.map(ask, items)
    finally:
        workers.shutdown(cancel_futures=True)


@contextmanager
def shaped(host: str) -> Iterator[None]:
    """Read answers: one of another shape than we know becomes an ApiError instead of a traceback."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as odd:
        raise ApiError(f"an answer of {host} has another shape than expected ({type(odd).__name__}: {odd})") from None


def open_api(
    base: str,
    *,
    headers: Mapping[str, str],
    env: Mapping[str, str],
    proxy: str | None = None,
    others: tuple[str, ...] = (),
    seconds: float = SECONDS,
    tls: "SSLContext | None" = None,
) -> Api:
    """The API at an address, through the proxy that is given or that the environment names; no request is made.

    `tls` says whom to trust and who we are, where that is not the system's. Raises ApiError for an address that is
    none. Every header's value with a token is kept out of all output.
    """
    parts, *_ = [_address(one) for one in (base, *others)]
    for value in headers.values():
        keep_secret(value.split(" ", 1)[-1])
    through = proxy or _proxy(parts.scheme, parts.hostname or "", env)
    options: dict[str, Any] = {} if tls is None else {"ssl_context": tls}
    try:
        keep_secret(urlsplit(through or "").password or "")
        connections = pool(through, **options)
    except (HTTPError, ValueError, AssertionError):  # urllib3's own is both of the latter; its text may hold a password
        named = f"{parts.scheme}_proxy or all_proxy, in lower or upper case"
        raise ApiError(f"the proxy of the environment ({named}) is not an address: expected http://HOST:PORT") from None
    return Api(urljoin(base, parts.path), headers, connections, others, seconds)


def _address(base: str) -> SplitResult:
    try:
        parts = urlsplit(base)
        parts.port  # noqa: B018 - looked at, which says whether it is one
    except ValueError:
        raise ApiError(f"{base.rpartition('@')[2]!r} is not the address of an API: expected https://HOST/...") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ApiError(f"{base.rpartition('@')[2]!r} is not the address of an API: expected https://HOST/...")
    return parts


def _proxy(scheme: str, host: str, env: Mapping[str, str]) -> str | None:
    """The proxy for a host as curl would choose it: HTTPS_PROXY, HTTP_PROXY in lower case only, NO_PROXY."""
    named = env.get(f"{scheme}_proxy") or (env.get("HTTPS_PROXY") if scheme == "https" else None)
    named = named or env.get("all_proxy") or env.get("ALL_PROXY")
    without = [entry.strip().lstrip(".") for entry in (env.get("no_proxy") or env.get("NO_PROXY") or "").split(",")]
    if not named or any(entry == "*" or (entry and f".{host}".endswith(f".{entry}")) for entry in without):
        return None
    return named if "://" in named else f"http://{named}"


def _next(link: str) -> str | None:
    for part in link.split(","):
        address, _, relation = part.partition(";")
        if 'rel="next"' in relation:
            return address.strip().strip("<>")
    return None
