"""The options that whoever starts a pipeline may add to it: those that say how much is done, never where or by what."""

import shlex
from collections.abc import Iterator, Mapping

from kafka_gitops.errors import UsageError

VARIABLE = "KAFKA_GITOPS_OPTIONS"
# {option: whether it takes a value}; not among them: the connection, files, policy, environment, approvals, reports
MAY = {
    "--accept": True,
    "--max-deletes": True,
    "--base": True,
    "--only": True,
    "--only-change": False,
    "--no-only-change": False,
    "--recursive": False,
    "--timeout": True,
    "--stop-after": True,
    "--lock-timeout": True,
    "--allow-diverged": True,
}


def words(variables: Mapping[str, str]) -> list[str]:
    """The words that are added to the command line of `ci`, each option in one word with its value.

    A template cannot hand on a value with blanks by itself, so the variable is quoted as in a shell. Raises UsageError
    for what cannot be read so and for every option that is not in `MAY`; a value is not told, it may be a secret.
    """
    try:
        given = shlex.split(variables.get(VARIABLE, ""))
    except ValueError as error:
        help = "Quote it as in a shell, such as: --accept 'deny-added:User:app must not WRITE topic acme.orders'"
        raise UsageError(f"{VARIABLE} cannot be read: {error}", help=help) from None
    return [*_options(iter(given))]


def _options(given: Iterator[str]) -> Iterator[str]:
    for at, word in enumerate(given, 1):
        name, equals, value = word.partition("=")
        if name not in MAY or (equals and not MAY[name]):
            raise _refused(name if name.startswith("--") else word[:2] if word.startswith("-") else f"word {at}")
        if MAY[name] and not equals:
            value = next(given, "")
            if not value or value.startswith("-"):
                raise UsageError(f"{VARIABLE}: {name} needs a value.", help=f"Such as {name}=VALUE")
        yield f"{name}={value}" if MAY[name] else name


def _refused(what: str) -> UsageError:
    return UsageError(
        f"{VARIABLE} may not have {what}.",
        help=f"Who starts a pipeline may add {', '.join(MAY)}. Anything else is written into the pipeline's own file.",
    )


def said(given: list[str]) -> tuple[str, ...]:
    """What is told before anybody approves: which options were added, if any."""
    return (f"Options that were added to this run ({VARIABLE}): {shlex.join(given)}",) if given else ()
