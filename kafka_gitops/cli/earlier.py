"""What the environment before this one declares, where the rule `promotion` puts them in an order."""

from collections.abc import Sequence

from kafka_gitops.cli import load
from kafka_gitops.cli.request import Lint, changed
from kafka_gitops.cli.setup import Configured
from kafka_gitops.diagnostics import Severity
from kafka_gitops.errors import ConfigError, listed
from kafka_gitops.model import Topology
from kafka_gitops.settings import Settings

RULE = "promotion"


def topology(
    request: Lint, config: Configured, settings: Settings, runs: Sequence[tuple[Settings, Topology]]
) -> Topology | None:
    """Its files, of `runs` where they were read; None for the first one, and without the rule.

    Raises ConfigError for an order without any environment, or with one that does not exist.
    """
    rule = settings.rules.get(RULE)
    if rule is None or (max(rule.severity or Severity.off, rule.floor) is Severity.off and not rule.options):
        return None
    stated = rule.options.get("order")
    order = [str(name) for name in stated] if isinstance(stated, list | tuple) else []
    missing = [name for name in order if name not in config.environments]
    if not order or missing:
        said = f"names {listed(missing)}, and there are {listed(config.environments)}" if order else "is missing"
        raise ConfigError(f"{rule.place}: The option order of {RULE} {said}.", help=_EXAMPLE)
    at = order.index(settings.environment) if settings.environment in order else 0
    if not at or rule.severity is Severity.off:
        return None
    for other, found in runs:
        if other.environment == order[at - 1] and not request.paths:
            return found
    return load.load_topology(changed(request, paths=()), config.of(order[at - 1]))


_EXAMPLE = f"For example {RULE}: {{severity: error, order: [dev, test, prod]}}"
