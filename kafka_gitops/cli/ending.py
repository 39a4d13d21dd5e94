"""The end of a process: at once, since to take 100,000 objects apart only to be gone takes a twentieth of a lint."""

import os
import sys
from typing import NoReturn

_held: list[object] = []


def hold(what: object) -> None:
    """Keep something large as long as the process lives."""
    _held.append(what)


def let_go() -> None:
    """Keep nothing any longer: the process goes on."""
    _held.clear()


def leave(code: int) -> NoReturn:
    """End with an exit code; whoever holds something has nothing to clean up. stdout is written out already."""
    threading = sys.modules.get("threading")
    if _held and (threading is None or threading.active_count() == 1):
        if sys.stderr is not None:
            sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
