"""All sources to the Settings of one environment, with the origin of each value."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from kafka_gitops.config import client_files, client_keys, connection, language, merge, own, policy, runner, servers
from kafka_gitops.config.client_files import ClientFile
from kafka_gitops.config.given import Given
from kafka_gitops.config.layers import NOT_SET, Layer
from kafka_gitops.config.load import File
from kafka_gitops.config.servers import Servers
from kafka_gitops.config.variables import expand
from kafka_gitops.errors import ConfigError
from kafka_gitops.settings import Language, Settings
from kafka_gitops.text.source import Node


def _as_it_lies(_path: str) -> None:
    """No file counts but those that lie here."""


class Asked(NamedTuple):
    """What a run asks for: the environment (None: no one), its files, the command line's client keys, variables.

    `within` is a directory where the file is not to be trusted: no client file that it names outside is read, and
    nothing is told of what is in one. `text` is the text of a client file that counts instead of the one that lies
    there, or None. Of several client files a later one wins key by key.
    """

    environment: str | None
    file: File | None
    policy: File | None
    client_config: tuple[str, ...]
    options: tuple[str, ...]
    variables: Mapping[str, str]
    timeout: float | None = None
    connect: bool = True
    prune: frozenset[str] | None = None  # the command line's kinds; a policy narrows these too
    undeclared_configs: str | None = None
    within: Path | None = None
    text: Callable[[str], str | None] = _as_it_lies
    show: bool = False  # the settings are to be looked at, not to connect with: what is not set is noted
    lenient: bool = False  # and so is what cannot connect


class Effective(NamedTuple):
    """Settings, and where each value came from by dotted name; what is not in `origins` is a default.

    `client` has the client keys as they were given, `servers` the registry and Connect: they hold secrets, and are
    never printed as they are.
    """

    settings: Settings
    origins: dict[str, str]
    client: dict[str, Given]
    servers: Servers
    layered: tuple[str, ...] = ()  # which client file wins over which, and for what


UNSET = "Export what is not set (in a pipeline: a secret or variable of the job), or write ${NAME:-a default}."
LITERAL = " Where a client file means the two characters, as it does for JulieOps, write $${."
_PRINCIPAL = re.compile(r"[A-Za-z]\w*:\S(?:.*\S)?")
_OPEN = ("manage", "prune")  # these bind only with an environment or without a client file of its own


def resolve(asked: Asked) -> Effective:
    """The effective settings. Raises ConfigError with a line for each problem of the sources that are used."""
    root = asked.file.root if asked.file else None
    named = root.get("environments", asked.environment) if root is not None and asked.environment else None
    levels = (merge.level(root), merge.level(named))
    values = merge.merged(*levels)
    alone = bool(asked.client_config) and asked.environment is None
    if alone:
        values = {path: node for path, node in values.items() if path[0] not in _OPEN}
    origins = {".".join(path): str(node.head) for path, node in values.items()}
    joint, client, notes, problems = _connection(asked, named)
    beside = _servers(asked, named, joint)
    notes += [*beside.notes, *(beside.unset if asked.show else ())]
    problems += [*beside.problems, *(() if asked.show else beside.unset)]
    principal, wrong = _principal(asked, named)
    problems += wrong
    spoken, contradictions = language.joined(
        language.stated(values, asked.file), joint.julie if joint is not None else None
    )
    problems += contradictions
    if problems:
        literal = LITERAL if joint is not None and joint.client.unset else ""
        help = UNSET + literal if any(map(_is_unset, problems)) else None
        raise ConfigError("\n".join(dict.fromkeys(problems)), help=help)
    origins.update({name: origin for name, (_, origin) in spoken.items() if name not in origins})
    origins.update({f"client.{key}": one.origin for key, one in client.items()})
    origins.update(beside.origins())
    stated = own.settings(asked.environment, asked.file, values, levels)._replace(timeout=asked.timeout)
    if joint is not None and "protect.topics" in joint.julie.values:
        internal = joint.julie.values["protect.topics"]
        assert isinstance(internal, tuple)
        stated = stated._replace(
            protect={**stated.protect, "topics": tuple(dict.fromkeys((*stated.protect.get("topics", ()), *internal)))}
        )
    if principal is not None:
        origins["principal"] = principal[1]
    validators = joint.julie.rules if joint is not None else {}
    origins = {**{f"rules.{name}": rule.place for name, rule in validators.items()}, **origins}
    settings = stated._replace(
        rules={**validators, **{name: merge.over(validators.get(name), rule) for name, rule in stated.rules.items()}},
        language=_language(spoken, joint, named)._replace(values=merge.replaced(values)),
        client={key: one.value for key, one in client.items()},
        registry=beside.rests().get(servers.REGISTRY),
        connect=beside.clusters(),
        principal=None if principal is None else principal[0],
        notes=tuple(dict.fromkeys(notes)),
    )
    if asked.prune is not None:
        settings, origins["prune"] = settings._replace(prune=asked.prune), "--prune"
    if asked.undeclared_configs is not None:
        settings = settings._replace(keep_undeclared_configs=asked.undeclared_configs == "keep")
        origins["undeclared_configs"] = "--undeclared-configs"
    settings = settings._replace(scopes=(*settings.scopes, *own.managed(settings, origins)))
    if asked.policy is not None:
        settings, narrowed = policy.narrow(settings, asked.policy, asked.environment, origins)
        origins.update(narrowed)
    return Effective(settings, origins, client, beside, joint.layered if joint is not None else ())


def _language(spoken: dict[str, tuple[object, str]], joint: ClientFile | None, named: Node | None) -> Language:
    """How topologies are understood; the environment's own Connect clusters are the ones that they may name."""
    found = language.language(spoken)
    if joint is not None and joint.julie.rights is not None:
        found = found._replace(rights=joint.julie.rights)
    clusters = named.get(servers.CONNECT) if named is not None else None
    return found if clusters is None else found._replace(connect_servers=tuple(clusters.map))


