"""kafka-gitops.yaml, environment variables and JulieOps .properties to Settings; the only reader of os.environ."""

import os
from collections.abc import Mapping


def environment() -> Mapping[str, str]:
    """The process environment."""
    return os.environ
