"""An import's report. It names rows and columns; it repeats no cell."""

from collections import Counter
from typing import Any, get_args

from infra.admin.people.check import Checked
from infra.admin.people.plan import Action, Plan


def as_json(table: str, plan: Plan, *, applied: bool, at: Any) -> dict[str, Any]:
    """The whole report as JSON values."""
    return {
        "table": table,
        "applied": applied,
        "at": at,
        "counts": counts(plan),
        "changes": [
            {
                "row": change.row,
                "action": change.action,
                "who": change.who,
                "columns": sorted(change.values),
                "at": change.at,
                "note": change.note,
            }
            for change in plan.changes
        ],
        "problems": [vars(problem) for problem in plan.problems],
        "notes": plan.notes,
    }


def join(checked: Checked, plan: Plan) -> Plan:
    """`plan` with the file's own problems and notes."""
    problems = [*checked.problems, *plan.problems]
    problems.sort(key=lambda problem: (problem.row, problem.column or ""))
    return Plan(plan.changes, problems, [*checked.notes, *plan.notes])


def counts(plan: Plan) -> dict[str, int]:
    """How many changes of each kind there are."""
    found = Counter(change.action for change in plan.changes)
    return {action: found[action] for action in get_args(Action)}
