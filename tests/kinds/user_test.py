"""Users: what files say of them, what a plan makes of the difference, and how their passwords are written."""

import pytest
from beside_topics import InMemory
from making import node, scope

from kafka_gitops import redact
from kafka_gitops.changes import Change
from kafka_gitops.errors import ConfigError
from kafka_gitops.kinds import user
from kafka_gitops.kinds.contract import Kind
from kafka_gitops.kinds.parts import Problem, Tried
from kafka_gitops.kinds.user.spec import Credential, User
from kafka_gitops.kinds.user.steps import variables
from kafka_gitops.kinds.wish import Part, Wish
from kafka_gitops.model import Declared, Key, Removal, Topology
from kafka_gitops.plan.apply import run
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.steps import tried
from kafka_gitops.settings import Settings

KIND: Kind = user  # mypy holds the module to the contract
SMALL, LARGE = "SCRAM-SHA-256", "SCRAM-SHA-512"
APP = Key("user", "app")


def declared(name: str = "app", **mechanisms: Credential) -> Declared:
    """A user with SCRAM-SHA-256 (`small`) or SCRAM-SHA-512 (`large`)."""
    found = {SMALL if which == "small" else LARGE: credential for which, credential in mechanisms.items()}
    return Declared(Key("user", name), User(found), node())


def planned(
    cluster: InMemory,
    *declarations: Declared,
    base: tuple[Declared, ...] | None = None,
    removals: tuple[Removal, ...] = (),
    settings: Settings | None = None,
    again: frozenset[Key] = frozenset(),
) -> Part:
    files = Topology(declared=declarations, removals=removals)
    wish = Wish(files, Topology(declared=base) if base is not None else None, again=again)
    part: Part | None = user.plan(wish, settings or Settings(), cluster)
    assert part is not None
    return part


def removal(name: str = "app", mechanism: str | None = None) -> Removal:
    return Removal(Key("user", name), False, None, node(), mechanism)


def risks(change: Change) -> list[tuple[str, bool]]:
    return [(risk.name, risk.blocks) for risk in change.risks]


def apply(cluster: InMemory, *changes: Change) -> list[Problem | None]:
    """The answers of the one step that takes each change."""
    found: list[Problem | None] = []
    for change in changes:
        (step,) = [step for step in user.phases() if step.takes(change)]
        step.ready(cluster, [change])
        found += step.write(cluster, [change]).values()
    return found


def test_a_new_user_is_written_with_the_password_of_its_variable() -> None:
    cluster = InMemory(variables={"A": "first-password", "OTHER": "x"})
    part = planned(cluster, declared(large=Credential(8192, "A"), small=Credential(None, "A")))
    (change,) = part.changes
    assert (change.action, change.risks) == ("create", ())
    assert [tuple(edit) for edit in change.edits()] == [
        (SMALL, None, "4096 iterations, password from A"),
        (LARGE, None, "8192 iterations, password from A"),
    ]
    assert variables([change]) == {"A": ["app", "app"]}
    assert part.notes == ["an apply reads passwords from 1 variable: A (app)"]
    assert apply(cluster, change) == [None]
    assert cluster.users == {"app": {SMALL: 4096, LARGE: 8192}}
    assert set(cluster.passwords.values()) == {"first-password"}
    assert user.reached(change, user.actual(cluster, [change], Settings())[APP])


def test_the_second_plan_is_empty_whatever_the_variable_and_rotate_are_called() -> None:
    cluster = InMemory(users={"app": {LARGE: 8192}})
    assert planned(cluster, declared(large=Credential(8192, "B", "3"))).changes == []
    assert planned(cluster, declared(large=Credential(None, "B"))).changes == []
    same = declared(large=Credential(8192, "B", "3"))
    assert planned(cluster, same, base=(same,)).changes == []


def test_other_iterations_write_the_password_and_block() -> None:
    cluster = InMemory(users={"app": {LARGE: 4096}}, variables={"A": "new-password"})
    before = declared(large=Credential(4096, "A"))
    (change,) = planned(cluster, declared(large=Credential(8192, "A")), base=(before,)).changes
    assert (change.action, change.act, risks(change)) == ("update", None, [("user-rotate", True)])
    assert "with the old password are refused" in change.risks[0].sentence
    assert user.actual(cluster, [change], Settings()) == {APP: change.before}
    assert apply(cluster, change) == [None]
    assert cluster.passwords == {("app", LARGE): "new-password"}


