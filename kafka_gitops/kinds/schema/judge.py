"""Whether a new version keeps to the level of its subject: the registry's verdict, with places from our own reading."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kafka_gitops import schemas
from kafka_gitops.changes import Refused
from kafka_gitops.errors import listed
from kafka_gitops.kinds.schema.declared import One
from kafka_gitops.kinds.schema.levels import at_least, level_first
from kafka_gitops.kinds.schema.live import Asked, Registry, Verdict
from kafka_gitops.kinds.schema.seen import Reading
from kafka_gitops.kinds.schema.spec import Schema
from kafka_gitops.schemas import levels
from kafka_gitops.schemas.contract import Clash
from kafka_gitops.text.characters import escaped


@dataclass
class Judged:
    """What cannot be done, by subject, and what nobody could judge."""

    against: dict[str, list[Refused]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def judge(reading: Reading, todo: Sequence[One], pending: Mapping[str, Schema]) -> Judged:
    """Ask about the versions that are to be registered; `pending` are all that this plan is to register, by subject."""
    judged = Judged()
    asked = [one for one in todo if one.subject in reading.latest and _level(reading, one) != "NONE"]
    able = [one for one in asked if not _unborn(reading, one.spec)]
    verdicts = reading.registry.test([Asked(one.subject, one.spec) for one in able]) if able else ()
    answers = {one.subject: verdict for one, verdict in zip(able, verdicts, strict=True)}
    for one in asked:
        why = list(_against(reading, one, answers.get(one.subject), pending, judged.notes))
        if why:
            judged.against[one.subject] = why
    return judged


def _level(reading: Reading, one: One) -> str:
    """The level that a new version has to keep to, at least."""
    now = reading.levels[one.subject].effective
    wanted = one.spec.compatibility or now
    return wanted if level_first(now, wanted) else now


def _unborn(reading: Reading, schema: Schema) -> list[str]:
    """The references to versions that this plan is to make, which no registry can look at yet."""
    return [
        one.subject
        for one in schema.references
        if one.subject not in reading.latest or one.version > reading.latest[one.subject].number
    ]


def _against(
    reading: Reading, one: One, verdict: Verdict | None, pending: Mapping[str, Schema], notes: list[str]
) -> Iterator[Refused]:
    now = reading.levels[one.subject].effective
    wanted = one.spec.compatibility or now
    silent = verdict.messages if verdict is not None and not verdict.asked else ()
    verdict = verdict if verdict is not None and verdict.asked else None
    if verdict is not None and not verdict.compatible and level_first(now, wanted):
        clashes = _clashes(reading, one, wanted, pending)  # a registry judges by the level of now only
        if clashes is None:
            notes.append(f"{one.key}: the registry judges it by {now} now, so {wanted} shows only when it is applied")
        elif clashes:
            yield _refused(one, f"it does not keep to {wanted}", clashes, ())
    elif verdict is not None and not verdict.compatible:
        clashes = _clashes(reading, one, now, pending) or []
        yield _refused(one, f"the registry refuses it, by {now}", clashes, verdict.messages)
    elif verdict is None and (clashes := _clashes(reading, one, _level(reading, one), pending)) is None:
        made = listed(_unborn(reading, one.spec), most=3)
        why = f"it refers to what this plan makes ({made})" if made else "the registry tests none with references"
        notes.append(f"{one.key}: {next(iter(silent), why)}, so it is judged when it is applied")
    elif verdict is None and clashes:
        yield _refused(one, f"it does not keep to {_level(reading, one)}", clashes, ())
    elif not at_least(now, wanted) and not at_least(wanted, now):
        clashes = _clashes(reading, one, wanted, pending) or []
        if clashes:
            said = f"it keeps to {now} and not to {wanted}: change the level and the schema one after the other"
            yield _refused(one, said, clashes, ())


def _refused(one: One, said: str, clashes: Sequence[Clash], messages: Collection[str]) -> Refused:
    """The sentence with the reasons: ours where they are known, with the first one's place, else the registry's."""
    own = [f"{clash.field + ': ' if clash.field else ''}{clash.message}" for clash in clashes]
    reasons = [escaped(one) for one in dict.fromkeys(own or messages)]
    shown = [*reasons[:3], *([f"and {len(reasons) - 3} more"] if len(reasons) > 3 else [])]
    told = ": ".join(filter(None, (said, "; ".join(shown))))
    return Refused(one.key, told, one.in_file(clashes[0].line if clashes else 1))


def _clashes(reading: Reading, one: One, level: str, pending: Mapping[str, Schema]) -> list[Clash] | None:
    """Why an Avro schema does not keep to a level, with places; None where that cannot be told here."""
    if one.spec.type != schemas.AVRO:
        return None
    registry, numbers = reading.registry, reading.registry.numbers(one.subject)
    if not level.endswith("_TRANSITIVE"):
        numbers = numbers[-1:]
    versions = []
    for number in reversed(numbers):
        found = registry.version(one.subject, number)
        if found is None or found.type != schemas.AVRO:
            return None
        versions.append(levels.Version(found.text, _texts(registry, found.schema(), {}), f"version {number}"))
    return levels.clashes(level, one.spec.text, _texts(registry, one.spec, pending), versions)


def _texts(registry: Registry, schema: Schema, pending: Mapping[str, Schema]) -> dict[str, str | None]:
    """The texts of what a schema refers to, and of what these refer to, by the names that it uses."""
    texts: dict[str, str | None] = {}
    for one in schema.references:
        found = registry.version(one.subject, one.version)
        used = found.schema() if found is not None else pending.get(one.subject)
        texts[one.name] = used.text if used is not None else None
        if used is not None and used.references:
            texts = {**_texts(registry, used, pending), **texts}
    return texts
