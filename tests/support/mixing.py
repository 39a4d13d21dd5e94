"""Topologies in several files that meet: one context or several, projects and names twice, files that are none."""

from collections.abc import Iterator
from random import Random

ROLES = """\
roles:
- name: auditor
  acls:
  - {resourceType: Topic, resourceName: "{{topic}}", patternType: LITERAL, host: "*", operation: READ}
  - {resourceType: Topic, resourceName: "{% for %}", patternType: LITERAL, host: "*", operation: READ}
- name: broken
  acls:
  - {resourceType: Nothing, resourceName: a, patternType: LITERAL, host: yes, operation: FLY}
"""
PLANS = "plans:\n  small: {config: {retention.ms: '1000', num.partitions: '2'}}\n  none: {alias: x}\n"
CONTEXTS, PROJECTS, TOPICS = ("acme", "acme", "acme", "other", "on"), ("pay", "Pay", "ship", "team"), "abcde"
USERS = ("User:a", "User:b", "User:c", "''")
ALONE = (
    "", "[1, 2]", "a: [", "just text", "services: {}\n", "connector.class: x\n", "jobs: {}\n", "plans: {p: {}}\n",
    "roles: []\n", "projcts: []\ncontext: a\n", "team: old\nprojects: []\n", "\ttabs: 1\n", "{}", "access: []\n",
)  # fmt: skip
ARTEFACTS = {
    "good.json": "{}", "bad.json": "{", "again.json": "{", "q.sql": "select '", "c.json": '{"connector.class": "x"}',
    "s.avsc": '{"type": "string"}',
}  # fmt: skip


def artefact(_topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
    """The artefacts that the files may name."""
    return (ARTEFACTS[path], None) if path in ARTEFACTS else (None, f"there is no such file{' here' * beside}")


def drawn(seed: int, files: int = 9) -> dict[str, str]:
    """Some files by their paths, the same for the same seed."""
    random = Random(seed)
    texts = {f"{number}.yaml": _file(random) for number in range(files)}
    return {**texts, "good.json": "{}", "c.json": ARTEFACTS["c.json"]} if random.random() < 0.3 else texts


def _file(random: Random) -> str:
    if random.random() < 0.25:
        return random.choice(ALONE)
    some = "".join(_project(random) for _ in range(random.randrange(1, 3)))
    ends = "".join(line for line in _ends(random) if random.random() < 0.3)
    return f"context: {random.choice(CONTEXTS)}\nprojects:\n{some}{ends}"


def _project(random: Random) -> str:
    lines = [line for line in _sections(random) if random.random() < 0.4]
    return f"- name: {random.choice(PROJECTS)}\n" + "".join(f"  {line}\n" for line in lines)


def _sections(random: Random) -> Iterator[str]:
    users = ", ".join(f"{{principal: {random.choice(USERS)}, group: g}}" for _ in range(3))
    plan = random.choice(("small", "smal", "large", "none"))
    topics = ", ".join(
        f"{{name: {random.choice(TOPICS)}, {random.choice(('', 'plan: ' + plan, 'plan: no', 'config: {retention.ms: 5}'))}}}"
        for _ in range(random.randrange(4))
    )
    yield f"topics: [{topics}]"
    yield f"consumers: &u [{users}]"
    yield "producers: *u"
    yield f"topics_: [{users}]"
    yield f"audtor: [{users}]"
    yield f"auditor: [{{principal: User:x, topic: {random.choice(TOPICS)}}}]"
    yield "broken: [{principal: User:x}]"
    yield "streams: [{principal: User:s, applicationId: app, topics: {read: [a, b, c, d, e, f], write: [a]}}]"
    yield f"connectors: {{artefacts: [{{path: {random.choice(tuple(ARTEFACTS))}, server: s, name: n}}]}}"
    yield f"ksql: {{artefacts: {{streams: [{{path: {random.choice(('q.sql', '/abs/x.sql', 'no.sql'))}, name: k}}]}}}}"
    yield "acls: [{principals: ['User:a', 'User:b'], allow: [READ, WRITE, DESCRIBE], topics: [a, b, 'c*'], hosts: [h, i]}]"
    yield "rbac: [{ResourceOwner: [{principal: User:a}]}]"
    yield "schemas: [{subject: s, file: s.avsc}]"
    yield "quotas: [{user: u, producer_byte_rate: 5}]"


def _ends(random: Random) -> Iterator[str]:
    yield f"region: {random.choice(('eu', 'no', '[]'))}\n"
    yield f"special_topics: [{{name: {random.choice(TOPICS)}}}]\n"
    yield f"removed: [{{topic: acme.pay.{random.choice(TOPICS)}, because: old}}]\n"
    yield "removed: [{acl: {principals: ['User:a'], allow: [READ], topics: [a], hosts: [h]}}]\n"
    yield f"removed: [{{release: {{project: {random.choice(TOPICS)}}}}}, {{release: {{topics: [a], groups: ['g*']}}}}]\n"
    yield "removed: [{acl: {principals: ['User:b'], allow: [READ], topics: [b]}, release: true}]\n"
    yield "access: [{principal: User:a, can: read, topic: a}, {principal: User:a, cannot: fly, topic: a}]\n"
    yield "platform: {control_center: {instances: [{principal: User:cc, appId: cc}]}}\n"
    yield "users: [{name: u, mechanism: SCRAM-SHA-256, password: '${WORD_U}'}]\n"
    yield "connectors: [{name: c, config: {connector.class: x}}, {name: d, file: c.json}]\n"
