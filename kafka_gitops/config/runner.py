"""What a GitHub runner hands to a job that may ask for a signed token, as client keys."""

from collections.abc import Mapping

from kafka_gitops.config.client_keys import Given
from kafka_gitops.redact import keep_secret

_FROM = {  # client key -> the variable that a runner sets (docs.github.com, "OpenID Connect reference")
    "sasl.oauthbearer.token.endpoint.url": "ACTIONS_ID_TOKEN_REQUEST_URL",
    "sasl.oauthbearer.client.secret": "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
}


def filled(client: dict[str, Given], variables: Mapping[str, str]) -> tuple[dict[str, Given], list[str]]:
    """The client keys, with the runner's where the method is `github`, and a problem where the runner has none.

    A file cannot set these two: the runner's secret goes to the runner's address only.
    """
    method = client.get("sasl.oauthbearer.method")
    if method is None or method.value != "github" or "sasl.oauthbearer.token" in client:
        return client, []
    missing = [name for name in _FROM.values() if not variables.get(name)]
    if missing:
        return client, [
            f"{method.origin}: sasl.oauthbearer.method is github, and {' and '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} not set: the job of GitHub Actions needs the line "
            "`id-token: write` under `permissions:` (a pull request of a fork gets no token)"
        ]
    keep_secret(variables[_FROM["sasl.oauthbearer.client.secret"]])
    added = {key: Given(variables[name], f"variable {name}", f"${{{name}}}") for key, name in _FROM.items()}
    return {**client, **added}, []
