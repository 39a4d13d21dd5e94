"""A value of a client key, and where it came from."""

from typing import NamedTuple


class Given(NamedTuple):
    """A value, where it came from (`kafka-gitops.yaml:22:22`, `prod.properties:4`, `-X`), and how it is written there
    when variables are filled in."""

    value: str
    origin: str
    written: str | None = None
