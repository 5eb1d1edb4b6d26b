"""Schemathesis over a running function: what its OpenAPI document says holds, whatever is sent."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.helpers.serving import ROOT, Served


def exercise(
    served: Served,
    folder: Path,
    token: str,
    *,
    known: Mapping[str, Sequence[str]],
    examples: int = 4,
    settings: str = "",
) -> str:
    """Call every operation in every way that the document allows and in many that it does not; what was reported.

    `known` has values for parameters ("path.id"), so that most calls find something. `settings` are further lines of
    schemathesis.toml. Beside what the document lists, `examples` are made up for each operation, the same each time.
    Raises AssertionError with the report when an answer is a 500 or not as the document says.
    """
    config = folder / "schemathesis.toml"
    config.write_text(_config(token, known) + settings)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", "--no-color"]
    done = subprocess.run(
        [
            *command, f"{served.url}/openapi.json", "--phases", "coverage,fuzzing",
            "--max-examples", str(examples), "--seed", "1", "--generation-deterministic",
        ],
        cwd=folder, env={"PATH": "", "PYTHONPATH": str(ROOT), "HOME": str(folder)},
        check=False, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    report = done.stdout + done.stderr
    assert done.returncode == 0, report
    return report


def _config(token: str, known: Mapping[str, Sequence[str]]) -> str:
    """JSON's strings and lists are TOML's too."""
    hooks = ROOT / "tests" / "helpers" / "api_exerciser_hooks.py"
    lines = [f"hooks = {json.dumps(str(hooks))}", "[auth.openapi.token]", f"bearer = {json.dumps(token)}"]
    for name, values in known.items():
        lines += [f"[dictionaries.{json.dumps(name)}]", f"values = {json.dumps(list(values))}"]
    lines += ["[parameters]"]
    lines += [f'"{name}" = {{ dictionary = "{name}", probability = 0.9 }}' for name in known]
    return "\n".join(lines) + "\n"
