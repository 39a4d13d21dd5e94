"""ACL bindings: who may do what on which resource."""

from kafka_gitops.kinds import contract
from kafka_gitops.kinds.acl import answers, looks, risks, seen, share, steps
from kafka_gitops.kinds.parts import Right
from kafka_gitops.kinds.section import Forms, Removable, Section

NAME, PLURAL = "acl", "acls"
UNIT = ("grant (principal x resource)", "grants (principal x resource)")
ALWAYS, ANY_NAME = True, True
SECTIONS: tuple[Section, ...] = ()
REMOVED: Removable | None = None  # a list of bindings has its own form
FORMS: Forms = {}
LOOKS = looks.LOOKS
DANGERS = risks.DANGERS
RIGHTS: tuple[Right, ...] = ()
MANAGE = {
    "topics": "Topic names; a pattern ends in * or is exact.",
    "groups": "Consumer groups; a pattern ends in * or is exact.",
    "transactional_ids": "Transactional ids; a pattern ends in * or is exact.",
    "principals": "Principals such as User:app, also those that rights on users name; a pattern ends in * or is exact.",
    "cluster": "Operations on the cluster that may be granted; none where this is left out.",
    "delegation_tokens": "Delegation tokens; a pattern ends in * or is exact; none where left out.",
}
PROTECT: dict[str, str] = {}
DELETES = 200
SCHEMA = answers.SCHEMA
STEPS = steps.STEPS
EXISTS: frozenset[str] = frozenset()
PATIENCE = 120.0

dump, load, export = answers.dump, answers.load, answers.export
outside, protected, by_itself = answers.outside, answers.protected, answers.by_itself
units, needs = answers.units, answers.needs
barred = answers.barred
plan, actual = share.plan, seen.actual
reached, resumes, ignored = contract.equal, contract.never, contract.nothing
