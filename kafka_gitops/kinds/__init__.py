"""The kinds of resources, one module each."""

from collections.abc import Mapping
from typing import Any

from kafka_gitops.kinds import acl, acl_looks, topic_risks
from kafka_gitops.kinds.looks import Looks

DANGERS = {danger.name: danger for danger in (*topic_risks.DANGERS, *acl.DANGERS)}  # every risk that a plan can name
LOOKS: Mapping[str, Looks] = {"topic": Looks("topic", "topics", drawn=True), "acl": acl_looks.LOOKS}
PLURALS: Mapping[str, str] = {"topics": "topic", "acls": "acl"}  # the words of the config and of plan files
KINDS: Mapping[str, Any] = {}
