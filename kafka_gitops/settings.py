"""The effective settings of a run, as plain data: what config.py reads and everything else is given."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.diagnostics import Severity, Span

# Rules that no setting, waiver or baseline silences: a plan refuses the same
FIXED = ("acl-too-many", "hidden-text", "hold-malformed", "hold-too-long", "name-hidden-character", "outside-scope")
THROTTLES = ("leader.replication.throttled.replicas", "follower.replication.throttled.replicas")
_SECRET = ("client", "registry", "connect")  # of Settings, what is not shown
BASELINE = "kafka-gitops-baseline.json"  # where known findings are written, when nobody names a file


class Dlq(NamedTuple):
    """Dead letter topics: JulieOps' `topology.dlq.*`; `allow` and `deny` are regexes over full names."""

    generate: bool = False
    label: str = "dlq"
    topic: str = "default"
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


class Naming(NamedTuple):
    """Topic and project name formats: `default`, for topics also `name`, or a template."""

    topic: str = "default"
    project: str = "default"
    separator: str = "."
    dlq: Dlq = Dlq()
    segments: tuple[str, ...] = ()  # top-level keys that are meant as parts of names, whatever they look like


class ManagedPrefixes(NamedTuple):
    """JulieOps' `*.managed.prefixes`: what is outside is filtered from the desired state; an empty list matches all."""

    topics: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    service_accounts: tuple[str, ...] = ()

    def has_topic(self, name: str) -> bool:
        """Whether a topic is among them."""
        return not self.topics or name.startswith(self.topics)


class Value(NamedTuple):
    """What `${values.NAME}` stands for: the text as written, whether it stands without quotes, and where."""

    text: str
    plain: bool = False
    place: Span = Span("kafka-gitops.yaml", 1, 1, 1, 1)


PROVIDERS = {"kafka": "ACLs of Kafka", "rbac": "role bindings (RBAC)", "confluent-cloud": "Confluent Cloud"}
CONTROL_CENTER = ("monitoring", "command", "metrics")  # whose topics have names of their own


class Language(NamedTuple):
    """How topology files are understood. `roles` and `plans` are paths; `connect_servers` are the labels of Connect
    clusters that artefacts may name, None when none are configured; `provider` is who gives rights (`PROVIDERS`, or
    other), which `rights` says in a sentence where it is not Kafka; `values` are those of the environment by name."""

    naming: Naming = Naming()
    optimized_acls: bool = False
    connector_topic_create: bool = True
    roles: str | None = None
    plans: str | None = None
    many_contexts: bool = False
    managed: ManagedPrefixes = ManagedPrefixes()
    connect_servers: tuple[str, ...] | None = None
    provider: str = "kafka"
    rights: str | None = None
    control_center_topics: tuple[str, str, str] = (
        "_confluent-monitoring",
        "_confluent-command",
        "_confluent-metrics",
    )
    values: Mapping[str, Value] = {}


def matches(pattern: str, name: str) -> bool:
    """A pattern is exact unless it ends in `*` (prefix) or begins with it (suffix, for config keys)."""
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    if pattern.startswith("*"):
        return name.endswith(pattern[1:])
    return pattern == name


def plain_path(path: str) -> str:
    """A path as git shows it and globs see it: `/` between its parts, no `./` before them."""
    return path.replace("\\", "/").removeprefix("./")


def globs(patterns: Sequence[str]) -> re.Pattern[str]:
    """Globs as one regex over `plain_path`s: `**` crosses directories, `*`, `?` do not; a directory is all below it."""
    return re.compile("|".join(map(_glob, patterns)) or r"(?!)", re.DOTALL)


def _glob(pattern: str) -> str:
    plain = plain_path(pattern)
    text = f"{plain}**" if plain.endswith("/") else plain
    meanings = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(meanings.get(part, re.escape(part)) for part in re.split(r"(\*\*/|\*\*|\*|\?)", text))


class Scope(NamedTuple):
    """What a run may touch at all (`manage`): lists of patterns by their names, `cluster` a list of operations.

    A list that is not stated leaves topics, groups, transactional ids and principals open, and closes all else.
    `places` tells where each list stands and, under "", where the scope itself does, for messages.
    """

    lists: Mapping[str, tuple[str, ...]] = {}
    places: Mapping[str, str] = {}

    def __eq__(self, other: object) -> bool:
        """Where it is said does not count."""
        return isinstance(other, Scope) and self.lists == other.lists

    def __ne__(self, other: object) -> bool:
        return not self == other

    def get(self, name: str) -> tuple[str, ...] | None:
        """The list of that name, None where it is not stated."""
        return self.lists.get(name)


class Limits(NamedTuple):
    """How many resources one run may delete, by kind where stated, and at most what percentage from how many on.

    `auto_approve` is how many topics and grants one change may create or alter without a person, `auto_approve_per_day`
    how many such changes are merged in 24 hours.
    """

    deletes: Mapping[str, int] = {}
    percent: int = 30
    percent_from: int = 20
    auto_approve: int = 20
    auto_approve_per_day: int = 20


