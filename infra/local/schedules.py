"""How often each function is called, as serverless.yml has it: the one list of schedules that there is."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

# A checkout has it at its top; the wheel carries a copy beside this file.
TEMPLATES = (Path(__file__).parents[2] / "serverless.yml", Path(__file__).with_name("serverless.yml"))
SECONDS = {"minute": 60.0, "hour": 3600.0, "day": 86400.0}

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")


@dataclass(frozen=True)
class Schedule:
    """How often a function is called."""

    function: str
    seconds: float


def read_schedules(template: Path | None = None) -> list[Schedule]:
    """The schedules of a serverless.yml, by default this installation's.

    Raises ValueError for one that is not rate(…), FileNotFoundError when this installation has no serverless.yml.
    """
    if template is None:
        template = next((path for path in TEMPLATES if path.exists()), TEMPLATES[0])
    content = yaml.load(template.read_text(encoding="utf-8"), _Template)  # noqa: S506 - a SafeLoader, see below
    return [
        Schedule(name, seconds_of(name, expression))
        for name, function in content["functions"].items()
        for event in function.get("events", [])
        if isinstance(event, dict) and "schedule" in event
        for expression in _expressions(event["schedule"])
    ]


def _expressions(schedule: Any) -> list[str]:
    """`rate(…)`, a list of them, or either under `rate:` among other settings."""
    if isinstance(schedule, dict):
        return [] if schedule.get("enabled") is False else _expressions(schedule["rate"])
    return schedule if isinstance(schedule, list) else [schedule]


def seconds_of(function: str, expression: str) -> float:
    """The seconds of `rate(5 minutes)`. Raises ValueError for anything else."""
    found = _RATE.fullmatch(expression)
    if found is None:
        raise ValueError(f"{function}: a schedule must be like rate(5 minutes), not {expression}")
    return int(found[1]) * SECONDS[found[2]]


class _Template(yaml.SafeLoader):
    """Reads over CloudFormation's tags, `!Ref` and its like."""


def _untagged(_loader: yaml.SafeLoader, _tag: str, _node: yaml.Node) -> None:
    """None instead of a tagged value: no schedule has a tag."""


_Template.add_multi_constructor("!", _untagged)
