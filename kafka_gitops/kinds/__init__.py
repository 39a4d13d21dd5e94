"""The kinds of resources, one module each."""

from kafka_gitops.kinds import acl, topic_risks

DANGERS = {danger.name: danger for danger in (*topic_risks.DANGERS, *acl.DANGERS)}  # every risk that a plan can name
