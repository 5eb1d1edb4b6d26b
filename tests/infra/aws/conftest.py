"""The template, made by osls once."""

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.infra.aws.cloudformation import FUNCTIONS, OSLS, ROOT, TEMPLATE

ARCHIVES = Path("build/aws/arm64")
NPM = {**os.environ, "npm_config_fetch_retries": "0", "npm_config_ignore_scripts": "true"}


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that osls fills, offline and without credentials, given archives that are empty."""
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("no Node here: the template is not packaged")
    folder = tmp_path_factory.mktemp("package")
    where = [npx, "--yes", "--package", OSLS, "--call", "command -v osls"]
    try:
        found = subprocess.run(where, cwd=folder, env=NPM, capture_output=True, text=True, check=True, timeout=300)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip("osls cannot be had from the npm registry: the template is not packaged")
    copy = folder / "copy"
    shutil.copytree(
        ROOT / "infra" / "aws", copy / "infra" / "aws", ignore=shutil.ignore_patterns("node_modules", "__pycache__")
    )
    shutil.copy(ROOT / "serverless.yml", copy)
    (copy / ARCHIVES).mkdir(parents=True)
    for name in FUNCTIONS:
        with zipfile.ZipFile(copy / ARCHIVES / f"{name}.zip", "w"):
            pass
    command = [found.stdout.strip(), "package", "--package", str(folder / "made")]
    done = subprocess.run(command, cwd=copy, env=NPM, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "made"


@pytest.fixture(scope="session")
def stack(package: Path) -> dict[str, Any]:
    """The CloudFormation that osls makes."""
    made: dict[str, Any] = json.loads((package / TEMPLATE).read_text())
    return made
