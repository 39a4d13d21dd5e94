"""An item of `acls`, or all of them, that multiplies to more bindings than anybody can review.

Principals, operations, resources and hosts of an item are multiplied: at most 10,000 bindings are read from one item
and 100,000 from all, and the rest is not read at all. No setting, waiver or baseline silences this.

Instead: name a prefix (`acme.pay.*`) for its topics, `ALL` for all operations.
"""

from collections.abc import Mapping

from kafka_gitops.diagnostics import Severity

NAME = "acl-too-many"
SEVERITY = Severity.error
OPTIONS: Mapping[str, object] = {}
