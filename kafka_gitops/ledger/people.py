"""Who did what, as far as somebody told: facts with their source, and people, who can be erased."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

from kafka_gitops.redact import redact

PLATFORM: Final = "platform API"
ENVIRONMENT: Final = "environment"
GIT: Final = "git (unproved)"
Source: TypeAlias = Literal["platform API", "environment", "git (unproved)"]
Text: TypeAlias = str | None
LONGEST = 4_000  # characters of a value that a record holds in full


@dataclass(frozen=True)
class Fact:
    """What somebody told, and who."""

    value: Annotated[str, "What is said."]
    source: Annotated[Source, "Who says so; `git (unproved)` can be written by anybody who can commit."]


@dataclass(frozen=True)
class Person:
    """A login or id, erasable: the chain of hashes holds only `commitment`, which says nothing without the salt."""

    name: Annotated[Text, "The login or id; null once it is erased."]
    source: Annotated[Source, "Who says so."]
    salt: Annotated[Text, "Random hex digits; null once the name is erased."]
    commitment: Annotated[str, "sha256 of salt, a line feed and the name."]


def person(name: str, source: Source, salt: str) -> Person:
    """Somebody; `salt` is 32 random hex digits (`secrets.token_hex(16)`), new for each."""
    return Person(name, source, salt, committed(salt, name))


def committed(salt: str, name: str) -> str:
    """What the chain holds of a person."""
    return "sha256:" + hashlib.sha256(f"{salt}\n{name}".encode("utf-8", "surrogatepass")).hexdigest()


def short(text: Text) -> Text:
    """A value without any known secret, of a very long one (a schema) the beginning and its hash: git has the rest."""
    if text is None:
        return None
    text = redact(text)  # first: the beginning of a secret is not known for one
    if len(text) <= LONGEST:
        return text
    told = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{text[:1_000]}... ({len(text):,} characters, sha256:{told})"
