"""What a change adds that silences findings, asked of git: the files, baselines and commits of a run of `ci`."""

from collections.abc import Iterator, Mapping, Sequence

from kafka_gitops import files, trailers
from kafka_gitops.acceptance import TRAILER
from kafka_gitops.cli import load
from kafka_gitops.cli.request import Files
from kafka_gitops.cli.setup import Configured
from kafka_gitops.config.load import text_of
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.git import Repository
from kafka_gitops.lint import baseline, silences
from kafka_gitops.lint.silences import Silence
from kafka_gitops.settings import Settings
from kafka_gitops.text.comments import MARK
from kafka_gitops.text.source import Source, parse


def added(
    request: Files, config: Configured, repo: Repository, base: str, sources: Mapping[str, Source]
) -> tuple[Silence, ...]:
    """What is there and was not at the base commit; `sources` are the files as they are.

    Raises KafkaGitopsError when git does not know the commit, or a baseline cannot be read.
    """
    every = config.every(quiet=True)
    found = [*silences.of_commits(trailers.of_commits(repo, base, TRAILER))]
    if any(MARK in source.text for source in sources.values()):
        found += silences.of_waivers(_then(request, every, repo, base, sources), sources.values())
    for path in dict.fromkeys(one.baseline for one in every if one.baseline is not None):
        found += silences.of_baseline(
            _known(files.at_commit(repo, base, [path], recursive=False).get(path), path), _now(path)
        )
    return tuple(found)


def _then(
    request: Files, every: Sequence[Settings], repo: Repository, base: str, now: Mapping[str, Source]
) -> Iterator[Source]:
    """The files of then in which something speaks to us."""
    paths = dict.fromkeys(path for settings in every for path in load.topology_paths(request, settings))
    deep = bool(request.recursive) or any(settings.recursive for settings in every)
    known = {path: source.text for path, source in now.items()}
    for path, text in files.at_commit(repo, base, tuple(paths), recursive=deep, known=known).items():
        if MARK in text:
            yield parse(path, text)


def _now(path: str) -> Mapping[str, baseline.Known]:
    return _known(text_of(path, "the baseline"), path)


def _known(text: str | None, path: str) -> Mapping[str, baseline.Known]:
    """The findings of a baseline; none where there is none, or where it was none then."""
    try:
        return baseline.loads(text, path) if text is not None else {}
    except KafkaGitopsError:
        return {}
