"""The Settings of a run from its options, the environment variables and the files that they name."""

from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kafka_gitops import files
from kafka_gitops.cli import terminal
from kafka_gitops.cli.pipeline.trusted import Trust
from kafka_gitops.cli.request import Request
from kafka_gitops.config import environment
from kafka_gitops.config.load import File, read, read_policy
from kafka_gitops.errors import ConfigError, UsageError, listed
from kafka_gitops.kinds import PLURALS
from kafka_gitops.settings import Rest, Settings
from kafka_gitops.shape.found import near

if TYPE_CHECKING:  # a lint where nobody says anything does without
    from kafka_gitops.config.resolve import Asked, Effective


class Configured:
    """The config of a run as far as it is trusted: its file and the policy, each read once when it is asked for.

    What is wrong in files and variables raises ConfigError (78) with the first question that they decide, an
    environment that must be named or does not exist UsageError (64).
    """

    def __init__(self, request: Request, trust: Trust) -> None:
        self.request, self.trust = request, trust
        self._resolved = cache(self._resolve)

    @cached_property
    def path(self) -> str | None:
        """The path of the config file that counts, if there is one."""
        return self.trust.config(self.request.config)

    def settings(self, *, connect: bool = True) -> Settings:
        """The settings of the environment that is asked for; what is to be noted about their sources is said at once.

        With `connect` False nothing about the connection is looked at (`client` is empty), so that no variable with a
        password need be set.
        """
        effective = self.effective(connect=connect)
        found = effective.settings
        for note in (*found.notes, *(effective.layered if terminal.verbose() else ())):
            terminal.say(f"note: {note}")
        if connect and "bootstrap.servers" not in found.client:
            raise ConfigError(
                f"No cluster is named{f' for environment {found.environment}' if found.environment else ''}.",
                help="Set bootstrap in kafka-gitops.yaml, or give -X bootstrap.servers=HOST:PORT or --client-config "
                "FILE.",
            )
        from kafka_gitops.config.exposed import exposed, exposed_servers

        for sentence in (*exposed(found.client), *exposed_servers(found.servers())):
            terminal.say(f"warning: {sentence}")
        place = self.trust.place
        client = {key: place(value) if _is_place(key, value) else value for key, value in found.client.items()}
        registry = None if found.registry is None else _placed(found.registry, self.trust)
        clusters = {name: _placed(rest, self.trust) for name, rest in found.connect.items()}
        return found._replace(client=client, registry=registry, connect=clusters)

    def every(self, *, quiet: bool = False) -> list[Settings]:
        """One Settings for each environment, or for the one that is named or none; without connections.

        The notes about a single one are said, unless `quiet`.
        """
        if self.file is None and not (self._policy or self._named or self.request.client_config or self.request.client):
            return [Settings()]
        names = self._names
        if self._named or self.request.client_config or len(names) < 2:
            return [self.effective(connect=False).settings if quiet else self.settings(connect=False)]
        return [self._resolved(name, connect=False).settings for name in names]

    def top_level(self) -> Settings:
        """The settings without any environment, for what is in none; without connections."""
        return self._resolved(None, connect=False).settings

    def of(self, name: str) -> Settings:
        """The settings of another environment than that of the run; without connections."""
        return self._resolved(name, connect=False).settings

    @property
    def environments(self) -> tuple[str, ...]:
        """The names of all environments."""
        return tuple(self._names)

    def earlier(self, name: str | None, path: str, text: str) -> Settings:
        """The settings of an environment by what the config file said at another time; without connections."""
        return _resolved(self._asked(read(path, text), name, connect=False)).settings

    def effective(self, *, connect: bool = True) -> "Effective":
        """The settings with the origin of each value."""
        return self._resolved(self._chosen, connect=connect)

    def shown(self) -> "Effective":
        """The same to look at: no variable need be set."""
        return _resolved(self._asked(self.file, self._chosen, connect=True)._replace(show=True))

    def client_files(self) -> tuple[str, ...]:
        """The paths of the client files of a run; none is read."""
        from kafka_gitops.config import resolve

        return resolve.named_files(self._asked(self.file, self._chosen, connect=False))[0]

    def _resolve(self, name: str | None, *, connect: bool) -> "Effective":
        return _resolved(self._asked(self.file, name, connect=connect))

    def _asked(self, file: File | None, name: str | None, *, connect: bool) -> "Asked":
        """The file of a stranger may say what it wants: it is shown no variable, and no file elsewhere."""
        from kafka_gitops.config.resolve import Asked

        request, stranger = self.request, self.trust.stranger is not None
        return Asked(
            name,
            file,
            self._policy,
            request.client_config,
            tuple(request.client or ()),
            {} if stranger else environment(),
            request.timeout,
            connect,
            kinds(request.prune, "--prune") if request.prune else None,
            request.undeclared_configs,
            files.repository(Path()) if stranger else None,
            self.trust.text,
        )

    @cached_property
    def file(self) -> File | None:
        """The config file that counts, read."""
        return None if self.path is None else read(self.path, self.trust.text(self.path))

    @cached_property
    def _policy(self) -> File | None:
        path = policy_file(self.request)
        return read_policy(path, self.trust.text(path)) if path else None

    @property
    def _names(self) -> list[str]:
        node = self.file.root.get("environments") if self.file is not None else None
        return [] if node is None else list(node.map)

    @property
    def _named(self) -> str | None:
        found: str | None = self.request.environment or environment().get("KAFKA_GITOPS_ENV")
        return found or None

    @property
    def _chosen(self) -> str | None:
        """The environment of a run: named, or the only one; none with a client file alone."""
        file, name, names = self.file, self._named, self._names
        if name is None:
            if self.request.client_config or not names:
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
        raise UsageError(
            f'There is no environment "{name}".' + (f' Did you mean "{meant}"?' if meant else ""), help=known
        )


def _resolved(asked: "Asked") -> "Effective":
    from kafka_gitops.config import resolve

    return resolve.resolve(asked)


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
        meant = near(unknown[0], PLURALS) if unknown else None
        hint = f'; did you mean "{meant}"?' if meant else ""
        said = f'{option} {text}: there is no kind "{listed(unknown)}"{hint}'
        raise UsageError(said, help=f"There are {', '.join(PLURALS)}.")
    return frozenset(named)


def policy_file(request: Request) -> str | None:
    """The path of the platform's policy, if there is one."""
    return request.policy or environment().get("KAFKA_GITOPS_POLICY") or None