def _servers(asked: Asked, named: Node | None, joint: ClientFile | None) -> Servers:
    """The registry and Connect: the environment's own, else those of the client file; none without `connect`."""
    found = servers.none()
    if asked.connect and named is not None and asked.file is not None:
        found = servers.from_environment(asked.file, named, asked.environment or "", asked.variables)
    return found if joint is None else found.over(joint.servers)


def _connection(asked: Asked, named: Node | None) -> tuple[ClientFile | None, dict[str, Given], list[str], list[str]]:
    """The client file that is used, the client keys, notes and problems; no client keys without `connect`."""
    layer = Layer({}, [], [])
    notes: list[str] = []
    paths, problems = named_files(asked)
    stored = named.get("client_config") if named is not None and not asked.client_config else None
    within = asked.within
    if stored is not None and within is not None and (problems or not all(_inside(path, within) for path in paths)):
        paths, problems = (), []
        notes.append(f"{stored.span}: this client file is not read, because the config may be a stranger's here")
    if named is not None and not asked.client_config:
        clash = named.get("client") or named.get("bootstrap")
        if stored is not None and clash is not None:
            problems.append(f"{clash.key_span}: client_config replaces bootstrap and client; keep one of them")
        if stored is None and asked.connect:
            assert asked.file is not None
            layer, notes = connection.from_environment(asked.file, named, asked.environment or "", asked.variables)
    variables = asked.variables if asked.connect else None
    file = client_files.read(paths, variables, asked.text) if paths and not problems else None
    if file is not None:
        layer = file.client
        notes += file.notes if asked.within is None else ()
        problems += file.julie.problems
    if not asked.connect:
        return file, {}, notes, problems
    options = connection.from_options(asked.options)
    made = connection.connect(layer.given, options)
    settled = connection.set_by(options)
    unset = [said for key, said in layer.unset if client_keys.RENAMED.get(key, key) not in settled]
    problems += layer.problems
    logged_in, missing = runner.filled(made.client, asked.variables)
    followed = [one for one in made.problems if NOT_SET not in one]  # of an empty value nothing more is said
    if asked.show:
        noted, wrong = (followed, []) if asked.lenient else ([], followed)
        return file, logged_in, [*notes, *made.notes, *unset, *missing, *noted], [*problems, *wrong]
    return file, logged_in, [*notes, *made.notes], [*problems, *unset, *followed, *missing]


def _principal(asked: Asked, named: Node | None) -> tuple[tuple[str, str] | None, list[str]]:
    """Who the run is by its environment, with the place; only where the environment says how to connect, too.

    None where the command line brings another login: whose that is the environment cannot know.
    """
    node = named.get("principal") if named is not None else None
    logins = ("sasl.", "ssl.certificate.", "ssl.key", "security.protocol")
    other = any(key.startswith(logins) for key in connection.set_by(connection.from_options(asked.options)))
    if node is None or not asked.connect or asked.client_config or asked.within is not None or other:
        return None, []
    found = expand(node, asked.variables, key=f"principal of environment {asked.environment}")
    origin = str(node.span) + (f", variable {', '.join(found.variables)}" if found.variables else "")
    if found.unset and asked.show:
        return (node.raw or "", origin + NOT_SET), []
    problems = [*found.problems, *found.unset]
    if not problems and not _PRINCIPAL.fullmatch(found.text):
        problems.append(f'{node.span}: principal is "{found.text}"; expected a type and a name, such as User:ci')
    return (None, problems) if problems else ((found.text, origin), [])


def named_files(asked: Asked) -> tuple[tuple[str, ...], list[str]]:
    """The paths of the client files that are used, and what is wrong with how they are written; none is read."""
    named = asked.file.root.get("environments", asked.environment) if asked.file and asked.environment else None
    stored = named.get("client_config") if named is not None else None
    if asked.client_config or stored is None:
        return asked.client_config, []
    assert asked.file is not None
    key = f"client_config of environment {asked.environment}"
    found = [expand(item, asked.variables, key=key) for item in (stored.items if stored.is_list else (stored,))]
    problems = [problem for one in found for problem in (*one.problems, *one.unset)]
    return tuple(asked.file.below(one.text) for one in found), problems


def _inside(path: str, folder: Path) -> bool:
    """Whether a path is really in a repository, and no file of git itself."""
    real = Path(os.path.realpath(path))
    return real.is_relative_to(folder) and not real.is_relative_to(folder / ".git")


def _is_unset(problem: str) -> bool:
    return ": the variable " in problem and any(f" is {what} (" in problem for what in ("not set", "empty"))
