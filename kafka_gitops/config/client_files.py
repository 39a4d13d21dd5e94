"""JulieOps' or Java's client files to client keys, words of kafka-gitops.yaml and servers; a later one wins."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops import pem
from kafka_gitops.config import client_keys, conf, connection, julieops, properties, servers, unused
from kafka_gitops.config.given import Given
from kafka_gitops.config.layers import Layer, Written, filled
from kafka_gitops.config.load import text_of
from kafka_gitops.config.servers import Servers
from kafka_gitops.errors import ConfigError

Keys = dict[str, Given]


class ClientFile(NamedTuple):
    """What client files say together: client keys, JulieOps' keys, notes, registry and Connect.

    `layered` tells which keys a later file has instead of an earlier one; `unused` are the keys without an effect.
    """

    client: Layer
    julie: julieops.Read
    notes: tuple[str, ...]
    servers: Servers
    layered: tuple[str, ...] = ()
    unused: Mapping[str, Given] = {}


def read(
    paths: Sequence[str], variables: Mapping[str, str] | None, text: Callable[[str], str | None] = lambda _: None
) -> ClientFile:
    """The client files as one, key by key as JulieOps' --overridingClientConfig; without variables no client keys.

    `text` gives what counts instead of what lies at a path. An element of a list (`key.0`) is a key of its own.
    Raises ConfigError where one cannot be read or says what cannot be.
    """
    files = [_keys(path, text(path)) for path in paths]
    given: Keys = {}
    for keys in files:
        given = {**{key: one for key, one in given.items() if key not in keys}, **keys}
    rest = {key: one for key, one in given.items() if not client_keys.is_client_key(key)}
    said = julieops.read(rest)
    called = ", ".join(paths)
    notes = [*said.notes, *(note for path, keys in zip(paths, files, strict=True) for note in _odd(path, keys))]
    needless = {key: rest[key] for key in said.unused}
    notes += unused.told(needless, f"{called}: no effect here")
    over = tuple(_over(paths, files))
    if variables is None:
        return ClientFile(Layer({}, [], []), said, tuple(notes), servers.none(), over, needless)
    layer = _joined([_filled(keys, variables) for keys in files])
    beside = servers.from_properties(called, rest, layer.given, variables)
    return ClientFile(layer, said, tuple(notes), beside, over, needless)


def _keys(path: str, text: str | None) -> Keys:
    if path.endswith(".json"):
        help = "Write its keys as a .properties file: key=value, a line each."
        raise ConfigError(f"{path}: JSON is not read here", help=help)
    text = text_of(path, "the client file") if text is None else text
    pem.keep(text)
    parse = conf.parse if path.endswith(".conf") else properties.parse
    given = {key: Given(one.value, f"{path}:{one.line}") for key, one in parse(path, text).items()}
    for key, one in given.items():
        client_keys.keep(key, one.value)
        if pem.holds_pem(one.value) and "-----END" not in one.value and "-----END" in text:
            raise ConfigError(
                f"{one.origin}: the PEM text of {key} ends with its first line",
                help="Write it in one line with \\n in place of each line end, or name the file: ssl.key.location",
            )
    return given


def _odd(path: str, keys: Keys) -> list[str]:
    """Notes about quotes in a .properties file, and about variables where none is filled in."""
    notes = []
    for key, one in keys.items():
        if len(one.value) > 1 and one.value[0] == one.value[-1] == '"' and not path.endswith(".conf"):
            notes.append(f"{one.origin}: the quotes are part of the value of {key}; a .properties file needs none")
        if "${" in one.value and key in julieops.TEXTS:
            notes.append(
                f"{one.origin}: ${{...}} is text in {key}: variables are filled in where it is said how to connect"
            )
    return notes


def _filled(keys: Keys, variables: Mapping[str, str]) -> Layer:
    written = [Written(key, one.value, one.origin) for key, one in keys.items() if client_keys.is_client_key(key)]
    return filled(written, variables)


def _joined(layers: Sequence[Layer]) -> Layer:
    """Layers as one; of a variable that is not set nothing is said where a later layer sets the key."""
    unset = []
    for at, layer in enumerate(layers):
        settled = frozenset(key for later in layers[at + 1 :] for key in connection.set_by(later.given))
        unset += [(key, said) for key, said in layer.unset if client_keys.RENAMED.get(key, key) not in settled]
    problems = [problem for layer in layers for problem in layer.problems]
    return Layer(connection.laid([layer.given for layer in layers]), problems, unset)


def _over(paths: Sequence[str], files: Sequence[Keys]) -> list[str]:
    """`b.properties wins over a.properties for bootstrap.servers`, for each two files with a key of an effect."""
    told = []
    for at, path in enumerate(paths):
        for earlier in range(at):
            settled = connection.set_by(files[earlier])
            same = [key for key in files[at] if client_keys.RENAMED.get(key, key) in settled]
            keys = [key for key in same if unused.has_effect(key)]
            told += [f"{path} wins over {paths[earlier]} for {', '.join(keys)}"] if keys else []
    return told
