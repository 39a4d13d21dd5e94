"""What is a secret in a connector's config, which references stand for secrets, and how texts of a worker lose them."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

MASK = "(secret)"

# How Connect finds references (ConfigTransformer.DEFAULT_PATTERN): ${provider:key}, ${provider:path:key}
_REFERENCE = r"\$\{([^}]*?):(?:([^}]*?):)?([^}]*?)\}"  # compiled where it is used: most runs see no connector
_KEY = (
    r"(?:^|[._-])(?:password|passwd|pwd|passphrase|secret|client[._-]secret|token|jaas[._-]config|user[._-]?info"
    r"|credentials(?:[._-]json)?|private[._-]key|ssl[._-]keystore[._-]key|key[._-]pem|api[._-]?key|secret[._-]?key"
    r"|access[._-]?key|connection[._-]string)$"
)
_CAMEL = r"(?<=[a-z0-9])(?=[A-Z])"
_VALUE = (
    r"(?is)-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|CERTIFICATE)"  # PEM
    r"|LoginModule\s+(?:required|requisite|sufficient|optional)\b.*(?:password|secret|token)\w*\s*=\s*[\"']?[^\s\"';]"
    r"|\b[a-z][a-z0-9+.-]*://[^\s/:@?#]+:[^\s/@?#]+@"  # a URL with user info
    r"|[?&;](?:password|pwd|secret|token|apikey|api_key|accountkey|sharedaccesskey)=[^&;\s]+"  # in its query
)
_WORD = r"(\b\w*(?:password|passwd|secret|token|apikey)\w*\s*[=:]\s*)"
_SAID = (  # what a worker's or a plugin's words may hold: each pattern keeps its first group
    (r"(?i)(\b[a-z][a-z0-9+.-]*://)[^\s/@]+@", r"\1(secret)@"),
    (rf"(?i){_WORD}(?:\"[^\"]*\"|'[^']*'|[^\s,;}}&]+)", r"\1(secret)"),
    (r"(?s)(Connector config )\{.*\}", r"\1{...}"),
)


class Reference(NamedTuple):
    """`${provider:path:key}`; `path` is empty where there is none. As a text it is what stands in the braces."""

    provider: str
    path: str
    key: str

    def __str__(self) -> str:
        return ":".join(filter(None, self))


def references(text: str) -> Iterator[Reference]:
    """The references that Connect would put values for."""
    for provider, path, key in re.findall(_REFERENCE, text):
        yield Reference(provider, path, key)


def is_secret_name(key: str) -> bool:
    """Whether a config key holds a secret by its name: `connection.password`, `aws.secretKey`, `x.sasl.jaas.config`."""
    return bool(re.search(_KEY, re.sub(_CAMEL, ".", key).lower()))


def is_literal_secret(key: str, value: str, passwords: Collection[str] = ()) -> bool:
    """Whether a value is a secret in clear: by the key's name, by `passwords` (keys that the plugin declares so), or by
    what it looks like (JAAS, PEM, a URL with user info). A value whose secret parts are references is none."""
    if not value:
        return False
    bare = re.sub(_REFERENCE, " ", value)
    declared = is_secret_name(key) or key in passwords
    return (declared and bare == value) or bool(re.search(_VALUE, bare))


def masked(config: Mapping[str, str], passwords: Collection[str] = ()) -> dict[str, str]:
    """A config without the text of any secret."""
    return {key: MASK if is_literal_secret(key, value, passwords) else value for key, value in config.items()}


def scrubbed(text: str, known: Iterable[str] = ()) -> str:
    """A worker's words on one line, without the `known` secrets and without what looks like one."""
    for secret in sorted(filter(None, known), key=len, reverse=True):
        text = re.sub(re.escape(secret), MASK, text, flags=re.IGNORECASE)  # plugins say names of theirs in capitals
    for pattern, instead in _SAID:
        text = re.sub(pattern, instead, text)
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
