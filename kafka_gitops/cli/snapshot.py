"""Save what a plan reads of the servers, so that `plan --against` needs neither a network nor credentials.

The file holds no password. It is confidential all the same: it is the map of principals, hosts and rights.
"""

import argparse
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from kafka_gitops import shell
from kafka_gitops.cli import load, reaching, resaid, terminal
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.request import Files
from kafka_gitops.cli.setup import Configured
from kafka_gitops.config import environment
from kafka_gitops.errors import ConfigError, KafkaGitopsError, UsageError, listed
from kafka_gitops.redact import is_secret_key
from kafka_gitops.report import words

MAGIC = b"\x1f\x8b"  # how a file of gzip begins
EXAMPLE = "kafka-gitops snapshot -e prod -o prod.snapshot"


class Request(Files):
    """What `snapshot` is asked for."""

    output: str = ""
    for_forks: bool = False
    connector_key: tuple[str, ...] = ()


def add(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", help="with --for-forks: files or directories (default: the config's)"
    )
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="the file to write, for its owner only")
    text = "names and configs of the topics that the files declare, and nothing else: for changes from forks"
    parser.add_argument("--for-forks", action="store_true", help=text)
    text = "a config key of connectors whose values may be in the file too, unless they look like secrets (repeatable)"
    parser.add_argument("--connector-key", metavar="KEY", action="append", default=[], help=text)
    parser.add_argument("--recursive", action="store_true", default=None, help="descend into sub-directories")


def run(request: Request) -> int:
    """Read the servers, write the file, and say on stderr what is in it."""
    from kafka_gitops.cli import saving
    from kafka_gitops.snapshot import file, take
    from kafka_gitops.snapshot.told import told

    if request.output == "-":
        raise UsageError(
            "-o -: a snapshot needs a name.", help="It is confidential: name a file, such as prod.snapshot."
        )
    secret = [key for key in request.connector_key if is_secret_key(key)]
    if secret:
        said = f"--connector-key {secret[0]}: by its name it holds a secret, and no value of it is ever in a snapshot"
        raise UsageError(said, help="Leave it out: plans compare the key, not its value.")
    _check_output(request.output)
    settings, made = Configured(request, MERGED).settings(), _now()
    topology = load.load_topology(request, settings) if request.for_forks else None
    with reaching.connected(request, settings) as systems:
        if topology is None:
            found = take.take(systems, settings, made, keys=request.connector_key)
        else:
            _stop_on_errors(topology.problems)
            found = take.of_topics(systems, settings, made, topology.specs)
    data = file.dumps(found)
    saving.save(request.output, data, private=True)
    where = settings.environment or "the cluster"
    terminal.say(f"Snapshot of {where}, {_size(len(data))}, in {request.output}:")
    for line in told(found):
        terminal.say(f"  {line}")
    terminal.say(f"Plan against it: {shell.ours('plan', '--against', request.output, *resaid.files(request))}")
    return 0


def _check_output(path: str) -> None:
    """Raise UsageError for a file that is there and no snapshot: none of somebody's is written over by a slip."""
    if path == "-":
        raise UsageError("-o -: a snapshot is a file, which only its owner may read", help="Name one: -o FILE")
    try:
        with Path(path).open("rb") as file:
            begins = file.read(len(MAGIC))
    except OSError:
        return  # what cannot be written is told then
    if begins not in (b"", MAGIC):
        raise UsageError(f"-o {path}: there is a file that is no snapshot", help="Name another one, or delete it.")


def _stop_on_errors(problems: Sequence[object]) -> None:
    """Raise KafkaGitopsError where files could not be read: what they declare would be missing without a word."""
    if problems:
        said = f"The files have {words.count(len(problems), 'error')}, so it is not known what they declare."
        raise KafkaGitopsError(said, help=f"{shell.ours('lint')} shows them. First: {listed(problems, most=1)}")


def _size(number: int) -> str:
    return (
        f"{number:,} bytes"
        if number < 10_000
        else f"{number / 1e3:,.0f} kB"
        if number < 1e6
        else f"{number / 1e6:.1f} MB"
    )


def _now() -> str:
    """The time of now, or of SOURCE_DATE_EPOCH, by which builds are made the same twice."""
    given = environment().get("SOURCE_DATE_EPOCH")
    try:
        now = datetime.fromtimestamp(int(given), timezone.utc) if given else datetime.now(timezone.utc)
    except (ValueError, OverflowError, OSError):
        said = f'SOURCE_DATE_EPOCH is "{given}"; expected seconds since 1970 as a whole number'
        raise ConfigError(said, help="Correct the variable, or unset it.") from None
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")
