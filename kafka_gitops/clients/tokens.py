"""The token of an OAUTHBEARER login: given, or fetched from an identity provider or GitHub, and what it claims."""

import binascii
import json
import time
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import quote

from kafka_gitops.errors import ConfigError, Unreachable
from kafka_gitops.redact import keep_secret

KEY = "sasl.oauthbearer."
METHODS = ("oidc", "github")
_FRESH = 0.8  # of its lifetime; then a new one is fetched, before the session ends at 0.85 of it (wire.expiry)
_OPAQUE = 300.0  # seconds that a token is used which does not tell when it ends
_FAR = 1e12  # seconds since 1970: what is later is no time (nor is NaN)
_SCOPES = "The job needs `id-token: write` under `permissions:`; pull requests of forks get no token."


class NoToken(Unreachable):
    """There is no token to log in with."""


@dataclass(frozen=True)
class Token:
    """A token, its claims (none of an opaque one), the extensions sent with it, and its times in seconds since 1970.

    `principal` is who it speaks for: brokers take it from one claim (KIP-768), and an opaque token does not tell.
    """

    text: str = field(repr=False)
    principal: str | None
    claims: Mapping[str, Any]
    extensions: Mapping[str, str]
    got: float
    until: float

    @property
    def expired(self) -> bool:
        """Whether its time is over, by this machine's clock."""
        return time.time() >= self.until

    def origin(self) -> str:
        """Issuer and audience, which a broker compares with what it expects."""
        return f"issuer {self.claims.get('iss', 'not named')}, audience {self.claims.get('aud', 'not named')}"


Tokens: TypeAlias = Callable[[], Token]


def tokens(client: Mapping[str, str], env: Mapping[str, str]) -> Tokens:
    """What gives the token for a login, a new one where the last has served most of its time.

    A token that is given wins over a method. `env` names the proxies. Raises ConfigError for keys that are missing or
    wrong; what is returned raises NoToken.
    """
    extensions = _extensions(client.get(f"{KEY}extensions", ""))
    claim = client.get(f"{KEY}sub.claim.name", "sub")
    fetch = _fetching(client, env)
    held: list[Token] = []

    def token() -> Token:
        if not held or time.time() > held[0].got + _FRESH * (held[0].until - held[0].got):
            held[:] = [read(fetch(), extensions, claim)]
        return held[0]

    return token


def read(text: str, extensions: Mapping[str, str], claim: str = "sub") -> Token:
    """A token with what it says of itself (RFC 7519, unverified: that is the broker's part); it is never printed.

    `claim` is what the brokers make the principal of, their `sasl.oauthbearer.sub.claim.name`.
    """
    keep_secret(text)
    now = time.time()
    try:
        payload = text.split(".")[1]
        claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, RecursionError, binascii.Error):
        claims = {}
    claims = claims if isinstance(claims, dict) else {}
    until = claims.get("exp")
    ends = float(until) if isinstance(until, int | float) and abs(until) < _FAR else now + _OPAQUE
    return Token(text, f"User:{claims[claim]}" if claim in claims else None, claims, extensions, now, ends)


def _fetching(client: Mapping[str, str], env: Mapping[str, str]) -> Callable[[], str]:
    given = client.get(f"{KEY}token")
    if given is not None:
        if not given.strip():
            raise ConfigError(f"{KEY}token is empty", help="Does the pipeline hand over its token here?")
        return given.strip
    method = client.get(f"{KEY}method", "oidc" if f"{KEY}token.endpoint.url" in client else "")
    if method not in METHODS:
        said = f'{KEY}method is "{method}"' if method else f"OAUTHBEARER needs {KEY}token or {KEY}method"
        raise ConfigError(said, help=f"The method is one of {', '.join(METHODS)}; a given token needs none.")
    needed = ("token.endpoint.url", "client.secret", *(("client.id",) if method == "oidc" else ()))
    for name in needed:
        if not client.get(KEY + name):
            raise ConfigError(f"{KEY}{name} is not set, and the method {method} needs it")
    return lambda: (_github if method == "github" else _oidc)(client, env)


def _github(client: Mapping[str, str], env: Mapping[str, str]) -> str:
    """The token that GitHub signs for a job (docs.github.com, "OpenID Connect reference")."""
    url = client[f"{KEY}token.endpoint.url"]
    audience = client.get(f"{KEY}audience")
    if audience:
        url += f"{'&' if '?' in url else '?'}audience={quote(audience, safe='')}"
    headers = {"Authorization": f"Bearer {client[f'{KEY}client.secret']}"}
    return _asked("GET", url, headers, None, env, field="value", help=_SCOPES)


def _oidc(client: Mapping[str, str], env: Mapping[str, str]) -> str:
    """The token for a client's own credentials (RFC 6749, sections 2.3.1 and 4.4)."""
    pair = ":".join(quote(client[KEY + name], safe="") for name in ("client.id", "client.secret"))
    headers = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
    form = {"grant_type": "client_credentials"}
    if client.get(f"{KEY}scope"):
        form["scope"] = client[f"{KEY}scope"]
    look = f"Are {KEY}client.id, {KEY}client.secret and {KEY}token.endpoint.url right?"
    return _asked("POST", client[f"{KEY}token.endpoint.url"], headers, form, env, field="access_token", help=look)


def _asked(
    method: str,
    url: str,
    headers: Mapping[str, str],
    form: Mapping[str, str] | None,
    env: Mapping[str, str],
    *,
    field: str,
    help: str,
) -> str:
    from kafka_gitops.clients.http import ApiError, open_api

    try:
        answer = open_api(url, headers=headers, env=env).call(method, url, form=form, harmless=True).data
    except ApiError as error:
        raise NoToken(error.message, help=help) from None
    token = answer.get(field) if isinstance(answer, dict) else None
    if not isinstance(token, str) or not token:
        raise NoToken(f'the answer of the token endpoint has no "{field}"', help=help)
    return token


def _extensions(text: str) -> dict[str, str]:
    """`logicalCluster=lkc-1,identityPoolId=pool-2` (KIP-342) as a map."""
    pairs = [part.strip().partition("=") for part in text.split(",") if part.strip()]
    if any(not equals or not name for name, equals, _ in pairs):
        raise ConfigError(f'{KEY}extensions is "{text}"', help="Expected NAME=VALUE, comma-separated.")
    return {name: value for name, _, value in pairs}
