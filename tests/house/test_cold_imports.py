"""What a function imports when it is called for the first time: nothing that it does not need."""

import json
import os
import subprocess
import sys

import pytest

from tests.house import tree
from tests.support.serving import ROOT

NOBODY_LISTENS = "postgresql://nobody@127.0.0.1:1/none"
TOOLS = {"alembic", "boto3", "botocore", "dotenv", "flask", "pydantic_settings", "rich", "sqlalchemy", "typer"}
NOT_NEEDED = {"ingest_webhook": {"aiohttp", "cryptography", "httpx"}}


@pytest.mark.parametrize("function", tree.FUNCTIONS)
def test_a_cold_start_pays_for_nothing_it_does_not_need(function: str) -> None:
    program = f"import functions.{function}.main, json, sys; print(json.dumps(sorted(sys.modules)))"
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": NOBODY_LISTENS}
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    imported = set(json.loads(result.stdout))

    assert imported & (TOOLS | NOT_NEEDED.get(function, set())) == set()
