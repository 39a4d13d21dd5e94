"""Who the brokers take a client certificate for: its subject, where they tell that they map no names."""

from collections.abc import Mapping
from dataclasses import replace

from kafka_gitops.clients import certificates, unusable
from kafka_gitops.clients.certificates import Facts
from kafka_gitops.clients.configs import every_broker_config
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.translate import Login
from kafka_gitops.errors import KafkaGitopsError

RULES, BUILDER = "ssl.principal.mapping.rules", "principal.builder.class"
_DEFAULTS = {
    RULES: ("", "DEFAULT"),
    BUILDER: ("", "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder"),
}


def identified(link: Link) -> Login:
    """The link's login, with its principal where the certificate tells it; asks the broker only then."""
    login = link.login
    if login.principal is not None or login.uses_sasl or not login.uses_tls:
        return login
    own = certificate(login)
    if own is None:
        return login
    try:
        told = every_broker_config(link)
    except KafkaGitopsError:
        told = None
    return replace(login, known=f"User:{own.subject}") if told is not None and maps_no_names(told) else login


def certificate(login: Login) -> Facts | None:
    """What the login's own certificate says; None without one, or where it cannot be read."""
    given = unusable.given(login.tls, "certificate") if login.uses_tls else None
    found = certificates.of_pem(given.text()) if given is not None else []
    return found[0] if found else None


def maps_no_names(configs: Mapping[str, str | None]) -> bool:
    """Whether a broker's configs say that the principal is the subject as it is (KIP-371), on every listener.

    A hidden value, and a broker that does not know the setting, say nothing.
    """
    for key, value in configs.items():
        name = next((name for name in _DEFAULTS if key == name or key.endswith(f".{name}")), None)
        if name is not None and (value is None or value.strip() not in _DEFAULTS[name]):
            return False
    return RULES in configs
