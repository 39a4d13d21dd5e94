"""A snapshot as bytes and back: compressed JSON with a digest; the same contents give the same bytes."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kafka_gitops import __version__
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.snapshot.contents import AGAIN, Snapshot
from kafka_gitops.snapshot.format import FORMAT, dump, load

MOST = 128 * 1024 * 1024  # bytes of JSON: 500,000 ACLs have 60 MB
MOST_PACKED = 32 * 1024 * 1024
_SYSTEM = 9  # where gzip's header (RFC 1952) says on which system it was packed
_ANY = 255


def dumps(snapshot: Snapshot) -> bytes:
    """The bytes of the file: no time and no name but those of the contents are in it."""
    body = {**dump(snapshot), "tool": __version__}
    body["digest"] = _digest(body)
    packed = bytearray(gzip.compress(_json(body).encode() + b"\n", compresslevel=6, mtime=0))
    packed[_SYSTEM] = _ANY
    return bytes(packed)


def _json(body: object) -> str:
    return json.dumps(body, sort_keys=True, separators=(",", ":"))


def _digest(body: Mapping[str, Any]) -> str:
    return "sha256:" + hashlib.sha256(_json(body).encode()).hexdigest()


def read(path: str) -> Snapshot:
    """The snapshot of a file. Raises KafkaGitopsError for what is none, is damaged, too large or of another format."""
    try:
        with Path(path).open("rb") as file:
            packed = file.read(MOST_PACKED + 1)
    except OSError as failure:
        raise KafkaGitopsError(f"The snapshot {path} cannot be read: {failure.strerror}.", help=AGAIN) from None
    if len(packed) > MOST_PACKED:
        raise _wrong(path, f"has more than {MOST_PACKED // 1024**2} MB, which no snapshot has")
    return loads(packed, path)


def loads(packed: bytes, path: str) -> Snapshot:
    """The same from the bytes of a file, whose name is told in errors."""
    try:
        body = json.loads(_unpacked(packed, path))
    except (ValueError, RecursionError):
        raise _wrong(path, "is not a snapshot: it holds no JSON") from None
    if not isinstance(body, dict) or "kafka" not in body:
        raise _wrong(path, "is not a snapshot: it holds other JSON")
    if body.get("format") != FORMAT:
        found = ascii(body.get("format"))[:20]
        raise _wrong(path, f"has snapshot format {found}, expected {FORMAT}: another version of kafka-gitops made it")
    digest = body.pop("digest", None)
    try:
        if digest != _digest(body):
            raise _wrong(path, "was edited or damaged after it was made: its digest is not that of its content")
        return load(body)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as odd:
        raise _wrong(path, f"is not a snapshot: {type(odd).__name__} {str(odd)[:200]}") from None


def _wrong(path: str, what: str) -> KafkaGitopsError:
    return KafkaGitopsError(f"{path} {what}.", help=AGAIN)


def _unpacked(packed: bytes, path: str) -> bytes:
    """The JSON of a file, of which no more is ever held than a snapshot may have."""
    if packed[:2] != b"\x1f\x8b":
        raise _wrong(path, "is not a snapshot: it is not compressed by gzip")
    unpack = zlib.decompressobj(wbits=31)
    try:
        found = unpack.decompress(packed, MOST + 1)
    except zlib.error as failure:
        raise _wrong(path, f"is damaged: {failure}") from None
    if len(found) > MOST:
        raise _wrong(path, f"holds more than {MOST // 1024**2} MB, which no snapshot has")
    if not unpack.eof:
        raise _wrong(path, "is cut off: its end is missing")
    return found