class RuleSetting(NamedTuple):
    """Severity (None: the rule's own) and options of one lint rule; `place` is where its name stands, for messages.

    Neither a setting nor the rule's own severity goes below `floor`, which a platform's policy sets.
    """

    severity: Severity | None = None
    options: Mapping[str, object] = {}
    place: str = ""
    floor: Severity = Severity.off

    def __eq__(self, other: object) -> bool:
        """Where it is said does not count."""
        return isinstance(other, RuleSetting) and self._replace(place="")[:] == other._replace(place="")[:]

    def __ne__(self, other: object) -> bool:
        return not self == other


class PathRules(NamedTuple):
    """Rule settings for files that match a glob; later entries win."""

    paths: tuple[str, ...]
    rules: Mapping[str, RuleSetting]


class Forks(NamedTuple):
    """Whether changes from forks, which have no credentials, are planned against a snapshot, and its path."""

    allowed: bool = False
    snapshot: str | None = None


LEDGERS = "_kafka_gitops."  # how the topics of ledgers begin: no file manages them
LEDGER_MODES = ("off", "optional", "required")  # each stricter than the one before
ACTORS = ("login", "id", "none")  # each tells less than the one before


class Ledger(NamedTuple):
    """Whether what is applied is recorded in the cluster (`mode`), under which owner (None: named after the
    repository), whose name is in it (`actors`), and for how many days a run is kept."""

    mode: str = "off"
    owner: str | None = None
    actors: str = "login"
    keep: int = 400

    @property
    def on(self) -> bool:
        """Whether it is used at all."""
        return self.mode != "off"


class Rest(NamedTuple):
    """How a REST server is reached: its addresses, of which any will do, and who logs in, with secrets in clear.

    `ca`, `certificate` and `key` are paths of PEM files, `context` is a registry's, `home` the
    environment that owns what is on a server of several; `at` is the key in the config that
    says it all, for messages.
    """

    urls: tuple[str, ...]
    username: str | None = None
    password: str | None = None
    token: str | None = None
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    context: str | None = None
    at: str = ""
    home: str | None = None

    def __eq__(self, other: object) -> bool:
        """Where it is said does not count."""
        return isinstance(other, Rest) and self._replace(at="")[:] == other._replace(at="")[:]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __repr__(self) -> str:
        """Without secrets."""
        return f"Rest(urls={self.urls}, username={self.username!r}, at={self.at!r})"

    @property
    def files(self) -> tuple[str | None, str | None, str | None]:
        """`ca`, `certificate` and `key`."""
        return self.ca, self.certificate, self.key


class Settings(NamedTuple):
    """Everything one run needs to know, for one environment (`environment` None: none is selected).

    `topology` are the paths to read when the command line names none; `plugins` the files of own rules, by the path as
    written. `scopes` are all that bound the run (the repository's, the platform policy's): a resource must be inside
    each. Topic configs of `ignore_configs`, which somebody wrote, are never touched; those of `ignore_undeclared`, our
    own list where nobody wrote one, only while no file declares them: a reassignment sets and clears its throttles.
    `client` holds librdkafka keys with their secrets in clear and is never printed. `registry` is the schema registry,
    `connect` are the Connect clusters by name. `foreign_versions` is `drift` where a newer version of a subject that no
    file has is a difference. `forks` is what becomes of changes from forks, `ledger` how what is applied is recorded.
    `max_hold` is for how many days a `hold` may last.
    """

    environment: str | None = None
    topology: tuple[str, ...] = ()
    recursive: bool = False
    language: Language = Language()
    kafka_version: str | None = None
    rules: Mapping[str, RuleSetting] = {}
    overrides: tuple[PathRules, ...] = ()
    plugins: Mapping[str, str] = {}
    baseline: str | None = None
    scopes: tuple[Scope, ...] = ()
    protect: Mapping[str, tuple[str, ...]] = {}
    limits: Limits = Limits()
    max_hold: int = 14
    prune: frozenset[str] = frozenset()
    keep_undeclared_configs: bool = False
    ignore_configs: tuple[str, ...] = ()
    ignore_undeclared: tuple[str, ...] = THROTTLES
    client: Mapping[str, str] = {}
    registry: Rest | None = None
    connect: Mapping[str, Rest] = {}
    principal: str | None = None
    cluster_id: str | None = None
    brokers: int | None = None
    broker_defaults: Mapping[str, str] = {}
    foreign_versions: str = "allow"
    forks: Forks = Forks()
    ledger: Ledger = Ledger()
    timeout: float | None = None
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Without what may hold secrets."""
        shown = (f"{name}={value!r}" for name, value in self._asdict().items() if name not in _SECRET)
        return f"Settings({', '.join(shown)})"

    def servers(self) -> tuple[Rest, ...]:
        """The REST servers that are configured."""
        return (*(() if self.registry is None else (self.registry,)), *self.connect.values())
