"""Loads parts of kafka-python (protocol classes, SASL mechanisms) without the rest of it, which costs start-up."""

import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from kafka_gitops.errors import ConfigError

_PACKAGES = (
    *("kafka", "kafka.net", "kafka.record"),
    *("kafka.protocol.admin", "kafka.protocol.consumer", "kafka.protocol.producer"),
)
_ONE = threading.RLock()  # what one thread takes out of sys.modules another would miss


@contextmanager
def _bare_packages() -> Iterator[None]:
    """Keep the packages' own `__init__` from running: it loads consumer, producer and every message (0.15 s of 0.3)."""
    added = []
    for name in _PACKAGES:
        if name in sys.modules:
            continue
        spec = find_spec(name)
        if spec is None or spec.submodule_search_locations is None:
            break
        bare = ModuleType(name)
        bare.__path__ = spec.submodule_search_locations
        bare.__spec__ = spec
        sys.modules[name] = bare
        added.append(name)
    try:
        yield
    finally:
        for name in added:  # whoever imports kafka after us gets the whole of it
            del sys.modules[name]


@cache
def load(name: str) -> Any:
    """The module `kafka.NAME`; ConfigError with the pip line where kafka-python is not installed."""
    try:
        with _ONE, _bare_packages(), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # it reads its schemas in a deprecated way
            return import_module(f"kafka.{name}")
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "kafka":
            raise
        raise ConfigError(
            "kafka-python is not installed, and this command talks to a cluster",
            help="pip install 'kafka-gitops[cluster]'",
        ) from None


def error_name(code: int) -> str:
    """Kafka's name of an error code: 44 is `POLICY_VIOLATION` (org.apache.kafka.common.protocol.Errors)."""
    known = load("errors").kafka_errors.get(code)
    return str(known.message) if known is not None and known.message else f"ERROR_{code}"
