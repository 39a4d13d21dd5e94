"""All users of a cluster with their SCRAM credentials, each password the name of a variable."""

from kafka_gitops.kinds.census import NOT_OF_THE_TOPICS, Census, Choice, unwritable
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.user.answers import outside
from kafka_gitops.kinds.user.dangers import PLURAL
from kafka_gitops.kinds.user.share import live, users_of
from kafka_gitops.kinds.user.spec import ITERATIONS, MECHANISMS, Credential, User, bare, own_variable
from kafka_gitops.model import Key
from kafka_gitops.settings import Settings


def census(systems: Systems, settings: Settings, choice: Choice) -> Census:
    """Every user. Raises MissingRight; with patterns of topics there are none."""
    found = Census()
    if choice.topics:
        found.leave(PLURAL, NOT_OF_THE_TOPICS)
        return found
    taken: set[str] = set()
    for key, user in sorted(live(users_of(systems)).items()):
        why = outside(settings.scopes, key, user) or _unsaid(key, user)
        if why is None:
            variable = own_variable(key.name, taken)
            found.specs[key] = User({one: Credential(it.iterations, variable) for one, it in user.mechanisms.items()})
        else:
            found.leave(key, why)
    return found


def _unsaid(key: Key, user: User) -> str | None:
    if key.name != bare(key.name):
        return 'files take "User:" for the type of the principal, so none can name it'
    unknown = sorted(user.mechanisms.keys() - {*MECHANISMS})
    if unknown:
        return f"it logs in by {', '.join(unknown)}, for which files have no word"
    least, most = ITERATIONS
    if not all(least <= (it.iterations or 0) <= most for it in user.mechanisms.values()):
        return f"its password is hashed fewer than {least} or more than {most} times, which brokers no longer take"
    return unwritable(key.name)
