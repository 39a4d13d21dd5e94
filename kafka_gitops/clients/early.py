"""A cluster that is read while the files are still looked at: a thread connects and asks, nobody waits for it yet."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:  # the thread loads them
    from kafka_gitops.clients.ahead import Ahead
    from kafka_gitops.clients.cluster import KafkaCluster

_T = TypeVar("_T")
_TURN = 0.0005  # seconds until who computes lets the thread take an answer; Python's own 0.005 add up over many
_LOOK = 0.5  # seconds between two looks whether somebody pressed Ctrl-C, which waiting itself does not see on Windows


class Later(Generic[_T]):
    """A question whose answer, or failure, is there later."""

    def __init__(self, question: Callable[[], _T]) -> None:
        self._question = question
        self._over = threading.Event()
        self._failure: BaseException | None = None

    def find(self) -> None:
        """Ask, and keep what comes of it."""
        try:
            self._answer = self._question()
        except BaseException as failure:  # noqa: BLE001 - for whoever wants the answer
            self._failure = failure
        self._over.set()

    @property
    def answered(self) -> bool:
        """Whether there is an answer that is no failure."""
        return self._over.is_set() and self._failure is None

    def answer(self) -> _T:
        """The answer, waited for; raises what asking raised."""
        while not self._over.wait(_LOOK):
            pass
        if self._failure is not None:
            raise self._failure
        return self._answer


class Early:
    """The connection as a context manager; what fails is raised to whoever wants the answer, and to nobody else.

    `connect` and the questions run in the thread, one after the other. It ends when they are answered and there are no
    more, at the latest when the cluster is used for anything that was not asked, and never holds up the end of the
    program.
    """

    def __init__(self, connect: Callable[[], "KafkaCluster"]) -> None:
        self.asked: dict[str, Later[Any]] = {}
        self._todo: SimpleQueue[Later[Any] | None] = SimpleQueue()
        self._stopped = False
        self._cluster = self._put(Later(connect))
        self._thread = threading.Thread(target=self._run, name="early", daemon=True)
        self._turn = sys.getswitchinterval()

    def start(self) -> None:
        """Begin to connect and to ask."""
        sys.setswitchinterval(_TURN)
        self._thread.start()

    def ask(self, name: str, question: Callable[["KafkaCluster"], Any]) -> None:
        """Ask the cluster when it is connected and has answered all that was asked before."""
        self.asked[name] = self._put(Later(lambda: question(self._cluster.answer())))

    def no_more(self) -> None:
        """Say that all is asked: the thread ends when it is answered, whether anybody wants to know or not."""
        self._todo.put(None)

    def settle(self) -> None:
        """Wait until all that was asked is answered, and end the thread: the connection is the caller's alone then."""
        self.no_more()
        while self._thread.is_alive():
            self._thread.join(_LOOK)
        sys.setswitchinterval(self._turn)

    def stop(self) -> None:
        """Close the connection, at the latest when the thread has the answer that it waits for."""
        self._stopped = True
        self.no_more()
        sys.setswitchinterval(self._turn)
        if not self._thread.is_alive():
            self._close()

    @contextmanager
    def unless_failed(self) -> Iterator[None]:
        """A block that wants the cluster to stay open; when it raises, nobody wants it any more."""
        try:
            yield
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> "Ahead":
        """The open cluster. Raises what connecting raised."""
        from kafka_gitops.clients.ahead import Ahead

        if self._thread.ident is None:
            self.start()
        with self.unless_failed():
            return Ahead(self, self._cluster.answer())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.stop()

    def _put(self, question: Later[_T]) -> Later[_T]:
        self._todo.put(question)
        return question

    def _run(self) -> None:
        for question in iter(self._todo.get, None):
            if not self._stopped:
                question.find()
        if self._stopped:
            self._close()

    def _close(self) -> None:
        if self._cluster.answered:
            self._cluster.answer().link.close()
