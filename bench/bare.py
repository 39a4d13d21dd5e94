"""The bare confluent-kafka calls of a plan, a creation of topics, a creation of ACLs: a process that does only that."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

from estate import CONFIG, bindings, names

kafka: Any = import_module("confluent_kafka.admin")  # its names are not exported for type checkers
READ_CHUNK, WRITE_CHUNK = 250, 1000
PARTITIONS = 3
EVERYTHING = kafka.AclBindingFilter(
    kafka.ResourceType.ANY,
    None,
    kafka.ResourcePatternType.ANY,
    None,
    None,
    kafka.AclOperation.ANY,
    kafka.AclPermissionType.ANY,
)


def chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Portions of a list."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def finish(futures: dict[Any, Any]) -> list[Any]:
    """The results of all calls. Raises KafkaException for the first that failed."""
    return [future.result() for future in futures.values()]


def plan(admin: Any, acls: bool) -> None:
    """Read what a plan needs: topics, their configs, ACLs."""
    found = sorted(admin.list_topics(timeout=60).topics)
    for chunk in chunks(found, READ_CHUNK):
        finish(admin.describe_configs([kafka.ConfigResource(kafka.ResourceType.TOPIC, name) for name in chunk]))
    if acls:
        admin.describe_acls(EVERYTHING).result()


def create_topics(admin: Any, count: int) -> None:
    """Create topics, and wait until a listing has them."""
    for chunk in chunks(names(count), WRITE_CHUNK):
        finish(admin.create_topics([kafka.NewTopic(name, PARTITIONS, 1, config=CONFIG) for name in chunk]))
    visible(lambda: len(admin.list_topics(timeout=60).topics), count)


def create_acls(admin: Any, count: int) -> None:
    """Create bindings, and wait until a listing has them."""
    for chunk in chunks(list(bindings(count // 4)), WRITE_CHUNK):
        wanted = [
            kafka.AclBinding(
                kafka.ResourceType.TOPIC,
                name,
                kafka.ResourcePatternType.LITERAL,
                principal,
                "*",
                kafka.AclOperation[operation],
                kafka.AclPermissionType.ALLOW,
            )
            for principal, operation, name in chunk
        ]
        finish(admin.create_acls(wanted))
    visible(lambda: len(admin.describe_acls(EVERYTHING).result()), count)


def visible(count: Callable[[], int], wanted: int) -> None:
    """Say when the writes were acknowledged, then poll until reads have them all, at most two minutes."""
    print(time.time())
    until = time.monotonic() + 120
    while count() < wanted:
        if time.monotonic() > until:
            sys.exit("not visible after two minutes")
        time.sleep(0.05)


def main() -> None:
    """`bare.py BOOTSTRAP plan|topics|acls NUMBER`."""
    bootstrap, what, number = sys.argv[1:]
    admin = kafka.AdminClient({"bootstrap.servers": bootstrap})
    if what == "plan":
        plan(admin, acls=number != "0")
    elif what == "topics":
        create_topics(admin, int(number))
    else:
        create_acls(admin, int(number))


if __name__ == "__main__":
    main()
