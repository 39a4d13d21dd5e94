"""What a pipeline may do: whose files decide where the credentials go, and when a change is linted only."""

import os
from collections.abc import Iterable
from contextlib import ExitStack
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory

from kafka_gitops import files, shell, tip
from kafka_gitops.ci import Context
from kafka_gitops.cli import say, setup, terminal
from kafka_gitops.cli.pipeline import edited
from kafka_gitops.cli.pipeline.edited import Edited
from kafka_gitops.cli.pipeline.request import Ci
from kafka_gitops.cli.pipeline.trusted import MERGED, Trust
from kafka_gitops.cli.request import Lint
from kafka_gitops.cli.setup import Configured
from kafka_gitops.config.find import NAMES, customary, looked_at
from kafka_gitops.errors import ConfigError, KafkaGitopsError, listed
from kafka_gitops.git import Repository
from kafka_gitops.redact import is_secret_key
from kafka_gitops.report.findings import inert


def decide(request: Ci, context: Context, repo: Repository, close: ExitStack) -> tuple[Configured, str | None]:
    """The config that decides in this run, with how far its files are trusted, and why it is linted only, if so.

    `close` ends what is needed for it.

    A change request only ever lints or plans, by what the tip of its target says; it is linted alone when it comes
    from a fork, when there are no credentials, or when it changes what says where these are sent. Raises
    KafkaGitopsError for an apply, and for a look at drift that would write what it finds.
    """
    no_say = say.none(request, context, repo)
    if not under_review(request, context) and no_say is None:
        return Configured(request, MERGED), None
    if request.command == "apply" or (request.command == "drift" and (no_say or request.record_drift)):
        raise _refused(request, context, no_say)
    root = files.repository(Path())
    commit = say.tip(request, context, repo)
    if commit is None or not repo.knows("HEAD"):
        found = Trust(merged=False, stranger=no_say or say.not_fetched(request, context))
    else:
        change = edited.since(repo, repo.fork(commit)[0])
        copies = Path(close.enter_context(TemporaryDirectory(prefix="kafka-gitops-", ignore_cleanup_errors=True)))
        found = Trust(False, no_say, tip.of(repo, commit, root), tip.of(repo, "HEAD", root), change, copies)
    found = found._replace(stranger=found.stranger or _settings_edited(request, found))
    config = Configured(request, found)
    _read_only_here(request, config)
    if request.command == "lint":
        return config, None
    why = found.stranger if context.trusted else context.distrust or "it is not trusted"
    return config, why or _connection_edited(config) or _no_login(config)


def command(request: Ci, lint_only: str | None) -> tuple[str, tuple[str, ...]]:
    """The command that is really run, and a sentence where it is another one than was asked for."""
    if lint_only is None:
        return request.command, ()
    return "lint", (f"Lint only, no plan: {lint_only}.",)


def base(request: Ci, context: Context, repo: Repository) -> tuple[str | None, tuple[str, ...]]:
    """The commit to compare with, and a sentence where the one that the platform tells of a push is not there.

    The platform's may be older than what the change is merged onto here for the run.
    """
    told = (repo.merged_onto(context.tip) if context.tip is not None else None) or context.base
    if request.base or told is None or under_review(request, context) or repo.knows(told):
        return request.base or told, ()
    why = (
        f"Git has no commit {told[:12]}, which was there before this push: all that differs is looked at, no removals."
    )
    return None, (why,)


def under_review(request: Ci, context: Context) -> bool:
    """Whether this is a change request, a queue of them, or a change that is judged for a merge."""
    return (
        context.change_request is not None
        or context.queued
        or bool(request.auto_approve)
        or say.proposed(request, context)
    )


def _refused(request: Ci, context: Context, no_say: str | None) -> KafkaGitopsError:
    said = "Nothing was applied" if request.command == "apply" else "Nothing was looked at"
    why = no_say or "this is a change request that nobody has merged"
    if say.proposed(request, context):
        why = f"{why}; where it is merged, the pipeline says kafka-gitops ci --merged"
    return KafkaGitopsError(
        f"{said}: {why}.",
        help=f"Run `{shell.ours('ci', request.command)}` on the main branch only; here: kafka-gitops ci plan",
    )


