"""The bare side of the rows "rest": the reads that were recorded, one after the other, with `requests`.

python bench/reads.py ANSWERS URL [ANSWERS URL ...]
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from replay import load

requests: Any = import_module("requests")  # comes with jgo; without types


def main() -> None:
    """Make each read in one session per server; end with 1 at the first answer of another status."""
    words = iter(sys.argv[1:])
    for file, url in zip(words, words, strict=True):
        with requests.Session() as session:
            for read in load(Path(file)):
                found = session.request(read.method, url + read.path, data=read.sent or None, headers=read.headers)
                found.json()
                if found.status_code != read.status:
                    sys.exit(f"{read.method} {read.path}: {found.status_code}, recorded {read.status}")


if __name__ == "__main__":
    main()
