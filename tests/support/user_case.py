"""The world of users: one new, one whose password is written again, one that is stated to go."""

from beside_topics import InMemory
from kind_cases import Case
from making import node

from kafka_gitops.kinds.user.spec import Credential, User
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Declared, Key, Removal, Topology

LARGE = "SCRAM-SHA-512"


def _user(name: str, iterations: int) -> Declared:
    return Declared(Key("user", name), User({LARGE: Credential(iterations, "PASSWORD")}), node())


def case() -> Case:
    """Users on a cluster that has two."""
    there = {"edited": {LARGE: 4096}, "old": {LARGE: 4096}}
    cluster = InMemory(users=there, variables={"PASSWORD": "of-the-test"})
    removal = Removal(Key("user", "old"), False, "it is gone", node())
    files = Topology(declared=(_user("new", 4096), _user("edited", 8192)), removals=(removal,))
    return Case(cluster, Wish(files, Topology(declared=(_user("edited", 4096),))), "new", "edited", "old")
