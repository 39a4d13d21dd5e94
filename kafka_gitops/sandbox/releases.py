"""Which releases of Apache Kafka a sandbox can be, and what each of them needs."""

import re
from typing import NamedTuple

from kafka_gitops.errors import ConfigError

DEFAULT = "4.3.0"
RELEASES = (  # the newest of each that Maven Central has; the catalogue is made of these too
    *("2.8.2", "3.0.2", "3.1.2", "3.2.3", "3.3.2", "3.4.1", "3.5.2", "3.6.2", "3.7.2", "3.8.1", "3.9.2"),
    *("4.0.0", "4.1.0", "4.2.0", "4.3.0", "4.4.0"),
)


class Release(NamedTuple):
    """A release of Apache Kafka by its numbers."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return ".".join(map(str, self))

    @property
    def zookeeper(self) -> bool:
        """Whether it runs with ZooKeeper here: KRaft knows SCRAM users from 3.5 on (KIP-900)."""
        return self < (3, 5)

    @property
    def voters(self) -> bool:
        """Whether its controllers are a fixed list: dynamic ones came with 3.9 (KIP-853)."""
        return self < (3, 9)

    @property
    def java(self) -> int:
        """The newest Java on which it is run here: SASL of Kafka 3 ends with Java 24 (JEP 486)."""
        return 25 if self >= (4, 0) else 17


def release(text: str) -> Release:
    """`3.9.2`, or the newest 3.9 for `3.9`. Raises ConfigError for anything else and for what is below 2.8."""
    known = {one.rpartition(".")[0]: one for one in RELEASES}
    whole = known.get(text, text)
    if not re.fullmatch(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}", whole):
        said = f'"{text}" is not a release of Apache Kafka that is known here'
        raise ConfigError(said, help=f"Write one of {', '.join(known)}, or a whole number such as {DEFAULT}.")
    found = Release(*map(int, whole.split(".")))
    if found < (2, 8):
        raise ConfigError(f"The sandbox runs Apache Kafka 2.8 and newer, not {text}")
    return found
