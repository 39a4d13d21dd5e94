"""What single files contribute, as an earlier run read them: by path and text, under the same settings and tool.

Files are spread over some entries, so that a change of one writes little anew.
"""

import json
import os
import zlib
from typing import Any

from kafka_gitops import redact, seen
from kafka_gitops.cache import key
from kafka_gitops.cache.store import Store
from kafka_gitops.text.source import Source

BOXES = 16


class _Box:
    """One entry: by path the hash of a text with what was made of it; `new` tells that it is to be written."""

    def __init__(self, salt: bytes, files: dict[str, list[Any]]) -> None:
        self.salt, self.files, self.new = salt, files, False


class Shelf:
    """What is known of files; what a run learns of others is kept by `save`."""

    def __init__(self, store: Store, name: str) -> None:
        self._store, self._name = store, name
        self._boxes: dict[int, _Box] = {}
        self._asked: set[str] = set()
        code = _entry(store, f"{name}-code")
        self._known = code is not None and key.unchanged(code["code"])

    def get(self, source: Source) -> Any:
        """What was put for a file of the same path and text; None where nothing was."""
        self._asked.add(source.path)
        box = self._box(source.path)
        found = box.files.get(source.path)
        return found[1] if found is not None and found[0] == _hash(source, box) else None

    def put(self, source: Source, plain: Any) -> None:
        """Remember plain data of a file."""
        box = self._box(source.path)
        box.files[source.path], box.new = [_hash(source, box), plain], True

    def save(self) -> None:
        """Keep what was put; nothing of an entry that would hold a secret."""
        new = {number: box for number, box in self._boxes.items() if box.new}
        if new and not self._known:
            self._store.put(f"{self._name}-code", json.dumps({"code": key.loaded()}).encode())
        for number, box in new.items():
            files = {path: found for path, found in box.files.items() if path in self._asked or os.path.lexists(path)}
            text = json.dumps({"salt": box.salt.hex(), "files": files}, separators=(",", ":"))
            if redact.redact(text) == text:
                self._store.put(f"{self._name}-{number}", text.encode())

    def _box(self, path: str) -> _Box:
        number = zlib.crc32(os.fsencode(path)) % BOXES
        if number not in self._boxes:
            found = _entry(self._store, f"{self._name}-{number}") if self._known else None
            self._boxes[number] = (
                _Box(os.urandom(16), {}) if found is None else _Box(bytes.fromhex(found["salt"]), found["files"])
            )
        return self._boxes[number]


def _hash(source: Source, box: _Box) -> object:
    return seen.fingerprint(source.text.encode("utf-8", "surrogatepass"), box.salt)


def _entry(store: Store, name: str) -> Any:
    data = store.get(name)
    return None if data is None else json.loads(data)
