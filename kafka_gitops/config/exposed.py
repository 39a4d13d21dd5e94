"""What a connection exposes although it works: a password in clear text, a broker that nobody checks."""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from kafka_gitops.settings import Rest


def exposed(client: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each setting of a client config that lets others read the password or pose as the broker."""
    protocol = client.get("security.protocol", "PLAINTEXT").upper()
    mechanism = (client.get("sasl.mechanism") or client.get("sasl.mechanisms") or "").upper()
    if protocol == "SASL_PLAINTEXT" and mechanism in ("PLAIN", "OAUTHBEARER"):
        secret = "password" if mechanism == "PLAIN" else "token"
        yield f"the {secret} is sent without encryption ({mechanism} over SASL_PLAINTEXT). Use SASL_SSL."
    if not protocol.endswith("SSL"):
        return
    if client.get("enable.ssl.certificate.verification", "true").lower() == "false":
        yield "the brokers' certificates are not checked (enable.ssl.certificate.verification is false)."
    elif client.get("ssl.endpoint.identification.algorithm", "https").lower() != "https":
        yield "the brokers' names are not checked (ssl.endpoint.identification.algorithm is none)."


def exposed_servers(servers: Iterable[Rest]) -> Iterator[str]:
    """The same of the registry and Connect."""
    for rest in servers:
        secret = "token" if rest.token else "password" if rest.password else None
        if secret is not None and any(_in_the_open(url) for url in rest.urls):
            yield f"the {secret} of {rest.at} is sent without encryption (http). Use https."


def _in_the_open(url: str) -> bool:
    """Whether what is sent there crosses a network as it is; what stays on this machine does not."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname == "localhost":
        return False
    try:
        return not ip_address(parts.hostname or "").is_loopback
    except ValueError:  # a name
        return True
