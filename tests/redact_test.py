"""Secrets stay out of everything that is printed."""

from collections.abc import Iterator

import pytest

from kafka_gitops.redact import forget, is_secret_key, keep_secret, redact


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
