"""What a run needs for ACLs."""

from kafka_gitops.kinds.parts import CLUSTER, Right

_DEFAULT = "`allow.everyone.if.no.acl.found` is not known: new first ACLs need an acceptance, see below"
_STOPS = "the plan stops where the files have ACLs, unless `--only topics`"
RIGHTS = (
    Right("plan", "Describe", CLUSTER, _STOPS, "may read ACLs"),
    Right("plan", "DescribeConfigs", CLUSTER, _DEFAULT, "may read brokers"),
    Right("apply", "Alter", CLUSTER, "ACLs can be neither granted nor revoked", "may alter ACLs"),
)
