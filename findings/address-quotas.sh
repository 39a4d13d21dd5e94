#!/usr/bin/env bash
# Apache Kafka 4.3.0: a quota of an IP address (KIP-612) is kept under the text that it was set by, not under the address.
# "::1", "0:0:0:0:0:0:0:1" and the host name "localhost" are one address, and three quotas that stand side by side with
# three limits; DescribeClientQuotas gives them back as written. A tool that looks for its quota by the address that it
# means can miss it, and set another. A network such as 10.0.0.0/8 is refused, and so is a fraction.
. "$(dirname "$0")/lib.sh"
prepare
start_brokers 4.3.0 1
"$python" - "$bootstrap" <<'PY'
import sys
from kit import ask, connect, expect, until
from kafka.protocol.admin.client_quotas import AlterClientQuotasRequest, DescribeClientQuotasRequest

admin = connect(sys.argv[1])
Entry = AlterClientQuotasRequest.EntryData
RATE = "connection_creation_rate"


def limited(name, value):
    """The error code of setting the quota of an address."""
    entity = [Entry.EntityData(entity_type="ip", entity_name=name)]
    entry = Entry(entity=entity, ops=[Entry.OpData(key=RATE, value=value, remove=False)])
    (answer,) = ask(admin, AlterClientQuotasRequest(entries=[entry], validate_only=False)).entries
    return answer.error_code


def listed():
    answer = ask(admin, DescribeClientQuotasRequest(components=[], strict=False))
    return sorted((entry.entity[0].entity_name, entry.values[0].value) for entry in answer.entries)


SPELLINGS = {"::1": 11.0, "0:0:0:0:0:0:0:1": 12.0, "localhost": 13.0}
expect("spellings of one address", {name: limited(name, value) for name, value in SPELLINGS.items()}, dict.fromkeys(SPELLINGS, 0))
until(lambda: len(listed()) == 3)
expect("quotas of it", listed(), sorted(SPELLINGS.items()))
expect("a network", limited("10.0.0.0/8", 20.0), 42)
expect("a fraction", limited("10.1.2.3", 20.5), 42)
PY
