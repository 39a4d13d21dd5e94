"""Connections whose answers have an end, headers and body together, in time and in bytes, whatever the server sends."""

import io
import time
from collections.abc import Mapping
from http.client import HTTPResponse
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ResponseError

MOST = 64 * 1024 * 1024  # bytes of one answer; all configs of a thousand connectors are a few million
AT_ONCE = 16  # requests in flight, each on a pooled connection


class _Timed(io.RawIOBase):
    """What a socket gives until a moment, then TimeoutError: a socket's own time-out starts anew at each byte."""

    def __init__(self, raw: io.RawIOBase, sock: Any) -> None:
        self._raw, self._sock = raw, sock
        self._until = time.monotonic() + (sock.gettimeout() or 0.0)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """The bytes that are there, waited for until the end."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Close what is below too, which the socket counts."""
        self._raw.close()
        super().close()


class _Answer(HTTPResponse):
    """An answer that is over when the time is that its connection had left as the answer began."""

    def __init__(self, sock: Any, *args: Any, **more: Any) -> None:
        super().__init__(sock, *args, **more)
        self.fp = io.BufferedReader(_Timed(self.fp.detach(), sock))


class _Plain(HTTPConnection):
    response_class = _Answer


class _Encrypted(HTTPSConnection):
    response_class = _Answer


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Plain


class _EncryptedPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Encrypted


def pool(through: str | None = None, **options: Any) -> urllib3.PoolManager:
    """Connections to servers, straight or `through` a proxy; nothing is repeated or followed of itself.

    Raises what urllib3 does for a proxy that is none.
    """
    options = {"retries": False, "maxsize": AT_ONCE, **options}
    made = urllib3.ProxyManager(through, **options) if through else urllib3.PoolManager(**options)
    made.pool_classes_by_scheme = {"http": _PlainPool, "https": _EncryptedPool}
    return made


def request(
    pool: urllib3.PoolManager, method: str, url: str, body: bytes | None, headers: Mapping[str, str], seconds: float
) -> tuple[urllib3.BaseHTTPResponse, bytes]:
    """Ask once; the answer and its body. Raises urllib3's HTTPError, also for an answer that is too long."""
    timeout = urllib3.Timeout(total=max(seconds, 0.001))
    answer = pool.request(
        method, url, body=body, headers=headers, redirect=False, timeout=timeout, preload_content=False
    )
    try:
        data = answer.read(MOST + 1)
        if len(data) > MOST:
            raise ResponseError(f"the answer is longer than {MOST:,} bytes")
    except BaseException:
        answer.close()  # what is left of it must not be taken for the next answer
        raise
    answer.release_conn()
    return answer, data
