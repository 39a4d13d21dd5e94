"""Files with what is expected: compared, or, with `pytest --update`, written anew."""

import json
import os
from pathlib import Path

UPDATE = "UPDATE_GOLDENS"  # set by conftest.py


def expected(path: Path, made: str) -> str:
    """The text of a file, which with --update is made of `made` first."""
    if UPDATE in os.environ:
        path.write_text(made, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def as_json(data: object) -> str:
    """Data as such files have it."""
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
