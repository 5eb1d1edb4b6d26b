"""Paths to the parts of a raw payload that are redacted: a small part of JSONPath (RFC 9535)."""

import re
from collections.abc import Sequence
from typing import Any

MAX_PATHS, MAX_STEPS = 50, 20
FORM = "$.user.phone, $.answers[*].text, $..email for any depth, or $['a name with spaces']"

_STEP = re.compile(r"(?P<below>\.\.)(?P<any>[\w-]+)|\.(?P<name>[\w-]+)|(?P<each>\[\*\])|\['(?P<quoted>[^'\\]+)'\]")


def parse(paths: Sequence[str]) -> dict[str, list[Any]]:
    """Each path with its steps, as platform.redacted takes them: a name, [] for each element, {} for anywhere below.

    Raises ValueError.
    """
    if len(paths) > MAX_PATHS:
        raise ValueError(f"--redact may be given {MAX_PATHS} times: name what stands above several of them")
    return {path: _steps(path) for path in paths}


def _steps(path: str) -> list[Any]:
    steps: list[Any] = []
    place = 1
    while found := _STEP.match(path, place):
        place = found.end()
        if found["each"]:
            steps.append([])
        else:
            steps += [{}] * bool(found["below"]) + [found["any"] or found["name"] or found["quoted"]]
    if not path.startswith("$") or place < len(path) or not 0 < len(steps) <= MAX_STEPS:
        raise ValueError(f"--redact reads a path of JSON: {FORM}")
    return steps
