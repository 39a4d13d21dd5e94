"""What is started once per run, and only when a test asks for it: Kafka brokers, runners of workflows and of commit hooks."""

from __future__ import annotations  # what fixtures start is imported by them: one test alone should start at once

import itertools
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import goldens
import pytest

from kafka_gitops.cli import terminal
from kafka_gitops.redact import forget

if TYPE_CHECKING:
    import hooking
    from acting import Runner
    from faults import Fault, Proxy
    from hub import Hub
    from issuing import Signer

    from kafka_gitops.sandbox import Sandbox
    from kafka_gitops.sandbox.rest import Server

USERS = {name: f"{name}-secret" for name in ("admin", "alice", "bob", "carol", "dave", "ci", "reporting", "streams")}
CALLER = re.compile(  # variables that a CI job, a commit hook, a terminal or an administrator of Kafka may have set
    "ACTIONS_|BITBUCKET_|BUILD_URL|CHANGE_|CI|CLICOLOR|FORCE_COLOR|GITHUB_|GITLAB_|GIT_COMMIT|GIT_DIR|GIT_INDEX_FILE|"
    "GIT_PREVIOUS_|GIT_WORK_TREE|JENKINS_|JOB_|KAFKA_|NO_COLOR|PRE_COMMIT|PREK_|RUNNER_"
)
OF_ITS_OWN = (  # they start brokers that no other test shares
    "clusters_test.py",
    "disturbed_test.py",
    "pictures_test.py",
    "scale_test.py",
    "tls_test.py",
)
_NUMBERS = itertools.count(1)

