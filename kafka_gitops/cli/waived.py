"""What lint would refuse of imported files: it is so on the servers, and the files say that this is known."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.adopt import files, proof, values
from kafka_gitops.adopt.fold import Folded
from kafka_gitops.adopt.inventory import Inventory, Left, Made, Shape
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.lint import run as lint
from kafka_gitops.lint.levels import Levels
from kafka_gitops.model import Topology
from kafka_gitops.rules import to_ask
from kafka_gitops.settings import Settings
from kafka_gitops.text.comments import MARK
from kafka_gitops.text.source import Source

_LINE = re.compile(r"[^\n]*\n|[^\n]+$")
REASON = "it was so on the servers when it was imported"


class Finished(NamedTuple):
    """Files with their waivers, how many findings of each rule these cover, and what lint refuses all the same."""

    inventory: Inventory
    made: list[Made]
    waived: Mapping[str, int] = {}
    errors: Sequence[Diagnostic] = ()


def finished(inventory: Inventory, shape: Shape, settings: Settings) -> Finished:
    """The files of an inventory, in which lint finds no error that a file may waive.

    What is wrong inside a file that the topology names has no place for a waiver: what names it is left on the
    servers. Raises KafkaGitopsError as `files.proved`.
    """
    made, topology = files.proved(inventory, shape, settings.language)
    found = _errors(topology, settings)
    unfit = _beside(found, topology)
    if unfit:
        kept = {key: spec for key, spec in inventory.specs.items() if str(key) not in unfit}
        inventory = Inventory(kept, (*inventory.left, *(Left(what, why) for what, why in unfit.items())))
        made, topology = files.proved(inventory, shape, settings.language)
        found = _errors(topology, settings)
    fixed = Levels(settings).fixed
    waived = [one for one in found if not fixed(one.rule, one.span.path)]
    if not waived:
        return Finished(inventory, made, errors=found)
    made = [_known(one, waived) for one in made]
    left = _errors(proof.same(inventory, made, settings.language), settings)
    return Finished(inventory, made, Counter(one.rule for one in waived), left)


def _errors(topology: Topology, settings: Settings) -> list[Diagnostic]:
    """What lint refuses; rules that are no errors here are not asked, as there may be a finding for each entry."""
    levels, paths = Levels(settings), tuple(topology.sources)
    calm = [
        rule.NAME
        for rule in to_ask(topology, levels.named)
        if all(levels.severity(rule.NAME, path, rule.SEVERITY) < Severity.error for path in paths)
    ]
    return [one for one in lint.run(topology, settings, without=calm) if one.severity is Severity.error]


def added(
    before: Topology, after: Topology, settings: Settings
) -> tuple[dict[str, str], Mapping[str, int], list[Diagnostic]]:
    """The texts of files to which lines were added, with waivers for what lint refuses of these lines.

    Beside them how many there are by rule, and what lint refuses of the lines all the same.
    """
    known = {(one.rule, one.message) for one in _errors(before, settings)}
    fixed = Levels(settings).fixed
    errors = [one for one in _errors(after, settings) if (one.rule, one.message) not in known]
    may = [
        one
        for one in errors
        if one.span.path in after.sources
        and not fixed(one.rule, one.span.path)
        and not one.span.path.endswith(".json")
        and one.span.line in _new_lines(before.sources.get(one.span.path), after.sources[one.span.path])
    ]
    by_path: dict[str, list[Diagnostic]] = {}
    for one in may:
        by_path.setdefault(one.span.path, []).append(one)
    texts = {path: with_waivers(after.sources[path].text, found) for path, found in by_path.items()}
    return texts, Counter(one.rule for one in may), [one for one in errors if one not in may]


def _new_lines(before: Source | None, after: Source) -> set[int]:
    """The lines of a text that were added to another."""
    old = _LINE.findall(before.text) if before is not None else []
    found, at = set(), 0
    for number, line in enumerate(_LINE.findall(after.text), 1):
        if at < len(old) and line.rstrip("\r\n") == old[at].rstrip("\r\n"):
            at += 1
        else:
            found.add(number)
    return found


def of_all(folded: Folded, settings: Mapping[str, Settings]) -> tuple[Folded, Mapping[str, int], Sequence[Diagnostic]]:
    """Files of several environments with waivers for what lint would refuse in any.

    Beside them how many there are by rule, and what lint refuses all the same.
    """
    errors: dict[tuple[str, int, str], Diagnostic] = {}
    left: dict[str, Diagnostic] = {}
    for name, own in settings.items():
        filled = own.language._replace(values={**own.language.values, **values.read(folded.values[name])})
        read = proof.read([*folded.made, *folded.only.get(name, ())], filled)
        fixed = Levels(own).fixed
        for one in _errors(read, own._replace(language=filled)):
            if one.span.path in read.sources and not fixed(one.rule, one.span.path):
                errors[one.span.path, one.span.line, one.rule] = one
            else:
                left.setdefault(f"{one.span} {one.rule}", one)

    def known(made: Sequence[Made]) -> list[Made]:
        return [_known(one, [*errors.values()]) for one in made]

    only = {name: known(made) for name, made in folded.only.items()}
    return (
        folded._replace(made=known(folded.made), only=only),
        Counter(one.rule for one in errors.values()),
        [*left.values()],
    )


def _beside(found: Sequence[Diagnostic], topology: Topology) -> dict[str, str]:
    """What names a file that lint refuses, with the first of its words about each."""
    why: dict[str, str] = {}
    for one in found:
        if one.span.path not in topology.sources:
            why.setdefault(one.span.path, f"lint refuses its file ({one.rule}): {one.message}")
    if not why:
        return {}
    named = ((declared.key, declared.node.get("file")) for declared in topology.declared)
    return {str(key): why[file.text] for key, file in named if file is not None and file.text in why}


def _known(made: Made, errors: Sequence[Diagnostic]) -> Made:
    return made._replace(text=with_waivers(made.text, [one for one in errors if one.span.path == made.path]))


def with_waivers(text: str, errors: Sequence[Diagnostic]) -> str:
    """A text with a comment above each line of which something is known; all else stays, line ends too."""
    rules: dict[int, set[str]] = {}
    for one in errors:
        rules.setdefault(one.span.line, set()).add(one.rule)
    made: list[str] = []
    for number, line in enumerate(_LINE.findall(text), 1):
        if number in rules:
            indent = line[: len(line) - len(line.lstrip())]
            end = "\r\n" if [*made, line][-1 if line.endswith("\n") else -2].endswith("\r\n") else "\n"
            made.append(f"{indent}# {MARK} allow {', '.join(sorted(rules[number]))}: {REASON}{end}")
        made.append(line)
    return "".join(made)
