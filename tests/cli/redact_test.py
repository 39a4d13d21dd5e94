"""Secrets stay out of everything that is printed."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import quote

import pytest

from kafka_gitops.redact import forget, is_secret_key, keep_secret, redact
from kafka_gitops.report import github, markup
from kafka_gitops.report.findings import harmless


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    """No secret of one test is known to the next."""
    yield
    forget()


def test_a_secret_is_replaced_wherever_it_stands() -> None:
    keep_secret("s3cret-word")
    assert redact("a s3cret-word, twice: s3cret-word") == "a [redacted], twice: [redacted]"


def test_a_longer_secret_that_holds_a_shorter_one_goes_whole() -> None:
    keep_secret("abcdef")
    keep_secret("abcdefgh")
    assert redact("abcdefgh abcdef") == "[redacted] [redacted]"


AWKWARD = 'pa"ss\\wo<r>d&1_2@x y|z`www.h://i*%-\u00e9'


@pytest.mark.parametrize(
    "written",
    [
        str,
        json.dumps,
        partial(json.dumps, ensure_ascii=False),
        markup.text,
        markup.code,
        markup.cell,
        markup.html_code,
        markup.xml,
        harmless,
        quote,
        partial(github.command, "error", "kafka-gitops"),
        lambda said: json.dumps(markup.text(said)),
    ],
)
def test_no_format_writes_a_secret_so_that_it_is_not_found(written: Callable[[str], str]) -> None:
    keep_secret(AWKWARD)
    assert "before[redacted]after" in redact(written(f"before{AWKWARD}after"))


def test_a_key_of_several_lines_is_found_in_one() -> None:
    keep_secret("-----BEGIN KEY-----\nMIIEvQ\nAAAA\n-----END KEY-----")
    shown = "-----BEGIN KEY-----\\nMIIEvQ\\nAAAA\\n-----END KEY-----"
    assert redact(f"a {shown} b") == "a [redacted] b"


def test_five_characters_are_too_few() -> None:
    keep_secret("admin")
    assert redact("admin") == "admin"


@pytest.mark.parametrize(
    "key",
    ["sasl.password", "ssl.key.pem", "basic.auth.user.info", "sasl.jaas.config", "api.key", "ssl.keystore.key"],
)
def test_these_keys_hold_secrets(key: str) -> None:
    assert is_secret_key(key)


@pytest.mark.parametrize(
    "key",
    [
        "sasl.username",
        "bootstrap.servers",
        "security.protocol",
        "ssl.ca.location",
        "sasl.oauthbearer.token.endpoint.url",
    ],
)
def test_these_keys_do_not(key: str) -> None:
    assert not is_secret_key(key)
