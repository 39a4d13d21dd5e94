"""The REST servers beside the brokers: `schema_registry`, `connect` of an environment, and JulieOps' keys of both."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias
from urllib.parse import SplitResult, unquote, urlsplit

from kafka_gitops.config import client_keys, stores
from kafka_gitops.config.given import Given
from kafka_gitops.config.layers import NOT_SET
from kafka_gitops.config.load import File
from kafka_gitops.config.variables import fill
from kafka_gitops.redact import keep_secret
from kafka_gitops.settings import Rest
from kafka_gitops.text.source import Node

REGISTRY, CONNECT = "schema_registry", "connect"
SECRET = ("password", "token")
PATHS = ("ca", "certificate", "key")
Server: TypeAlias = dict[str, tuple[Given, ...]]  # by key; several values only of `url`


class Servers(NamedTuple):
    """Servers by their dotted name (`schema_registry`, `connect.main`), what is wrong, what is to be noted, what is
    said of variables that are not set; `at` tells of each where it is configured, as messages name it."""

    given: dict[str, Server]
    at: dict[str, str]
    problems: list[str]
    notes: list[str]
    unset: list[str]

    def over(self, other: "Servers") -> "Servers":
        """These, and those of the other one that are not among them."""
        lists = (mine + theirs for mine, theirs in zip(self[2:], other[2:], strict=True))
        return Servers({**other.given, **self.given}, {**other.at, **self.at}, *lists)

    def origins(self) -> dict[str, str]:
        """Where each value comes from, by dotted name."""
        keys = ((name, key, values) for name, server in self.given.items() for key, values in server.items())
        return {f"{name}.{key}": values[0].origin for name, key, values in keys if values}

    def rests(self) -> dict[str, Rest]:
        """The servers as records, with their secrets."""
        return {name: _rest(server, self.at[name]) for name, server in self.given.items()}

    def clusters(self) -> dict[str, Rest]:
        """The Connect clusters, by the name that files give them."""
        return {name.partition(".")[2]: rest for name, rest in self.rests().items() if name != REGISTRY}


def none() -> Servers:
    """No server at all."""
    return Servers({}, {}, [], [], [])


def from_environment(file: File, node: Node, name: str, variables: Mapping[str, str]) -> Servers:
    """The servers of an environment, with variables filled in; files beside the config as seen from here."""
    found = none()
    for server, below in _nodes(node):
        found.at[server] = f"environments.{name}.{server}"
        keys = found.given[server] = {}
        for key, child in below.map.items():
            items = child.items if child.is_list else [child]
            said = f"{server}.{key} of environment {name}"
            keys[key] = tuple(_filled(found, key, item.raw or "", str(item.span), said, variables) for item in items)
            if key in PATHS:
                keys[key] = tuple(one._replace(value=file.below(one.value)) for one in keys[key] if one.value)
        found.problems.extend((*_wrong(server, keys), *_homeless(server, keys, file)))
        found.notes.extend(
            f"{one.origin}: {server}.{key} is written in the file; anybody who reads the repository can use it; "
            "write ${VARIABLE} instead"
            for key in SECRET
            for one in keys.get(key, ())
            if one.written is None and one.value
        )
    return found


def _nodes(node: Node) -> Iterator[tuple[str, Node]]:
    for name, child in node.map.items():
        if name == REGISTRY:
            yield name, child
        elif name == CONNECT:
            yield from ((f"{CONNECT}.{label}", server) for label, server in child.map.items())


def _filled(found: Servers, key: str, raw: str, place: str, said: str, variables: Mapping[str, str]) -> Given:
    text = fill(raw, place, variables, key=said, secret=key in SECRET)
    if key in SECRET:
        keep_secret(text.text)
    client_keys.keep(key if key == "url" else "", text.text)
    origin = place + (f", variable {', '.join(text.variables)}" if text.variables else "")
    found.problems.extend(text.problems)
    found.unset.extend(text.unset)
    return Given(text.text, origin + (NOT_SET if text.unset else ""), raw if text.variables else None)


def _wrong(name: str, server: Server) -> Iterator[str]:
    """What is wrong with the keys of one server; of a variable that is not set nothing more is said."""
    for one in server.get("url", ()):
        if not one.origin.endswith(NOT_SET) and (why := _no_address(one.value)) is not None:
            yield f"{one.origin}: {name}.url {why}"
    for key, other in (("username", "password"), ("password", "username"), ("key", "certificate")):
        if key in server and other not in server:
            yield f"{server[key][0].origin}: {name}.{key} needs {other}, which is not set"
    if "token" in server and "username" in server:
        yield f"{server['token'][0].origin}: {name}.token and username are two logins; keep one of them"


def _homeless(name: str, server: Server, file: File) -> Iterator[str]:
    """A home that is no environment."""
    environments = file.root.get("environments")
    known = [] if environments is None else [*environments.map]
    for one in server.get("home", ()):
        if one.value not in known:
            yield f'{one.origin}: {name}.home is "{one.value}", which is no environment; there are {", ".join(known)}'


def _no_address(url: str) -> str | None:
    """Why a text is not the address of a server; a login in it is never shown."""
    parts = _parts(url)
    if parts is not None and (parts.username is not None or parts.password is not None):
        return "holds a login before an @; put it under username and password"
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return f'is "{url.rpartition("@")[2]}", which is not an address; expected https://HOST:PORT'
    return "holds a ?, which no address of a server has" if parts.query or parts.fragment else None


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - looked at, which says whether it is one
    except ValueError:
        return None
    return parts


def _rest(server: Server, at: str) -> Rest:
    one = {key: values[0].value for key, values in server.items() if key != "url" and values}
    return Rest(tuple(url.value.rstrip("/") for url in server.get("url", ())), **one, at=at)


_PREFIX = "schema.registry."
_AUTH = ("basic.auth.credentials.source", "basic.auth.user.info", "bearer.auth.credentials.source", "bearer.auth.token")
_TLS = ("ssl.ca.location", "ssl.certificate.location", "ssl.key.location", *client_keys.STORE_PARTS)
_KEYS = {f"{_PREFIX}url", *_AUTH, *(f"{_PREFIX}{key}" for key in (*_AUTH, *_TLS) if key != "sasl.jaas.config")}
_LIST = re.compile(r"platform\.servers\.(connect|basic\.auth)\.\d+")
_MADE_OF = {"ca": "ssl.ca.location", "certificate": "ssl.certificate.location", "key": "ssl.key.location"}


def is_key(key: str) -> bool:
    """Whether a key of a .properties file says how a registry or Connect is reached."""
    return key in _KEYS or (key.startswith("platform.servers.basic.auth.") and bool(_LIST.fullmatch(key)))


def from_properties(
    path: str, rest: Mapping[str, Given], client: Mapping[str, Given], variables: Mapping[str, str]
) -> Servers:
    """The servers of a JulieOps file: `rest` are its keys that are no client keys, `client` those that are.

    What is wrong with them is noted, and none is used then: many a file has them for nothing.
    Source: JulieOps' Configuration.java; the registry's keys are those of Confluent's SchemaRegistryClientConfig.
    """
    found = none()
    mine = {key: one for key, one in rest.items() if is_key(key) or _LIST.fullmatch(key)}
    ours = {key: one for key, one in mine.items() if not one.value.startswith('"')}  # quotes are noted elsewhere
    filled = {
        key: _filled(found, "password" if _secret(key) else "", one.value, one.origin, key, variables)
        for key, one in ours.items()
    }
    registry = _registry(found, filled, client)
    if registry is not None:
        found.given[REGISTRY] = registry
    tls: dict[str, Given] = {}
    stores.read(client, tls)  # what is wrong with them is told where the client keys are
    for label, server in _connect(filled):
        secure = any(one.value.startswith("https:") for one in server["url"])
        given = {key: (tls[name],) for key, name in _MADE_OF.items() if name in tls and secure}
        found.given[f"{CONNECT}.{label}"] = {**server, **given}
    for name in list(found.given):
        found.at[name] = f"{name} in {path}"
        found.problems.extend(_wrong(name, found.given[name]))
    wrong = [f"{said} (not used)" for said in (*found.problems, *found.unset)]
    return Servers({}, {}, [], wrong, []) if wrong else found


def _secret(key: str) -> bool:
    return key.endswith(("user.info", "auth.token", ".password")) or key.startswith("platform.servers.basic.auth.")


def _registry(found: Servers, given: Mapping[str, Given], client: Mapping[str, Given]) -> Server | None:
    urls = given.get(f"{_PREFIX}url")
    if urls is None or urls.value.startswith("mock://"):
        return None
    own = {key.removeprefix(_PREFIX): one for key, one in given.items()}
    server: Server = {"url": tuple(urls._replace(value=_bare(part)) for part in _split(urls.value))}
    source = own["basic.auth.credentials.source"].value.strip() if "basic.auth.credentials.source" in own else ""
    info = own.get("basic.auth.user.info")
    if source == "SASL_INHERIT" and "sasl.username" in client:
        server |= {"username": (client["sasl.username"],), "password": (client["sasl.password"],)}
    elif source == "URL" and (login := _login_of(urls)) is not None:
        server |= _login(urls, *login)
    elif info is not None:
        server |= _login(info, *info.value.partition(":")[::2])
    if own.get("bearer.auth.token") is not None:
        server["token"] = (own["bearer.auth.token"],)
    tls: dict[str, Given] = {key: one for key, one in own.items() if key in _MADE_OF.values()}
    wrong = stores.read({key: one for key, one in own.items() if key.startswith("ssl.")}, tls)
    found.problems.extend(re.sub(r"\bssl\.(?=[a-z]+\.location)", f"{_PREFIX}ssl.", one) for one in wrong)
    return {**server, **{key: (tls[name],) for key, name in _MADE_OF.items() if name in tls}}


def _split(urls: str) -> list[str]:
    return [part.strip() for part in urls.split(",") if part.strip()]


def _bare(url: str) -> str:
    """An address without its login."""
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


def _login_of(urls: Given) -> tuple[str, str] | None:
    for url in _split(urls.value):
        parts = _parts(url)
        if parts is not None and parts.username:
            return unquote(parts.username), unquote(parts.password or "")
    return None


def _login(origin: Given, username: str, password: str) -> Server:
    keep_secret(password)
    return {key: (Given(text, origin.origin),) for key, text in (("username", username), ("password", password))}


def _connect(given: Mapping[str, Given]) -> Iterable[tuple[str, Server]]:
    """`label:url` and `label@user:password` as servers."""
    logins = {}
    for key, one in given.items():
        if key.startswith("platform.servers.basic.auth."):
            label, _, login = one.value.strip().partition("@")
            logins[label] = _login(one, *login.partition(":")[::2])
    for key, one in given.items():
        if key.startswith("platform.servers.connect."):
            label, _, url = one.value.strip().partition(":")
            yield label, {"url": (one._replace(value=_bare(url)),), **logins.get(label, {})}
