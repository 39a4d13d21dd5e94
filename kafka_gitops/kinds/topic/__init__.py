"""Topics: their partitions, replication and configs."""

from kafka_gitops.kinds import contract
from kafka_gitops.kinds.looks import Looks
from kafka_gitops.kinds.parts import Right
from kafka_gitops.kinds.section import Forms, Removable, Section
from kafka_gitops.kinds.topic import answers, risks, seen, share, steps

NAME, PLURAL = "topic", "topics"
UNIT = ("topic", "topics")
ALWAYS, ANY_NAME = True, False
SECTIONS: tuple[Section, ...] = ()
REMOVED = Removable("The full name of a topic that is to be deleted.", rule="topic-duplicate")
FORMS: Forms = {}
LOOKS = Looks("topic", "topics", drawn=True, columns=("partitions", "replication"), others="config", unset="default")
DANGERS = risks.DANGERS
RIGHTS: tuple[Right, ...] = ()
MANAGE = {"topics": "Topic names; a pattern ends in * or is exact."}
PROTECT = MANAGE
DELETES = 10
SCHEMA = answers.SCHEMA
STEPS = steps.STEPS
EXISTS = frozenset({"TOPIC_ALREADY_EXISTS"})
PATIENCE = 120.0

dump, load, export = answers.dump, answers.load, answers.export
outside, by_itself = answers.outside, answers.by_itself
protected = contract.by_name("topics")
units, needs, barred = contract.each, contract.nothing, contract.unbarred
plan = share.plan
actual, reached, ignored = seen.actual, seen.reached, seen.ignored
resumes = contract.by_fields
