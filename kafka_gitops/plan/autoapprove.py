"""What a change may do without a person: an allow-list of plan and files; what is not on it is a reason to ask one."""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kafka_gitops import holds
from kafka_gitops.changes import Change
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Key, Spec, TopicDecl, Topology
from kafka_gitops.plan import reach
from kafka_gitops.plan.make import Plan
from kafka_gitops.settings import ManagedPrefixes, Settings
from kafka_gitops.text import characters
from kafka_gitops.text.comments import comments, last_line
from kafka_gitops.text.source import Node, Source

_OF_TOPIC = {"name", "dataType", "config", "plan", "consumers", "producers"}
_OF_NEW_TOPIC = {*_OF_TOPIC, "metadata", "keyed"}
_SECTIONS = [section for kind in KINDS.values() for section in kind.SECTIONS]
_JUDGED = {"acls", *(section.name for section in _SECTIONS if section.judged)}
_NOT_OF_PROJECT = {"connectors", "ksql", "schemas", "rbac", *(one.name for one in _SECTIONS if not one.judged)}
_Leaf = tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """What is judged: the plan, the files at the base and now, the settings of now, and what lint found."""

    plan: Plan
    base: Topology
    now: Topology
    settings: Settings
    findings: Sequence[Diagnostic] = ()


def reasons(case: Case) -> list[str]:
    """Why a person has to look at a change, each in half a sentence; empty when it may be merged by itself.

    The plan and the files are judged alike: what the cluster has already would be missing in the plan.
    """
    judged = (
        _plan(case),
        _many(case),
        _files(case),
        reach.reasons(case.base, case.now, case.settings.rules),
        _text(case),
        _warned(case),
    )
    found = [*_settings(case.settings), *(reason for part in judged for reason in part)]
    return list(dict.fromkeys(found))


def elsewhere(changed: Iterable[Path], sources: Iterable[str]) -> list[str]:
    """The changed files (absolute) that are no topology files that were read: configs, pipelines, links, all else."""
    known = {real for path in sources if (real := Path(path).resolve()) == Path(os.path.abspath(path))}  # noqa: PTH100
    return [
        f"the file {path.name} is changed and is not a topology file" for path in sorted(changed) if path not in known
    ]


def _settings(settings: Settings) -> Iterator[str]:
    if not any(any(scope.lists.values()) for scope in settings.scopes):
        yield "`manage` does not say what is the repository's own"
    if settings.language.managed != ManagedPrefixes():
        yield "managed prefixes leave parts of the files out (state `manage` instead)"


def _plan(case: Case) -> Iterator[str]:
    for change in case.plan.changes:
        if change.pending:
            yield f"{change.key} was pending before this change"
        yield from _change(change, case.settings)
    for entry in (*case.plan.unsupported, *case.plan.nevers):
        yield f"{entry.key} cannot be brought to what the files say: {entry.reason}"
    before, after = case.base.state, case.now.state
    for entry in case.plan.held:  # no risk of it was judged
        if before.get(entry.key) != after.get(entry.key):
            yield f"{entry.key} is on hold"


def _many(case: Case) -> Iterator[str]:
    """Whether the change does more at once than the settings let it, on the cluster and in the files together."""
    before, after, most = case.base.state, case.now.state, case.settings.limits.auto_approve
    specs = {change.key: change.after or change.before for change in case.plan.changes}
    specs |= {key: spec for key, spec in after.items() if before.get(key) != spec}
    kinds: dict[str, list[Spec | None]] = {}
    for key, spec in specs.items():
        kinds.setdefault(key.kind, []).append(spec)
    count = sum(KINDS[name].units(own) for name, own in kinds.items())
    if count > most:
        limit = f"without a person at most {most:,} (`limits.auto_approve`)"
        yield f"creates or changes {count:,} {'topic or grant' if count == 1 else 'topics and grants'}, {limit}"


def _change(change: Change, settings: Settings) -> Iterator[str]:
    for risk in change.risks:
        yield f"risk {risk.name} on {change.key}"
    yield from _step(change.key, change.before, change.after, settings)
    if change.act is not None:
        yield f"{change.act} of {change.key}"


def _files(case: Case) -> Iterator[str]:
    """What the files declare, before and now, each resource by the same list as a change of the cluster."""
    before, after = case.base.state, case.now.state
    created = {change.key for change in case.plan.changes if change.before is None}
    created |= {one.key for one in case.plan.refused}
    for key, spec in after.items():
        if spec.fields() and key not in before and key not in created:  # where the name says all, none is taken over
            yield f"{key} is on the cluster already"
    for key in {**before, **after}:
        if before.get(key) != after.get(key):
            yield from _step(key, before.get(key), after.get(key), case.settings)
    flags = {topic.name: _flags(topic) for topic in case.base.topics}
    for topic in case.now.topics:
        if flags.get(topic.name, _flags(topic)) != _flags(topic):
            yield f"topic {topic.name} changes `protected`, `keyed` or `metadata`"


