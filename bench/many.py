"""A cluster of 100,000 topics and 250,000 ACLs: the real answers of a broker with ten topics, multiplied.

    python bench/many.py ANSWERS FILES    # prints its port, answers until it is ended

No broker on such a machine holds that many. So a plan of one file of ten topics runs against a sandbox through a
recorder; then this server gives the recorded answers on loopback with the entries of that file once for each of FILES
files, the file's number put in. The work of a broker is missing: times are those of the client and of loopback.
"""

import asyncio
import json
import re
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Thread
from typing import Any

from kafka_gitops.clients.library import load

TOPICS = 10  # of a file; and 25 ACLs
FILE = b"p000000"  # its project; all that is multiplied is named by it, and every number is as long
NAME = re.compile(rb"bench\.p(\d{6})\.t(\d)")
WORDS = re.compile(rb"[a-z]+(?:\.[a-z]+)+")
ARRAYS = {  # where an answer holds what is multiplied: kafka-python's module, the message, its field
    3: ("metadata.metadata", "Metadata", "topics"),
    19: ("admin.topics", "CreateTopics", "topics"),
    29: ("admin.acl", "DescribeAcls", "resources"),
    32: ("admin.configs", "DescribeConfigs", "results"),
    44: ("admin.configs", "IncrementalAlterConfigs", "responses"),
}
TEXT = """\
context: bench
projects:
- name: p000000
  topics:
"""
TOPIC = """\
  - name: t{number}
    config:
      num.partitions: "1"
      replication.factor: "1"
      retention.ms: "86400000"
      cleanup.policy: delete
"""
WRITE = """\
    producers:
    - principal: User:p000000-writer-{number}
"""
READ = """\
    consumers:
    - principal: User:p000000-reader
      group: p000000-reader
"""
CONFIG = "environments:\n  bench:\n    bootstrap: {bootstrap}\n    brokers: 1\n"


def write(folder: Path, bootstrap: str, files: int, *, acls: bool = True, changes: bool = False) -> None:
    """The estate: a config, and so many files of ten topics and, if wanted, 25 ACLs; or the same with other configs."""
    (folder / "topologies").mkdir(parents=True, exist_ok=True)
    (folder / "kafka-gitops.yaml").write_text(CONFIG.format(bootstrap=bootstrap), encoding="utf-8")
    entries = (TOPIC + (WRITE + READ * (number < 2)) * acls for number in range(TOPICS))
    text = TEXT + "".join(entry.format(number=number) for number, entry in enumerate(entries))
    text = text.replace("86400000", "172800000") if changes else text
    for number in range(files):
        file = folder / "topologies" / f"{number:06}.yaml"
        file.write_text(text.replace(FILE.decode(), f"p{number:06}"), encoding="utf-8")


def asked(frame: bytes) -> str:
    """What a request asks, whichever topics it names: its type and version, then its words or its bytes."""
    names = NAME.search(frame)
    rest = b" ".join(sorted({*WORDS.findall(NAME.sub(b"", frame))})) if names else frame[8:]
    return f"{frame[:4].hex()} {'named' if names else 'all'} {rest.hex()}"


# Recording


async def _frame(reader: asyncio.StreamReader) -> bytes:
    return await reader.readexactly(struct.unpack(">i", await reader.readexactly(4))[0])


def _framed(body: bytes) -> bytes:
    return struct.pack(">i", len(body)) + body


