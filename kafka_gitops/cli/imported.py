"""What `import` tells: what it wrote, what it left on the servers, what a person should look at, what comes next."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kafka_gitops import shell
from kafka_gitops.adopt import bounds, review
from kafka_gitops.adopt.advice import advice
from kafka_gitops.adopt.inventory import Inventory, Left, Split
from kafka_gitops.cli import resaid, terminal
from kafka_gitops.cli.census import Taken, reasons
from kafka_gitops.cli.request import Files
from kafka_gitops.cli.waived import Finished
from kafka_gitops.diagnostics import Diagnostic
from kafka_gitops.kinds import KINDS
from kafka_gitops.report import words
from kafka_gitops.report.findings import one_line
from kafka_gitops.settings import Settings

_MOST = 3  # names of one reason without -v
_MOST_REASONS = 12
_MOST_LOOKS = 5  # of one interest without -v
_MOST_LINES = 40  # of the `manage` block without -v
_SILENT = (
    "Not read: delegation tokens, group offsets, broker configs, ids and former versions of schemas, passwords. "
    "No file declares them."
)


class Import(Files):
    """What `import` is asked for; `missing` adds to files that exist, else `out` is a new folder."""

    out: str = ""
    missing: bool = False
    only: str | None = None
    topics: tuple[str, ...] = ()
    context: str | None = None
    split: Split = "one"
    state: str | None = None
    teams: str | None = None


def tell(request: Import, settings: Settings, taken: Taken, done: Finished, paths: Sequence[str]) -> None:
    """The whole report of an import, to stdout."""
    where = f" (environment {settings.environment})" if settings.environment else ""
    terminal.write(f"{sizes(done.inventory)}, read from cluster {taken.cluster}{where}")
    for path in paths if terminal.verbose() or len(paths) <= 20 else [*paths[:19], f"and {len(paths) - 19:,} more"]:
        terminal.write(f"  wrote  {path}")
    tell_left(done.inventory.left)
    for line in waivers(done.waived, done.errors):
        terminal.write(one_line(line))
    for note in taken.notes:
        terminal.write(one_line(f"note: {note}"))
    more = advice(done.inventory, settings.language) if request.context is None else None
    if more is not None:
        terminal.write(one_line(f"note: {more}: set it, and import once more"))
    terminal.write(_SILENT)
    for line in (*looks(taken, done.inventory), *kept(done.inventory)):
        terminal.write(f"{line[: len(line) - len(line.lstrip())]}{one_line(line)}")
    if not settings.scopes:
        for line in manage(done.inventory):
            terminal.write(line)
    terminal.write("Next:")
    named = ["-e", request.environment] if request.environment else []
    only = ["--only", request.only] if request.only else []
    terminal.write(f"  {shell.ours('lint', request.out, *resaid.files(request))}")
    terminal.write(f"  {shell.ours('plan', request.out, *named, *only, *resaid.words(request))}")


def waivers(waived: Mapping[str, int], errors: Sequence[Diagnostic] = ()) -> Iterator[str]:
    """What lint would refuse: what the files say is known, and what has no place for that."""
    if waived:
        told = ", ".join(f"{rule} ({number:,})" for rule, number in sorted(waived.items()))
        yield f"Waived in the files, each with a comment to look at: {told}"
    for one in errors[:_MOST]:
        yield f"lint will refuse: {one.span}: {one.message} ({one.rule})"
    if len(errors) > _MOST:
        yield f"and {len(errors) - _MOST:,} more"


def looks(taken: Taken, inventory: Inventory, of: str = "") -> Iterator[str]:
    """What a reviewer should look at, by what is of interest; `of` names an environment of several."""
    names = taken.names
    found: dict[str, list[str]] = {}
    for look in review.looks(inventory, topics=names.get("TOPIC"), groups=names.get("GROUP")):
        found.setdefault(look.about, []).append(f"{look.what} ({look.more})" if look.more else look.what)
    if found:
        yield f"Look at these{of} before you merge the files:"
    for about, whats in found.items():
        yield f"  {about} ({len(whats):,})"
        most = len(whats) if terminal.verbose() else _MOST_LOOKS
        yield from (f"    {what}" for what in whats[:most])
        if len(whats) > most:
            yield f"    and {len(whats) - most:,} more (-v names them)"


def kept(inventory: Inventory) -> Iterator[str]:
    """The secrets in clear that only workers have: the files keep them, and a reference should take their place."""
    entries = ((key, KINDS[key.kind].dump(spec).get("keep")) for key, spec in sorted(inventory.specs.items()))
    kept = [f"  {key}: {', '.join(keys)}" for key, keys in entries if keys]
    if kept:
        yield "Kept as only the workers have them, in clear; write references such as ${file:/etc/secrets/x:password}:"
        yield from kept


def manage(inventory: Inventory, of: str = "") -> Iterator[str]:
    """The `manage` block of these files, where it is short enough to be looked at."""
    block = [*bounds.lines(bounds.manage(inventory))]
    if len(block) > _MOST_LINES and not terminal.verbose():
        yield f"What bounds these files{of} (`manage` of kafka-gitops.yaml) takes {len(block):,} lines: -v prints them."
        return
    yield f"What bounds these files{of}, for kafka-gitops.yaml: nothing else is touched then"
    yield from (f"  {line}" for line in block)


def sizes(inventory: Inventory) -> str:
    """`3 topics, 12 ACLs, 1 quota`: what is taken over, kind by kind."""
    counted = Counter(key.kind for key in inventory.specs)
    return words.sizes({kind.PLURAL: counted[kind.NAME] for kind in KINDS.values()})


def tell_left(left: Sequence[Left], title: str = "Left on the servers") -> None:
    """What is on the servers and in no file, by the reasons; with -v by every name."""
    if left:
        terminal.write(f"{title} ({len(left):,}):")
        for line in _left(reasons(left)):
            terminal.write(f"  {one_line(line)}")


def _left(found: dict[str, list[str]]) -> Iterator[str]:
    everything = terminal.verbose()
    shown = [*found.items()] if everything else [*found.items()][:_MOST_REASONS]
    for why, names in shown:
        most = len(names) if everything else _MOST
        more = f" and {len(names) - most:,} more" if len(names) > most else ""
        yield f"{', '.join(names[:most])}{more}: {why}"
    if len(found) > len(shown):
        yield f"and {len(found) - len(shown):,} more reasons (-v tells them)"
