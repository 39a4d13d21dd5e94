"""Topics that are to the letter what files want are compared no further: nothing differs, no place is looked up."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from recording import Recording

from kafka_gitops.kinds.cluster import LiveConfig, LiveTopic
from kafka_gitops.kinds.topic import live as there
from kafka_gitops.kinds.topic.diff import diff, open_keys, undeclared
from kafka_gitops.kinds.topic.share import _settled
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Acl, Grant, Topic, TopicDecl, Topology
from kafka_gitops.plan.make import make
from kafka_gitops.settings import Settings

NUMBER = some.none() | some.integers(1, 3)
VALUES = some.dictionaries(
    some.sampled_from(("retention.ms", "cleanup.policy", "x")), some.sampled_from(("1", "01", "delete", "")), max_size=2
)
TOPICS = some.builds(Topic, NUMBER, NUMBER, VALUES)
LIVE = some.none() | some.builds(LiveTopic, some.integers(1, 3), some.integers(1, 3))
CONFIGS = some.none() | some.builds(LiveConfig, VALUES, VALUES)
CONTEXTS = some.builds(
    there.Context, ignore_undeclared=some.sampled_from(((), ("*",))), keep_undeclared=some.booleans()
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine takes its time
@given(TOPICS, LIVE, CONFIGS, CONTEXTS)
def test_a_settled_topic_differs_in_nothing(
    wanted: Topic, live: LiveTopic | None, config: LiveConfig | None, context: there.Context
) -> None:
    reading = there.Reading({"t": live} if live else {}, {"t": config} if config else {})
    if not _settled("t", wanted, reading):
        return
    assert list(diff("t", wanted, reading, context)) == []
    assert undeclared("t", wanted, reading, context) == []
    assert open_keys({"t": wanted}, reading) == {}


class Nowhere:
    """A node whose place costs something to find."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} of a declaration was looked up")


def test_a_plan_without_changes_looks_up_no_place_and_makes_no_names_of_bindings() -> None:
    node: Any = Nowhere()
    spec = Topic(3, 1, {"retention.ms": "1"})
    binding = Acl("User:a", "*", "READ", "ALLOW", "TOPIC", "LITERAL", "t")
    files = Topology(
        topics=(TopicDecl("t", spec, node, None),), grants=(Grant("acl", "User:a", node, None, (binding,)),)
    )
    cluster = Recording(topics={"t": spec}, acls={binding})
    plan = make(Wish(files), Settings(), cluster)
    assert not plan.differs
    assert plan.declared == {"topics": 1, "acls": 1}
    assert not {"state", "_by_kind", "_nodes"} & vars(files).keys()
