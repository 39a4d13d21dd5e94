"""A small client for REST APIs that speak JSON: retries, proxies, TLS, time-outs, pages; its errors hold no token."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from kafka_gitops.errors import KafkaGitopsError, without_source
from kafka_gitops.redact import keep_secret, redact

SECONDS = 15.0  # for one request, connecting included
TRIES = 4
AGAIN = (429, 502, 503, 504)  # the server's own hiccups; what else it says is meant
MOST_PAGES = 1000


class ApiError(KafkaGitopsError):
    """A server refused or did not answer; `status` is its HTTP status, None where there was no answer."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(redact(message))
        self.status = status


class Reply(NamedTuple):
    """The decoded JSON (None for an empty body) and the address of the next page."""

    data: Any
    next: str | None


@dataclass(frozen=True)
class Api:
    """The API below an address, asked with these headers on every request; `seconds` bound one request."""

    base: str
    headers: Mapping[str, str] = field(repr=False)
    pool: urllib3.PoolManager = field(repr=False)

    def call(self, method: str, path: str, body: object = None, *, form: Mapping[str, str] | None = None) -> Reply:
        """Ask one thing; `path` is below `base`, or a full address on the same host; `form` goes instead of JSON.

        Raises ApiError.
        """
        url = self._url(path)
        data = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json", **self.headers}
        if data is not None:
            headers["Content-Type"] = "application/json"
        if form is not None:
            data, headers["Content-Type"] = urlencode(form).encode(), "application/x-www-form-urlencoded"
        try:
            answer = self.pool.request(method, url, body=data, headers=headers, redirect=False)
        except HTTPError as error:
            reason = getattr(error, "reason", None) or error
            raise ApiError(f"{method} {_shown(url)}: no answer: {without_source(str(reason))}") from None
        if answer.status >= 300:
            raise ApiError(f"{method} {_shown(url)}: HTTP {answer.status}: {_said(answer.data)}", answer.status)
        try:
            return Reply(json.loads(answer.data) if answer.data else None, _next(answer.headers.get("Link", "")))
        except (ValueError, RecursionError):
            raise ApiError(f"{method} {_shown(url)}: the answer is not JSON", answer.status) from None

    def pages(self, path: str) -> Iterator[Any]:
        """The items of a list, of all its pages (`Link: <...>; rel="next"`). Raises ApiError."""
        following: str | None = path
        for _ in range(MOST_PAGES):
            if following is None:
                return
            data, following = self.call("GET", following)
            if not isinstance(data, list):
                raise ApiError(f"GET {_shown(path)}: expected a list")
            yield from data

    def _url(self, path: str) -> str:
        if "://" not in path:
            return f"{self.base.rstrip('/')}/{path.lstrip('/')}"
        if urlsplit(path)[:2] != urlsplit(self.base)[:2]:  # the token is for one host
            raise ApiError(f"{_shown(path)} is not on {self.base}: not asked")
        return path


@contextmanager
def shaped(host: str) -> Iterator[None]:
    """Read answers: one of another shape than we know becomes an ApiError instead of a traceback."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as odd:
        raise ApiError(f"an answer of {host} has another shape than expected ({type(odd).__name__}: {odd})") from None


def open_api(base: str, *, headers: Mapping[str, str], env: Mapping[str, str], proxy: str | None = None) -> Api:
    """The API at an address, through the proxy that is given or that the environment names; no request is made.

    Raises ApiError for an address that is none. Every header's value with a token is kept out of all output.
    """
    try:
        parts = urlsplit(base)
        parts.port  # noqa: B018 - looked at, which says whether it is one
    except ValueError:
        raise ApiError(f"{base.rpartition('@')[2]!r} is not the address of an API: expected https://HOST/...") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ApiError(f"{base.rpartition('@')[2]!r} is not the address of an API: expected https://HOST/...")
    for value in headers.values():
        keep_secret(value.split(" ", 1)[-1])
    retries = urllib3.Retry(
        total=TRIES - 1,
        backoff_factor=0.3,
        status_forcelist=AGAIN,
        allowed_methods=None,
        raise_on_status=False,
        respect_retry_after_header=False,  # a server must not make a pipeline wait for an hour
    )
    options: dict[str, Any] = {"retries": retries, "timeout": urllib3.Timeout(total=SECONDS)}
    through = proxy or _proxy(parts.scheme, parts.hostname, env)
    try:
        keep_secret(urlsplit(through or "").password or "")
        pool = urllib3.ProxyManager(through, **options) if through else urllib3.PoolManager(**options)
    except (HTTPError, ValueError, AssertionError):  # urllib3's own is both of the latter; its text may hold a password
        named = f"{parts.scheme}_proxy or all_proxy, in lower or upper case"
        raise ApiError(f"the proxy of the environment ({named}) is not an address: expected http://HOST:PORT") from None
    return Api(urljoin(base, parts.path), headers, pool)


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


def _shown(url: str) -> str:
    """An address without its query, which may hold a token."""
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}" if parts.hostname else parts.path


def _said(data: bytes) -> str:
    """What the server said, in at most 300 characters."""
    text = data.decode("utf-8", "replace")
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = None
    if isinstance(body, dict):
        text = str(body.get("message") or body.get("error") or text)
    return " ".join(text.split())[:300] or "no explanation"
