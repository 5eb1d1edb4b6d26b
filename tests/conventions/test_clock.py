"""No condition asks a clock that runs on: `due_at <= clock_timestamp()` is asked of every row, and by no index.

`due_at <= (select clock_timestamp())` is asked once. now() stands still, and is fine.
"""

import re

import pytest

from tests.conventions import tree

TOKEN = re.compile(r"--[^\n]*|'(?:[^']|'')*'|[A-Za-z_][\w.]*|[()]|[^\s]")
OUTPUT = {"select", "set", "values", "returning", "from", "using", "by", "limit", "offset", "update", "insert"}
CONDITIONS = {"where", "on", "having", "filter"}


def running_clocks(statement: str) -> int:
    """How many conditions compare with clock_timestamp() itself. What a `case` asks is asked of what was found."""
    clauses = ["output"]
    found = 0
    for token in TOKEN.findall(statement):
        word = token.lower()
        if word == "(":
            clauses.append(clauses[-1])
        elif word in (")", "end") and len(clauses) > 1:
            clauses.pop()
        elif word == "case":
            clauses.append("output")
        elif word in OUTPUT:
            clauses[-1] = "output"
        elif word in CONDITIONS:
            clauses[-1] = "condition"
        elif word == "clock_timestamp":
            found += clauses[-1] == "condition"
    return found


def test_no_condition_asks_a_running_clock() -> None:
    asking = [str(found) for found in tree.statements("functions", "shared", "infra") if running_clocks(found.text)]

    assert asking == [], "compare with (select clock_timestamp())"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("select 1 from t where due <= clock_timestamp()", 1),
        ("select 1 from t where greatest(due, next_at) <= clock_timestamp() - interval '1 hour'", 1),
        ("select 1 from t join u on u.due < clock_timestamp() and u.id = t.id", 1),
        ("select (select 1 from t where due > clock_timestamp() limit 1), clock_timestamp()", 1),
        ("select 1 from t where due <= (select clock_timestamp())", 0),
        ("select due <= clock_timestamp() from t where id = 1", 0),
        ("update t set due = clock_timestamp() where id = 1 returning clock_timestamp()", 0),
        ("select 1 from t where id = 1 and case when due < clock_timestamp() then a else b end", 0),
        ("select 1 from t where due <= now() -- clock_timestamp()", 0),
    ],
)
def test_the_rule_finds_conditions_alone(statement: str, found: int) -> None:
    assert running_clocks(statement) == found
