"""`lint --base REV`: where the change begins, what it changed, who approved what, and what it touches."""

import os
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from kafka_gitops import acceptance, files, trailers
from kafka_gitops.acceptance import Approval
from kafka_gitops.cli import load, terminal
from kafka_gitops.cli.read import Then
from kafka_gitops.cli.request import Lint
from kafka_gitops.cli.setup import Configured
from kafka_gitops.diagnostics import Diagnostic
from kafka_gitops.errors import ConfigError, UsageError, listed
from kafka_gitops.git import Repository
from kafka_gitops.model import Topology
from kafka_gitops.rules import changes
from kafka_gitops.settings import Settings
from kafka_gitops.text.comments import last_line


class Since:
    """The commit that a change begins with, its approvals, and the repository that knows what differs."""

    def __init__(self, commit: str, approvals: tuple[Approval, ...], repo: Repository) -> None:
        self.commit, self.approvals, self.repo = commit, approvals, repo

    @cached_property
    def changed(self) -> dict[Path, Path | None]:
        """The absolute paths that differ, with their old names; asked after the files were read, not before."""
        return dict(self.repo.changes(self.commit))


def read(request: Lint, repo: Repository) -> Since | None:
    """What `--base`, `--accept` and the commits say; None without `--base`. Raises UsageError for what cannot be."""
    if request.base is None:
        if request.accept or request.changed_only:
            option = "--accept" if request.accept else "--changed-only"
            raise UsageError(f"{option} is about a change, so it needs --base.", help="Add --base REV.")
        return None
    from kafka_gitops.plan.policy import blocking  # of a plan, which a lint without a base does not need

    rules = [rule.NAME for rule in changes()]
    accepted = list(acceptance.options(request.accept, rules))
    commit, note = repo.fork(request.base)
    message = request.message
    commits = trailers.of_commits(repo, request.base, acceptance.TRAILER)
    if message is not None:
        commits["being made"] = ("its author", trailers.of_message(message, acceptance.TRAILER))
    written, unknown = acceptance.trailers(commits, rules, blocking())
    for said in (note, *unknown):
        if said is not None:
            (terminal.say if message is None else terminal.problem)(f"note: {said}")
    return Since(commit, (*accepted, *written), repo)


def base(since: Since, request: Lint, config: Configured, settings: Settings, topology: Topology) -> Then:
    """The files as they were. Raises UsageError when PATH is only a part of the topology: the rest would seem gone."""
    whole = load.whole(request, settings)
    if whole is not None:
        said = f"With --base the whole topology is compared ({whole}), not {listed(request.paths)}."
        raise UsageError(said, help="Give no PATH; --changed-only reports only what the change touches.")
    folders = [Path(path).resolve() for path in load.topology_paths(request, settings)]
    old = (since.changed.get(Path(path).resolve()) for path in topology.sources)
    outside = [one for one in old if one is not None and not any(one.is_relative_to(folder) for folder in folders)]
    names = [os.path.relpath(one) for one in outside]
    then = _settings_then(since, config, settings)
    found = load.load_base(request, then, since.repo, since.commit, topology, renamed=names)
    return Then(since.commit, then, tuple(names), found)


def _settings_then(since: Since, config: Configured, settings: Settings) -> Settings:
    """The settings by the config file of then, which may have named the topics otherwise."""
    path = config.path
    if path is None or Path(path).resolve() not in since.changed:
        return settings
    text = files.at_commit(since.repo, since.commit, [path], recursive=False).get(path, "")
    try:
        return config.earlier(settings.environment, path, text)
    except ConfigError:
        terminal.say(f"note: {path} of {since.commit[:7]} cannot be read: its files are read with today's instead")
        return settings


def touching(
    found: Sequence[Diagnostic], since: Since, before: Topology, after: Topology, side: Iterable[str]
) -> list[Diagnostic]:
    """The findings in changed files, and those elsewhere on topics and principals that the changed files are about.

    `side` are the config, roles and plans files: where one of them has changed, that may be anything, so it is all.
    """
    if any(Path(path).resolve() in since.changed for path in side):
        return [*found]
    changed = {path for path in {*after.sources, *before.sources} if Path(path).resolve() in since.changed}
    topics, principals = (
        old | new for old, new in zip(_subjects(before, changed), _subjects(after, changed), strict=True)
    )
    nodes = [topic.node for topic in after.topics if topic.name in topics]
    nodes += [grant.node for grant in after.grants if grant.principal in principals]
    lines = {(node.path, line) for node in nodes for line in range(node.span.line, last_line([node]) + 1)}

    def kept(one: Diagnostic) -> bool:
        places = (one.span, *(span for span, _ in one.related))
        return any(place.path in changed for place in places) or (one.span.path, one.span.line) in lines

    return [one for one in found if kept(one)]


def _subjects(topology: Topology, paths: set[str]) -> tuple[set[str], set[str]]:
    """The topics that these files declare, remove or give rights on, and the principals that they give rights to."""
    grants = [grant for grant in topology.grants if grant.node.path in paths]
    topics = {topic.name for topic in topology.topics if topic.node.path in paths}
    topics |= {removal.key.name for removal in topology.removals if removal.node.path in paths}
    topics |= {acl.name for grant in grants for acl in grant.acls if acl.resource_type == "TOPIC"}
    return topics, {grant.principal for grant in grants}
