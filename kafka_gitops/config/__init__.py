"""kafka-gitops.yaml, environment variables and JulieOps .properties to Settings; the only reader of os.environ."""

from collections.abc import Mapping

from kafka_gitops import seen


def environment() -> Mapping[str, str]:
    """The process environment."""
    return seen.variables()
