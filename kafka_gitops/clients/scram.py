"""Reads and writes the SCRAM credentials of users (KIP-554), and tries a login; a password never leaves this module."""

import hashlib
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from kafka_gitops.clients.kafka import steps
from kafka_gitops.clients.library import load
from kafka_gitops.clients.link import Link, Lost, understood
from kafka_gitops.clients.reasons import FAILURES
from kafka_gitops.clients.refusals import (
    CLUSTER_AUTHORIZATION_FAILED,
    explained,
    missing_cluster_right,
    problem,
    unexpected,
)
from kafka_gitops.clients.sasl import Refused
from kafka_gitops.clients.writes import NOT_CONTROLLER, UNANSWERED
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds.parts import Problem

MECHANISMS = ("UNKNOWN", "SCRAM-SHA-256", "SCRAM-SHA-512")  # ScramMechanism of Kafka's admin client, by code
CHUNK = 1000  # users in one request
ABSENT = 91  # RESOURCE_NOT_FOUND: a credential that is not there
SALT_BYTES = 26  # of random
Credential = tuple[str, str]  # the user's name, the mechanism
Secret = tuple[int, str]  # the iterations, the password


class KafkaUsers:
    """The users of one cluster; the Protocol of the kind says what is asked of it."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def list_users(self) -> Mapping[str, Mapping[str, int]]:
        """Every user with the iterations of each mechanism; MissingRight without DESCRIBE on the cluster."""
        return _list(self._link)

    def write_users(self, wanted: Mapping[Credential, Secret | None]) -> Mapping[Credential, Problem | None]:
        """Write credentials, None deletes one; one that is gone already is done.

        A request names a user once (DUPLICATE_RESOURCE else), so a user's second credential is in a later one.
        """
        answers: dict[Credential, Problem | None] = {}
        for batch in _rounds(wanted):
            answers.update(_write(self._link, batch))
        return explained(answers, self._link.login.principal, "Alter")

    def logs_in(self, user: str, mechanism: str, password: str, *, patience: float) -> bool | None:
        """Whether a login with this password succeeds, waited for; None where this listener cannot tell."""
        until = time.monotonic() + patience
        while (took := _logs_in(self._link, user, mechanism, password)) is False and time.monotonic() < until:
            time.sleep(0.2)
        return took


@understood
def _list(link: Link) -> dict[str, Mapping[str, int]]:
    request = load("protocol.admin.users").DescribeUserScramCredentialsRequest
    answer = link.read(request(users=[]))  # all; a broker that refuses None never answers it (seen with 4.3)
    if answer.error_code == CLUSTER_AUTHORIZATION_FAILED:
        raise missing_cluster_right(link.login.principal, "users", others="topics,acls")
    if answer.error_code:
        raise unexpected("its users", answer.error_code, answer.error_message)
    return {
        result.user: {_mechanism(info.mechanism): info.iterations for info in result.credential_infos}
        for result in answer.results
        if not result.error_code
    }


def _mechanism(code: int) -> str:
    return MECHANISMS[code] if 0 < code < len(MECHANISMS) else f"CODE_{code}"


def _rounds(wanted: Mapping[Credential, Secret | None]) -> Iterator[dict[Credential, Secret | None]]:
    """The credentials in portions for one request each: every user once, at most CHUNK."""
    left = dict(wanted)
    while left:
        users: set[str] = set()
        batch: dict[Credential, Secret | None] = {}
        for credential in list(left):
            if credential[0] not in users and len(batch) < CHUNK:
                users.add(credential[0])
                batch[credential] = left.pop(credential)
        yield batch


def _request(batch: Mapping[Credential, Secret | None]) -> Any:
    request = load("protocol.admin.users").AlterUserScramCredentialsRequest
    deletions, upsertions = [], []
    for (user, mechanism), secret in batch.items():
        code = MECHANISMS.index(mechanism)
        if secret is None:
            deletions.append(request.ScramCredentialDeletion(name=user, mechanism=code))
            continue
        iterations, password = secret[0], secret[1].encode(errors="surrogateescape")  # as the environment has it
        salt = secrets.token_bytes(SALT_BYTES)
        salted = hashlib.pbkdf2_hmac(  # ScramFormatter.hi; Kafka's clients prepare no text (RFC 4013) either
            mechanism.removeprefix("SCRAM-").replace("-", ""), password, salt, iterations
        )
        upsertions.append(
            request.ScramCredentialUpsertion(
                name=user, mechanism=code, iterations=iterations, salt=salt, salted_password=salted
            )
        )
    return request(deletions=deletions, upsertions=upsertions)


def _write(link: Link, batch: Mapping[Credential, Secret | None]) -> dict[Credential, Problem | None]:
    """The answers to one request; brokers with ZooKeeper take it at the controller only."""
    request = _request(batch)
    try:
        told = dict(link.written(request, _results))
        if any(code == NOT_CONTROLLER for code, _ in told.values()):
            told = dict(link.written(request, _results, node=link.to_controller()))
    except Lost as lost:
        return dict.fromkeys(batch, lost.problem())
    except KafkaGitopsError as failure:
        return dict.fromkeys(batch, Problem("NOT_CONTROLLER", failure.message))
    return {credential: _answer(told, credential, secret is None) for credential, secret in batch.items()}


def _results(answer: Any) -> list[tuple[str, tuple[int, str | None]]]:
    return [(result.user, (result.error_code, result.error_message)) for result in answer.results]


def _answer(told: Mapping[str, tuple[int, str | None]], credential: Credential, gone: bool) -> Problem | None:
    if credential[0] not in told:
        return UNANSWERED
    code, message = told[credential[0]]
    return None if gone and code == ABSENT else problem(code, message)


def _logs_in(link: Link, user: str, mechanism: str, password: str) -> bool | None:
    if not link.login.uses_sasl:
        return None
    login = replace(link.login, mechanism=mechanism, username=user, password=password, token=None, known=None)
    host, _, port = link.server.rpartition(":")
    try:
        for step in steps(host, int(port), login, timeout=5.0):
            if step.name == "login":
                return True  # the generator closes the connection
    except Refused as refused:
        return None if refused.offered else False
    except FAILURES:
        return None
    return None


def on(link: Link) -> KafkaUsers:
    """What a kind gets of the connection."""
    return KafkaUsers(link)
