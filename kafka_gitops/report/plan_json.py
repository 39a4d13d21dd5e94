"""A plan as JSON: what `apply` takes."""

from kafka_gitops.plan import file
from kafka_gitops.report.views import PlanView


def render(view: PlanView) -> str:
    """What docs/schemas/plan.json describes: the plan alone, however it is looked at."""
    return file.dumps(view.plan)
