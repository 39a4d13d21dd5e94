"""Inputs that cost more to read than to write: lists that multiply, comments, names, references; up to a size."""

import random
from collections.abc import Callable, Iterator

Files = dict[str, str]
HEAD = "context: c\nprojects:\n- name: p\n"
ONE_TOPIC = HEAD + "  topics: [{name: t}]\n"
CONFIG = "topology: t.yaml\n"


def filled(head: str, line: Callable[[int], str], size: int, tail: str = "") -> str:
    """A head and as many lines as fit into so many characters."""
    rows, left, number = [head], size - len(head) - len(tail), 0
    while left > 0:
        rows.append(line(number))
        left -= len(rows[-1])
        number += 1
    return "".join(rows) + tail


def inputs(size: int, draw: random.Random) -> Iterator[Files]:
    """One input of each kind, of about so many characters in all; what is drawn are counts, names, and what repeats."""
    some = draw.randint(1, 40)
    word = draw.choice(("a", "retention.m", "consumer", "x" * 40, "topcis", "User:", "é"))
    half = size // 2
    for line in _LINES:
        for head in (HEAD + "  topics:\n", ONE_TOPIC + "  consumers:\n", "context: c\nspecial_topics:\n"):
            yield {"t.yaml": filled(head, lambda number, line=line: line(number, word, some), size)}  # type: ignore[misc]
    for line in _ITEMS:
        yield {"t.yaml": filled("context: c\nprojects: []\nacls:\n", lambda n, line=line: line(n, word, some), size)}  # type: ignore[misc]
        bindings = filled("context: c\nprojects: []\nacls:\n", lambda n, line=line: line(n, word, some), half)  # type: ignore[misc]
        yield {
            "t.yaml": filled(
                f"{bindings}access:\n",
                lambda n: f"- {{principal: 'User:a', can: read, topic: '{'*' if n % some else f't{n}'}'}}\n",
                half,
            )
        }
    yield from _aliased(size, draw)
    yield from _beside(size, word, some)
    yield {"t.yaml": filled("context: c\nprojects: []\n", lambda n: f"{word}{n}: {n}\n", size)}
    yield {
        "t.yaml": filled(
            "context: c\nprojects: []\n", lambda n: f"# kafka-gitops: allow topic-own{n % some}: x\n", size
        )
    }
    yield {"t.yaml": f"context: c\nprojects: [] # kafka-gitops: {'allow topic-owner' * (some % 2)}{' ' * size}x\n"}
    yield {
        "t.yaml": filled(
            "context: " + "c" * min(half, 30_000) + "\nprojects:\n", lambda n: f"- name: {word}{n}\n", size
        )
    }
    yield {
        "t.yaml": draw.choice(("[", "{a: ", "- ", "? ", "\t", "a: ", "'", "&a *a ", "- - ", "!!x ", "|\n", " ")) * size
    }
    yield {
        "t.yaml": "{context: c, projects: [{name: p, topics: ["
        + filled("", lambda n: f"{{name: t{n}, {word}: 1}}, ", size)
        + "]}]}"
    }
    yield {
        f"d/{n}.yaml": f"context: c{n % some}\nprojects: [{{name: p, topics: [{{name: t{n}}}]}}]\n"
        for n in range(size // 60)
    } | {"kafka-gitops.yaml": "topology: d/\n"}


_LINES: tuple[Callable[[int, str, int], str], ...] = (
    lambda n, word, some: f"  - name: {word}{n}\n",
    lambda n, word, some: f"  - {{name: t{n}, {word}{n}: 1}}\n",
    lambda n, word, some: f"  - {{name: t{n % some}, config: {{{word}{n}: 1_0}}}}\n",
    lambda n, word, some: f"  - {{name: t{n}, config: {{retention.ms: {word}}}, principal: 'User:{n}', group: '{word}{n}*'}}\n",
    lambda n, word, some: f"  - User:{n % some}\n",
    lambda n, word, some: f"# kafka-gitops: allow topic-replication: x\n  - {{name: t{n}, config: {{replication.factor: '1'}}}}\n",
    lambda n, word, some: f"  - {{name: t{n}, schemas: {{value.schema.file: s{n % some}.avsc}}}}\n",
)  # fmt: skip
_ITEMS: tuple[Callable[[int, str, int], str], ...] = (
    lambda n, word, some: f"- {{principals: ['User:a'], allow: [READ], topics: ['{word}{n}*']}}\n",
    lambda n, word, some: f"- {{principals: ['User:a'], {'deny' if n % 2 else 'allow'}: [READ], topics: ['{'t' * (n % 300)}*']}}\n",
    lambda n, word, some: f"- {{principals: ['User:{n % some}'], deny: [WRITE], topics: ['*'], hosts: ['10.0.{n % 99}.{n % 250}']}}\n",
    lambda n, word, some: f"- {{principals: [{', '.join(f'User:{one}' for one in range(some * 2))}], allow: [READ, WRITE], groups: [{', '.join(f'g{n}.{one}' for one in range(some * 2))}]}}\n",
)  # fmt: skip


def _aliased(size: int, draw: random.Random) -> Iterator[Files]:
    """Lists that stand once and are meant many times."""
    many, third = max(2, size // 40), size // 3
    users = filled("", lambda n: f"User:{n}, ", draw.choice((20, third)))
    bad = filled("", lambda n: draw.choice(("[], ", "{a: 1}, ", "1_0, ", "{principal: x, idempotent: 1}, ")), third)
    keys = filled("", lambda n: f"k{n}: 1, ", draw.choice((200, third)))
    for role in ("consumers", "producers"):
        for listed in (users, bad):
            first = f"  topics:\n  - {{name: t, {role}: &u [{listed}]}}\n"
            yield {"t.yaml": filled(HEAD + first, lambda n, role=role: f"  - {{name: t{n}, {role}: *u}}\n", size)}  # type: ignore[misc]
    yield {
        "t.yaml": filled(
            f"{HEAD}  streams:\n  - {{principal: User:x, topics: &t {{read: [{users}]}}}}\n",
            lambda n: f"  - {{principal: User:{n}, topics: *t}}\n",
            size,
        )
    }
    yield {"t.yaml": f"{HEAD}  topics: [{', '.join(f'{{name: t{n}}}' for n in range(many))}]\n  consumers: [{users}]\n"}
    yield {
        "t.yaml": filled(
            f"{HEAD}  topics:\n  - {{name: z, config: &a {{{keys}}}}}\n",
            lambda n: f"  - {{name: t{n}, config: *a}}\n",
            size,
        )
    }
    yield {
        "t.yaml": filled(
            f"{HEAD}  topics:\n  - {{name: z, config: &a {{{keys}}}}}\n",
            lambda n: f"  - {{name: t{n}, config: {{<<: *a}}}}\n",
            size,
        )
    }
    yield {
        "t.yaml": filled(
            "context: c\nprojects:\n- {name: q, topics: &t [{name: a}, {name: b}, {nam: c}]}\n",
            lambda n: f"- {{name: p{n}, topics: *t}}\n",
            size,
        )
    }
    yield {"t.yaml": filled(f"{ONE_TOPIC}  consumers:\n  - &a {'u' * 30_000}\n", lambda n: "  - *a\n", size)}
    yield {
        "t.yaml": filled(
            f"{ONE_TOPIC}  consumers:\n  - principal: &a {'u' * 30_000}\n",
            lambda n: "  - {principal: *a, group: *a}\n",
            size,
        )
    }


def _beside(size: int, word: str, some: int) -> Iterator[Files]:
    """Roles, plans, schemas and settings that many entries use."""
    half = size // 2
    users = filled(f"{HEAD}  rr:\n", lambda n: f"  - {{principal: User:{n}, topic: {word}{n}}}\n", half)
    for name in ("t{0}", "{{{{topic}}}}{0}", "{{{{topic}}}}" * 100):
        form = (
            f"  - {{{{resourceType: Topic, resourceName: '{name}', patternType: LITERAL, host: a, operation: READ}}}}\n"
        )
        roles = filled("roles:\n- name: rr\n  acls:\n", form.format, half)
        yield {"kafka-gitops.yaml": f"{CONFIG}roles: r.yaml\n", "r.yaml": roles, "t.yaml": users}
    roles = filled("roles:\n", lambda n: f"- {{name: role{n}, acls: []}}\n", half)
    yield {
        "kafka-gitops.yaml": f"{CONFIG}roles: r.yaml\n",
        "r.yaml": roles,
        "t.yaml": filled(HEAD, lambda n: f"  rolle{n}: [User:a]\n", half),
    }
    plans = filled("plans:\n  gold:\n    config:\n", lambda n: f"      {word}{n}: '1'\n", half)
    yield {
        "kafka-gitops.yaml": f"{CONFIG}plans: p.yaml\n",
        "p.yaml": plans,
        "t.yaml": filled(HEAD + "  topics:\n", lambda n: f"  - {{name: t{n}, plan: gold}}\n", half),
    }
    plans = filled("plans:\n", lambda n: f"  gold{n}: {{config: {{}}}}\n", half)
    yield {
        "kafka-gitops.yaml": f"{CONFIG}plans: p.yaml\n",
        "p.yaml": plans,
        "t.yaml": filled(HEAD + "  topics:\n", lambda n: f"  - {{name: t{n}, plan: golds{n}}}\n", half),
    }
    schema = "[" + "1," * (half // 2) + "1]"
    yield {
        "s.avsc": schema,
        "t.yaml": filled(
            HEAD + "  topics:\n",
            lambda n: f"  - {{name: t{n}, schemas: {{value.schema.file: {'./' * (n % some)}s.avsc}}}}\n",
            half,
        ),
    }
    yield {
        "kafka-gitops.yaml": f"{CONFIG}acls: {{optimized: true}}\nnaming: {{dlq: {{generate: true}}}}\n",
        "t.yaml": filled(
            "context: c\nprojects:\n",
            lambda n: f"- {{name: p{n}, topics: [{{name: t}}], consumers: [User:{n}]}}\n",
            size,
        ),
    }
    yield {
        "kafka-gitops.yaml": filled(
            f"{CONFIG}overrides:\n",
            lambda n: f"- {{paths: ['a{n}'], rules: {{topic-retention: {{max: {n + 1}d}}}}}}\n",
            half,
        ),
        "t.yaml": filled(HEAD + "  topics:\n", lambda n: f"  - name: t{n}\n", half),
    }
    yield {
        "kafka-gitops.yaml": filled(f"{CONFIG}manage:\n  topics:\n", lambda n: f"  - a{n}*\n", half),
        "t.yaml": filled(HEAD + "  topics:\n", lambda n: f"  - name: t{n}\n", half),
    }
