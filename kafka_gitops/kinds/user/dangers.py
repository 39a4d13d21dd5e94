"""What a change of users may cost, what it may do without a change, and what a run needs for it."""

from kafka_gitops.changes import Change, Danger
from kafka_gitops.kinds.contract import TAKEN_OVER
from kafka_gitops.kinds.parts import CLUSTER, Right
from kafka_gitops.kinds.user.spec import User

USER_ROTATE = Danger("user-rotate", True, "an existing user's password is written: whoever has the old one is refused")
USER_DELETE = Danger("user-delete", True, "a user, or one of the ways in which it logs in, is taken away")
PLURAL = "users"
RIGHTS = (
    Right("plan", "Describe", CLUSTER, "the plan stops where the files have users", "may read users"),
    Right("apply", "Alter", CLUSTER, "users can be neither written nor taken away", "may alter users"),
)
DANGERS = (USER_ROTATE, USER_DELETE, TAKEN_OVER)
ROTATE = "rotate"


def rotates(change: Change) -> str:
    """`writes the password of SCRAM-SHA-512 again, from ORDERS_PASSWORD`: what a rotation is going to do."""
    after = change.after
    assert isinstance(after, User)
    written = [f"{one} again, from {credential.variable}" for one, credential in sorted(after.mechanisms.items())]
    return f"writes the password of {' and '.join(written)}"


ACTS = {ROTATE: rotates}
