"""`import --teams FILE`: for each team a folder with its files, config and scopes, and a policy beside them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kafka_gitops import shell
from kafka_gitops.adopt import bounds, teams, teams_file
from kafka_gitops.adopt.inventory import Inventory, Shape
from kafka_gitops.adopt.teams import Division, Part
from kafka_gitops.adopt.teams_file import Team
from kafka_gitops.cli import imported, terminal, waived, written
from kafka_gitops.cli.census import Taken
from kafka_gitops.cli.imported import Import
from kafka_gitops.cli.setup import Configured
from kafka_gitops.cli.waived import Finished
from kafka_gitops.config.load import File, line, text_of
from kafka_gitops.errors import ConfigError, UsageError
from kafka_gitops.redact import is_secret_key
from kafka_gitops.report import words
from kafka_gitops.report.findings import one_line
from kafka_gitops.settings import Settings
from kafka_gitops.text.scalars import plain_value
from kafka_gitops.text.source import Node, parse
from kafka_gitops.writing.emit import scalar

CONFIG, FILES, POLICIES = "kafka-gitops.yaml", "topologies", "policies"
_KEPT = (
    *("naming", "acls", "contexts", "kafka_version", "undeclared_configs", "ignore_configs", "schemas"),
    *("limits", "max_hold"),
)
_NOT_OF_TEAMS = (
    *("topology", "recursive", "roles", "plans", "baseline", "overrides", "manage", "protect", "prune"),
    *("rules", "values"),
)  # of an environment: what is about the files that were there


class Written(NamedTuple):
    """What became of a team: its files, and how many of its resources each kind has."""

    part: Part
    done: Finished


def read(path: str) -> list[Team]:
    """The teams of a file. Raises ConfigError with a line for each problem, such as what two teams claim."""
    found, problems = teams_file.read(parse(path, text_of(path, "the file of teams")))
    if problems:
        raise ConfigError("\n".join(line(one) for one in sorted(problems)))
    if any(team.name == POLICIES for team in found):
        raise UsageError(f'{path}: no team can be called "{POLICIES}": that folder holds what bounds them.')
    return found


def run(request: Import, configured: Configured, settings: Settings, taken: Taken, found: list[Team]) -> int:
    """Write all folders at once, tell what each has, what is nobody's, what comes next, and return 0."""
    division = teams.divided(taken.inventory, found)
    shape = Shape(request.context, request.split)
    made = {name: Written(part, _finished(part, shape, settings)) for name, part in division.parts.items()}
    texts = {}
    for name, one in made.items():
        texts[f"{name}/{CONFIG}"] = _config(configured.file, settings.environment, one.part)
        texts[f"{POLICIES}/{name}.yaml"] = "\n".join(bounds.lines(one.part.manage)) + "\n"
        texts.update({f"{name}/{FILES}/{file.path}": file.text for file in one.done.made})
    written.folder(request.out, texts)
    _tell(request, settings, taken, made, division)
    for note in _to_correct(configured.file, settings.environment):
        terminal.write(one_line(f"note: {note}"))
    _next(request, list(made))
    return 0


def _finished(part: Part, shape: Shape, settings: Settings) -> Finished:
    """A team's files, as lint within its own `manage` takes them."""
    return waived.finished(Inventory(part.specs), shape, settings._replace(scopes=(part.scope,)))


def _tell(request: Import, settings: Settings, taken: Taken, made: Mapping[str, Written], division: Division) -> None:
    where = f" (environment {settings.environment})" if settings.environment else ""
    terminal.write(f"{imported.sizes(taken.inventory)}, read from cluster {taken.cluster}{where}")
    for name, one in made.items():
        what = imported.sizes(one.done.inventory) if one.part.specs else "nothing"
        terminal.write(f"  {name}: {what}  {Path(request.out, name)}")
    rest = [*division.rest, *(left for one in made.values() for left in one.done.inventory.left)]
    imported.tell_left(rest, "In no team's files")
    imported.tell_left(division.foreign, "Rights on a team's names for another team's principals")
    for name, one in made.items():
        for told in imported.waivers(one.done.waived, one.done.errors):
            terminal.write(one_line(f"{name}: {told}"))
    for note in taken.notes:
        terminal.write(one_line(f"note: {note}"))


def _next(request: Import, names: list[str]) -> None:
    first = Path(request.out, names[0])
    terminal.write("Next:")
    terminal.write(f"  cd {shell.command(str(first))}; {shell.ours('lint')}; {shell.ours('plan')}")
    policy = str(Path("..", POLICIES, f"{names[0]}.yaml"))
    said = f"give the platform's repository {words.count(len(names), 'policy', 'policies')}"
    terminal.write(f"  {said}, which bound each team: {shell.ours('plan', '--policy', policy)}")


def _config(file: File | None, environment: str | None, part: Part) -> str:
    """A team's config: its scopes, how names are read, and the environment that the estate was read from."""
    lines = [f"topology: {FILES}/", "prune: [acls]", *bounds.lines(part.manage)]
    root = file.root if file is not None else None
    for name in _KEPT:
        if root is not None and name in root.map:
            lines += _lines(name, root.map[name], "")
    found = root.get("environments", environment) if root is not None and environment else None
    if found is not None:
        lines += ["environments:", f"  {scalar(environment)}:"]
        for name, node in found.map.items():
            if name not in _NOT_OF_TEAMS:
                lines += _lines(name, node, "    ")
    return "\n".join(lines) + "\n"


def _lines(name: str, node: Node, indent: str) -> Iterator[str]:
    """A key of a config as it is, but for a secret that stands there itself."""
    head = f"{indent}{scalar(name)}:"
    if node.is_map:
        yield head if node.map else f"{head} {{}}"
        for key, child in node.map.items():
            yield from _lines(key, child, f"{indent}  ")
    elif node.is_list:
        yield f"{head} [{', '.join(_value(item) for item in node.items)}]"
    else:
        yield f"{head} {_value(node) if not _is_literal_secret(name, node) else _variable(name)}"


def _value(node: Node) -> str:
    """A value as it was, in a way that reads the same; what is no scalar in a list of texts is left out."""
    value = plain_value(node.raw) if node.plain and node.raw is not None else None
    return scalar(value if isinstance(value, bool | int) and str(value) == node.raw else node.raw or "")


def _is_literal_secret(name: str, node: Node) -> bool:
    return is_secret_key(name) and node.raw is not None and "${" not in node.raw


def _variable(name: str) -> str:
    return scalar("${" + "".join(c if c.isalnum() else "_" for c in name).upper() + "}")


def _to_correct(file: File | None, environment: str | None) -> Iterator[str]:
    """What of an environment does not mean the same in a folder of a team."""
    found = file.root.get("environments", environment) if file is not None and environment else None
    waiting = [*found.map.items()] if found is not None else []
    for name, node in waiting:
        waiting += node.map.items()
        if _is_literal_secret(name, node):
            yield f"{node.span}: {name} is written there itself; the teams' files have {_variable(name)}"
        elif file is not None and node.raw and "${" not in node.raw and name != "topology":
            path = Path(file.below(node.raw))
            if not path.is_absolute() and path.is_file():
                yield f"{node.span}: {name} is a path, which the teams' files have as it is: correct it there"
