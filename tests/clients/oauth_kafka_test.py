"""OAUTHBEARER logins at a real broker that trusts the tokens of one issuer for one audience."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from issuing import AUDIENCE, ISSUER, SUBJECT, Endpoint, Signer, endpoint, signer

from kafka_gitops import doctor, redact
from kafka_gitops.cli import main
from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.errors import Unreachable
from kafka_gitops.model import Topic
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka


@pytest.fixture
def broker(oauth_kafka: Sandbox) -> Sandbox:
    return oauth_kafka


@pytest.fixture
def provider() -> Iterator[Endpoint]:
    with endpoint() as one:
        yield one
    redact.forget()


def client(broker: Sandbox, **keys: str) -> dict[str, str]:
    """Client keys of an OAUTHBEARER login; `client_id` stands for `sasl.oauthbearer.client.id`."""
    found = {"bootstrap.servers": broker.sasl_bootstrap, "security.protocol": "SASL_PLAINTEXT"}
    own = {f"sasl.oauthbearer.{name.replace('_', '.')}": value for name, value in keys.items()}
    return {**found, "sasl.mechanisms": "OAUTHBEARER", **own}


def refusal(broker: Sandbox, **keys: str) -> str:
    """The sentence and the help that a login ends in."""
    with pytest.raises(Unreachable) as caught, open_cluster(client(broker, **keys), timeout=10):
        pass
    assert caught.value.exit_code == 5
    return f"{caught.value.message}\n{caught.value.help}"


def test_a_token_of_the_pipeline_logs_in_as_its_subject(broker: Sandbox, issuer: Signer) -> None:
    with open_cluster(client(broker, token=issuer.token(SUBJECT)), timeout=10) as cluster:
        assert cluster.principal == f"User:{SUBJECT}"
        assert cluster.id == broker.cluster_id
        assert cluster.create_topics({"oauth.given": Topic(1, 1, {})}) == {"oauth.given": None}


def test_github_gives_a_token_for_the_audience(broker: Sandbox, issuer: Signer, provider: Endpoint) -> None:
    provider.answer = {"value": issuer.token(SUBJECT)}
    keys = {"method": "github", "audience": "kafka prod", "token_endpoint_url": provider.url, "client_secret": "runner"}
    with open_cluster(client(broker, **keys), timeout=10) as cluster:
        assert cluster.principal == f"User:{SUBJECT}"
    assert provider.asked == [("GET", "/token?api-version=2.0&audience=kafka%20prod", "Bearer runner", "")]


def test_a_client_gets_a_token_for_its_secret(broker: Sandbox, issuer: Signer, provider: Endpoint) -> None:
    provider.answer = {"access_token": issuer.token(SUBJECT), "token_type": "Bearer", "expires_in": 300}
    keys = {"method": "oidc", "client_id": "ci", "client_secret": "s:1", "scope": "kafka"}
    with open_cluster(client(broker, token_endpoint_url=provider.url, **keys), timeout=10) as cluster:
        assert cluster.principal == f"User:{SUBJECT}"
    form = "grant_type=client_credentials&scope=kafka"
    assert provider.asked == [("POST", "/token?api-version=2.0", "Basic Y2k6cyUzQTE=", form)]


def test_a_session_that_ends_is_begun_anew_with_a_new_token(
    broker: Sandbox, issuer: Signer, provider: Endpoint
) -> None:
    provider.answer = {"value": issuer.token(SUBJECT, seconds=3)}
    keys = {"method": "github", "token_endpoint_url": provider.url, "client_secret": "runner"}
    with open_cluster(client(broker, **keys), timeout=10) as cluster:
        provider.answer = {"value": issuer.token(SUBJECT)}
        time.sleep(3.5)
        cluster.list_topics()
    assert len(provider.asked) == 2


def test_a_forged_token_is_refused(broker: Sandbox, tmp_path: Path) -> None:
    forged = signer(tmp_path / "other.pem").token(SUBJECT)
    assert refusal(broker, token=forged) == (
        f"Cannot reach {broker.sasl_bootstrap}: login refused: invalid_token (User:{SUBJECT}, OAUTHBEARER).\n"
        "Does the broker trust the issuer, and expect this audience? The token has "
        f"issuer {ISSUER}, audience {AUDIENCE}.\nThe audience is asked for by sasl.oauthbearer.audience, "
        "or by the pipeline (`id_tokens`, `oidc`).\nThe broker's log says more."
    )


def test_a_token_for_another_audience_is_refused(broker: Sandbox, issuer: Signer) -> None:
    said = refusal(broker, token=issuer.token(SUBJECT, aud="vault"))
    assert "login refused: invalid_token" in said
    assert f"The token has issuer {ISSUER}, audience vault." in said


def test_an_expired_token_is_refused_and_says_since_when(broker: Sandbox, issuer: Signer) -> None:
    ended = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(1_700_000_000))
    said = refusal(broker, token=issuer.token(SUBJECT, iat=1_600_000_000, exp=1_700_000_000))
    assert said == (
        f"Cannot reach {broker.sasl_bootstrap}: login refused: invalid_token (User:{SUBJECT}, OAUTHBEARER).\n"
        f"The token expired at {ended}: get a new one, or let it live longer."
    )


def test_what_is_no_jwt_is_refused(broker: Sandbox) -> None:
    assert "login refused: invalid_token (an opaque token, OAUTHBEARER)" in refusal(broker, token="opaque-token")


def test_an_endpoint_that_refuses_is_told_with_its_words(broker: Sandbox, provider: Endpoint) -> None:
    provider.status, provider.answer = 401, {"error": "invalid_client"}
    keys = {"token_endpoint_url": provider.url, "client_id": "ci", "client_secret": "wrong-secret"}
    assert refusal(broker, **keys) == (
        f"Cannot reach {broker.sasl_bootstrap}: there is no token to log in with: "
        "POST 127.0.0.1/token: HTTP 401: invalid_client.\n"
        "Are sasl.oauthbearer.client.id, sasl.oauthbearer.client.secret and "
        "sasl.oauthbearer.token.endpoint.url right?"
    )


def test_doctor_shows_the_login_and_its_failure(broker: Sandbox, issuer: Signer, tmp_path: Path) -> None:
    good = dict(doctor.examine(client(broker, token=issuer.token(SUBJECT)), timeout=10))
    login = next(verdict for verdict in good[broker.sasl_bootstrap] if verdict.step == "login")
    assert (login.status, login.found) == ("ok", f"OAUTHBEARER as User:{SUBJECT}")
    forged = signer(tmp_path / "other.pem").token(SUBJECT)
    bad = dict(doctor.examine(client(broker, token=forged), timeout=10))[broker.sasl_bootstrap]
    assert doctor.exit_code(bad) == 5
    assert next(verdict for verdict in bad if verdict.status == "FAIL").step == "login"


def test_the_command_line_takes_githubs_token_and_prints_nothing_of_it(
    broker: Sandbox,
    issuer: Signer,
    provider: Endpoint,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", provider.url)
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "runner-secret")
    token = issuer.token(SUBJECT)
    provider.answer = {"value": token}
    (tmp_path / "kafka-gitops.yaml").write_text(
        f"environments:\n  prod:\n    bootstrap: {broker.sasl_bootstrap}\n    client:\n"
        "      security.protocol: SASL_PLAINTEXT\n      sasl.mechanism: OAUTHBEARER\n"
        "      sasl.oauthbearer.method: github\n      sasl.oauthbearer.audience: kafka\n"
    )
    assert [main.main([command]) for command in ("doctor", "config")] == [0, 0]
    printed = "".join(capsys.readouterr())
    assert f"OAUTHBEARER as User:{SUBJECT}" in printed
    assert "${ACTIONS_ID_TOKEN_REQUEST_TOKEN}" in printed
    assert token not in printed
    assert "runner-secret" not in printed
    assert provider.asked[0] == ("GET", "/token?api-version=2.0&audience=kafka", "Bearer runner-secret", "")
