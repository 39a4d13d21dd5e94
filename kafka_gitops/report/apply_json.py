"""What an apply did, as JSON."""

import json
from collections.abc import Sequence

from kafka_gitops.changes import Outcome
from kafka_gitops.plan.apply_schema import FORMAT
from kafka_gitops.plan.make import Plan
from kafka_gitops.report.apply_text import Total
from kafka_gitops.text import characters


def render(plan: Plan, outcomes: Sequence[Outcome], counts: Total) -> str:
    """What docs/schemas/apply.json describes."""
    rows = [
        {
            "kind": outcome.change.key.kind,
            "name": outcome.change.key.name,
            "action": outcome.change.action,
            "status": outcome.status,
            "detail": outcome.detail,
            "help": outcome.help,
        }
        for outcome in outcomes
    ]
    body = {
        "format": FORMAT,
        "environment": plan.environment,
        "cluster_id": plan.cluster,
        "commit": plan.commit,
        "outcomes": rows,
        "refused": [{"kind": entry.key.kind, "name": entry.key.name, "reason": entry.reason} for entry in plan.refused],
        "summary": counts._asdict(),
    }
    return characters.json_escaped(json.dumps(body, indent=1, ensure_ascii=False)) + "\n"
