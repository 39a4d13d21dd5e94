"""ACLs: who may do what on which resource.

```yaml
context: acme
projects:
- name: pay
  consumers: [{principal: "User:reporting", group: reporting}]
  producers: [{principal: "User:shop"}]
  topics:
  - name: orders
    config: {num.partitions: "6", replication.factor: "3"}
    consumers: [{principal: "User:audit", group: audit}]
acls:
- {principals: ["User:ops"], allow: [DESCRIBE], cluster: true}
```

A role (`consumers`, `producers`, `streams`, `connectors` and others) gives the bindings that such a client needs, on
the topics of its project, or on one topic. `acls` says them one by one: `principals`, `allow` or `deny`, and `topics`,
`groups`, `transactional_ids` or `cluster`; a name that ends in `*` is a prefix, and `{literal: "orders*"}` is exactly
that name.

**Compared** are whole bindings: principal, host, operation, permission, resource and pattern. What nobody declares is
counted and left alone.

**Taken away** is a right by a statement, also one that somebody gave by hand, or by `prune: [acls]` with `--base`:

```yaml
context: acme
removed:
- {acl: {principals: ["User:old"], allow: [READ], topics: [acme.pay.orders]}, because: "its service is gone, OPS-113"}
```

New denials come first, then topics, then what is allowed, which is left out when a new denial failed; what is taken
away comes last, and not at all when something before it failed. A right to READ that goes names the groups with members
under its name (client id and host: no cluster tells as whom they log in, and who writes cannot be seen). The rights of
the run itself are never taken away.
A brake counts grants: one principal on one resource, whatever the operations.
"""

from kafka_gitops.kinds import contract
from kafka_gitops.kinds.acl import answers, in_use, looks, rights, risks
from kafka_gitops.kinds.section import Forms, Removable, Section

NAME, PLURAL = "acl", "acls"
UNIT = ("grant (principal x resource)", "grants (principal x resource)")
ALWAYS, ANY_NAME = True, True
SECTIONS: tuple[Section, ...] = ()
REMOVED: Removable | None = None  # a list of bindings has its own form
FORMS: Forms = {}
LOOKS = looks.LOOKS
DANGERS = (*risks.DANGERS, in_use.RIGHT_IN_USE)
RIGHTS = rights.RIGHTS
MANAGE = {
    "topics": "Topic names; a pattern ends in * or is exact.",
    "groups": "Consumer groups; a pattern ends in * or is exact.",
    "transactional_ids": "Transactional ids; a pattern ends in * or is exact.",
    "principals": contract.PRINCIPALS,
    "cluster": "Operations on the cluster that may be granted; none where this is left out.",
    "delegation_tokens": "Delegation tokens; a pattern ends in * or is exact; none where left out.",
}
PROTECT: dict[str, str] = {}
DELETES = 200
SINGLE = None
SCHEMA = answers.SCHEMA
EXISTS: frozenset[str] = frozenset()
PATIENCE = 120.0

dump, load, export = answers.dump, answers.load, answers.export
outside, claims, protected, by_itself = answers.outside, answers.claims, answers.protected, answers.by_itself
units, needs = answers.units, answers.needs
barred = answers.barred
plan, actual = contract.later(f"{__name__}.share", "plan"), contract.later(f"{__name__}.seen", "actual")
phases = contract.held(f"{__name__}.steps", "STEPS")
reached, resumes, ignored = contract.equal, contract.never, contract.nothing
everything = contract.later(f"{__name__}.census", "census")
