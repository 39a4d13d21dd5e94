"""What a pipeline may do for a change that nobody has merged: no connection by settings that the change made."""

import argparse
import os
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path

from kafka_gitops import files
from kafka_gitops.ci import Context
from kafka_gitops.cli import edited, setup, terminal
from kafka_gitops.cli.edited import Edited
from kafka_gitops.config import environment
from kafka_gitops.config.find import NAMES, customary, find, looked_at
from kafka_gitops.errors import ConfigError, KafkaGitopsError, listed
from kafka_gitops.redact import is_secret_key
from kafka_gitops.report.findings import inert
from kafka_gitops.settings import matches

Allowed = tuple[str, tuple[str, ...]]
_NO_BASE = "the commit that this change is to be compared with is not known (--base)"


def allowed(args: argparse.Namespace, context: Context) -> Allowed:
    """The command that is really run, and a sentence where it is another one than was asked for.

    A change request only ever lints or plans; it lints alone when it comes from a fork, when there are no
    credentials, or when it changes what says where these are sent. `args.untrusted` says from now on why the
    config may be the change's own, if so: it is shown no variable then. Raises KafkaGitopsError for an apply.
    """
    command: str = args.command
    args.untrusted, args.change = None, None
    if not unmerged(args, context):
        return command, ()
    no_say = _no_say(args, context)
    if command == "apply" or (command == "drift" and no_say):
        raise _refused(command, no_say)
    change = args.change = edited.since(args.base) if args.base is not None else None
    why = args.untrusted = no_say or _settings_edited(args, change)
    _read_only_here(args)
    if command == "lint":
        return command, ()
    why = why if context.trusted else context.distrust or "it is not trusted"
    why = why or _connection_edited(args, change) or _no_login(args)
    return (command, ()) if why is None else ("lint", (f"Lint only, no plan: {why}.",))


def unmerged(args: argparse.Namespace, context: Context) -> bool:
    """Whether nobody has merged the change yet, or only into a branch that has no say."""
    return under_review(args, context) or _no_say(args, context) is not None


def under_review(args: argparse.Namespace, context: Context) -> bool:
    """Whether this is a change request, a queue of them, or a change that is judged for a merge."""
    return context.change_request is not None or context.queued or bool(args.auto_approve)


def _no_say(args: argparse.Namespace, context: Context) -> str | None:
    """Why the branch of this run, or of this change's target, decides about no cluster; None where it may, or may be.

    Who may push a branch of his own is the author of its base too. What decides comes from the platform and the
    pipeline, never from a file of the branch; where they tell no branch by which to judge, every one may.
    """
    known = [*filter(None, [context.default_branch]), *args.branch]
    target = context.target
    if target is None or not known or context.protected or any(matches(name, target) for name in known):
        return None
    what = f"its target {target}" if under_review(args, context) else f"{target}"
    return (
        f"{what} is neither {' nor '.join(known)} nor known as protected "
        f"(to deploy from it, the pipeline says kafka-gitops ci --branch NAME)"
    )


def _refused(command: str, no_say: str | None) -> KafkaGitopsError:
    said = "Nothing was applied" if command == "apply" else "Nothing was looked at"
    return KafkaGitopsError(
        f"{said}: {no_say or 'this is a change request that nobody has merged'}.",
        help=f"Run `kafka-gitops ci {command}` on the main branch only; here: kafka-gitops ci plan",
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


def _read_only_here(args: argparse.Namespace) -> None:
    """The config names nothing elsewhere, and no link leads there; what the pipeline names may be elsewhere."""
    given = [*args.paths]
    if args.untrusted:
        given += filter(None, (find(args.config, environment()), args.client_config, setup.policy_file(args)))
    root = files.repository(Path())
    keep_inside(path for path in given if Path(os.path.abspath(path)).is_relative_to(root))  # noqa: PTH100 - by its name
    links = [root / link for link in args.change.links] if args.change is not None else []
    keep_inside(os.path.relpath(link) for link in links if link.is_dir())  # the names in one are told, too
    for settings in setup.all_settings(args, quiet=True):
        side = (settings.language.roles, settings.language.plans, settings.baseline)
        topology = settings.topology or customary()
        keep_inside([*topology, *settings.plugins.values(), *(path for path in side if path is not None)])


def lint_args(args: argparse.Namespace) -> argparse.Namespace:
    """The options of `lint` for this run, once it is allowed."""
    from kafka_gitops.cli.main import parser_of

    why: str | None = args.untrusted
    if why is not None and any(one.plugins for one in setup.all_settings(args, quiet=True)):
        terminal.say(f"note: own rules are not run: {inert(why)}")
    usual = vars(parser_of("lint").parse_args([]))
    shared = {
        name: vars(args)[name] for name in ("config", "environment", "client", "client_config", "policy", "prune")
    }
    own = {"paths": args.paths, "base": args.base, "fail_on": args.fail_on, "recursive": bool(args.recursive)}
    own |= {"timeout": None, "no_plugins": why is not None, "untrusted": args.untrusted}
    return argparse.Namespace(**{**usual, **shared, **own})


def _settings_edited(args: argparse.Namespace, change: Edited | None) -> str | None:
    """Why what decides about everything else may be the change's own; None when it is that of the base.

    Any link or submodule may stand for a file that decides, or for a directory above one: all of them count.
    """
    if change is None:
        return _NO_BASE
    if change.links:
        return f"this change edits {listed(change.links)}: a link or a submodule, which may lead anywhere"
    named = (find(args.config, environment()), args.client_config, setup.policy_file(args))
    passed = takewhile(lambda path: not Path(path).is_file(), looked_at())  # one here or on the way would win
    return _sent(change, [path for path in (*named, *NAMES, *passed) if path])


def _connection_edited(args: argparse.Namespace, change: Edited | None) -> str | None:
    """The same of what a config that is the base's names: the client file, and the certificates and keys."""
    if change is None:
        return _NO_BASE
    file = setup.client_file(args)
    if file is not None and (found := _sent(change, [file])):
        return found
    try:
        client = setup.effective(args).settings.client
    except ConfigError:
        return None  # there is nothing to connect with, which is looked at next
    return _sent(change, [value for key, value in client.items() if key.endswith(".location") and value])


def _sent(change: Edited, paths: list[str]) -> str | None:
    found = change.among(paths)
    return f"this change edits {listed(found)}, which says where the credentials are sent" if found else None


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