@pytest.mark.parametrize("earlier", [None, "1", "2026-10"])
def test_another_rotate_than_at_the_base_is_an_act(earlier: str | None) -> None:
    cluster = InMemory(users={"app": {LARGE: 4096, SMALL: 4096}}, variables={"A": "new-password"})
    now = declared(large=Credential(4096, "A", "2"), small=Credential(4096, "OLD"))
    before = declared(large=Credential(4096, "A", earlier), small=Credential(4096, "OLD"))
    (change,) = planned(cluster, now, base=(before,)).changes
    assert (change.act, change.before == change.after, change.pending) == ("rotate", True, False)
    assert risks(change) == [("user-rotate", True)]
    assert variables([change]) == {"A": ["app"]}
    assert user.actual(cluster, [change], Settings()) == {APP: change.before}
    assert apply(cluster, change) == [None]
    assert cluster.passwords == {("app", LARGE): "new-password"}


def test_an_act_can_be_repeated_by_name() -> None:
    cluster = InMemory(users={"app": {LARGE: 4096}})
    same = declared(large=Credential(4096, "A", "2"))
    (change,) = planned(cluster, same, base=(same,), again=frozenset({APP})).changes
    assert (change.act, change.pending) == ("rotate", False)
    assert risks(planned(cluster, same, again=frozenset({APP})).changes[0]) == [
        ("user-rotate", True),
        ("taken-over", True),
    ]


def test_the_credential_of_somebody_else_is_taken_over_with_a_yes_always() -> None:
    cluster = InMemory(users={"app": {LARGE: 4096}})
    wanted = declared(large=Credential(8192, "A"))
    for base in (None, ()):
        (change,) = planned(cluster, wanted, base=base).changes
        assert risks(change) == [("user-rotate", True), ("taken-over", True)]


def test_a_second_mechanism_takes_nothing_from_anybody() -> None:
    cluster = InMemory(users={"app": {SMALL: 4096}}, variables={"NEW": "new-password"})
    before = declared(small=Credential(4096, "OLD"))
    both = declared(small=Credential(4096, "OLD"), large=Credential(4096, "NEW"))
    (change,) = planned(cluster, both, base=(before,)).changes
    assert (change.action, change.risks, variables([change])) == ("update", (), {"NEW": ["app"]})
    assert user.actual(cluster, [change], Settings()) == {APP: change.before}
    assert not user.reached(change, change.before)
    assert apply(cluster, change) == [None]
    assert cluster.users == {"app": {SMALL: 4096, LARGE: 4096}}


def test_a_mechanism_that_no_file_names_is_left_alone_told_and_removed_by_a_statement() -> None:
    cluster = InMemory(users={"app": {SMALL: 4096, LARGE: 4096}, "other": {SMALL: 4096}})
    wanted = declared(large=Credential(4096, "NEW"))
    part = planned(cluster, wanted)
    assert (part.changes, part.others) == ([], ("app SCRAM-SHA-256", "other"))
    (change,) = planned(cluster, wanted, removals=(removal("app", SMALL),)).changes
    assert risks(change) == [("user-delete", True)]
    assert "can no longer log in by SCRAM-SHA-256" in change.risks[0].sentence
    assert [tuple(edit) for edit in change.edits()] == [(SMALL, "4096 iterations", None)]
    assert apply(cluster, change) == [None]
    assert cluster.users["app"] == {LARGE: 4096}
    assert user.reached(change, user.actual(cluster, [change], Settings())[APP])
    assert planned(cluster, wanted, removals=(removal("app", SMALL),)).changes == []


def test_old_and_new_in_one_change_would_leave_no_time_to_move() -> None:
    cluster = InMemory(users={"app": {SMALL: 4096}})
    part = planned(cluster, declared(large=Credential(4096, "NEW")), removals=(removal("app", SMALL),))
    assert part.changes == []
    assert part.unsupported[0].reason == (
        "SCRAM-SHA-256 is removed in the same change: write the new one first, remove the old one in a later change, "
        "when all clients have moved"
    )


def test_a_user_is_taken_away_by_a_statement_and_blocks() -> None:
    cluster = InMemory(users={"app": {SMALL: 4096, LARGE: 4096}})
    (change,) = planned(cluster, removals=(removal(),)).changes
    assert (change.action, risks(change)) == ("delete", [("user-delete", True)])
    assert user.actual(cluster, [change], Settings()) == {APP: change.before}
    assert apply(cluster, change) == [None]
    assert user.actual(cluster, [change], Settings()) == {}
    assert user.phases()[1].takes(change) and user.phases()[1].stage.removes


