"""Texts under the size that a broker takes of one record (1 MB unless it says otherwise): zlib, base64, in parts."""

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kafka_gitops.ledger import chain, records
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Run
from kafka_gitops.ledger.records import Damaged
from kafka_gitops.shape.exact import Json

MOST = 900_000  # bytes of a value: a broker's message.max.bytes is 1,048,588 unless somebody lowers it
PLAIN = 64_000  # a run up to this size is readable as it lies in the topic
_PRESSED = 6  # the level: 9 takes three times as long for a few bytes
_WHOLE = 64 * 1024 * 1024  # of what is unpacked: whoever may write the topic wrote it


def packed(lines: Iterable[str], most: int = MOST) -> Iterator[str]:
    """Lines as texts of at most `most` bytes, each to be unpacked by itself; of no lines none.

    Only a line that is longer than that even when it is packed makes a longer text.
    """
    room = most // 4 * 3
    press, parts, raw, done = zlib.compressobj(_PRESSED), list[bytes](), 0, 0
    for line in lines:
        data = f"{line}\n".encode("utf-8", "surrogatepass")
        if parts and done + raw + len(data) > room:  # what is not flushed yet counts as if it could not be packed
            parts.append(press.flush(zlib.Z_SYNC_FLUSH))
            done, raw = sum(map(len, parts)), 0
            if done + len(data) > room - room // 16:
                yield _text([*parts, press.flush()])
                press, parts, done = zlib.compressobj(_PRESSED), [], 0
        parts.append(press.compress(data))
        raw += len(data)
    if parts:
        yield _text([*parts, press.flush()])


def unpacked(text: str, key: str) -> list[str]:
    """The lines of such a text. Raises Damaged."""
    try:
        press = zlib.decompressobj()
        data = press.decompress(base64.b64decode(text, validate=True), _WHOLE)
        if press.unconsumed_tail or not press.eof or data[-1:] != b"\n":
            raise Damaged(f"the record {key!a} is damaged: it ends early, or is larger than any that was written")
        return data.decode("utf-8", "surrogatepass").split("\n")[:-1]
    except (binascii.Error, zlib.error, UnicodeError, ValueError) as error:
        raise Damaged(f"the record {key!a} is damaged: {error}") from None


def entries(run: Run) -> tuple[Entry, ...]:
    """A run's record as what is appended: where it is long, the outcomes in parts of their own, `run/RUN/N`, first."""
    return entries_of(run.key, records.body(run))


def entries_of(
    key: str, data: Json, digest: str | None = None, outcomes: Sequence[str] | None = None
) -> tuple[Entry, ...]:
    """The same of plain data, as `whole` gives it; `digest` is its hash, `outcomes` its `records.lines`, where somebody
    has them."""
    lines = records.lines(data) if outcomes is None else outcomes
    plain = records.joined(data, lines)
    if len(plain) <= PLAIN:
        return (Entry(key, plain),)
    texts = list(packed(lines))
    head = {**data, "outcomes": [], "packed": len(texts), "digest": digest or chain.digest(data, lines)}
    parts = (Entry(f"{key}/{number}", _part(data, text)) for number, text in enumerate(texts, 1))
    return (*parts, Entry(key, records.canonical(head)))


def _part(data: Mapping[str, Any], text: str) -> bytes:
    told = {"format": records.FORMAT, "record": "run", "cluster": data["cluster"], "outcomes": text}
    return records.canonical(told)


def whole(key: str, values: Mapping[str, bytes]) -> Json:
    """The plain data of a run's record from all values by key, its parts joined. Raises Damaged, Newer."""
    data = records.parsed(key, values[key])
    number = data.pop("packed", 0)
    told = data.pop("digest", None)
    if type(number) is not int or not number:
        return data
    lines: list[str] = []
    for part in (f"{key}/{one}" for one in range(1, number + 1)):
        if part not in values:
            raise Damaged(f"the record {key!a} is damaged: its part {part!a} is missing")
        lines += unpacked(str(records.parsed(part, values[part]).get("outcomes")), part)
    try:
        found = {**data, "outcomes": [json.loads(line) for line in lines]}
    except (ValueError, RecursionError):
        raise Damaged(f"the record {key!a} is damaged: an outcome is not JSON") from None
    if chain.digest(found) != told:
        raise Damaged(f"the record {key!a} is damaged: its parts are not its own")
    return found


def _text(parts: Iterable[bytes]) -> str:
    return base64.b64encode(b"".join(parts)).decode()
