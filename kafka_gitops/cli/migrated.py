"""`migrate --from julieops`: the kafka-gitops.yaml that a JulieOps .properties file means; its topology stays."""

import os
from collections.abc import Iterator, Sequence

from kafka_gitops import shell
from kafka_gitops.cli import terminal, written
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.request import Request
from kafka_gitops.config import client_files, julieops_unread, show, unused
from kafka_gitops.config.client_keys import Given
from kafka_gitops.config.resolve import Asked, Effective, resolve
from kafka_gitops.config.servers import PATHS, Server
from kafka_gitops.kinds import KINDS

NAME = "kafka-gitops.yaml"
_DEFAULT = "  # default"
_NO_ACLS = (
    "A plan of ACLs is refused (acls.provider), because Kafka's own give no right there; --only topics plans the rest."
)
_MANAGED = "# no key here for JulieOps' managed."
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

    Of several files a later one wins key by key. Raises ConfigError for what is wrong in them.
    """
    called = ", ".join(request.paths)
    found = _effective(request, request.paths)
    text = "".join(f"{line}\n" for line in (f"# migrated from {called} (julieops)", *_stated(found)))
    (path,) = written.files(request.out, {NAME: text})
    stated = [line for line in text.splitlines() if "  # " in line]
    terminal.write(f"{len(stated):,} settings, read from {called} of JulieOps")
    terminal.write(f"  wrote  {path}")
    for note in found.layered:
        terminal.write(f"  {note}")
    if found.settings.language.rights is not None:
        terminal.write(f"warning: {found.settings.language.rights}. {_NO_ACLS}")
    for line in _lost(request, found):
        terminal.write(line)
    terminal.write(f"What JulieOps has as options goes into it too: {', '.join(_options(found))}")
    terminal.write(_NEXT)
    terminal.write("Next:")
    for command in ("lint", "plan"):
        terminal.write(f"  {shell.ours(command, '--config', path, 'DIR')}")
    return 0


def _options(found: Effective) -> Iterator[str]:
    """The keys for JulieOps' options, which no client file has."""
    yield from ("topology: PATH (--topology)", "plans: FILE (--plans)")
    if "bootstrap.servers" not in found.client:
        yield "environments.NAME.bootstrap: HOST:PORT (--brokers)"


def stated(path: str, environment: str) -> list[str]:
    """The lines of a config with the settings of one client file, for an environment; a config beside it has none."""
    request = Migrate(paths=(path,), dialect="julieops", out=".", environment=environment)
    return [*_stated(_effective(request, (path,)))]


def _effective(request: Migrate, paths: tuple[str, ...]) -> Effective:
    """The settings of the files alone, without a config or a variable; a login that is not supported stops nothing."""
    asked = Asked(None, None, None, paths, (), {}, text=MERGED.text, show=True, lenient=True)
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
    yield from reversed([line for line in kept if not line.startswith(_MANAGED)])
    for name, why in julieops_unread.MANAGED.items():
        if name in found.origins:
            yield f"# {found.origins[name]}: {why}"


def _lost(request: Migrate, found: Effective) -> Sequence[str]:
    """What has no effect here, key by key with the reason, and what means something else."""
    file = client_files.read(request.paths, None)
    said = [note for note in found.settings.notes if ": no effect here: " not in note]
    said += [f"{one.origin}: {key}: {julieops_unread.why(key)}" for key, one in _keys(file)]
    said += [line.removeprefix("# ") for line in _stated(found) if line.startswith("# ")]
    if found.settings.language.rights is None:
        said += [why for kind in KINDS.values() if (why := kind.barred(found.settings)) is not None]
    return ["Not taken over:", *(f"  {one}" for one in said)] if said else []


def _keys(file: client_files.ClientFile) -> Iterator[tuple[str, Given]]:
    """The keys without an effect, but for those that look like none: they may be a secret."""
    for key, one in file.unused.items():
        if unused.is_shown(key):
            yield key, one