def test_one_mechanism_of_a_user_that_no_file_declares_is_taken_away() -> None:
    cluster = InMemory(users={"app": {SMALL: 4096, LARGE: 4096}})
    (change,) = planned(cluster, removals=(removal("app", SMALL),)).changes
    assert change.action == "update"
    assert apply(cluster, change) == [None]
    assert cluster.users["app"] == {LARGE: 4096}
    assert planned(cluster, removals=(removal("app", SMALL),)).changes == []


def test_the_run_never_takes_its_own_login_away() -> None:
    cluster = InMemory(users={"ci": {SMALL: 4096}})
    part = planned(cluster, removals=(removal("ci"),))
    assert part.changes == []
    assert part.unsupported[0].reason == "this run logs in as it, and never takes its own login away"


def test_a_missing_password_stops_before_anything_is_written_and_names_all_of_them() -> None:
    cluster = InMemory(variables={"SET": "x", "EMPTY": ""})
    wanted = (declared("a", large=Credential(None, "GONE")), declared("b", large=Credential(None, "EMPTY")))
    changes = planned(cluster, *wanted, declared("c", large=Credential(None, "SET"))).changes
    with pytest.raises(ConfigError) as caught:
        user.phases()[0].ready(cluster, changes)
    assert caught.value.exit_code == 78
    assert caught.value.message == ("Nothing was applied: no password in the variables GONE (user a), EMPTY (user b).")
    assert cluster.users == {}


class Watched(dict[str, str]):
    """Variables that remember who was asked for."""

    def __init__(self, **variables: str) -> None:
        super().__init__(variables)
        self.asked: set[str] = set()

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.asked.add(key)
        return super().get(key, default)


def test_only_variables_of_users_that_are_written_are_read() -> None:
    watched = Watched(NEW="new-password", OLD="old-password")
    cluster = InMemory(users={"old": {LARGE: 4096}}, variables=watched)
    part = planned(
        cluster, declared("new", large=Credential(None, "NEW")), declared("old", large=Credential(None, "OLD"))
    )
    assert watched.asked == set()
    assert apply(cluster, *part.changes) == [None]
    assert watched.asked == {"NEW"}


def test_a_new_password_that_nobody_can_log_in_with_is_told() -> None:
    cluster = InMemory(variables={"A": "new-password"}, logins=False)
    (change,) = planned(cluster, declared(large=Credential(None, "A"))).changes
    (problem,) = apply(cluster, change)
    assert problem is not None and (problem.code, problem.fate) == ("SASL_AUTHENTICATION_FAILED", "partly")
    assert problem.message == "written, and a login by SCRAM-SHA-512 with the new password is refused so far"
    cluster.logins = None
    assert apply(cluster, change) == [None]


def test_which_password_is_in_force_is_tried() -> None:
    cluster = InMemory(users={"app": {LARGE: 4096}}, variables={"A": "new-password"})
    spec = User({LARGE: Credential(4096, "A")})
    rotated = Change(Key("user", "app"), spec, spec, act="rotate")
    cluster.passwords["app", LARGE] = "new-password"
    new = Tried(True, "the new password is in force: a login by SCRAM-SHA-512 succeeds")
    assert tried(cluster, [rotated]) == {rotated.key: new}
    cluster.passwords["app", LARGE] = "old-password"
    old = "the old password is in force, unless A was set anew since: a login by SCRAM-SHA-512 is refused"
    assert tried(cluster, [rotated]) == {rotated.key: Tried(None, old)}
    cluster.users.clear()
    assert tried(cluster, [rotated]) == {rotated.key: Tried(False, "there is no password by SCRAM-SHA-512")}


def test_a_password_that_cannot_be_tried_is_not_told() -> None:
    cluster = InMemory(users={"app": {LARGE: 4096}}, variables={"A": "new-password"}, logins=None)
    spec = User({LARGE: Credential(4096, "A")})
    rotated = Change(Key("user", "app"), spec, spec, act="rotate")
    assert tried(cluster, [rotated]) == {}  # the listener takes no passwords
    cluster.logins, cluster.variables = True, {}
    assert tried(cluster, [rotated]) == {}


def test_one_of_two_credentials_that_is_refused() -> None:
    cluster = InMemory(variables={"A": "new-password"})
    cluster.fails["app", SMALL] = Problem("UNACCEPTABLE_CREDENTIAL", "Too few iterations")
    (change,) = planned(cluster, declared(large=Credential(None, "A"), small=Credential(None, "A"))).changes
    (problem,) = apply(cluster, change)
    assert problem == Problem("UNACCEPTABLE_CREDENTIAL", "SCRAM-SHA-256: Too few iterations", "partly")


