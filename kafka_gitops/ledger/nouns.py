"""What a ledger keeps: one frozen type for each kind of record. What a field is stands in its type (`codec.py`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

from kafka_gitops.changes import Outcome
from kafka_gitops.ledger.people import Fact, Person, Text, short
from kafka_gitops.redact import redact


@dataclass(frozen=True)
class Edited:
    """One field of a change, as the plan showed it."""

    field: Annotated[str, "The field."]
    before: Annotated[Text, "What it was; null where it was unset."]
    after: Annotated[Text, "What it is asked to be; null where it is unset."]


@dataclass(frozen=True)
class Accepted:
    """A risk of a change, and who accepted it."""

    name: Annotated[str, "The risk's name."]
    sentence: Annotated[str, "What may happen."]
    blocks: Annotated[bool, "Whether somebody had to accept it."]
    by: Annotated[Person | None, "Who accepted it; null where nobody had to, or it is not known."] = None
    how: Annotated[Text, "How: `--accept`, or `commit abc1234`, which has the trailer."] = None


@dataclass(frozen=True)
class RunOutcome:
    """What became of one change."""

    kind: Annotated[str, "The kind of the resource."]
    name: Annotated[str, "Its name, an ACL binding's in a sentence."]
    action: Annotated[str, "`create`, `update`, `delete`, or an act such as `rotate`."]
    status: Annotated[str, "`done`, `already`, `failed`, `skipped`, `unknown` or `unverified`."]
    detail: Annotated[Text, "Why, in the server's words."] = None
    edits: Annotated[tuple[Edited, ...], "What changed, old and new."] = ()
    risks: Annotated[tuple[Accepted, ...], "Its risks, and who accepted them."] = ()
    because: Annotated[Text, "The reason that the files give."] = None

    @classmethod
    def of(cls, outcome: Outcome, accepted: Mapping[str, tuple[Person | None, str]] | None = None) -> "RunOutcome":
        """Of an apply's outcome, without any known secret: it is hashed, and never taken back.

        `accepted` tells of risks, by name, who accepted them and how.
        """
        change = outcome.change
        by = accepted or {}
        return cls(
            change.key.kind,
            change.key.name,
            change.act or change.action,
            outcome.status,
            redact(outcome.detail) if outcome.detail else outcome.detail,
            tuple(Edited(edit.field, short(edit.before), short(edit.after)) for edit in change.edits()),
            tuple(
                Accepted(risk.name, redact(risk.sentence), risk.blocks, *by.get(risk.name, (None, None)))
                for risk in change.risks
            ),
            redact(change.because) if change.because else change.because,
        )


@dataclass(frozen=True)
class Run:
    """One run: written as `running` before its first request, and again at its end."""

    run: Annotated[str, "YYYYMMDD-HHMMSS-6hex, UTC."]
    number: Annotated[int, "Its place in the chain, from 1."]
    previous: Annotated[Text, "The hash of the run before; null for the first."]
    cluster: Annotated[str, "The id of the cluster."]
    owner: Annotated[str, "The owner."]
    environment: Annotated[Text, "The environment."]
    status: Annotated[
        Literal["running", "done", "partly", "failed", "stopped", "died"],
        "`partly`: some failed; `stopped`: it ended by itself before all was done; `died`: a later run found it so.",
    ]
    command: Annotated[str, "The command: `apply`, `ci apply` or `undo`."] = "apply"
    tool: Annotated[str, "The version of kafka-gitops."] = ""
    commit: Annotated[Text, "The commit of the files."] = None
    base: Annotated[Text, "The commit before the change."] = None
    actor: Annotated[Person | None, "Who started it."] = None
    approvers: Annotated[tuple[Person, ...], "Who approved the change."] = ()
    facts: Annotated[Mapping[str, Fact], "`change_request`, `run_url`, ..."] = field(default_factory=dict)
    reason: Annotated[Text, "The reason that was given for it."] = None
    resumes: Annotated[Text, "The run that died and that this one went on with."] = None
    diverged: Annotated[Text, "The commit that --allow-diverged let pass."] = None
    notes: Annotated[tuple[str, ...], "What else there is to say, in sentences."] = ()
    outcomes: Annotated[tuple[RunOutcome, ...], "What became of each change."] = ()

    @property
    def key(self) -> str:
        """Its key in the topic."""
        return f"run/{self.run}"


@dataclass(frozen=True)
class Asked:
    """One change of a step."""

    kind: Annotated[str, "The kind of the resource."]
    name: Annotated[str, "The name of the resource."]
    action: Annotated[str, "What is asked for."]
    before: Annotated[Text, "What was so before, where no read tells it once the change is begun."] = None
    change: Annotated[Text, "What is there and what is wanted, as JSON, until an answer is written."] = None


@dataclass(frozen=True)
class Step:
    """The journal of one chunk of changes: about to be asked, then answered; taken away when its run ends."""

    cluster: Annotated[str, "The id of the cluster."]
    run: Annotated[str, "The run."]
    number: Annotated[int, "Its number in the run, from 1."]
    status: Annotated[Literal["asked", "answered"], "`asked`: it may or may not be done."]
    changes: Annotated[tuple[Asked, ...], "The changes of this chunk."]
    outcomes: Annotated[tuple[RunOutcome, ...], "What became of them, once answered."] = ()

    @property
    def key(self) -> str:
        """Its key in the topic."""
        return f"step/{self.run}/{self.number}"


@dataclass(frozen=True)
class Hold:
    """A resource that no apply touches until then, written by `undo --now`."""

    cluster: Annotated[str, "The id of the cluster."]
    kind: Annotated[str, "The kind of the resource."]
    name: Annotated[str, "The name of the resource."]
    until: Annotated[int, "When it ends, in seconds since 1970."]
    reason: Annotated[str, "Why somebody asked for it."]
    run: Annotated[str, "The run that wrote it."]
    by: Annotated[Person | None, "Who asked for it."] = None

    @property
    def key(self) -> str:
        """Its key in the topic."""
        return f"hold/{self.kind} {self.name}"


@dataclass(frozen=True)
class Drift:
    """A difference that somebody else made: written when it appears and when it is gone."""

    cluster: Annotated[str, "The id of the cluster."]
    kind: Annotated[str, "The kind of the resource."]
    name: Annotated[str, "The name of the resource."]
    status: Annotated[Literal["open", "gone"], "Whether it is there."]
    since: Annotated[int, "When it was seen first, in seconds since 1970."]
    edits: Annotated[tuple[Edited, ...], "From what the files say to what is there."] = ()

    @property
    def key(self) -> str:
        """Its key in the topic."""
        return f"drift/{self.kind} {self.name}"


@dataclass(frozen=True)
class Open:
    """What of the applied commit is not done."""

    kind: Annotated[str, "The kind of the resource."]
    name: Annotated[str, "The name of the resource."]
    why: Annotated[str, "Why it is open."]
    commit: Annotated[Text, "Of a removal that no file states: the commit that declared it last."] = None


@dataclass(frozen=True)
class Owner:
    """What an owner has applied last; what it owned is what git says at that commit."""

    cluster: Annotated[str, "The id of the cluster."]
    owner: Annotated[str, "The owner."]
    environment: Annotated[Text, "The environment."]
    repository: Annotated[str, "The repository: host and path of its remote, without login."]
    config: Annotated[str, "The path of the config from the repository's root on."]
    commit: Annotated[Text, "The commit that was applied last; null before the first apply."]
    parts: Annotated[int, "How many records `names/N` there are."] = 0
    run: Annotated[Text, "The run that wrote it."] = None
    number: Annotated[int, "The number of that run in the chain; 0 before the first."] = 0
    digest: Annotated[Text, "The hash of that run's record."] = None
    topic_id: Annotated[Text, "The id of the topic that it was written to; null where the brokers have none."] = None
    at: Annotated[int | None, "The next offset of the log when it was written: in a copy it is at another one."] = None
    open: Annotated[tuple[Open, ...], "What of it is not done."] = ()
    holds: Annotated[tuple[Hold, ...], "The holds that are in force, so that one bounded read finds them."] = ()

    @property
    def key(self) -> str:
        """Its key in the topic."""
        return "owner"


@dataclass(frozen=True)
class Names:
    """A part of the names of all that an owner has applied, for claims between owners (`names.py`)."""

    cluster: Annotated[str, "The id of the cluster."]
    part: Annotated[int, "The number of this part, from 1."]
    of: Annotated[int, "How many parts there are."]
    names: Annotated[str, "base64 of zlib of JSON lines: [kind, name, digest of the spec]."]
    run: Annotated[Text, "The run that wrote it: parts of two runs say together what neither did."] = None

    @property
    def key(self) -> str:
        """Its key in the topic."""
        return f"names/{self.part}"


@dataclass(frozen=True)
class Lock:
    """A claim, a renewal or a release of the owner's lock; the last of a run counts."""

    cluster: Annotated[str, "The id of the cluster."]
    run: Annotated[str, "The run."]
    act: Annotated[Literal["claim", "renew", "release", "wait"], "`wait`: it waits, which is no claim."]
    after: Annotated[int, "The offset of the record of the lock that it follows, -1 where there was none."] = -1
    lease: Annotated[int, "For how many seconds from the time of the append on."] = 60
    by: Annotated[Person | None, "Who started the run."] = None
    url: Annotated[Text, "Where the run can be looked at."] = None

    @property
    def key(self) -> str:
        """Its key in the topic."""
        return f"lock/{self.run}"


@dataclass(frozen=True)
class Unlock:
    """What `unlock` took the lock away from, under a key that the run itself never writes."""

    cluster: Annotated[str, "The id of the cluster."]
    run: Annotated[str, "The run that held it."]
    after: Annotated[int, "The offset of the record of the lock that it follows."]
    reason: Annotated[str, "Why somebody asked for it."]
    by: Annotated[Person | None, "Who did it."] = None
    url: Annotated[Text, "Where that can be looked at."] = None

    @property
    def key(self) -> str:
        """Its key in the topic."""
        return f"unlock/{self.run}"


AnyRecord: TypeAlias = Owner | Names | Run | Step | Lock | Unlock | Hold | Drift
