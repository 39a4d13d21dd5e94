"""How a change of subjects is carried out: levels that get looser first, stricter ones last; references first."""

from collections.abc import Iterator, Mapping, Sequence

from kafka_gitops.changes import Change
from kafka_gitops.kinds.contract import taking
from kafka_gitops.kinds.parts import Problem, Stage, Step, Systems
from kafka_gitops.kinds.schema.declared import order, uses
from kafka_gitops.kinds.schema.levels import level_first
from kafka_gitops.kinds.schema.live import Asked, Registry
from kafka_gitops.kinds.schema.spec import NAME, Schema, parts
from kafka_gitops.model import Key

AT_ONCE = 50  # changes between two looks at whether somebody stops the run


def write(systems: Systems, changes: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """Register versions and set levels."""
    registry: Registry = systems.registry
    return {change.key: _one(registry, change) for change in changes}


def _one(registry: Registry, change: Change) -> Problem | None:
    before, after = change.before, change.after
    assert isinstance(after, Schema)
    old = before if isinstance(before, Schema) else None
    subject, level = change.key.name, after.compatibility
    has_level = level is not None and (old is None or level != old.compatibility)
    has_text = old is None or old._replace(compatibility=level) != after
    first = has_level and has_text and old is not None and level_first(_effective(registry, subject), level or "")
    if first or (has_level and not has_text):
        problem = registry.set_level(subject, level)
        if problem is not None or not has_text:
            return problem
    problem = _register(registry, subject, after) if has_text else None
    if problem is not None:
        return _set_back(registry, subject, old, problem) if first else problem
    if has_level and not first:
        problem = registry.set_level(subject, level)
        return problem.after("its version is registered, its level is not set") if problem is not None else None
    return None


def _effective(registry: Registry, subject: str) -> str:
    return registry.levels([subject])[subject].effective


def _register(registry: Registry, subject: str, schema: Schema) -> Problem | None:
    """Add a version, and look whether the registry has it: some answer 200 and keep what they had."""
    problem = registry.register(Asked(subject, schema))
    if problem is not None:
        return problem
    if registry.lookup([Asked(subject, schema)]) == [None]:
        said = "the registry says that it has taken the version, and does not find it"
        return Problem("NOT_TAKEN", said, "lost")
    return None


def _set_back(registry: Registry, subject: str, old: Schema | None, problem: Problem) -> Problem:
    """The problem of a registration, after the level that was loosened for it has its old value again."""
    if problem.fate == "lost":
        return problem.after("the level stays as it is wanted, since the version may be there")
    level = old.compatibility if old is not None else None
    failed = registry.set_level(subject, level)
    if failed is not None:
        return problem.after(f"the level could not be set back: {failed}")
    return problem._replace(message=f"{problem.message}; the level is {level or 'the default'} again")


def drop(systems: Systems, changes: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """Delete subjects and versions, softly."""
    registry: Registry = systems.registry
    return {change.key: registry.delete(*parts(change.key)) for change in changes}


def in_order(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """The changes in portions: what is referred to comes before what refers to it."""
    own = {change.key.name: change for change in changes}
    used = {name: uses(change.after) if isinstance(change.after, Schema) else () for name, change in own.items()}
    for layer in _layers(used):
        for start in range(0, len(layer), AT_ONCE):
            yield [own[name] for name in layer[start : start + AT_ONCE]]


def in_reverse(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Deletions in portions: what refers to others comes before these."""
    subjects: dict[str, list[Change]] = {}
    for change in changes:
        subjects.setdefault(parts(change.key)[0], []).append(change)
    specs = {name: [one.before for one in own if isinstance(one.before, Schema)] for name, own in subjects.items()}
    for layer in reversed(_layers({name: [use for spec in own for use in uses(spec)] for name, own in specs.items()})):
        yield [change for name in layer for change in subjects[name]]


def _layers(used: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The subjects in layers; those in a circle, which no plan has, come last."""
    found = order(used)
    left = [name for name in used if not any(name in layer for layer in found.layers)]
    return [*found.layers, *([left] if left else [])]


STEPS = (
    Step(Stage.FILL, taking(NAME, "create", "update"), in_order, write),
    Step(Stage.DROP_CONTENT, taking(NAME, "delete"), in_reverse, drop),
)
