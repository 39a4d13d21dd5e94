"""What a run needs for topics."""

from kafka_gitops.kinds.parts import CLUSTER, GROUPS, Right

YOURS = "your topics"
RIGHTS = (
    Right("plan", "Describe", YOURS, "the plan stops and names the topics", "may read topics"),
    Right("plan", "DescribeConfigs", YOURS, "the plan stops and names the topics", "may read configs"),
    Right(
        "plan",
        "Describe",
        CLUSTER,
        "moves of replicas are guessed by unequal numbers of replicas; risks tell no bytes",
        "may see moves",
    ),
    Right(
        "plan",
        "Describe",
        GROUPS,
        "each deletion of a topic needs an acceptance, and risks (of rights too) name only groups that may be seen",
        "may see all groups",
    ),
    Right("apply", "Create", YOURS, "new topics fail", "may create topics"),
    Right("apply", "Alter", YOURS, "more partitions fail", "may add partitions"),
    Right("apply", "AlterConfigs", YOURS, "changed configs fail", "may alter configs"),
    Right("apply", "Delete", YOURS, "deletions of topics fail", "may delete topics"),
)
