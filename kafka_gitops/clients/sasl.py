"""Logs a connection in, with kafka-python's SASL mechanisms."""

from typing import Any

from kafka_gitops.clients.library import error_name, load
from kafka_gitops.clients.translate import Login
from kafka_gitops.clients.wire import ODD, Wire, expiry

ILLEGAL_SASL_STATE = 34


class Refused(Exception):
    """The broker refused the login; `offered` lists its mechanisms where ours is not among them."""

    def __init__(self, reason: str, *, offered: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offered = offered


class NoSasl(Exception):
    """The listener knows no login: it is a PLAINTEXT or SSL one."""


def authenticate(wire: Wire, login: Login) -> None:
    """Do the SASL exchange (KIP-43, KIP-152); raises Refused, NoSasl or NoToken."""
    messages = load("protocol.sasl")
    if messages.SaslHandshakeRequest.API_KEY not in wire.versions:
        raise NoSasl
    answer = wire.ask(messages.SaslHandshakeRequest(mechanism=login.mechanism, min_version=1))
    if answer.error_code == ILLEGAL_SASL_STATE:
        raise NoSasl
    if answer.error_code:
        raise Refused(error_name(answer.error_code), offered=tuple(sorted(answer.mechanisms)))
    mechanism = _mechanism(wire.host, login)
    while not mechanism.is_done():
        answer = wire.ask(messages.SaslAuthenticateRequest(auth_bytes=mechanism.auth_bytes()))
        if answer.error_code:
            raise Refused(answer.error_message or error_name(answer.error_code))
        try:
            mechanism.receive(answer.auth_bytes)
        except ODD:  # a SCRAM answer without or with a wrong signature
            raise Refused("the broker's answer does not prove that it knows the password") from None
    wire.expires = expiry(answer.session_lifetime_ms)


def _mechanism(host: str, login: Login) -> Any:
    import logging

    logging.getLogger("kafka").propagate = False  # it warns of credentials in the clear, which is the user's choice
    if not logging.getLogger("kafka").handlers:
        logging.getLogger("kafka").addHandler(logging.NullHandler())
    return load("net.sasl").get_sasl_mechanism(login.mechanism)(
        host=host,
        security_protocol=login.protocol,
        sasl_mechanism=login.mechanism,
        sasl_plain_username=login.username,
        sasl_plain_password=login.password,
        sasl_kerberos_name=None,
        sasl_kerberos_service_name=None,
        sasl_kerberos_domain_name=None,
        sasl_oauth_token_provider=_provider(login),
    )


def _provider(login: Login) -> Any:
    """The token as kafka-python wants it: an object of its class; None for other logins. Raises NoToken."""
    if login.token is None:
        return None
    token = login.token()
    methods = {"token": lambda _self: token.text, "extensions": lambda _self: token.extensions}
    return type("Provider", (load("net.sasl.oauth").AbstractTokenProvider,), methods)()
