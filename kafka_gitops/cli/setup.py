"""The Settings of a run from its options, the environment variables and the files that they name."""

import argparse
from pathlib import Path

from kafka_gitops import files
from kafka_gitops.cli import terminal
from kafka_gitops.cli.pipeline.trusted import Trust
from kafka_gitops.config import environment
from kafka_gitops.config import resolve as resolving
from kafka_gitops.config.exposed import exposed, exposed_servers
from kafka_gitops.config.load import File, read, read_policy
from kafka_gitops.config.resolve import Asked, Effective, resolve
from kafka_gitops.errors import ConfigError, UsageError, listed
from kafka_gitops.kinds import PLURALS
from kafka_gitops.settings import Rest, Settings
from kafka_gitops.shape.found import near


def settings(args: argparse.Namespace, trust: Trust, *, connect: bool = True) -> Settings:
    """The settings of the environment that is asked for; what is to be noted about their sources is said at once.

    With `connect` False nothing about the connection is looked at (`client` is empty), so that no variable with a
    password need be set. Raises ConfigError (78) for what is wrong in files and variables, UsageError (64) for an
    environment that must be named or does not exist.
    """
    found = effective(args, trust, connect=connect).settings
    for note in found.notes:
        terminal.say(f"note: {note}")
    if connect and "bootstrap.servers" not in found.client:
        raise ConfigError(
            f"No cluster is named{f' for environment {found.environment}' if found.environment else ''}.",
            help="Set bootstrap in kafka-gitops.yaml, or give -X bootstrap.servers=HOST:PORT or --client-config FILE.",
        )
    for sentence in (*exposed(found.client), *exposed_servers(found.servers())):
        terminal.say(f"warning: {sentence}")
    placed = {key: trust.place(value) if _is_place(key, value) else value for key, value in found.client.items()}
    registry = None if found.registry is None else _placed(found.registry, trust)
    clusters = {name: _placed(rest, trust) for name, rest in found.connect.items()}
    return found._replace(client=placed, registry=registry, connect=clusters)


def _placed(rest: Rest, trust: Trust) -> Rest:
    """A server with its files where they are to be read."""
    ca, certificate, key = (None if path is None else trust.place(path) for path in rest.files)
    return rest._replace(ca=ca, certificate=certificate, key=key)


def _is_place(key: str, value: str) -> bool:
    return key.endswith(".location") and bool(value)


def kinds(text: str, option: str) -> frozenset[str]:
    """`topics,acls` as a set. Raises UsageError for an unknown kind."""
    named = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [name for name in named if name not in PLURALS]
    if unknown or not named:
        said = f'{option} {text}: there is no kind "{listed(unknown)}"'
        raise UsageError(said, help=f"There are {', '.join(PLURALS)}.")
    return frozenset(named)


def all_settings(args: argparse.Namespace, trust: Trust, *, quiet: bool = False) -> list[Settings]:
    """One Settings for each environment, or for the one that is named or none; without connections.

    The notes about a single one are said, unless `quiet`.
    """
    file = _file(args, trust)
    names = _names(file)
    if _named(args) or args.client_config or len(names) < 2:
        return [effective(args, trust, connect=False).settings if quiet else settings(args, trust, connect=False)]
    return [resolve(_asked(args, trust, file, name, connect=False)).settings for name in names]


def top_level(args: argparse.Namespace, trust: Trust) -> Settings:
    """The settings without any environment, for what is in none; without connections."""
    return resolve(_asked(args, trust, _file(args, trust), None, connect=False)).settings


def earlier(args: argparse.Namespace, trust: Trust, name: str | None, path: str, text: str) -> Settings:
    """The settings of an environment by what the config file said at another time; without connections."""
    return resolve(_asked(args, trust, read(path, text), name, connect=False)).settings


def effective(args: argparse.Namespace, trust: Trust, *, connect: bool = True, show: bool = False) -> Effective:
    """The settings with the origin of each value; to `show` them no variable need be set."""
    file = _file(args, trust)
    return resolve(_asked(args, trust, file, _chosen(args, file), connect=connect)._replace(show=show))


def client_file(args: argparse.Namespace, trust: Trust) -> str | None:
    """The path of the client file of a run, if there is one; it is not read."""
    file = _file(args, trust)
    return resolving.client_file(_asked(args, trust, file, _chosen(args, file), connect=False))[0]


def policy_file(args: argparse.Namespace) -> str | None:
    """The path of the platform's policy, if there is one."""
    return args.policy or environment().get("KAFKA_GITOPS_POLICY") or None


def _asked(args: argparse.Namespace, trust: Trust, file: File | None, name: str | None, *, connect: bool) -> Asked:
    """The file of a stranger may say what it wants: it is shown no variable, and no file elsewhere."""
    policy, stranger = policy_file(args), trust.stranger is not None
    return Asked(
        name,
        file,
        read_policy(policy, trust.text(policy)) if policy else None,
        args.client_config,
        tuple(args.client or ()),
        {} if stranger else environment(),
        args.timeout,
        connect,
        kinds(args.prune, "--prune") if getattr(args, "prune", None) else None,
        getattr(args, "undeclared_configs", None),
        files.repository(Path()) if stranger else None,
        trust.text,
    )


def _file(args: argparse.Namespace, trust: Trust) -> File | None:
    path = trust.config(args.config)
    return None if path is None else read(path, trust.text(path))


def _names(file: File | None) -> list[str]:
    node = file.root.get("environments") if file is not None else None
    return [] if node is None else list(node.map)


def _named(args: argparse.Namespace) -> str | None:
    found: str | None = args.environment or environment().get("KAFKA_GITOPS_ENV")
    return found or None


def _chosen(args: argparse.Namespace, file: File | None) -> str | None:
    """The environment of a run: named, or the only one; none with a client file alone."""
    name, names = _named(args), _names(file)
    if name is None:
        if args.client_config is not None or not names:
            return None
        if len(names) == 1:
            return names[0]
        raise UsageError(f"Which environment? There are {', '.join(names)}.", help="Name one: -e ENV")
    if name in names:
        return name
    if file is None:
        raise ConfigError(
            f'There is no kafka-gitops.yaml that could have an environment "{name}".',
            help="Look here and above, up to the repository's root; --config FILE names one elsewhere.",
        )
    meant = near(name, names)
    known = f"{file.path} has {', '.join(names) or 'no environments'}."
    raise UsageError(f'There is no environment "{name}".' + (f' Did you mean "{meant}"?' if meant else ""), help=known)
