"""What a run was asked for: the command line as frozen values, and what follows from it by `changed` only."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from dataclasses import replace as changed

    from typing_extensions import dataclass_transform

    from kafka_gitops.cli.lasting import Lasting
    from kafka_gitops.model import Key
else:  # every hook starts by this module, and the library for data classes takes longer to load than a file to lint

    def dataclass_transform(**_):
        return lambda kind: kind

    def changed(request, **changes):
        """A request that is otherwise in some fields."""
        return type(request)(**{**vars(request), **changes})


__all__ = ("Files", "Frozen", "Lint", "Plans", "Recorded", "Request", "changed", "made", "names")


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Frozen:
    """Fields with their defaults, as those of a data class: given by name, and never changed."""

    def __init__(self, **given: Any) -> None:
        for name in names(type(self)):
            vars(self)[name] = given.pop(name) if name in given else getattr(type(self), name)
        if given:
            raise TypeError(f"{type(self).__name__} has no {', '.join(given)}")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} is not changed: a request is made anew, by changed()")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))


class Request(Frozen):
    """The options of every command; `prune` and `undeclared_configs`, which the settings look at, are of some only."""

    config: str | None = None
    environment: str | None = None
    client: tuple[str, ...] = ()
    client_config: tuple[str, ...] = ()
    policy: str | None = None
    timeout: float | None = None
    quiet: bool = False
    verbose: bool = False
    no_color: bool = False
    prune: str | None = None
    undeclared_configs: str | None = None


class Files(Request):
    """Which topology files are read; `tracked` are the only ones that a hook looks at, None: all."""

    paths: tuple[str, ...] = ()
    recursive: bool = False
    tracked: frozenset[str] | None = None


class Lint(Files):
    """What `lint` is asked for; `message` is the file with the message of a commit that is being made."""

    format: str = "full"
    report: tuple[str, ...] = ()
    fail_on: str = "error"
    base: str | None = None
    changed_only: bool = False
    accept: tuple[str, ...] = ()
    baseline: str | None = None
    write_baseline: str | None = None
    no_plugins: bool = False
    no_cache: bool = False
    hook: bool = False
    files_only: bool = False
    commit_msg: bool = False
    message: str | None = None


class Plans(Files):
    """What whoever makes plans is asked for.

    `only_change`: what the change since `base` touches; `fail_on` never: also of files with errors, which only `ci`
    may ask for. `against` is the path of a snapshot in the place of the servers. `over_holds`: these
    are planned also where an earlier undo put them on hold, as they are what is undone.
    """

    only: str | None = None
    base: str | None = None
    only_change: bool = False
    max_deletes: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    rotate: tuple[str, ...] = ()
    fail_on: str = "error"
    against: str | None = None
    over_holds: "tuple[Key, ...]" = ()


class Recorded(Plans):
    """What whoever applies is asked for; `record` is where the copy of the run's record goes, `lock_timeout` how long
    another run of the same owner is waited for, `allow_diverged` the commit that need not be among those of HEAD."""

    yes: bool = False
    record: str | None = None
    lock_timeout: "Lasting | None" = None
    allow_diverged: str | None = None


R = TypeVar("R", bound=Request)


def names(kind: type[Frozen]) -> Iterator[str]:
    """The names of all fields."""
    return iter(dict.fromkeys(name for one in reversed(kind.__mro__) for name in getattr(one, "__annotations__", ())))


def made(kind: type[R], args: argparse.Namespace) -> R:
    """The request of a parsed command line: lists become tuples, and what was not given is as the kind has it."""
    given: dict[str, Any] = {}
    for name in names(kind):
        value = vars(args).get(name)
        if value is not None:
            given[name] = tuple(value) if isinstance(value, list) else value
    return kind(**given)