@pytest.mark.parametrize(
    ("fates", "told"),
    [
        ({SMALL: "unsent"}, ("SCRAM-SHA-256: gone", "partly")),
        ({LARGE: "refused", SMALL: "lost"}, ("SCRAM-SHA-256: gone", "lost")),
        ({LARGE: "unsent", SMALL: "unsent"}, ("SCRAM-SHA-256: gone", "unsent")),
    ],
)
def test_one_of_two_credentials_may_be_done(fates: dict[str, str], told: tuple[str, str]) -> None:
    cluster = InMemory(variables={"A": "new-password"})
    cluster.fails |= {("app", one): Problem("NETWORK_EXCEPTION", "gone", fate) for one, fate in fates.items()}
    (change,) = planned(cluster, declared(large=Credential(None, "A"), small=Credential(None, "A"))).changes
    (problem,) = apply(cluster, change)
    assert problem is not None and (problem.message, problem.fate) == told


def test_what_changed_meanwhile_is_not_as_planned() -> None:
    cluster = InMemory(users={"app": {SMALL: 4096}})
    (gone,) = planned(cluster, removals=(removal(),)).changes
    cluster.users["app"][LARGE] = 4096
    assert user.actual(cluster, [gone], Settings())[APP] not in (gone.before, None)
    (made,) = planned(InMemory(), declared(large=Credential(4096, "A"))).changes
    cluster.users["app"] = {SMALL: 4096}
    now = user.actual(cluster, [made], Settings())
    assert now[APP] != made.before and not user.reached(made, now[APP])


def test_a_spec_goes_into_a_plan_file_and_back_without_any_password() -> None:
    spec = User({LARGE: Credential(8192, "A"), SMALL: Credential(4096)})
    data = user.dump(spec)
    assert user.load("app", data) == spec
    for odd in (
        {"iterations": "1", "variable": None},
        {"iterations": 1, "variable": "a b"},
        {"iterations": True, "variable": None},
        {},
    ):
        with pytest.raises((KeyError, TypeError, ValueError)):
            user.load("app", {"mechanisms": {LARGE: odd}})


def test_the_scope_is_closed_and_either_list_opens_it() -> None:
    spec = User({})
    assert user.outside([], APP, spec) is None
    assert user.outside([scope(principals=("User:app",))], APP, spec) is None
    assert user.outside([scope(users=("a*",))], APP, spec) is None
    assert user.outside([scope(topics=("*",))], APP, spec) == "`User:app` is not in `manage.principals` (not stated)"
    assert "manage.users" in (user.outside([scope(users=("b",), topics=("*",))], APP, spec) or "")
    assert user.outside([scope(users=("a*",)), scope(topics=("*",))], APP, spec) is not None


def test_what_leaves_the_files_stays_but_with_prune_and_protected_never() -> None:
    cluster = InMemory(users={"app": {SMALL: 4096}})
    base = (declared(small=Credential(None, "A")),)
    assert planned(cluster, base=base).changes == []
    prune = Settings(prune=frozenset({"users"}))
    assert [change.action for change in planned(cluster, base=base, settings=prune).changes] == ["delete"]
    refused = planned(cluster, base=base, settings=prune._replace(protect={"users": ("app",)}))
    assert (refused.changes, len(refused.nevers)) == ([], 1)


def test_an_entry_of_a_file_is_made_of_a_user() -> None:
    one = user.export(Key("user", "my-app"), User({LARGE: Credential(8192)}))
    entry = {"mechanism": LARGE, "iterations": 8192, "password": "${MY_APP_PASSWORD}"}
    assert one == ("users", {"name": "my-app", **entry})
    two = user.export(APP, User({LARGE: Credential(8192), SMALL: Credential(4096)}))
    assert list(two[1]["mechanisms"]) == [SMALL, LARGE]


def test_a_password_that_was_read_is_kept_out_of_every_text() -> None:
    redact.forget()
    cluster = InMemory(variables={"A": "canary-in-a-variable"})
    apply(cluster, *planned(cluster, declared(large=Credential(None, "A"))).changes)
    assert redact.redact("it was canary-in-a-variable") == "it was [redacted]"
    redact.forget()


def test_a_rotation_is_never_there_already_and_is_done_again() -> None:
    cluster = InMemory(users={"app": {LARGE: 4096}}, variables={"A": "new-password"})
    before, now = declared(large=Credential(4096, "A")), declared(large=Credential(4096, "A", "2"))
    plan = Plan("prod", cluster.id, changes=tuple(planned(cluster, now, base=(before,)).changes))
    for _ in range(2):
        assert [outcome.status for outcome in run(plan, cluster, settings=Settings())] == ["done"]
        assert cluster.passwords.pop(("app", LARGE)) == "new-password"
    assert list(user.by_itself(APP, before.spec, now.spec, Settings()))
