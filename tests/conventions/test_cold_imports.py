"""What a function imports when it is called for the first time: nothing that it does not need.

The tools are hidden, as in a deployment: httpx for one takes rich wherever it finds it.
"""

import json
import os
import subprocess
import sys

import pytest

from tests.conventions import tree
from tests.helpers.serving import ROOT

NOBODY_LISTENS = "postgresql://nobody@127.0.0.1:1/none"
TOOLS = {
    "alembic",
    "argon2",
    "boto3",
    "botocore",
    "dotenv",
    "flask",
    "opentelemetry",
    "pydantic_settings",
    "rich",
    "sentry_sdk",
    "sqlalchemy",
    "typer",
}
LATE = {"PIL", "xlsxwriter"}  # drawing, which begins with the first picture; spreadsheets
NOT_NEEDED = {
    "daily_metrics_digest": {"annotated_types", "pydantic"},
    "dispatch_notifications": {"aiohttp", "cryptography", "httpx", "shared.support.cards"},
    "ingest_webhook": {"aiohttp", "cryptography", "httpx"},
    "telegram_webhook": {"cryptography", "functions.telegram_webhook.salon", "shared.support.conversations"},
}


def test_what_is_there_before_a_function_is_not_searched_for_garbage_while_it_is_imported() -> None:
    program = "import gc, asyncio; import functions; print(gc.get_freeze_count())"
    frozen = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True)
    assert int(frozen) > 1000


@pytest.mark.parametrize("function", tree.FUNCTIONS)
def test_a_cold_start_needs_no_tool_and_pays_for_nothing_else(function: str) -> None:
    program = f"""
import json, sys
sys.modules.update(dict.fromkeys({sorted(TOOLS)}))  # as where they are not installed
import functions.{function}.main
functions.{function}.main.{function}
print(json.dumps([name for name, module in sys.modules.items() if module]))
"""
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": NOBODY_LISTENS, "CRON_SECRET_IS_PLATFORM": "1"}
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    imported = set(json.loads(result.stdout.splitlines()[-1]))  # after what the function logged

    assert imported & (TOOLS | LATE | NOT_NEEDED.get(function, set())) == set()
