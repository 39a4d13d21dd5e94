"""The parts of docs/ that are made of the kinds: a page for each, and the tables of the page on plans."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.contract import Kind


def pages(docs: Path, made: str) -> Iterator[tuple[str, str]]:
    """Each page: its path below docs/ and its text; `made` is the mark of what is written by no hand."""
    yield "plans.md", plans((docs / "plans.md").read_text(encoding="utf-8"))
    yield "kinds/README.md", index(made)
    yield from ((f"kinds/{kind.NAME}.md", page_of(kind, made)) for kind in KINDS.values())


def filled(text: str, parts: Mapping[str, str]) -> str:
    """A page by hand with its generated parts: each between a mark with its name and the next `<!-- end -->`."""
    for name, part in parts.items():
        start, end = f"<!-- made by tools/docs.py: {name} -->", "<!-- end -->"
        before, mark, rest = text.partition(start)
        assert mark and end in rest, f"no place for {name}"
        text = f"{before}{start}\n\n{part}\n\n{end}{rest.partition(end)[2]}"
    return text


def plans(page: str) -> str:
    """The page on plans with its tables."""
    tables = {"rights": rights(), "risks": risks(True), "reported": risks(False), "brakes": brakes()}
    return filled(page, tables)


def brakes() -> str:
    """How much of each kind a run may delete where no limit is set."""
    rows = [f"| `limits.{kind.PLURAL}` | {kind.DELETES} {kind.UNIT[1]} |" for kind in KINDS.values()]
    return "\n".join(["| key | at most |", "| --- | --- |", *rows])


def rights(*kinds: Kind) -> str:
    """The rights that a run needs for these kinds (default: all), those of a plan first."""
    asked = kinds or tuple(KINDS.values())
    found = sorted(((kind, right) for kind in asked for right in kind.RIGHTS), key=lambda row: row[1].phase != "plan")
    rows = [
        f"| {right.phase} | {right.operation} | {right.resource} | {kind.LOOKS.nouns} | {right.without} |"
        for kind, right in found
    ]
    return "\n".join(["| for | operation | on | of | without it |", "| --- | --- | --- | --- | --- |", *rows])


def risks(blocks: bool, *kinds: Kind) -> str:
    """The risks of these kinds (default: all) that block, or that are only told."""
    said: dict[tuple[str, str], list[str]] = {}
    for kind in kinds or tuple(KINDS.values()):
        for danger in kind.DANGERS:
            if danger.blocks is blocks:
                said.setdefault((danger.name, danger.says), []).append(kind.LOOKS.nouns)
    rows = [f"| `{name}` | {', '.join(of)} | {says} |" for (name, says), of in said.items()]
    return "\n".join(["| risk | of | when |", "| --- | --- | --- |", *rows])


def index(made: str) -> str:
    """All kinds with their first sentences."""
    rows = [
        f"| [{kind.NAME}]({kind.NAME}.md) | `{kind.PLURAL}` | {(kind.__doc__ or '').splitlines()[0]} |"
        for kind in KINDS.values()
    ]
    words = "`kafka-gitops explain NAME` prints a page. The words are those of `--only`, `prune` and `limits`."
    head = [made, "", "# Kinds of resources", "", words, "", "| kind | word | what it is |", "| --- | --- | --- |"]
    return "\n".join([*head, *rows]) + "\n"


def page_of(kind: Kind, made: str) -> str:
    """A kind's page: its docstring, its risks, the lists of `manage` that bound it, the rights that it takes."""
    head, parts = f"{made}\n\n# {kind.LOOKS.nouns[0].upper()}{kind.LOOKS.nouns[1:]}", [(kind.__doc__ or "").strip()]
    for title, blocks in (("Risks that block until accepted", True), ("Risks that are told", False)):
        if any(danger.blocks is blocks for danger in kind.DANGERS):
            parts.append(f"## {title}\n\n{risks(blocks, kind)}")
    lists = "\n".join(f"| `manage.{name}` | {says} |" for name, says in kind.MANAGE.items())
    parts.append(f"## Scope\n\n| list | holds |\n| --- | --- |\n{lists}")
    parts.append(f"## Rights of the run\n\n{rights(kind)}")
    return "\n\n".join([head, *parts]) + "\n"
