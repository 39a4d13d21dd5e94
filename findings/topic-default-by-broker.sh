#!/usr/bin/env bash
# Apache Kafka 4.3.0: what DescribeConfigs says of a topic depends on which broker is asked, where a broker has a dynamic
# setting of its own: log.retention.ms of broker 2 shows as the topic's retention.ms (source 2) when broker 2 is asked, and
# as Kafka's default (source 5) when broker 1 is. Any broker answers for any topic, also one that leads none of its
# partitions; the value in effect is the one of the leader. So "equals the default" is true or false by chance of the
# connection, and a client that asks whichever broker it is connected to sees drift that comes and goes.
. "$(dirname "$0")/lib.sh"
prepare
start_brokers 4.3.0 2
"$python" - "$bootstrap" <<'PY'
import sys
from kit import ask, connect, expect, until
from kafka.admin import NewTopic
from kafka.protocol.admin import DescribeConfigsRequest, IncrementalAlterConfigsRequest

admin = connect(sys.argv[1])
admin.create_topics([NewTopic(name="t", num_partitions=1, replication_factor=1)])


def asked(node):
    """(value, source) of the topic's retention.ms, as this broker tells it."""
    resource = DescribeConfigsRequest.DescribeConfigsResource(resource_type=2, resource_name="t", configuration_keys=["retention.ms"])
    answer = ask(admin, DescribeConfigsRequest(resources=[resource], include_synonyms=False, include_documentation=False), node_id=node)
    (result,) = answer.results
    return next(((one.value, one.config_source) for one in result.configs), None)


until(lambda: asked(1) and asked(2))
resource = IncrementalAlterConfigsRequest.AlterConfigsResource
config = resource.AlterableConfig(name="log.retention.ms", config_operation=0, value="777000")
ask(admin, IncrementalAlterConfigsRequest(resources=[resource(resource_type=4, resource_name="2", configs=[config])], validate_only=False), node_id=2)
until(lambda: asked(2)[0] == "777000")
expect("asked of broker 1", asked(1), ("604800000", 5))
expect("asked of broker 2", asked(2), ("777000", 2))
PY
