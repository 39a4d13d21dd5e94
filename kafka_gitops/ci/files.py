"""The report files that every platform gets: what its artifacts, and other tools, take."""

import json
from pathlib import Path

from kafka_gitops.ci import Channel, Result

LINT = {"sarif": "lint.sarif", "junit": "lint.junit.xml", "json": "lint.json"}


def save(result: Result, channel: Channel, formats: "dict[str, str] | None" = None) -> dict[str, Path]:
    """Write the findings in formats (name: file name; default LINT), the plan and what an apply did.

    Gives the paths by format, and by `plan` and `apply`.
    """
    saved: dict[str, Path] = {}
    if result.person is not None:
        verdict = {"auto_approve": not result.person, "reasons": result.person}
        saved["verdict"] = channel.save("auto-approve.json", json.dumps(verdict, indent=2) + "\n")
    if result.findings is not None:
        from kafka_gitops.report import formats as table

        for form, name in (LINT if formats is None else formats).items():
            saved[form] = channel.save(name, table.render(form, result.findings))
    if result.plan is not None:
        from kafka_gitops.plan import file as plan_file

        saved["plan"] = channel.save("plan.json", plan_file.dumps(result.plan), exact=True)
        if result.asked == "drift":
            channel.save("drift.json", json.dumps(_drift(result), indent=2) + "\n")
        if result.outcomes is not None and result.counts is not None:
            from kafka_gitops.report import apply_json
            from kafka_gitops.report.views import ApplyView

            view = ApplyView(result.plan, result.outcomes, result.counts)
            saved["apply"] = channel.save("apply.json", apply_json.render(view))
    return saved


def _drift(result: Result) -> dict[str, object]:
    """What a drift run found, for a hook: `fingerprint` is the same as long as the same differs."""
    from kafka_gitops.ci import incident

    assert result.plan is not None
    differs = incident.marks(result.plan)
    return {
        "environment": result.environment,
        "differs": result.plan.differs,
        "fingerprint": incident.fingerprint(differs),
        "differences": [*differs.values()],
        "not_applied": [str(change.key) for change in result.plan.ahead.changes] if result.plan.ahead else [],
        "held": [f"{entry.key}: {entry.reason}" for entry in result.plan.held],
    }
