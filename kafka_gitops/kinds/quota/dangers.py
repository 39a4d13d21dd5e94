"""What a change of quotas may cost, and what a run needs for it."""

from kafka_gitops.changes import Danger
from kafka_gitops.kinds.contract import TAKEN_OVER, by_name
from kafka_gitops.kinds.parts import CLUSTER, Right

PLURAL = "quotas"
QUOTA_DEFAULT = Danger("quota-default", True, "a quota of everybody who has none of their own")
QUOTA_FIRST = Danger("quota-first", True, "a quota that limited nobody (`User:NAME`) begins to limit its user")
QUOTA_TIGHTENED = Danger("quota-tightened", False, "a limit gets lower, or there is one where there was none")
DANGERS = (QUOTA_DEFAULT, QUOTA_FIRST, QUOTA_TIGHTENED, TAKEN_OVER)
RIGHTS = (
    Right("plan", "DescribeConfigs", CLUSTER, "the plan stops where the files have quotas", "may read quotas"),
    Right("apply", "AlterConfigs", CLUSTER, "quotas can be neither set nor taken away", "may alter quotas"),
)
protected = by_name(PLURAL)
