"""Print the page of a rule of lint, of a risk of plans or of a kind; of another word, the rules and risks about it."""

import argparse
import re
from collections.abc import Iterator

from kafka_gitops.cli import terminal
from kafka_gitops.cli.request import Request as Common
from kafka_gitops.errors import UsageError
from kafka_gitops.settings import FIXED
from kafka_gitops.shape.found import near

EXAMPLE = "kafka-gitops explain topic-retention"

# What people search for, in the words of the pages
_ALSO = {"rf": "replication", "replica": "replicas", "ttl": "retention", "certificate": "dn", "user": "principal"}


class Request(Common):
    """What `explain` is asked for."""

    rule: str


def add(parser: argparse.ArgumentParser) -> None:
    """The argument of `explain`."""
    text = (
        "the name of a rule (kafka-gitops rules lists them), a risk of plans or a kind (topic), or a word: partitions"
    )
    parser.add_argument("rule", metavar="RULE", help=text)


def run(request: Request) -> int:
    """Print the page, or a line for each page about a word; 0. Raises UsageError for what is in none."""
    from kafka_gitops.kinds import KINDS, PLURALS, dangers
    from kafka_gitops.rules import RULES

    name = request.rule
    kind = KINDS.get(PLURALS.get(name, name))
    if kind is not None:
        terminal.write((kind.__doc__ or "").strip())
        return 0
    pages = [page(name, str(RULES[name].SEVERITY), RULES[name].__doc__ or "")] if name in RULES else []
    pages += [risk(name)] if name in dangers() else []  # a rule and a risk may be about the same thing
    if pages:
        terminal.write("\n\n".join(pages))
        return 0
    meant = near(name, {**RULES, **dangers()})
    if (found := about(name)) and not (meant and "-" in name):  # a slip of the pen in a name is in no page
        width = max(len(one) for one, _, _ in found)
        rows = [f"{one.ljust(width)}  {level.ljust(7)}  {said}" for one, level, said in found]
        terminal.write("\n".join([*rows, "", "kafka-gitops explain NAME prints one's page."]))
        return 0
    hint = f' Did you mean "{meant}"?' if meant else ""
    raise UsageError(f'There is no rule "{name}".{hint}', help="kafka-gitops rules lists them.")


def page(name: str, severity: str, text: str) -> str:
    """Name and severity over the page, and how to change or waive the rule below it."""
    return "\n".join([f"{name} ({severity})", "", text.strip(), "", *_ways(name)])


def _ways(name: str) -> Iterator[str]:
    """How to change a rule, and to make an exception, where that is possible."""
    if name in FIXED:
        yield "No setting, waiver or baseline silences this rule."
        return
    yield f"Settings: rules: {{{name}: off}} in kafka-gitops.yaml (or info, warning, error)."
    if name.startswith("change-"):
        yield f"One exception: lint --accept {name}:NAME, or the commit trailer Kafka-Gitops-Accept: {name} NAME"
    elif not name.startswith("waiver-"):
        yield f"One exception: # kafka-gitops: allow {name} until YYYY-MM-DD: reason"


def risk(name: str) -> str:
    """What a risk of plans is, whether it blocks, and how it is accepted."""
    from kafka_gitops.kinds import dangers

    danger = dangers()[name]
    weight = "blocks until it is accepted" if danger.blocks else "is reported and does not block"
    ways = [
        f"Accept it: --accept {name} or --accept {name}:RESOURCE;",
        f"in a pipeline by the last line of a commit's message: Kafka-Gitops-Accept: {name} RESOURCE",
    ]
    head = [f"{name} (a risk of a plan; it {weight})", "", f"{danger.says[0].upper()}{danger.says[1:]}."]
    rules = [one for one, level, _ in about(name) if level != "risk"]
    see = ["", f"Rules of lint with that word: {', '.join(rules)}"] if rules else []
    return "\n".join([*head, *(["", *ways] if danger.blocks else []), *see])


def about(text: str) -> list[tuple[str, str, str]]:
    """The rules and risks that have every word in their name, first sentence or options, else in their page."""
    from kafka_gitops.kinds import dangers
    from kafka_gitops.rules import RULES

    rows = [
        (name, str(rule.SEVERITY), doc.strip().partition("\n")[0], " ".join(rule.OPTIONS), doc)
        for name, rule in sorted(RULES.items())
        if (doc := rule.__doc__ or "")
    ]
    rows += [(danger.name, "risk", danger.says, "", danger.says) for danger in dangers().values()]
    words = [_ALSO.get(word, word) for word in re.findall("[a-z0-9]+", text.lower())]

    def matching(*columns: int) -> list[tuple[str, str, str]]:
        texts = [(row[:3], " ".join(row[column] for column in columns).lower()) for row in rows]
        return [row for row, told in texts if words and all(re.search(rf"\b{word}", told) for word in words)]

    named = matching(0, 2, 3)
    return named if named and "." not in text else list(dict.fromkeys([*named, *matching(4)]))  # "." is in config keys
