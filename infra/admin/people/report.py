"""An import's report, for people and for scripts. It names rows and columns; it repeats no cell."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from infra.admin.people.check import Checked
from infra.admin.people.plan import Action, Change, Plan

MAX_LINES = 200
_WORDS: dict[Action, str] = {
    "new": "new",
    "changed": "new version",
    "ends": "ends",
    "unchanged": "unchanged",
    "skipped": "nothing to do",
}


def as_json(table: str, plan: Plan, *, applied: bool, at: Any) -> dict[str, Any]:
    """The whole report."""
    return {
        "table": table,
        "applied": applied,
        "at": at,
        "counts": _counts(plan),
        "changes": [
            {"row": c.row, "action": c.action, "who": c.who, "columns": sorted(c.values), "at": c.at, "note": c.note}
            for c in plan.changes
        ],
        "problems": [vars(problem) for problem in plan.problems],
        "notes": plan.notes,
    }


def lines(table: str, plan: Plan, *, applied: bool) -> Iterator[tuple[str, str]]:
    """The report as lines with their style."""
    shown = [change for change in plan.changes if change.action != "unchanged"]
    for change in shown[:MAX_LINES]:
        yield _change(change), ""
    if len(shown) > MAX_LINES:
        yield f"… and {len(shown) - MAX_LINES} more (--json shows all)", "dim"
    for note in plan.notes:
        yield f"! {note}", "yellow"
    for problem in plan.problems[:MAX_LINES]:
        where = f"row {problem.row}" + (f", {problem.column}" if problem.column else "")
        yield f"✗ {where}: {problem.text}", "red"
    if len(plan.problems) > MAX_LINES:
        yield f"… and {len(plan.problems) - MAX_LINES} more problems (--json shows all)", "red"
    counts = _counts(plan)
    summary = f"{table}: " + ", ".join(
        f"{counts[action]} {word}" for action, word in _WORDS.items() if counts[action] or action != "skipped"
    )
    if plan.problems:
        yield (
            f"{summary}; {len(plan.problems)} problems, so nothing was written. Correct the file and try again.",
            "bold",
        )
    elif applied:
        yield f"✓ {summary}; written.", "bold"
    else:
        yield f"{summary}. Nothing was written yet: add --apply.", "bold"


def join(checked: Checked, plan: Plan) -> Plan:
    """`plan` with the file's own problems and notes."""
    return Plan(plan.changes, sorted([*checked.problems, *plan.problems], key=lambda p: (p.row, p.column or "")),
                [*checked.notes, *plan.notes])  # fmt: skip


def _change(change: Change) -> str:
    where = f"row {change.row}" if change.row else "not in file"
    columns = f" ({', '.join(sorted(change.values))})" if change.action == "changed" else ""
    note = f" ({change.note})" if change.note and change.row else ""
    return f"{where:>12}  {_WORDS[change.action]:13} {change.who}{columns}{note}"


def _counts(plan: Plan) -> dict[str, int]:
    found = Counter(change.action for change in plan.changes)
    return {action: found[action] for action in _WORDS}
