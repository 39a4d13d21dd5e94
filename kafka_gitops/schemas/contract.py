"""What is said of schemas: the types, problems with a place in the file, rows of a difference, incompatibilities."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

AVRO, JSON, PROTOBUF = "AVRO", "JSON", "PROTOBUF"
Json: TypeAlias = Any  # what json.loads gives
Path: TypeAlias = tuple[str | int, ...]  # keys and indexes from the root of a JSON text
References: TypeAlias = Mapping[str, str | None]  # name -> the text that it stands for; None where no file has it

MAX_TEXT = 1_000_000  # characters; a registry keeps a schema as one record, and Kafka takes none above 1 MiB
MAX_DEPTH = 150  # brackets within brackets: recursion relies on it
LEVELS = (
    "BACKWARD",
    "BACKWARD_TRANSITIVE",
    "FORWARD",
    "FORWARD_TRANSITIVE",
    "FULL",
    "FULL_TRANSITIVE",
    "NONE",
)
MAX_PROBLEMS = 50  # of one schema; nobody reads more


class Problem(NamedTuple):
    """What is wrong with a schema, at a line and column of its own text, 1-based.

    `kind` is `syntax`, `reference`, `default`, `logical-type` (readers ignore it) or `name` (names that collide).
    """

    kind: str
    line: int
    column: int
    message: str
    help: str | None = None


class Fault(NamedTuple):
    """A problem while its place is still a path into the JSON."""

    kind: str
    path: Path
    message: str
    help: str | None = None


class Row(NamedTuple):
    """One difference of two schemas: of which field (`address.street`; empty: the schema itself), what, from, to.

    `what` is `added`, `removed`, or the attribute that differs: `type`, `default`, `doc`, `aliases`, `name`, ...
    """

    field: str
    what: str
    before: str | None
    after: str | None


class Alarm(NamedTuple):
    """A change that every registry lets pass and that readers break on: `namespace`, `scale` or `unit`.

    The place is that of the type in the new text.
    """

    kind: str
    field: str
    message: str
    line: int = 1
    column: int = 1


class Clash(NamedTuple):
    """Why data cannot be read: the field, what is the matter, and where in the new schema's text."""

    field: str
    message: str
    line: int
    column: int
    help: str | None = None


@dataclass(frozen=True)
class Parsed:
    """A schema as read: `form` is the same whatever the layout of the text; None where it could not be read.

    `names` are the types that it defines (`types` holds Avro's, those of its references too), `unseen` whether a part
    could not be judged: a reference that no file has, or a library that is not installed.
    """

    type: str
    text: str
    form: Json
    problems: tuple[Problem, ...] = ()
    names: tuple[str, ...] = ()
    unseen: bool = False
    types: Mapping[str, Json] = field(default_factory=dict, repr=False, compare=False)