def _flags(topic: TopicDecl) -> tuple[bool, bool, str]:
    return topic.protected, topic.keyed, _content(topic.node.get("metadata"))


def _step(key: Key, before: Spec | None, after: Spec | None, settings: Settings) -> Iterable[str]:
    return KINDS[key.kind].by_itself(key, before, after, settings)


def _text(case: Case) -> Iterator[str]:
    """What a change of the files says besides topics and grants: flags, waivers, other sections."""
    old, new = (
        [one for path, one in own.items() if path not in other or other[path].text != one.text]
        for own, other in ((case.base.sources, case.now.sources), (case.now.sources, case.base.sources))
    )
    if _marks(old) != _marks(new):
        yield "a waiver, or what it covers, is changed"
    before, after = Counter(_leaves(old)), Counter(_leaves(new))
    known = {leaf[:at] for leaf in before for at in range(len(leaf))}
    for leaf in sorted((before - after) + (after - before)):
        if not _listed(leaf, known):
            keys = [part for part in leaf[1:-1] if not part.startswith("\0")]
            yield f"{leaf[0]} changes {'.'.join(keys[-2:]) or 'a text'}"


def _marks(sources: Iterable[Source]) -> Counter[tuple[str, str, str]]:
    """The waivers with the text of what they cover: also one that is moved, or gets more below it, is another one."""
    found: Counter[tuple[str, str, str]] = Counter()
    for source in sources:
        lines = characters.lines(source.text)
        for one in comments(source):
            covered = "\n".join(lines[one.lines.start - 1 : one.lines.stop - 1]) if one.lines else ""
            found[source.path, one.text, covered] += 1
    return found


def _leaves(sources: Iterable[Source]) -> Iterator[_Leaf]:
    """Every scalar with the path to it: keys, and for an item of a list `\\0` and what makes it the same one."""
    waiting: list[tuple[_Leaf, Node]] = [((source.path,), source.root) for source in sources if source.root is not None]
    while waiting:
        path, node = waiting.pop()
        if node.raw is not None:
            yield (*path, node.raw)
        waiting += [((*path, key), child) for key, child in node.map.items()]
        waiting += [((*path, "\0" + same), item) for same, item in zip(_same(node.items), node.items, strict=True)]


def _same(items: Sequence[Node]) -> Iterator[str]:
    """What makes an item of a list the same one in both versions: its name and data type, without a name all it says.

    A name that another has too tells nothing: `\\0` before all that it says.
    """
    names = [_content(named, item.get("dataType")) if (named := item.get("name")) is not None else "" for item in items]
    often = Counter(names)
    for name, item in zip(names, items, strict=True):
        yield name if often[name] == 1 and name else ("\0" if name else "") + _content(item)


def _content(*nodes: Node | None) -> str:
    """What nodes say, without places and quotes."""
    texts = []
    for node in nodes:
        inner = [f"{key!r}: {_content(child)}" for key, child in node.map.items()] if node is not None else []
        inner += [_content(child) for child in node.items] if node is not None else []
        texts.append(f"{node.raw if node is not None else None!r}[{', '.join(inner)}]")
    return " ".join(texts)


def _listed(leaf: _Leaf, known: Collection[_Leaf]) -> bool:
    """Whether what a scalar means is judged as a topic or a grant, or only names them."""
    keys = leaf[1:-1]
    if holds.KEY in keys or any(part.startswith("\0\0") for part in leaf):
        return False
    if len(keys) < 2 or keys[0] in _JUDGED:
        return len(keys) > 0  # a text at the top is a part of names
    at = 0 if keys[0] == "special_topics" else 2 if keys[:1] + keys[2:3] == ("projects", "topics") else None
    if at is not None:
        allowed = _OF_TOPIC if leaf[: at + 3] in known else _OF_NEW_TOPIC
        return keys[at + 2 : at + 3] == () or keys[at + 2] in allowed
    return keys[0] == "projects" and len(keys) > 2 and keys[2] not in _NOT_OF_PROJECT


_UNSEEN = "file-encoding"  # a file of which git shows no diff


def _warned(case: Case) -> Iterator[str]:
    """What lint warns of, whoever accepted it: of the change itself, or of a topic or grant that it touches."""
    base, now = case.base, case.now
    nodes = [topic.node for topic in now.topics if base.specs.get(topic.name) != now.specs[topic.name]]
    nodes += [grant.node for grant in now.grants if any(acl not in base.acls for acl in grant.acls)]
    lines = {(node.path, line) for node in nodes for line in range(node.span.line, last_line([node]) + 1)}
    edited = {
        path
        for path, source in now.sources.items()
        if path not in base.sources or base.sources[path].text != source.text
    }
    for one in case.findings:
        of_file = one.rule == _UNSEEN and one.span.path in edited
        about_change = of_file or one.rule.startswith("change-") or (one.span.path, one.span.line) in lines
        if about_change and (one.severity >= Severity.warning or one.accepted):
            yield f"{one.span}: {one.rule}"
