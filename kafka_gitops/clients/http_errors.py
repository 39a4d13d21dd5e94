"""What can be wrong with an answer of a REST API, or that there is none; no error holds a token or user info."""

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from kafka_gitops.errors import KafkaGitopsError, MissingRight, Unreachable, without_source
from kafka_gitops.redact import redact


class ApiError(KafkaGitopsError):
    """A server refused or did not answer.

    `status` is its HTTP status, None where there was no answer; `code` the `error_code` and `said` the words of its
    JSON, where it has them.
    """

    def __init__(self, message: str, status: int | None = None, code: int | None = None, said: str = "") -> None:
        super().__init__(redact(message))
        self.status = status
        self.code = code
        self.said = redact(said)


class NoAnswer(ApiError, Unreachable):
    """No answer came: `failures` has why by address; `sent` tells whether the request may have been heard."""

    def __init__(self, message: str, failures: Mapping[str, HTTPError], *, sent: bool, tries: int = 1) -> None:
        super().__init__(message)
        self.failures = failures
        self.sent = sent
        self.tries = tries


class Denied(ApiError, MissingRight):
    """The login is wrong or missing (401), or it lacks a right (403)."""


def shown(url: str) -> str:
    """An address without its query, which may hold a token."""
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}" if parts.hostname else parts.path


def no_answer(method: str, url: str, failures: Mapping[str, HTTPError], *, sent: bool, tries: int) -> NoAnswer:
    error = list(failures.values())[-1]
    reason = getattr(error, "reason", None) or error
    said = f"{method} {shown(url)}: no answer: {without_source(str(reason))}"
    return NoAnswer(said, failures, sent=sent, tries=tries)


def refused(asked: str, answer: urllib3.BaseHTTPResponse, data: bytes) -> ApiError:
    """The error of an answer that is none of those asked for, with what the server said, in at most 300 characters."""
    text, code = data.decode("utf-8", "replace"), None
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = None
    if isinstance(body, dict):
        text = str(body.get("message") or body.get("error") or text)
        code = body.get("error_code")
    said = " ".join(text.split())[:300]
    made = Denied if answer.status in (401, 403) else ApiError
    message = f"{asked}: HTTP {answer.status}: {said or 'no explanation'}"
    return made(message, answer.status, code if isinstance(code, int) else None, said if isinstance(body, dict) else "")
