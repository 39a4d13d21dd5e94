"""What a run needs for ACLs."""

from kafka_gitops.kinds.parts import CLUSTER, GROUPS, Right

_DEFAULT = "`allow.everyone.if.no.acl.found` is not known: new first ACLs need an acceptance, see below"
_STOPS = "the plan stops where the files have ACLs, unless `--only topics`"
_UNSEEN = "a right that goes names only groups with members that may be seen"
RIGHTS = (
    Right("plan", "Describe", CLUSTER, _STOPS, "may read ACLs"),
    Right("plan", "DescribeConfigs", CLUSTER, _DEFAULT, "may read brokers"),
    Right("plan", "Describe", GROUPS, _UNSEEN, "may see all groups"),
    Right("apply", "Alter", CLUSTER, "ACLs can be neither granted nor revoked", "may alter ACLs"),
)