def keep_inside(paths: Iterable[str]) -> None:
    """Refuse paths that lead out of the repository: what is wrong in a file is shown, and so is what it holds.

    Raises KafkaGitopsError for a link, or a path in a config, to a file of the machine or of git itself.
    """
    root = files.repository(Path())
    for path in paths:
        real = Path(os.path.realpath(path))  # which of a link to itself, too, gives something
        if not real.is_relative_to(root) or real.is_relative_to(root / ".git"):
            raise KafkaGitopsError(
                f"{path} leads out of the repository, and this change request may have nothing read there.",
                help="Put the file itself into the repository.",
            )


def _read_only_here(request: Ci, config: Configured) -> None:
    """The config names nothing elsewhere, and no link leads there; what the pipeline names may be elsewhere."""
    trust, given = config.trust, [*request.paths]
    if trust.stranger:
        given += filter(None, (config.path, *request.client_config, setup.policy_file(request)))
    root = files.repository(Path())
    keep_inside(path for path in given if Path(os.path.abspath(path)).is_relative_to(root))  # noqa: PTH100 - by its name
    links = [root / link for link in trust.change.links] if trust.change is not None else []
    keep_inside(os.path.relpath(link) for link in links if link.is_dir())  # the names in one are told, too
    for settings in config.every(quiet=True):
        side = (settings.language.roles, settings.language.plans, settings.baseline)
        topology = settings.topology or customary()
        keep_inside([*topology, *settings.plugins.values(), *(path for path in side if path is not None)])


def lint_request(request: Ci, config: Configured) -> Lint:
    """What `lint` is asked for in this run."""
    why = config.trust.stranger
    if why is not None and any(one.plugins for one in config.every(quiet=True)):
        terminal.say(f"note: own rules are not run: {inert(why)}")
    return Lint(
        config=request.config,
        environment=request.environment,
        client=request.client,
        client_config=request.client_config,
        policy=request.policy,
        prune=request.prune,
        paths=request.paths,
        recursive=request.recursive,
        fail_on=request.fail_on,
        base=request.base,
        no_plugins=why is not None,
    )


def _settings_edited(request: Ci, trust: Trust) -> str | None:
    """Why what decides about everything else may be the change's own; None when it is that of the tip.

    Any link or submodule may stand for a file that decides, or for a directory above one: all of them count.
    """
    change = trust.change
    assert change is not None
    if change.links:
        return f"this change edits {listed(change.links)}: a link or a submodule, which may lead anywhere"
    named = (
        trust.config(request.config),
        MERGED.config(request.config),
        *request.client_config,
        setup.policy_file(request),
    )
    passed = takewhile(lambda path: not Path(path).is_file(), looked_at())  # one here or on the way would win
    return _sent(change, [path for path in (*named, *NAMES, *passed) if path])


def _connection_edited(config: Configured) -> str | None:
    """The same of what a config that is the tip's names: the client file, and all certificates and keys."""
    change = config.trust.change
    assert change is not None
    if found := _sent(change, [*config.client_files()]):
        return found
    try:
        settings = config.effective().settings
    except ConfigError:
        return None  # there is nothing to connect with, which is looked at next
    paths = [value for key, value in settings.client.items() if key.endswith(".location") and value]
    paths += [path for rest in settings.servers() for path in rest.files if path]
    return _sent(change, paths)


def _sent(change: Edited, paths: list[str]) -> str | None:
    found = change.among(paths)
    return f"this change edits {listed(found)}, which says where the credentials are sent" if found else None


def _no_login(config: Configured) -> str | None:
    """Why there is nothing to log in with, or None. Settings that are wrong in themselves raise ConfigError."""
    config.effective(connect=False)
    try:
        settings = config.effective().settings
    except ConfigError as error:
        return f"there are no credentials here ({error.message.splitlines()[0]})"
    if "bootstrap.servers" not in settings.client:
        return "no cluster is named"
    empty = [key for key, value in settings.client.items() if is_secret_key(key) and not value]
    empty += [f"{rest.at}.password" for rest in settings.servers() if rest.password == ""]
    return f"there are no credentials here ({listed(empty)} is empty)" if empty else None
