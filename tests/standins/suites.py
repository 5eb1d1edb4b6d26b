"""The suites, each run against a sandbox of its own: which of their cases pass."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tests.standins.examples import EXAMPLES, is_installed, run_example
from tests.standins.install import BUILD, HERE, NODE_MODULES, PYTHON
from tests.standins.processes import sandbox

if TYPE_CHECKING:
    from pathlib import Path

_LIMIT_S = 900
_CASE = re.compile(r"^(ok|no) (\S+?)(?:: (.*))?$", re.MULTILINE)
SCRIPTS = {
    "aiogram": "aiogram_cases.py",
    "grammY": "grammy_cases.mjs",
    "node-telegram-bot-api": "node_telegram_bot_api_cases.mjs",
    "pywa": "pywa_cases.py",
    "whatsapp-api-js": "whatsapp_api_js_cases.mjs",
    "openai (Python)": "openai_cases.py",
    "openai (npm)": "openai_cases.mjs",
}


@dataclass(slots=True)
class Outcome:
    """How a suite went; `skipped` says why it was not run."""

    passed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: str = ""

    @property
    def total(self) -> int:
        """How many cases were tried."""
        return len(self.passed) + len(self.failed)


def run_script(script: str, tests: Path) -> Outcome:
    """Run one client's cases."""
    program: str | Path = PYTHON
    if script.endswith(".mjs"):
        if not shutil.which("node") or not NODE_MODULES.exists():
            return Outcome(skipped="Node is not installed")
        # Node looks for packages beside a script: the scripts go where the packages are.
        shutil.copytree(HERE / "clients", BUILD / "clients", dirs_exist_ok=True)
        program = "node"
    with sandbox() as url:
        variables = os.environ | {"SANDBOX_URL": url, "SANDBOX_FILES": str(tests / "tests/data")}
        folder = BUILD / "clients" if program == "node" else HERE / "clients"
        ended = subprocess.run(
            [program, folder / script], env=variables, capture_output=True, text=True, timeout=_LIMIT_S, check=False
        )
    outcome = Outcome()
    for verdict, name, problem in _CASE.findall(ended.stdout):
        if verdict == "ok":
            outcome.passed.append(name)
        else:
            outcome.failed[name] = problem
    if ended.returncode or not outcome.total:
        outcome.failed["the script itself"] = ended.stderr.strip()[-600:]
    return outcome


def run_ptb(tests: Path) -> Outcome:
    """Run those of python-telegram-bot's own tests that speak to a server and are in scope."""
    report = BUILD / "ptb.xml"
    options = (
        "-q",
        "-p",
        "ptb_plugin",
        "-o",
        "addopts=",
        "-m",
        "req",
        "-p",
        "no:cacheprovider",
        f"--junitxml={report}",
    )
    with sandbox() as url:
        paths = os.pathsep.join((str(HERE), str(tests)))
        variables = os.environ | {"SANDBOX_URL": url, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run(
            [PYTHON, "-m", "pytest", *options, "tests"],
            cwd=tests, env=variables, capture_output=True, timeout=_LIMIT_S, check=False,
        )  # fmt: skip
    outcome = Outcome()
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - written by the line above
        name = f"{case.get('classname')}.{case.get('name')}"
        problem = next((part for part in case if part.tag in ("failure", "error", "skipped")), None)
        if problem is None:
            outcome.passed.append(name)
        else:
            outcome.failed[name] = f"{problem.tag} {problem.get('message', '')}"[:300]
    return outcome


def run_examples() -> Outcome:
    """Run the page's examples."""
    outcome = Outcome()
    for name in filter(is_installed, EXAMPLES):
        if problem := run_example(name):
            outcome.failed[name] = problem
        else:
            outcome.passed.append(name)
    return outcome
