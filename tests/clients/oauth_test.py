"""OAUTHBEARER without a broker: its client keys, what a runner hands over, and the tokens themselves."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from configuring import Ran, effective, home, refusal, run
from issuing import ISSUER, Endpoint, endpoint, signer

from kafka_gitops import redact
from kafka_gitops.clients.tokens import NoToken, read, tokens
from kafka_gitops.clients.translate import login
from kafka_gitops.config import client_keys
from kafka_gitops.errors import ConfigError

__all__ = ["home", "run"]
URL, SECRET = "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
GITHUB = """\
environments:
  prod:
    bootstrap: kafka:9093
    client:
      security.protocol: SASL_SSL
      sasl.mechanism: OAUTHBEARER
      sasl.oauthbearer.method: github
      sasl.oauthbearer.audience: kafka
"""
GITLAB = GITHUB.replace("method: github", "token: ${KAFKA_ID_TOKEN}")


@pytest.fixture
def provider() -> Iterator[Endpoint]:
    with endpoint() as one:
        yield one
    redact.forget()


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> None:
    """What GitHub sets in a job with `id-token: write`."""
    monkeypatch.setenv(URL, "https://runner.example/token?api-version=2.0")
    monkeypatch.setenv(SECRET, "runner-secret")


def keys(**given: str) -> dict[str, str]:
    return {f"sasl.oauthbearer.{name.replace('_', '.')}": value for name, value in given.items()}


def wrong(**given: str) -> str:
    with pytest.raises(ConfigError) as caught:
        tokens(keys(**given), {})
    return f"{caught.value.message}; {caught.value.help}"


@pytest.mark.usefixtures("home", "runner")
def test_a_runners_variables_become_client_keys() -> None:
    client = effective(GITHUB).settings.client
    assert client["sasl.oauthbearer.token.endpoint.url"] == "https://runner.example/token?api-version=2.0"
    assert client["sasl.oauthbearer.client.secret"] == "runner-secret"
    assert redact.redact("runner-secret") == "[redacted]"


@pytest.mark.usefixtures("home", "runner")
def test_a_file_cannot_send_the_runners_secret_elsewhere() -> None:
    text = GITHUB + "      sasl.oauthbearer.token.endpoint.url: https://evil.example\n"
    assert effective(text).settings.client["sasl.oauthbearer.token.endpoint.url"].startswith("https://runner.example/")


@pytest.mark.usefixtures("home", "runner")
def test_the_shown_config_names_the_variables(run: Callable[..., Ran]) -> None:
    Path("kafka-gitops.yaml").write_text(GITHUB)
    shown = run("config").out
    assert 'sasl.oauthbearer.client.secret: "${ACTIONS_ID_TOKEN_REQUEST_TOKEN}"' in shown
    assert 'sasl.oauthbearer.token.endpoint.url: "${ACTIONS_ID_TOKEN_REQUEST_URL}"' in shown
    assert "runner-secret" not in shown


@pytest.mark.usefixtures("home")
def test_without_a_runner_the_problem_says_what_is_missing() -> None:
    assert refusal(GITHUB) == (
        f"[78] kafka-gitops.yaml:7:32: sasl.oauthbearer.method is github, and {URL} and {SECRET} are not set: the job "
        "of GitHub Actions needs the line `id-token: write` under `permissions:` (a pull request of a fork gets no token)"
    )


@pytest.mark.usefixtures("home")
def test_gitlabs_token_is_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "[78] kafka-gitops.yaml:7:31: the variable KAFKA_ID_TOKEN is not set" in refusal(GITLAB)
    monkeypatch.setenv("KAFKA_ID_TOKEN", "gitlab-token")
    assert effective(GITLAB).settings.client["sasl.oauthbearer.token"] == "gitlab-token"
    assert redact.redact("gitlab-token") == "[redacted]"


def test_java_s_names_of_the_credentials_are_known() -> None:
    given = {
        f"sasl.oauthbearer.client.credentials.client.{name}": client_keys.Given("x", "f:1") for name in ("id", "secret")
    }
    assert set(client_keys.translate(given).client) == set(keys(client_id="", client_secret=""))


def test_what_is_missing_is_named() -> None:
    methods = "The method is one of oidc, github; a given token needs none."
    assert wrong() == f"OAUTHBEARER needs sasl.oauthbearer.token or sasl.oauthbearer.method; {methods}"
    assert wrong(method="azure") == f'sasl.oauthbearer.method is "azure"; {methods}'
    assert wrong(token=" ") == "sasl.oauthbearer.token is empty; Does the pipeline hand over its token here?"
    assert wrong(token_endpoint_url="https://idp", client_secret="s").startswith(
        "sasl.oauthbearer.client.id is not set, and the method oidc needs it"
    )
    assert wrong(token="x", extensions="a").startswith('sasl.oauthbearer.extensions is "a"')


def test_a_login_has_the_tokens_subject_and_hides_the_token(tmp_path: Path) -> None:
    text = signer(tmp_path / "key.pem").token("ci")
    made = {"bootstrap.servers": "k:1", "security.protocol": "SASL_SSL", "sasl.mechanism": "OAUTHBEARER"}
    found = login({**made, **keys(token=text, extensions="logicalCluster=lkc-1, identityPoolId=p")})
    assert found.principal == "User:ci"
    assert text not in repr(found)
    assert found.token is not None
    one = found.token()
    assert one.extensions == {"logicalCluster": "lkc-1", "identityPoolId": "p"}
    assert one.origin() == f"issuer {ISSUER}, audience kafka"
    assert not one.expired
    assert text not in repr(one)
    assert redact.redact(f"it is {text}") == "it is [redacted]"
    redact.forget()


def test_the_principal_may_come_from_another_claim(tmp_path: Path) -> None:
    text = signer(tmp_path / "key.pem").token("{repository}:{step}", deploymentEnvironmentUuid="{plan}")
    give = tokens(keys(token=text, sub_claim_name="deploymentEnvironmentUuid"), {})
    assert give().principal == "User:{plan}"
    assert tokens(keys(token=text, sub_claim_name="groups"), {})().principal is None
    redact.forget()


@pytest.mark.parametrize("claims", ['{"exp": 1' + "0" * 400 + "}", '{"exp": NaN}', '{"exp": Infinity}', "[" * 100_000])
def test_a_token_with_absurd_claims_is_used_for_a_while(claims: str) -> None:
    one = read(f"a.{urlsafe_b64encode(claims.encode()).decode()}.c", {})
    assert one.principal is None
    assert 0 < one.until - one.got < 1000
    redact.forget()


@pytest.mark.parametrize("text", ["opaque-token", "a.b.c", "a.WzFd.c", "a.bm8.c", "a.\N{SNOWMAN}.c"])
def test_a_token_that_says_nothing_has_no_principal(text: str) -> None:
    one = read(text, {})
    assert (one.principal, dict(one.claims), one.expired) == (None, {}, False)
    redact.forget()


def test_a_token_is_fetched_once_until_it_is_old(tmp_path: Path, provider: Endpoint) -> None:
    issuer = signer(tmp_path / "key.pem")
    give = tokens(keys(method="github", token_endpoint_url=provider.url, client_secret="r"), {})
    provider.answer = {"value": issuer.token("ci")}
    assert give() is give()
    assert [path for _, path, *_ in provider.asked] == ["/token?api-version=2.0"]
    provider.answer = {"value": issuer.token("ci", seconds=-5)}
    old = tokens(keys(method="github", token_endpoint_url=provider.url, client_secret="r"), {})
    assert old() is not old()


@pytest.mark.parametrize("answer", [{}, {"value": ""}, {"value": 7}])
def test_an_answer_without_a_token(provider: Endpoint, answer: dict[str, object]) -> None:
    provider.answer = answer
    give = tokens(keys(method="github", token_endpoint_url=provider.url, client_secret="r"), {})
    with pytest.raises(NoToken) as caught:
        give()
    assert (caught.value.exit_code, caught.value.message) == (5, 'the answer of the token endpoint has no "value"')
    assert "id-token: write" in (caught.value.help or "")


def test_an_endpoint_that_nobody_listens_at() -> None:
    given = keys(token_endpoint_url="http://127.0.0.1:1/token?code=secret-code", client_id="ci", client_secret="s3cret")
    with pytest.raises(NoToken) as caught:
        tokens(given, {})()
    assert caught.value.message.startswith("POST 127.0.0.1/token: no answer: ")
    assert "s3cret" not in caught.value.message


def test_an_address_that_is_none() -> None:
    given = keys(token_endpoint_url="idp.example/token", client_id="ci", client_secret="s3cret")
    with pytest.raises(NoToken, match="is not the address of an API"):
        tokens(given, {})()
