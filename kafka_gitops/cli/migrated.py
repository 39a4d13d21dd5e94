"""`migrate --from julieops`: the kafka-gitops.yaml that a JulieOps .properties file means; its topology stays."""

import os
from collections.abc import Iterator, Sequence

from kafka_gitops import shell
from kafka_gitops.cli import terminal, written
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.request import Request
from kafka_gitops.config import show
from kafka_gitops.config.client_keys import Given
from kafka_gitops.config.resolve import Asked, Effective, resolve
from kafka_gitops.config.servers import PATHS, Server
from kafka_gitops.errors import UsageError
from kafka_gitops.kinds import KINDS

NAME = "kafka-gitops.yaml"
_DEFAULT = "  # default"
_NEXT = (
    "The topology files are read as they are. Set allow.delete.* to false in JulieOps, and stop its pipeline: two "
    "tools with deletion on undo each other's work."
)


class Migrate(Request):
    """What `migrate` is asked for."""

    paths: tuple[str, ...]
    dialect: str
    out: str
    context: str = "main"
    projects: bool = False


def config(request: Migrate) -> int:
    """Write the config, tell what has no key there, and return 0.

    Raises UsageError for more than one file, ConfigError for what is wrong in it.
    """
    if len(request.paths) != 1:
        raise UsageError("JulieOps has one client file for a run.", help="Name it, and merge files that you layer.")
    found = _effective(request, request.paths[0])
    text = "".join(f"{line}\n" for line in (f"# migrated from {request.paths[0]} (julieops)", *_stated(found)))
    (path,) = written.files(request.out, {NAME: text})
    stated = [line for line in text.splitlines() if "  # " in line]
    terminal.write(f"{len(stated):,} settings, read from {request.paths[0]} of JulieOps")
    terminal.write(f"  wrote  {path}")
    for line in _lost(found):
        terminal.write(line)
    terminal.write(_NEXT)
    terminal.write("Next:")
    for command in ("lint", "plan"):
        terminal.write(f"  {shell.ours(command, '--config', path, 'DIR')}")
    return 0


def _effective(request: Migrate, path: str) -> Effective:
    """The settings of the file alone: no config beside it, no variable."""
    asked = Asked(None, None, None, (path,), (), {}, text=MERGED.text, show=True)
    found = resolve(asked)
    settings, servers = found.settings, found.servers.given
    language = settings.language._replace(roles=_from(request.out, settings.language.roles))
    return found._replace(
        settings=settings._replace(environment=request.environment, language=language),
        client={
            key: _moved(request.out, one) if key.endswith(".location") else one for key, one in found.client.items()
        },
        servers=found.servers._replace(given={name: _placed(request.out, one) for name, one in servers.items()}),
    )


def _from(folder: str, path: str | None) -> str | None:
    """A path as the config has it, which is read from its own directory."""
    return path if not path or os.path.isabs(path) else os.path.relpath(path, folder)  # noqa: PTH117


def _moved(folder: str, one: Given) -> Given:
    return one._replace(value=_from(folder, one.value) or "", written=_from(folder, one.written))


def _placed(folder: str, server: Server) -> Server:
    return {
        key: tuple(_moved(folder, one) if key in PATHS else one for one in values) for key, values in server.items()
    }


def _stated(found: Effective) -> Iterator[str]:
    """The lines of the config that the file decides; what it leaves at the default is left out."""
    kept: list[str] = []
    for line in reversed(show.as_yaml(found).splitlines()):
        if line.endswith(":"):  # a mapping, which is kept where something below it is
            below = kept[-1] if kept else ""
            if len(below) - len(below.lstrip()) <= len(line) - len(line.lstrip()) or below.startswith("#"):
                continue
        elif line.endswith(_DEFAULT):
            continue
        kept.append(line)
    yield from reversed(kept)


def _lost(found: Effective) -> Sequence[str]:
    """What has no effect here, or only while the file itself is read."""
    kept = [line.removeprefix("# ") for line in _stated(found) if line.startswith("# ")]
    whys = [why for kind in KINDS.values() if (why := kind.barred(found.settings)) is not None]
    said = [*found.settings.notes, *kept, *whys]
    return ["Not taken over:", *(f"  {one}" for one in said)] if said else []
