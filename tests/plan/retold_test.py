"""What a journal keeps of a change: enough to look whether it came through, and nothing that did not change."""

from making import topic

from kafka_gitops import redact
from kafka_gitops.changes import Change
from kafka_gitops.kinds.connector.spec import Connector
from kafka_gitops.model import Key, topic_key
from kafka_gitops.plan import retold

BEFORE = Connector({"connector.class": "C", "http.headers": "Bearer token-of-somebody", "tasks.max": "1"})
AFTER = Connector({**BEFORE.config, "tasks.max": "2"}, "paused")
SINK = Key("connector", "main/sink")


def kept(change: Change) -> Change:
    text = retold.text(change)
    assert text is not None and "token-of-somebody" not in text
    found = retold.change(change.key, change.act or change.action, text)
    assert found is not None
    return found


def test_of_a_config_only_what_differs_is_kept() -> None:
    found = kept(Change(SINK, BEFORE, AFTER))
    assert (found.before, found.after) == (Connector({"tasks.max": "1"}), Connector({"tasks.max": "2"}, "paused"))
    assert retold.came(found, AFTER)
    assert not retold.came(found, BEFORE)
    assert not retold.came(found, None)


def test_what_is_made_or_goes_is_there_or_not() -> None:
    made, gone = kept(Change(SINK, None, AFTER)), kept(Change(SINK, BEFORE, None))
    assert [retold.came(one, now) for one in (made, gone) for now in (BEFORE, None)] == [True, False, False, True]
    assert kept(Change(topic_key("t"), topic(1, 1, retention_ms="1"), None, pin="id")).pin == "id"


def test_a_secret_that_is_known_is_in_no_journal_and_what_is_not_understood_is_none() -> None:
    redact.keep_secret("known-secret-word")
    assert retold.text(Change(SINK, BEFORE, Connector({**BEFORE.config, "a": "known-secret-word"}))) is None
    for text in ("", "7", "{}x", '{"after": 7}', '{"after": {"x": 1}}', '{"after": {"config": 7}}'):
        assert retold.change(SINK, "create", text) is None
    assert retold.change(Key("later", "x"), "create", '{"after": {}}') is None
