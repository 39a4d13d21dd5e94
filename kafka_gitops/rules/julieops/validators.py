"""What the rules share that stand for the validators of JulieOps: which topics they see, and how numbers compare."""

import operator
from collections.abc import Callable, Iterator, Mapping

from kafka_gitops.model import TopicDecl, Topology

# PartitionNumberValidation and ReplicationFactorValidation: what `.op` may be, and how it reads
COMPARE: Mapping[str, tuple[Callable[[int, int], bool], str]] = {
    "gt": (operator.gt, "more than"),
    "lt": (operator.lt, "less than"),
    "eq": (operator.eq, "exactly"),
    "gte": (operator.ge, "at least"),
    "lte": (operator.le, "at most"),
    "ne": (operator.ne, "not"),
}


def topics(topology: Topology) -> Iterator[TopicDecl]:
    """The topics of projects: special topics are never validated; a dead letter topic is as its topic."""
    return (declared for declared in topology.topics if declared.project is not None and not declared.dlq)
