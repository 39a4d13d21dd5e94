"""The contract of a CI platform: what it is called in the environment, and how it is told what a run came to.

A platform is a module of this package with three names (`Platform`): `NAME`; `detect(env)`, which is the Context of a
run on that platform or None elsewhere; and `report(context, result, channel)`, which tells the Result in all of the
platform's own ways at once (annotations, report files, a comment). To add one: the file, and a line in PLATFORMS.

* `detect` looks only at the mapping that it is given and at files that it names; it asks no server.
* `report` never fails a run: what cannot be told (no right, server away) is said by `channel.warn`, and it goes on.
  It prints only by `channel.write` and writes files only by `channel.save`, which both keep secrets out.
* All text of a topology is hostile. Bodies come from `ci.body`, files from `report.formats`: both make it inert.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from kafka_gitops.errors import Blocked

if TYPE_CHECKING:  # only for annotations: `ci lint` loads nothing of a plan
    from kafka_gitops.changes import Change, Outcome
    from kafka_gitops.errors import KafkaGitopsError
    from kafka_gitops.lint.silences import Silence
    from kafka_gitops.model import Key, Spec
    from kafka_gitops.plan.make import Plan
    from kafka_gitops.plan.policy import Consent
    from kafka_gitops.report.findings import Findings
    from kafka_gitops.report.totals import Total

PLATFORMS = ("github", "gitlab", "jenkins", "bitbucket", "plain")  # asked in this order; plain is always there


@dataclass(frozen=True)
class Context:
    """Where a run happens.

    `base` is the commit to compare with: in a change request its target, on a branch what was there before; `head` the
    commit under test. `tip` is the change request's own last commit: the checkout may be its merge with the target,
    which has got further than `base` by then. `target_tip` is the last commit of the change's target as the platform
    tells it, None where it tells only where the change left it. `change_request` is its number as text, None on a
    branch. `queued`: in a merge queue, where changes are tried together before they are merged. `trusted` is False for
    a change whose author may not write to the repository (a fork), and `distrust` says why in half a sentence.
    `run_url` is a link to this run for people, `repository` the platform's name of the repository (`acme/streams`).
    `target` is the branch that the run is of, or that its change is meant for (of a tag `refs/tags/NAME`);
    `default_branch` is the repository's where the platform tells it. `protected`: a branch or tag that not everybody
    who may write may push to. `lines_url` is where a line of a file is shown, with `{path}` and `{line}` to fill in.
    `local`: in no CI, somebody started it by hand. `actor` is the login of whoever started the run, `actor_id` the
    platform's own id of them; never a name or an address.
    """

    platform: str
    base: str | None = None
    head: str | None = None
    tip: str | None = None
    target_tip: str | None = None
    change_request: str | None = None
    queued: bool = False
    trusted: bool = True
    distrust: str = ""
    run_url: str | None = None
    repository: str | None = None
    target: str | None = None
    default_branch: str | None = None
    protected: bool = False
    lines_url: str | None = None
    local: bool = False
    actor: str | None = None
    actor_id: str | None = None


def branch(name: str | None) -> str | None:
    """A branch's name as `Context.target` has it: one that begins with refs/ is told from a tag's and a full name."""
    return f"refs/heads/{name}" if name is not None and name.startswith("refs/") else name


@dataclass(frozen=True)
class Result:
    """What a run came to; what it did not get to is None. `added` tells the options of whoever started it.

    `command` is what was really done: `lint`, `plan`, `apply` or `drift` (a plan becomes a lint where there are no
    credentials, and `remarks` says so), `asked` what was asked for. `code` is the exit code, `paths` are the topology's
    from the repository's root on (as all places are when a platform gets the result: `ci.rooted`); with `environment`
    and `asked` they are the identity of a comment. `error` ended the run. `proposed`: nobody has merged the change yet,
    and it is judged without what was pending before it. `named`: so many of each kind that no file declares are told by
    name. `declared` is what the files declare. `unapproved` are the changes that nobody approved, `approvers` those who
    approved the one change request that all come with, as the ledger names people; `notes` are for the run's record.
    `silences` are what
    the change adds that silences findings. `doubts` say why a person has to look, whatever the plan is. `person` is
    None where `--auto-approve` was not asked for, else why a person is needed: empty when the change may be merged
    alone. `run` is the name under which an apply is recorded, if it is. `part`: only some kinds were looked at.
    """

    command: str
    asked: str = ""
    code: int = 0
    environment: str | None = None
    paths: tuple[str, ...] = ()
    findings: "Findings | None" = None
    plan: "Plan | None" = None
    proposed: bool = False
    named: int = 0
    declared: "Mapping[Key, Spec]" = field(default_factory=dict)
    sizes: Mapping[str, int] | None = None
    consent: "Consent | None" = None
    outcomes: "Sequence[Outcome] | None" = None
    counts: "Total | None" = None
    unapproved: "Sequence[Change]" = ()
    approvers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    silences: "Sequence[Silence]" = ()
    added: tuple[str, ...] = ()
    person: tuple[str, ...] | None = None
    error: "KafkaGitopsError | None" = None
    run: str | None = None
    part: bool = False

    @property
    def changes(self) -> "Sequence[Change]":
        """The changes that this run is about."""
        if self.plan is None:
            return ()
        return self.plan.own().changes if self.proposed else self.plan.changes

    @property
    def undecided(self) -> bool:
        """Whether nothing is wrong but that a person has to decide, which is told without alarm."""
        return bool(self.person) and self.code == Blocked.exit_code


class Save(Protocol):
    """Writes a report file of this name and gives its path; `exact` for what a digest covers, which is not redacted."""

    def __call__(self, name: str, text: str, *, exact: bool = False) -> Path: ...


@dataclass(frozen=True)
class Channel:
    """The ways out of a report: stdout, stderr and files below `folder`.

    `save` makes the directories that a file lacks. Where it cannot write it warns, so that the others are written.
    `comment` False: nothing is to be posted anywhere; `issue` False: no issue about drift.
    """

    env: Mapping[str, str]
    folder: Path
    write: Callable[[str], None]
    warn: Callable[[str], None]
    save: Save
    comment: bool = True
    issue: bool = True


class Platform(Protocol):
    """What a module of this package gives."""

    NAME: str

    def detect(self, env: Mapping[str, str]) -> Context | None:
        """The context of a run on this platform, None elsewhere."""

    def report(self, context: Context, result: Result, channel: Channel) -> None:
        """Tell the result in this platform's own ways; warn about what could not be told, never raise."""


def module(name: str) -> Platform:
    """The platform of a name in PLATFORMS."""
    return cast(Platform, import_module(f"kafka_gitops.ci.{name}"))


def detect(env: Mapping[str, str]) -> tuple[Platform, Context]:
    """The platform that this environment belongs to, `plain` where no other one knows it."""
    for name in PLATFORMS:
        platform = module(name)
        context = platform.detect(env)
        if context is not None:
            return platform, context
    raise AssertionError("plain knows every environment")