@asynccontextmanager
async def _recorder(host: str, port: int, answers: dict[str, str]) -> Any:
    """A proxy before a broker; the frames of answers come to `answers` by what was asked."""

    async def between(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection(host, port)
        waiting: asyncio.Queue[str] = asyncio.Queue()

        async def back() -> None:
            while True:
                frame = await _frame(up_reader)
                answers[await waiting.get()] = frame.hex()
                writer.write(_framed(frame))

        task = asyncio.create_task(back())
        try:
            while True:
                frame = await _frame(reader)
                waiting.put_nowait(asked(frame))
                up_writer.write(_framed(frame))
        except (asyncio.IncompleteReadError, ConnectionError):
            task.cancel()
            up_writer.close()
            writer.close()

    async with await asyncio.start_server(between, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@contextmanager
def recording(bootstrap: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Where to reach a broker through a recorder, and what it has recorded."""
    host, port = bootstrap.split(":")
    answers: dict[str, str] = {}
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    recorder = _recorder(host, int(port), answers)
    mine = asyncio.run_coroutine_threadsafe(recorder.__aenter__(), loop).result()
    try:
        yield f"127.0.0.1:{mine}", answers
    finally:
        asyncio.run_coroutine_threadsafe(recorder.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


# Replaying


class Answer:
    """A recorded answer: its bytes behind the correlation id, and its entries by the number of a topic in its file."""

    def __init__(self, asked: str, frame: bytes) -> None:
        key, version = struct.unpack(">hh", bytes.fromhex(asked[:8]))
        self.whole, self.items = frame[4:], {}
        if key not in ARRAYS:
            return
        module, name, field = ARRAYS[key]
        kind = getattr(load(f"protocol.{module}"), f"{name}Response")
        assert kind.flexible_version_q(version), f"{name} {version} is encoded in another way"
        answer = kind.decode(frame[5:], version=version)  # behind the correlation id and no tags
        answer._header = None  # kafka-python leaves it out of what it decodes, and asks for it
        entries = list(getattr(answer, field))

        def encoded(chosen: Sequence[Any]) -> bytes:
            setattr(answer, field, chosen)
            return bytes(answer.encode(version=version))

        empty, one = encoded([]), encoded(entries[:1])
        at = next((place for place, two in enumerate(zip(empty, one, strict=False)) if two[0] != two[1]), 0)
        self.head, self.tail = frame[4:5] + empty[:at], empty[at + 1 :]
        self._cut = slice(at + 1, -len(self.tail) or None)
        items = [encoded([entry])[self._cut] for entry in entries]
        self.shared = [item for item in items if FILE not in item]
        self.own = [item for item in items if FILE in item]
        self.items = {found[2]: item for item in self.own if (found := NAME.search(item))}

    def times(self, files: int) -> bytes:
        """The answer with the entries of each of so many files."""
        if not self.items:
            return self.whole
        block = b"".join(self.own)
        copies = b"".join(block.replace(FILE, b"p%06d" % number) for number in range(files))
        return self._of(b"".join(self.shared) + copies, len(self.shared) + len(self.own) * files)

    def named(self, frame: bytes) -> bytes:
        """The answer about the topics that a request names."""
        names = NAME.findall(frame)
        return self._of(b"".join(self.items[own].replace(FILE, b"p" + file) for file, own in names), len(names))

    def _of(self, items: bytes, count: int) -> bytes:
        return self.head + _varint(count + 1) + items + self.tail


def _varint(number: int) -> bytes:
    """An unsigned varint (KIP-482)."""
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


async def serve(answers: Mapping[str, bytes], files: int) -> None:
    """Give these answers, multiplied; print the port, until the end."""
    known = {asked: Answer(asked, frame) for asked, frame in answers.items()}
    whole = {asked: answer.times(files) for asked, answer in known.items()}

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while frame := await _frame(reader):
                key = asked(frame)
                if key not in known:
                    print(f"not recorded: {key[:8]} {bytes.fromhex(key.split()[2])!r}", file=sys.stderr, flush=True)
                    break
                body = known[key].named(frame) if " named " in key else whole[key]
                writer.write(_framed(frame[4:8] + body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0, backlog=128)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def serving(answers: Mapping[str, str], file: Path, files: int) -> Iterator[str]:
    """The address of a process that gives these answers, which are kept in a file."""
    file.write_text(json.dumps(answers), encoding="utf-8")
    with Popen([sys.executable, __file__, str(file), str(files)], stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


if __name__ == "__main__":
    read = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    asyncio.run(serve({key: bytes.fromhex(frame) for key, frame in read.items()}, int(sys.argv[2])))
