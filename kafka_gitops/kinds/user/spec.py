"""A user: its SCRAM credentials by mechanism, with the names of the variables that hold the passwords."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from kafka_gitops.shape.exact import object_of, of_type

NAME = "user"
MECHANISMS = ("SCRAM-SHA-256", "SCRAM-SHA-512")
ITERATIONS = (4096, 16384)  # the least and the most that brokers take (org.apache.kafka...ScramMechanism)
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Credential(NamedTuple):
    """One mechanism of a user; the password is that of `variable` where it is to be written.

    In files `iterations` is None where nobody says, and `rotate` is any text: a new one asks for a new password.
    """

    iterations: int | None
    variable: str | None = None
    rotate: str | None = None

    def __str__(self) -> str:
        """`8192 iterations, password from ORDERS_PASSWORD`."""
        parts = (
            self.iterations and f"{self.iterations} iterations",
            self.variable and f"password from {self.variable}",
        )
        return ", ".join(part for part in parts if part)


class User(NamedTuple):
    """The credentials of one user, or those of them that a change is about."""

    mechanisms: Mapping[str, Credential]

    def fields(self) -> Mapping[str, str | None]:
        """Each mechanism with its iterations and the variable of a password that is to be written."""
        return {mechanism: str(self.mechanisms[mechanism]) for mechanism in sorted(self.mechanisms)}

    @property
    def iterations(self) -> dict[str, int | None]:
        """What can be compared with a cluster."""
        return {mechanism: credential.iterations for mechanism, credential in self.mechanisms.items()}


def bare(name: str) -> str:
    """A user's name as it logs in: without the principal's type."""
    return name.removeprefix("User:")


def variable(text: str) -> str | None:
    """The variable's name of `${NAME}`, None for anything else."""
    found = _VARIABLE.fullmatch(text)
    return found[1] if found else None


def dump(user: User) -> dict[str, Any]:
    """A user as plain data."""
    return {
        "mechanisms": {
            mechanism: {"iterations": credential.iterations, "variable": credential.variable}
            for mechanism, credential in sorted(user.mechanisms.items())
        }
    }


def load(_name: str, data: Mapping[str, Any]) -> User:
    """The user of plain data. Raises KeyError, TypeError or ValueError for what is none."""
    return User({mechanism: _credential(**entry) for mechanism, entry in data["mechanisms"].items()})


def _credential(iterations: object, variable: object) -> Credential:
    if type(iterations) is not int and iterations is not None:
        raise TypeError("a user's iterations")
    if variable is not None and not (isinstance(variable, str) and _VARIABLE.fullmatch(f"${{{variable}}}")):
        raise TypeError("the name of a user's variable")
    return Credential(iterations, variable)


SCHEMA = object_of(
    mechanisms=of_type(
        "object",
        "The credentials by mechanism.",
        additionalProperties=object_of(
            iterations=of_type(["integer", "null"], "How often the password is hashed."),
            variable=of_type(["string", "null"], "The variable that holds the password, where one is written."),
        ),
    )
)


def own_variable(name: str, taken: set[str]) -> str:
    """A variable for a user's password that no other user has: `ORDERS_APP_PASSWORD`."""
    word = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").upper() or "USER"
    stem = f"_{word}" if word[0].isdigit() else word
    number, found = 1, f"{stem}_PASSWORD"
    while found in taken:
        number, found = number + 1, f"{stem}_{number + 1}_PASSWORD"
    taken.add(found)
    return found