ClientConfig = Callable[..., dict[str, str]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update`: files with what is expected are written anew (make golden)."""
    parser.addoption("--update", action="store_true", help="write the files with what is expected anew")


def pytest_configure(config: pytest.Config) -> None:
    """What a shell runs in the background ignores SIGINT, and so would all that it starts: some tests press Ctrl-C."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if config.getoption("--update"):
        os.environ[goldens.UPDATE] = "1"  # of the other processes too


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where two processes share the tests, one has every file that needs Kafka: its broker is started once per run."""
    from xdist.scheduler import LoadScopeScheduling

    @cache
    def need(file: str) -> str:
        if Path(file).name in OF_ITS_OWN:
            return file
        text = config.rootpath.joinpath(file).read_text(encoding="utf-8")
        return next((name for name in ("kafka", "hooks") if f"pytest.mark.{name}" in text), file)

    class ByNeed(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return need(nodeid.partition("::")[0])

    return ByNeed(config, log)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave out Hypothesis' plugin where no test uses it: its summary loads all of Hypothesis, which takes a second."""
    plugins = session.config.pluginmanager
    if "hypothesis" not in sys.modules and plugins.has_plugin("hypothesispytest"):
        plugins.unregister(name="hypothesispytest")


@pytest.fixture(scope="session", autouse=True)
def called_by_nobody() -> Iterator[None]:
    """Forget where the suite runs, for its tests and for all that they start: they say themselves where they are."""
    with pytest.MonkeyPatch.context() as patch:
        for name in filter(CALLER.match, list(os.environ)):
            patch.delenv(name)
        patch.setenv("KAFKA_GITOPS_CACHE", os.devnull)  # where nothing can be kept; tests of what is kept say where
        yield


def _sandbox(**options: Any) -> AbstractContextManager[Sandbox]:
    from kafka_gitops.sandbox import running

    return running(users=USERS, **options)


@pytest.fixture(scope="session")
def kafka() -> Iterator[Sandbox]:
    """One broker with an authorizer; every user's password is `<name>-secret`; no topic is created by itself."""
    with _sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def three_brokers() -> Iterator[Sandbox]:
    """Three brokers with an authorizer, for replication factor 3."""
    with _sandbox(brokers=3) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def open_kafka() -> Iterator[Sandbox]:
    """One broker whose authorizer allows everyone what no ACL is about."""
    with _sandbox(properties={"allow.everyone.if.no.acl.found": "true"}) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def no_authorizer() -> Iterator[Sandbox]:
    """One broker without an authorizer: ACL requests answer SECURITY_DISABLED."""
    with _sandbox(authorizer=False) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def registry() -> Iterator[Server]:
    """A schema registry at `.url`, without a login; its global level is BACKWARD."""
    from kafka_gitops.sandbox import registry as registries

    with registries.running() as server:
        yield server


@pytest.fixture(scope="session")
def registry_with_login() -> Iterator[Server]:
    """A schema registry that asks for `.login`: `ci` with the password `ci-secret`."""
    from kafka_gitops.sandbox import registry as registries
    from kafka_gitops.sandbox.rest import Login

    with registries.running(login=Login("ci", USERS["ci"])) as server:
        yield server


@pytest.fixture(scope="session")
def worker(kafka: Sandbox) -> Iterator[Server]:
    """A Connect worker at `.url`, without a login, on the broker `kafka`, to which it comes as a super user."""
    from kafka_gitops.sandbox import connect

    with connect.running(kafka.bootstrap) as server:
        yield server


@pytest.fixture(scope="session")
def worker_with_login(kafka: Sandbox) -> Iterator[Server]:
    """A second worker, of a cluster of its own, that asks for `.login`: `ci` with the password `ci-secret`."""
    from kafka_gitops.sandbox import connect
    from kafka_gitops.sandbox.rest import Login

    with connect.running(kafka.bootstrap, login=Login("ci", USERS["ci"]), properties=connect.apart("second")) as server:
        yield server


@pytest.fixture(scope="session")
def bare_kafka() -> Iterator[Sandbox]:
    """A broker as `kafka` for tests that take everything away: what others keep on theirs must stay."""
    with _sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def bare_registry() -> Iterator[Server]:
    """The registry beside it."""
    from kafka_gitops.sandbox import registry as registries

    with registries.running() as server:
        yield server


@pytest.fixture(scope="session")
def bare_worker(bare_kafka: Sandbox) -> Iterator[Server]:
    """The worker beside it."""
    from kafka_gitops.sandbox import connect

    with connect.running(bare_kafka.bootstrap) as server:
        yield server


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """Who signs the tokens that the broker `oauth_kafka` takes."""
    import issuing

    return issuing.signer(tmp_path_factory.mktemp("issuer") / "key.pem")


@pytest.fixture(scope="session")
def oauth_kafka(issuer: Signer) -> Iterator[Sandbox]:
    """One broker with an authorizer whose SASL listener takes tokens too."""
    import issuing

    keys = issuer.key.with_name("keys.json")
    keys.write_text(issuer.jwks(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:  # Kafka 4 reads no file or address that is not allowed (KIP-1139)
        patch.setenv("JAVA_TOOL_OPTIONS", f"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls={keys.as_uri()}")
        with _sandbox(properties=issuing.trust(keys)) as sandbox:
            yield sandbox


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """act, with one cache for all tests."""
    from acting import make_runner

    return make_runner(tmp_path_factory.mktemp("act"))


@pytest.fixture
def github() -> Iterator[Hub]:
    """GitHub's API, empty."""
    import hub

    with hub.hub() as made:
        yield made


@pytest.fixture(autouse=True)
def plain_terminal() -> None:
    """What an earlier test's command line said of colour and quiet is forgotten, and its secrets."""
    terminal.setup()
    forget()


@pytest.fixture(scope="session", params=("pre-commit", "prek"))
def hook_runner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> hooking.Runner:
    """A runner of commit hooks whose cache holds ours, installed, so that each test is a warm run."""
    import hooking

    made = hooking.make_runner(request.param, tmp_path_factory.mktemp(request.param))
    first = made.source.parent / "first"
    first.mkdir()
    repository = hooking.Repository(first, made)
    repository.git("init", "-q")
    repository.commit()
    assert repository.run("--all-files")[0] == 0
    return made


@pytest.fixture
def repository(hook_runner: hooking.Runner, tmp_path: Path) -> hooking.Repository:
    """An empty repository for commits with hooks."""
    import hooking

    made = hooking.Repository(tmp_path, hook_runner)
    made.git("init", "-q")
    return made


@pytest.fixture
def prefix() -> str:
    """A start for names that no other test of this run uses: `t7.`."""
    return f"t{next(_NUMBERS)}."


@pytest.fixture
def admin_config(kafka: Sandbox) -> ClientConfig:
    """`admin_config("alice")`: librdkafka's settings for a user of the shared broker (default: admin)."""
    return kafka.client


@pytest.fixture
def between(kafka: Sandbox) -> Iterator[Callable[..., Proxy]]:
    """`between(CreateTopics=fault)`: a proxy before the shared broker."""
    from faults import proxy

    opened = []

    def make(**faults: Fault) -> Proxy:
        context = proxy(kafka.bootstrap, dict(faults))
        opened.append(context)
        return context.__enter__()

    yield make
    for context in opened:
        context.__exit__(None, None, None)
