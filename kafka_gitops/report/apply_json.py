"""What an apply did, as JSON."""

import json

from kafka_gitops.plan.apply_schema import FORMAT
from kafka_gitops.plan.make import Plan
from kafka_gitops.report.views import ApplyView
from kafka_gitops.text import characters


def head(_plan: Plan) -> str:
    """Nothing stands before a document."""
    return ""


def render(view: ApplyView) -> str:
    """What docs/schemas/apply.json describes."""
    plan = view.plan
    rows = [
        {
            "kind": outcome.change.key.kind,
            "name": outcome.change.key.name,
            "action": outcome.change.action,
            **({"act": outcome.change.act} if outcome.change.act is not None else {}),
            "status": outcome.status,
            "detail": outcome.detail,
            "help": outcome.help,
        }
        for outcome in view.outcomes
    ]
    body = {
        "format": FORMAT,
        "environment": plan.environment,
        "cluster_id": plan.cluster,
        "commit": plan.commit,
        **({"run": view.run} if view.run is not None else {}),
        "outcomes": rows,
        "refused": [{"kind": entry.key.kind, "name": entry.key.name, "reason": entry.reason} for entry in plan.refused],
        "summary": view.counts._asdict(),
    }
    return characters.json_escaped(json.dumps(body, indent=1, ensure_ascii=False)) + "\n"
