"""Any cluster becomes files that declare exactly it, the same whatever order the servers answer in."""

import os
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inventories import LANGUAGES, inventories, within
from making import acl

from kafka_gitops.adopt import proof
from kafka_gitops.adopt.files import made
from kafka_gitops.adopt.inventory import Inventory, Shape, Split
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.model import Topic, acl_key, topic_key
from kafka_gitops.reading import bounds
from kafka_gitops.settings import Language

LONG = 3_000 if os.environ.get("KAFKA_GITOPS_LONG") else 60
SPLITS: tuple[Split, ...] = ("one", "prefix", "owner")
SHAPES = st.builds(Shape, st.sampled_from((None, None, "acme", "Acme.pay", "other")), st.sampled_from(SPLITS))


@settings(
    max_examples=LONG,
    deadline=timedelta(seconds=5),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(inventories(), SHAPES, LANGUAGES, st.randoms(use_true_random=False))
def test_any_cluster(inventory: Inventory, shape: Shape, language: Language, random: Random) -> None:
    inventory = within(inventory, language)
    found = made(inventory, shape, language)  # reads them back, and raises where they say anything else
    pairs = [*inventory.specs.items()]
    random.shuffle(pairs)
    assert made(Inventory(dict(pairs)), shape, language) == found
    paths = [one.path.lower() for one in found]
    assert len(set(paths)) == len(paths)


def test_nothing_is_no_file() -> None:
    assert made(Inventory({}), Shape(), Language()) == []


def test_what_cannot_be_said_is_an_error_that_names_it() -> None:
    inventory = Inventory({topic_key("t"): Topic(0, 1, {})})
    with pytest.raises(KafkaGitopsError, match=r"topology\.yaml:3:.* num\.partitions is "):
        made(inventory, Shape(), Language())
    with pytest.raises(KafkaGitopsError, match="do not say what is on the servers: topic t"):
        proof.same(inventory, [], Language())


def test_more_bindings_than_files_may_say_are_refused_with_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (bounds, proof):
        monkeypatch.setattr(module, "MOST", 20)
    acls = [acl(f"u{at}", "READ", f"topic:t{at}", host=f"10.0.0.{at}") for at in range(21)]
    with pytest.raises(KafkaGitopsError, match="No role gives more than 20 of the bindings") as refused:
        made(Inventory({acl_key(one): one for one in acls}), Shape(), Language())
    assert refused.value.help == "Take over a part: with --topics, or inside `manage`. Nothing was written."
