"""What the doctor says: a line for each thing that it looks at."""

from typing import NamedTuple

UNREACHABLE, LACKING = 5, 1


class Verdict(NamedTuple):
    """One line: `status` is ok, note, FAIL or - (not tried); `code` the exit code of a failure."""

    status: str
    step: str
    found: str = ""
    help: str = ""
    code: int = 0
