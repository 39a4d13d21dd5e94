"""How users are written: passwords from variables, each request with one credential of a user, then a login."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from kafka_gitops import redact
from kafka_gitops.changes import Change
from kafka_gitops.errors import ConfigError, listed
from kafka_gitops.kinds.contract import in_portions
from kafka_gitops.kinds.parts import Problem, Requests, Stage, Step, Systems, Tried
from kafka_gitops.kinds.user.share import Secret, Users, live, users_of
from kafka_gitops.kinds.user.spec import NAME, Credential, User
from kafka_gitops.model import Key, Spec
from kafka_gitops.settings import Settings

AT_ONCE = 500  # users in one request
PATIENCE = 15.0  # seconds until a broker takes a new password: it learns of it after the controller
TRY, TRY_ONE = 15.0, 3.0  # seconds for all passwords of which nobody knows whether they were written, and for one


def written(change: Change) -> dict[str, Credential]:
    """The credentials that a change writes, by mechanism."""
    if not isinstance(change.after, User):
        return {}
    before = change.before.mechanisms if isinstance(change.before, User) and change.act is None else {}
    return {one: found for one, found in change.after.mechanisms.items() if before.get(one) != found}


def going(change: Change) -> list[str]:
    """The mechanisms that a change takes away."""
    after = change.after.mechanisms if isinstance(change.after, User) else {}
    return [one for one in change.before.mechanisms if one not in after] if isinstance(change.before, User) else []


def variables(changes: Sequence[Change]) -> dict[str, list[str]]:
    """The variables that an apply of these changes reads, each with the users that need it."""
    found: dict[str, list[str]] = {}
    for change in changes:
        for credential in written(change).values() if change.key.kind == NAME else ():
            if credential.variable is not None:
                found.setdefault(credential.variable, []).append(change.key.name)
    return found


def ready(systems: Systems, changes: Sequence[Change]) -> None:
    """Raise ConfigError where a password is missing, before anything is written; no others are looked at."""
    needed = variables(changes)
    missing = {name: users for name, users in needed.items() if not systems.variables.get(name)}
    if missing:
        said = listed([f"{name} (user {listed(dict.fromkeys(users), most=3)})" for name, users in missing.items()])
        raise ConfigError(
            f"Nothing was applied: no password in the variable{'s' * (len(missing) > 1)} {said}.",
            help="Set it where the apply runs, as a secret of the pipeline; plan and lint do not need it.",
        )


def _wanted(systems: Systems, changes: Sequence[Change]) -> dict[tuple[str, str], Secret | None]:
    found: dict[tuple[str, str], Secret | None] = {}
    for change in changes:
        for mechanism, credential in written(change).items():
            password = systems.variables.get(credential.variable or "", "")
            redact.keep_secret(password)
            if password and credential.iterations is not None:
                found[change.key.name, mechanism] = (credential.iterations, password)
        found.update(((change.key.name, mechanism), None) for mechanism in going(change))
    return found


def write(systems: Systems, changes: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """Carry out one portion; a password that was written is tried, where the listener lets anybody log in so."""
    users, wanted = users_of(systems), _wanted(systems, changes)
    answers = dict(users.write_users(wanted))
    answers.update(_tried(users, wanted, answers))
    return {change.key: _summed(change, answers) for change in changes}


def _tried(
    users: Users,
    wanted: Mapping[tuple[str, str], Secret | None],
    answers: Mapping[tuple[str, str], Problem | None],
) -> Iterator[tuple[tuple[str, str], Problem]]:
    """What is wrong with passwords that were written; all of them together are waited for as long as one."""
    until = time.monotonic() + PATIENCE
    for credential, secret in wanted.items():
        if secret is None or answers.get(credential) is not None:
            continue
        if users.logs_in(*credential, secret[1], patience=max(0.0, until - time.monotonic())) is False:
            said = f"written, and a login by {credential[1]} with the new password is refused so far"
            yield credential, Problem("SASL_AUTHENTICATION_FAILED", said, "partly")


def in_force(systems: Systems, changes: Sequence[Change]) -> Mapping[Key, Tried]:
    """Which password is in force, of users whose password was to be written: the new one is tried, where this run has
    it and the listener lets anybody log in so."""
    users, begun = users_of(systems), time.monotonic()
    there = users.list_users()
    found: dict[Key, Tried] = {}
    for change in changes:
        left = begun + TRY - time.monotonic()
        if left > 0 and (shown := _shown(users, systems.variables, change, there, min(left, TRY_ONE))) is not None:
            found[change.key] = shown
    return found


def _shown(
    users: Users, words: Mapping[str, str], change: Change, there: Mapping[str, Mapping[str, int]], patience: float
) -> Tried | None:
    """What logins show of one user; None where one of its mechanisms cannot be tried."""
    said, done = list[str](), list[bool | None]()
    for mechanism, credential in sorted(written(change).items()):
        name, password = credential.variable, words.get(credential.variable or "", "")
        redact.keep_secret(password)
        if mechanism not in there.get(change.key.name, {}):
            said.append(f"there is no password by {mechanism}")
            done.append(False)
            continue
        took = users.logs_in(change.key.name, mechanism, password, patience=patience) if password else None
        if took is None:
            return None
        done.append(True if took else None)  # somebody may have set the variable anew since
        new = f"the new password is in force: a login by {mechanism} succeeds"
        old = f"the old password is in force, unless {name} was set anew since: a login by {mechanism} is refused"
        said.append(new if took else old)
    sure = False if False in done else None if None in done else True
    return Tried(sure, ", ".join(said)) if said else None


def _summed(change: Change, answers: Mapping[tuple[str, str], Problem | None]) -> Problem | None:
    """One answer for a user: the first problem, a lost answer before others, and whether another credential is done."""
    mine = {one: answers.get((change.key.name, one)) for one in (*written(change), *going(change))}
    problems = [(one, problem) for one, problem in mine.items() if problem is not None]
    for mechanism, problem in sorted(problems, key=lambda found: found[1].fate != "lost"):
        if len(mine) == 1:
            return problem
        told = problem._replace(message=f"{mechanism}: {problem.message}")
        return told.after() if len(problems) < len(mine) else told
    return None


def _requests(changes: Sequence[Change]) -> Requests:
    names = ("DescribeUserScramCredentials", "AlterUserScramCredentials")
    return dict.fromkeys(names, 0) if changes else {}


def _mine(*, writes: bool) -> Callable[[Change], bool]:
    return lambda change: change.key.kind == NAME and bool(written(change)) == writes


STEPS = (
    Step(Stage.LOGIN, _mine(writes=True), in_portions(AT_ONCE), write, _requests, ready=ready, tried=in_force),
    Step(Stage.DROP_LOGIN, _mine(writes=False), in_portions(AT_ONCE), write, _requests),
)


def actual(
    systems: Systems, changes: Sequence[Change], _settings: Settings, *, edited: bool = False
) -> Mapping[Key, Spec]:
    """The users that changes touch as they are now, each in the credentials that its change is about."""
    there = live(users_of(systems))
    found = ((change.key, _now(change, there.get(change.key))) for change in changes)
    return {key: spec for key, spec in found if spec is not None}


def _now(change: Change, there: User | None) -> Spec | None:
    """What is there of the credentials that a change is about, with the variables that its `before` names."""
    if there is None:
        return None
    about = there.mechanisms if change.after is None else {**_of(change.before), **_of(change.after)}
    named = {one: credential.variable for one, credential in _of(change.before).items()}
    found = ((one, credential) for one, credential in there.mechanisms.items() if one in about)
    return User({one: Credential(credential.iterations, named.get(one)) for one, credential in found})


def _of(spec: Spec | None) -> Mapping[str, Credential]:
    return spec.mechanisms if isinstance(spec, User) else {}


def reached(change: Change, now: Spec | None) -> bool:
    """Whether the brokers have the credentials that a change wants; a password cannot be read back."""
    if isinstance(change.after, User) and isinstance(now, User):
        return now.iterations == change.after.iterations
    return now is None and change.after is None
