"""What people type, and what runs before they commit."""

import re
import shutil
import subprocess

import pytest
import yaml

from tests.helpers.serving import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_before_a_commit_runs_what_make_check_runs() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = [hook["entry"] for repository in config["repos"] for hook in repository["hooks"]]
    [recipe] = re.findall(r"^check:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)

    commands = re.findall(r"\$\(VENV\)(/bin/[^&;\n]+)", recipe)
    without_files = [re.sub(r" migrations/.*", "", command).strip() for command in commands]  # pre-commit adds them
    assert hooks == [f".venv{command}" for command in without_files]


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_help_names_every_target_that_people_type() -> None:
    printed = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S607
    [phony] = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    parts = {"db-reset", "db-schema", "db-seed"}  # which db-init names

    assert {name for name in phony.split() if not re.search(rf"\b{name}\b", printed)} == set()
    assert all(part in printed for part in parts)
