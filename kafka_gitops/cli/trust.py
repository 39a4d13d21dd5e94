"""What a pipeline may do for a change that nobody has merged yet: no connection by settings that the change made."""

import argparse
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path

from kafka_gitops import files, git
from kafka_gitops.ci import Context
from kafka_gitops.cli import setup, terminal
from kafka_gitops.config import environment
from kafka_gitops.config.find import NAMES, find, looked_at
from kafka_gitops.errors import ConfigError, KafkaGitopsError, listed
from kafka_gitops.redact import is_secret_key

Allowed = tuple[str, tuple[str, ...]]


def allowed(args: argparse.Namespace, context: Context) -> Allowed:
    """The command that is really run, and a sentence where it is another one than was asked for.

    A change request only ever lints or plans; it lints alone when it comes from a fork, when there are no
    credentials, or when it changes the files that say where these are sent. Raises KafkaGitopsError for an apply.
    """
    command: str = args.command
    if not unmerged(args, context):
        return command, ()
    _read_only_here(args)
    if command == "lint":
        return command, ()
    if command == "apply":
        raise KafkaGitopsError(
            "Nothing was applied: this is a change request that nobody has merged.",
            help="Run `kafka-gitops ci apply` on the main branch only; here: kafka-gitops ci plan",
        )
    why = (context.distrust or "it is not trusted") if not context.trusted else _no_login(args) or _edited(args)
    return (command, ()) if why is None else ("lint", (f"Lint only, no plan: {why}.",))


def unmerged(args: argparse.Namespace, context: Context) -> bool:
    """Whether nobody has merged the change yet: in a change request, a queue, and where one is judged for a merge."""
    return context.change_request is not None or context.queued or bool(args.auto_approve)


def keep_inside(paths: Iterable[str]) -> None:
    """Refuse paths that lead out of the repository: what is wrong in a file is shown, and so is what it holds.

    Raises KafkaGitopsError for a link, or a path in a config, to a file of the machine or of git itself.
    """
    root = files.repository(Path())
    for path in paths:
        real = Path(path).resolve()
        if not real.is_relative_to(root) or real.is_relative_to(root / ".git"):
            raise KafkaGitopsError(
                f"{path} leads out of the repository, and this change request may have nothing read there.",
                help="Put the file itself into the repository.",
            )


def _read_only_here(args: argparse.Namespace) -> None:
    """The config file is no link to elsewhere, and names nothing elsewhere; what the pipeline gives may be."""
    config = find(args.config, environment())
    if config is not None and Path.cwd().joinpath(config).is_symlink():
        keep_inside([config])
    for settings in setup.all_settings(args):
        side = (settings.language.roles, settings.language.plans, settings.baseline)
        keep_inside([*settings.topology, *settings.plugins.values(), *(path for path in side if path is not None)])


def lint_args(args: argparse.Namespace, *, plugins: bool) -> argparse.Namespace:
    """The options of `lint` for this run; own rules are code: a change's may not run where there are credentials."""
    from kafka_gitops.cli.main import parser_of

    if not plugins and any(one.plugins for one in setup.all_settings(args)):
        terminal.say("note: own rules run where there are no credentials: kafka-gitops ci lint")
    usual = vars(parser_of("lint").parse_args([]))
    shared = {name: vars(args)[name] for name in ("config", "environment", "client", "client_config", "policy")}
    own = {"paths": args.paths, "base": args.base, "fail_on": args.fail_on, "recursive": bool(args.recursive)}
    return argparse.Namespace(**{**usual, **shared, **own, "timeout": None, "no_plugins": not plugins})


def _edited(args: argparse.Namespace) -> str | None:
    """Which of the files that decide about the connection this change edits, or None."""
    if args.base is None:
        return "the commit that this change is to be compared with is not known (--base)"
    seen = files.from_root()
    changed = [seen(path) for path in _deciding(args) if _at("HEAD", path) != _at(args.base, path)]
    return f"this change edits {listed(changed)}, which says where the credentials are sent" if changed else None


def _deciding(args: argparse.Namespace) -> list[str]:
    """The files that say where to connect, with what and how far: found, named, or where one would be found first."""
    config = find(args.config, environment())
    named = [config, args.client_config, args.policy, environment().get("KAFKA_GITOPS_POLICY")]
    passed = takewhile(lambda path: not Path(path).is_file(), looked_at())  # one here or on the way would win
    told = setup.effective(args)
    origins = [origin.split(":")[0] for origin in told.origins.values()]
    stores = [value for key, value in told.settings.client.items() if key.endswith(".location")]
    return sorted({path for path in (*named, *NAMES, *passed, *origins, *stores) if path})


def _at(revision: str, path: str) -> list[bytes]:
    return [content for _, content in git.files(revision, path, suffixes=(), recursive=False)]


def _no_login(args: argparse.Namespace) -> str | None:
    """Why there is nothing to log in with, or None. Settings that are wrong in themselves raise ConfigError."""
    setup.effective(args, connect=False)
    try:
        client = setup.effective(args).settings.client
    except ConfigError as error:
        return f"there are no credentials here ({error.message.splitlines()[0]})"
    if "bootstrap.servers" not in client:
        return "no cluster is named"
    empty = [key for key, value in client.items() if is_secret_key(key) and not value]
    return f"there are no credentials here ({listed(empty)} is empty)" if empty else None
