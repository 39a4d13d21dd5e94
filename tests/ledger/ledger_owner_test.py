"""The owner's name, its topic, and that one ledger has one repository and one config."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafka_gitops.errors import Blocked, ConfigError
from kafka_gitops.ledger import owner
from kafka_gitops.ledger.nouns import Owner
from kafka_gitops.ledger.owner import Identity

MINE = Identity("pay", "prod", "github.com/acme/pay", "kafka-gitops.yaml")
KNOWN = Owner("c", "pay", "prod", "github.com/acme/pay", "kafka-gitops.yaml", "abc")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://github.com/acme/pay.git", "github.com/acme/pay"),
        ("https://ci:s3cret@GitHub.com:443/acme/pay.git/", "github.com/acme/pay"),
        ("git@github.com:acme/pay.git", "github.com/acme/pay"),
        ("ssh://git@gitlab.acme.com:2222/group/sub/pay.git", "gitlab.acme.com/group/sub/pay"),
        ("file:///srv/git/pay.git", "/srv/git/pay"),
        ("/srv/git/pay.git", "/srv/git/pay"),
        ("/srv/job@2/pay.git", "/srv/job@2/pay"),
        ("file:///srv/job@2/pay.git", "/srv/job@2/pay"),
        ("git@[2001:db8::1]:acme/pay.git", "[2001:db8::1]/acme/pay"),
        ("codecommit::eu-west-1://profile@pay", "codecommit/:eu-west-1://pay"),
    ],
)
def test_a_repository_is_the_same_however_it_is_cloned(url: str, says: str) -> None:
    assert owner.repository_id(url) == says


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://ci:ghp_S3CRET@[2001:db8::1]:3000/a/x", "[2001:db8::1]/a/x"),
        ("https://ci:p/wS3CRET@git.acme/a/x", "git.acme/a/x"),
        ("https://ci:1/S3CRET@git.acme/a/x", "git.acme/a/x"),
        ("https://ci@acme.com:S3C@RET@git.acme/a/x", "git.acme/a/x"),
        ("https://ci:S3CRET@git.acme", "https://git.acme"),
        ("https://git.acme/a/x.git?private_token=S3CRET", "git.acme/a/x"),
        ("https://git.acme?token=S3CRET/x", "https://git.acme"),
        ("codecommit::https://u:S3CRET@h/x", "codecommit/:https://h/x"),
        ("ext::x://u:S3CRET@h/x", "ext/:x://h/x"),
        ("ci:p/wS3CRET@git.acme:a/x", "git.acme/a/x"),
        ("ci:S3CRET@git.acme/a/x", "git.acme/a/x"),
        ("S3CRET@git.acme/a/x", "git.acme/a/x"),
    ],
)
def test_no_secret_of_a_url_names_an_owner(url: str, says: str) -> None:
    assert owner.repository_id(url) == says
    assert "S3C" not in owner.identity(None, "prod", url, "kafka-gitops.yaml").topic


def test_the_owner_is_named_by_the_config_or_by_repository_and_config() -> None:
    assert owner.identity("pay", "prod", "git@github.com:acme/pay.git", "kafka-gitops.yaml") == MINE
    found = owner.identity(None, None, "git@github.com:acme/pay.git", "a/kafka-gitops.yaml")
    assert found.owner == "github.com/acme/pay:a/kafka-gitops.yaml"
    assert found.topic == "_kafka_gitops.github-com-acme-pay-a-kafka-gitops-yaml-0900900a"


def test_without_a_remote_the_config_has_to_tell() -> None:
    with pytest.raises(ConfigError) as found:
        owner.identity(None, "prod", None, "kafka-gitops.yaml")
    assert found.value.help == "Write `owner: NAME` into kafka-gitops.yaml."


@pytest.mark.parametrize(
    ("name", "environment", "says"),
    [
        ("pay", "prod", "_kafka_gitops.pay.prod"),
        ("pay", None, "_kafka_gitops.pay"),
        ("team_pay-2", "eu_1", "_kafka_gitops.team_pay-2.eu_1"),
        ("team.pay", "prod", "_kafka_gitops.team-pay.prod-c0e4638b"),
    ],
)
def test_a_topic_is_named_after_owner_and_environment(name: str, environment: str | None, says: str) -> None:
    assert owner.topic_name(name, environment) == says


@settings(deadline=None)
@given(st.text(min_size=1), st.none() | st.text(min_size=1))
def test_a_topic_name_is_always_legal(name: str, environment: str | None) -> None:
    found = owner.topic_name(name, environment)
    assert len(found) <= 249
    assert all(char.isascii() and (char.isalnum() or char in "._-") for char in found)


@settings(deadline=None)
@given(*[st.text(alphabet="ab._-é/", min_size=1, max_size=4)] * 4)
def test_two_owners_have_two_topics(one: str, first: str, other: str, second: str) -> None:
    same = (one, first) == (other, second)
    assert (owner.topic_name(one, first) == owner.topic_name(other, second)) == same


def test_a_second_repository_or_config_is_refused_with_both_named() -> None:
    owner.stop_on_another(MINE, None, "t")
    owner.stop_on_another(MINE, KNOWN, "t")
    with pytest.raises(Blocked) as found:
        owner.stop_on_another(MINE._replace(repository="github.com/acme/fork"), KNOWN, MINE.topic)
    assert found.value.message == (
        "The ledger _kafka_gitops.pay.prod is written by owner pay for prod (github.com/acme/pay, kafka-gitops.yaml), "
        "and this run is owner pay for prod (github.com/acme/fork, kafka-gitops.yaml)"
    )
