"""The errors that end a run, each with the exit code that a pipeline sees."""

import re
from collections.abc import Iterable, Sequence


class KafkaGitopsError(Exception):
    """A run cannot go on; `message` says what was found, `help` what to do now, `exit_code` is the process's."""

    exit_code = 1

    def __init__(self, message: str, *, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class UsageError(KafkaGitopsError):
    """The command line asks for something that does not exist."""

    exit_code = 64


class ConfigError(KafkaGitopsError):
    """kafka-gitops.yaml, a client file or a variable is wrong, or an extra is not installed."""

    exit_code = 78


class Stale(KafkaGitopsError):
    """The cluster is not what the plan was made from."""

    exit_code = 3


class Blocked(KafkaGitopsError):
    """A brake, a risk that nobody accepted, or a change that needs a person stops the run."""

    exit_code = 4


class Unreachable(KafkaGitopsError):
    """The cluster cannot be reached: name, port, TLS or login."""

    exit_code = 5


class MissingRight(KafkaGitopsError):
    """This principal lacks a right that the run needs; `help` holds the command that grants it."""


class NoAuthorizer(KafkaGitopsError):
    """The brokers have no authorizer: ACLs can be neither read nor written."""


class Unanswered(Exception):
    """A write got no answer: it may or may not be done, now or a little later."""


def listed(items: Iterable[object], *, most: int = 10) -> str:
    """`a, b, c and 4 more`: at most `most` items, in the order given."""
    every = items if isinstance(items, Sequence) else list(items)
    more = len(every) - most
    shown = ", ".join(str(item) for item in every[:most])
    return shown if more <= 0 else f"{shown} and {more} more"


_SOURCE = re.compile(r" ?\(_ssl\.c:\d+\)|\[[A-Z0-9]+(?:: \w+)?\] ")


def without_source(text: str) -> str:
    """A library's words without the place in its source: `(_ssl.c:1006)`, `[SSL: BAD_CERTIFICATE]`."""
    return _SOURCE.sub("", text).strip()


def plainly(failure: BaseException) -> str:
    """What a library's failure says, in lower case and `without_source`."""
    reason = getattr(failure, "reason", None)
    text = reason.replace("_", " ") if isinstance(reason, str) else getattr(failure, "strerror", None) or str(failure)
    return (without_source(str(text)) or type(failure).__name__).lower()
