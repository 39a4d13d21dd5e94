"""Who owns what is applied: the owner's name, its topic's name, and that only one repository writes for an owner."""

import re
from typing import TYPE_CHECKING, NamedTuple

from kafka_gitops.errors import Blocked, ConfigError
from kafka_gitops.ledger.log import PREFIX

if TYPE_CHECKING:  # a plan knows whose it is before the rest of a ledger is loaded
    from kafka_gitops.ledger.nouns import Owner

_ILLEGAL = re.compile("[^A-Za-z0-9_-]+")
_LOGIN = re.compile(r"\A((?:[\w+.-]+::)?[\w+.-]+://)?.*@", re.DOTALL)  # a password may hold anything, an @ or a / too
_HOST = r"(?P<host>\[[^\]]*\]|[^:/]{})"
_SCP = re.compile(_HOST.format("+") + r":(?P<path>(?!//).+)", re.DOTALL)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://" + _HOST.format("*") + r"(?::\d+)?/(?P<path>.+)", re.DOTALL | re.IGNORECASE)
_LONGEST = 249  # of a topic's name


class Identity(NamedTuple):
    """Who a run is: the owner, its environment, its repository, and the config's path from the root on."""

    owner: str
    environment: str | None
    repository: str
    config: str

    @property
    def topic(self) -> str:
        """The name of its ledger's topic."""
        return topic_name(self.owner, self.environment)


def repository_id(url: str) -> str:
    """What a remote's URL says wherever it is cloned from: `github.com/acme/payments`, without scheme and login.

    Of what is no path of this machine nothing before the last @ is left, however odd the URL is: it ends in a topic's
    name and in records that nobody can take back.
    """
    url = url.strip()
    if not url.startswith(("/", ".", "file:///")):
        url = _LOGIN.sub(r"\1", url)
        url = url.partition("?")[0] if "://" in url else url
    found = _URL.fullmatch(url) or _SCP.fullmatch(url)
    if found is None:
        return url.rstrip("/").removesuffix(".git")
    path = found["path"].strip("/").removesuffix(".git").rstrip("/")
    return f"{found['host'].lower()}/{path}"


def identity(given: str | None, environment: str | None, remote: str | None, config: str) -> Identity:
    """Who a run is: `given` is `owner:` of the config, `remote` the URL of the repository's remote.

    Raises ConfigError where neither tells.
    """
    repository = repository_id(remote) if remote else ""
    if not given and not repository:
        said = "The ledger needs to know whose it is, and this repository has no remote to name it after"
        raise ConfigError(said, help="Write `owner: NAME` into kafka-gitops.yaml.")
    return Identity(given or f"{repository}:{config}", environment, repository, config)


def topic_name(owner: str, environment: str | None) -> str:
    """`_kafka_gitops.OWNER.ENVIRONMENT`; where a character had to be replaced, with a hash of what was meant."""
    told = [owner] if environment is None else [owner, environment]
    plain = [_ILLEGAL.sub("-", part).strip("-") or "x" for part in told]
    name = PREFIX + ".".join(plain)
    if plain == told and len(name) <= _LONGEST:
        return name
    import hashlib

    meant = hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{name[: _LONGEST - 9]}-{meant}"


def stop_on_another(mine: Identity, known: "Owner | None", topic: str) -> None:
    """Raise Blocked where the ledger is another repository's, config's, owner's or environment's."""
    if known is None:
        return
    theirs = Identity(known.owner, known.environment, known.repository, known.config)
    if theirs != mine:
        said = f"The ledger {topic} is written by {_says(theirs)}, and this run is {_says(mine)}"
        help = "Give one of them another `owner:` in kafka-gitops.yaml: each owner is one config of one repository.\n"
        help += "Where the repository or its config only has another place now, say so once: kafka-gitops ledger move"
        if theirs.repository and mine == theirs._replace(repository=mine.repository) and not mine.repository:
            help = f"This run is in no clone that has a remote. Run it in a clone of {theirs.repository}."
        raise Blocked(said, help=help)


def _says(one: Identity) -> str:
    of = f" for {one.environment}" if one.environment is not None else ""
    return f"owner {one.owner}{of} ({one.repository or 'a repository without a remote'}, {one.config})"
