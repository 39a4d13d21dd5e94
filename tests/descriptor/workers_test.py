"""Files that other processes read are as if they had been read here; one that dies, or is left, changes nothing."""

import gc
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from file_parts_test import LANGUAGES, SEEDS, told
from mixing import PLANS, ROLES, artefact, drawn
from valued import with_values

from kafka_gitops import redact, seen
from kafka_gitops.descriptor import build, crew, parts, workers
from kafka_gitops.errors import ConfigError
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Topology
from kafka_gitops.reading.draft import Draft
from kafka_gitops.settings import Language, Naming, Settings, Value
from kafka_gitops.text.source import Source, parse

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="without fork all is read in one process")
SIZES = {"forked": (0, 10**9), "large": (10**9, 0), "forked and large": (0, 0)}


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Few files are many; the processes that were started, of which none is left behind."""
    monkeypatch.setattr(crew, "FIRST", 1)
    monkeypatch.setattr(crew, "TOGETHER", 2)
    monkeypatch.setattr(crew, "MANY", 0)
    fork, pids, others = os.fork, list[int](), {*threading.enumerate()} - {threading.current_thread()}
    # threads that another test has left behind wait for nothing that a process here needs
    monkeypatch.setattr(threading, "active_count", lambda: len({*threading.enumerate()} - others))

    def kept() -> int:
        pids.append(fork())
        return pids[-1]

    monkeypatch.setattr(os, "fork", kept)
    yield pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def understood(seed: int, language: Language, cores: int = 3, judge: crew.Judge | None = None) -> Topology:
    return build.topology(
        {path: Source.unread(path, text) for path, text in drawn(seed).items()},
        language,
        roles=parse("roles.yaml", ROLES) if seed % 3 else None,
        plans=parse("plans.yaml", PLANS) if seed % 2 else None,
        read=artefact if seed % 5 else None,
        judge=judge,
        cores=cores,
    )


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_other_processes_read_the_same(
    size: tuple[int, int], language: Language, started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [told(understood(seed, language, 1)) for seed in SEEDS]
    monkeypatch.setattr(crew, "MANY", size[0])
    monkeypatch.setattr(crew, "LARGE", size[1])
    assert [told(understood(seed, language)) for seed in SEEDS] == before
    assert bool(started) == (size[0] == 0)


def test_what_is_judged_there_is_what_is_judged_here() -> None:
    settings = Settings(language=LANGUAGES["plain"])
    judge, some = partial(lint.alone, settings=settings), 0
    for seed in SEEDS:
        found, whole = understood(seed, settings.language, judge=judge), understood(seed, settings.language, 1)
        assert whole.alone is None
        assert lint.run(found, settings, found_alone=found.alone) == lint.run(whole, settings)
        if found.alone is not None:  # else a message named a file of roles or plans among them
            assert found.alone == lint.alone(whole, settings)
            some += sum(map(len, found.alone.values()))
    assert some > 100


def test_nothing_is_judged_where_a_bound_over_all_files_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kafka_gitops.reading.bounds.MOST", 30)
    monkeypatch.setattr("kafka_gitops.reading.part.MOST", 30)
    judge = partial(lint.alone, settings=Settings())
    assert None in [understood(seed, Language(), judge=judge).alone for seed in SEEDS]


def make_files(count: int) -> dict[str, Source]:
    texts = {
        f"{one}.yaml": f"context: c\nprojects:\n- {{name: p{one}, topics: [{{name: t}}]}}\n" for one in range(count)
    }
    return {path: Source.unread(path, text) for path, text in texts.items()}


def names(sources: dict[str, Source], language: Language | None = None) -> list[str]:
    return [topic.name for topic in build.topology(sources, language or Language(), cores=2).topics]


NAMES = [f"c.p{one}.t" for one in range(12)]


@pytest.mark.parametrize("way", ["killed", "raises", "leaves", "interrupted"])
def test_a_process_that_does_not_come_to_its_end_changes_nothing(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here, part, read = os.getpid(), parts.part, list[str]()

    def failing(draft: Draft, source: Source) -> Any:
        if os.getpid() == here:
            read.append(source.path)
        elif source.path == "9.yaml":
            if way == "raises":
                raise ConfigError("only there")
            if way == "leaves":
                sys.exit(3)
            os.kill(os.getpid(), signal.SIGKILL if way == "killed" else signal.SIGINT)
        return part(draft, source)

    monkeypatch.setattr(parts, "part", failing)
    assert names(make_files(12)) == NAMES
    assert "9.yaml" in read
    assert "7.yaml" not in read  # what was sent before counts


def test_where_no_process_can_be_started_all_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_more() -> int:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", no_more)
    assert names(make_files(12)) == NAMES


def test_no_process_is_started_beside_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fork", pytest.fail)
    end = threading.Event()
    other = threading.Thread(target=end.wait)
    other.start()
    try:
        assert names(make_files(12)) == NAMES
    finally:
        end.set()
        other.join()


def test_an_error_of_the_settings_is_that_of_the_first_file() -> None:
    language = Language(Naming(topic="{{ x"))
    with pytest.raises(ConfigError, match="The topic name format cannot be used") as apart:
        names(make_files(12), language)
    with pytest.raises(ConfigError) as here:
        build.topology(make_files(12), language)
    assert str(apart.value) == str(here.value)


def test_a_run_that_is_interrupted_ends_the_others(started: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    here, part = os.getpid(), parts.part

    def waiting(draft: Draft, source: Source) -> Any:
        if os.getpid() != here:
            signal.pause()
        elif source.path == "4.yaml":
            raise KeyboardInterrupt
        return part(draft, source)

    monkeypatch.setattr(parts, "part", waiting)
    with pytest.raises(KeyboardInterrupt):
        names(make_files(12))
    assert len(started) == 1


def test_a_secret_that_is_read_there_is_kept_here() -> None:
    sources = make_files(12)
    text = "context: c\nprojects: []\nusers:\n- {name: d, mechanism: SCRAM-SHA-256, password: wor-d-4711}\n"
    sources["11.yaml"] = Source.unread("11.yaml", text)
    redact.forget()
    build.topology(sources, Language(), cores=2)
    assert redact.redact("it is wor-d-4711") == "it is [redacted]"


def test_what_was_seen_there_is_in_the_record(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text("{}")
    path = str(tmp_path / "s.json")
    sources = make_files(12)
    text = f"context: c\nprojects: [{{name: q, connectors: {{artefacts: [{{path: '{path}', server: s, name: n}}]}}}}]\n"
    sources["11.yaml"] = Source.unread("11.yaml", text)

    def look(_topology: str, name: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
        return seen.contents(name).decode(), None

    with seen.recording() as record:
        build.topology(sources, Language(), read=look, cores=2)
    assert record.whole
    assert ("contents", path) in record.answers


def test_shares_are_of_about_one_weight_and_in_order() -> None:
    work = [5, 1, 1, 1, 1, 1, 9, 1]
    shares = workers.shares(work, lambda one: one, 2)
    assert [one for share in shares for one in share] == work
    assert [sum(share) for share in shares] == [10, 10]
    assert workers.shares([1], lambda one: one, 4) == [[1]]


def test_more_than_a_pipe_holds_and_less_than_a_message() -> None:
    def work(one: int) -> bytes:
        if one == 3:
            os.write(2, b"")
            raise ValueError
        return bytes([one]) * 1_000_000

    shares: Sequence[Sequence[int]] = [[1, 2], [3], [4, 3, 5]]
    with workers.started(shares, work) as others:
        found = [[(len(one), one[0]) for one in frames] for frames in others.answers()]
    assert found == [[(1_000_000, 1), (1_000_000, 2)], [], [(1_000_000, 4)]]


def test_nothing_is_printed_twice(tmp_path: Path) -> None:
    folder = tmp_path / "topologies"
    folder.mkdir()
    for path, source in make_files(300).items():
        (folder / path).write_text(source.text + "# " + "x" * 2_000 + "\n")
    command = [
        sys.executable,
        "-c",
        "print('once'); from kafka_gitops.descriptor import workers; workers.cores = lambda: 2\n"
        "from kafka_gitops.cli.main import main; main()",
    ]
    run = subprocess.run([*command, "lint", "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.stdout.count("once") == 1
    assert run.stdout.splitlines()[-1].endswith("in 300 files, 300 topics.")


def test_a_draft_goes_when_nobody_holds_it() -> None:
    draft, source = Draft(Language(), read=artefact), parse("a.yaml", drawn(1)["0.yaml"])
    gc.disable()  # as while files are read: a circle would keep the trees of all
    try:
        left = [weakref.ref(one) for one in (draft.empty(), parts.part(draft, source))]
        assert [one() for one in left] == [None, None]
    finally:
        gc.enable()


def test_topics_that_want_the_same_share_it_where_there_are_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "LARGE", 0)
    topics = [f"topics: [{{name: t, config: {{retention.ms: '{n % 2}'}}}}]" for n in range(8)]
    texts = {f"{n}.yaml": f"context: a\nprojects: [{{name: p{n}, {one}}}]\n" for n, one in enumerate(topics)}
    sources = {path: Source.unread(path, text) for path, text in texts.items()}
    found = build.topology(sources, Language(), cores=2)
    assert [topic.spec.config["retention.ms"] for topic in found.topics] == [*"01010101"]
    assert len({id(topic.spec) for topic in found.topics}) == 2


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_values_are_the_same_everywhere(
    sizes: tuple[int, int], monkeypatch: pytest.MonkeyPatch, started: list[int]
) -> None:
    random, values, texts = Random(3), dict[str, Value](), dict[str, str]()
    for path, text in drawn(3, files=40).items():
        changed, own = with_values(text, random)
        prefix = path.partition(".")[0]
        texts[path] = changed.replace("${values.v", f"${{values.{prefix}-v")
        values |= {f"{prefix}-{name}": value for name, value in own.items()}

    def found(cores: int) -> dict[str, Any]:
        sources = {path: Source.unread(path, text) for path, text in texts.items()}
        return told(build.topology(sources, Language(values=values), cores=cores))

    here = found(1)
    for name, size in zip(("MANY", "LARGE"), sizes, strict=True):
        monkeypatch.setattr(crew, name, size)
    assert found(3) == here
    assert len(values) > 30 and not any(one.rule == "value-unknown" for one in here["problems"])
    assert started or sizes[0]
