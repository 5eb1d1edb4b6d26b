"""serverless.yml gives each function what its main.py asks for, and no more than the database can take."""

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.database import pool
from tests.conventions.tree import FUNCTIONS

ROOT = Path(__file__).parents[3]
TEMPLATE = yaml.safe_load((ROOT / "serverless.yml").read_text(encoding="utf-8"))
BLOCKS = TEMPLATE["functions"]
SECRETS = ("database_url", "secrets_key", "cron_secret", "llm_api_key", "yclients_partner_token")
# What differs from one deployment to the next; all other settings have a default that suits.
CHOSEN = (
    "archive_url",
    "media_url",
    "evolution_api_url",
    "llm_api_url",
    "llm_model",
    "cors_origins",
    "poke",
    "poke_answers",
    "salon_pages_url",
)
_POOL = re.compile(r"Database\(settings\.database_url(?:, size=(\d+))?\)")


def settings_of(function: str) -> tuple[str, ...]:
    """The settings that a function's entry point asks for."""
    module = import_module(f"functions.{function}.main")
    made = inspect.getclosurevars(module.__getattr__).nonlocals["made"]
    needs: tuple[str, ...] = inspect.getclosurevars(inspect.unwrap(made)).nonlocals["needs"]
    return needs


def environment_of(function: str) -> dict[str, Any]:
    """What its block gives to a function."""
    environment: dict[str, Any] = BLOCKS[function]["environment"]
    return environment


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_given_the_settings_that_it_asks_for_and_no_other(function: str) -> None:
    asked = {name for name in settings_of(function) if name in (*SECRETS, *CHOSEN)}
    if _schedule(BLOCKS[function]) is None:
        asked -= {"cron_secret"}  # for pokes over HTTP: here they go through a queue

    assert set(environment_of(function)) == {"FUNCTION_TARGET", *(name.upper() for name in asked)}


def test_the_key_of_the_bots_tokens_is_given_to_few() -> None:
    holders = {name for name in FUNCTIONS if "SECRETS_KEY" in environment_of(name)}

    assert len(holders) < len(FUNCTIONS) / 2
    assert holders.isdisjoint({"agent_reply", "learning_api", "answer_conversations", "housekeeping"})


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_secret_is_a_reference_and_the_address_of_the_database_is_the_functions_own(function: str) -> None:
    for setting in SECRETS:
        value = environment_of(function).get(setting.upper())
        key = f"DATABASE_URL_{function}" if setting == "database_url" else setting.upper()
        assert value in (None, f"{{{{resolve:secretsmanager:carillon/${{sls:stage}}:SecretString:{key}}}}}")


def test_every_function_acts_by_a_role_of_its_own() -> None:
    roles = [BLOCKS[name]["role"] for name in FUNCTIONS]
    made = yaml.safe_load((ROOT / "infra/aws/roles.yml").read_text(encoding="utf-8"))["Resources"]

    assert roles == [f"{name.title().replace('_', '')}Role" for name in FUNCTIONS]
    assert sorted(made) == sorted([*roles, "SchedulerRole"])


def test_what_outsiders_call_may_not_run_more_often_than_the_database_has_connections() -> None:
    """Each instance may fill its pool; what is scheduled runs once by its schedule, and as often as its queue calls."""
    total = 0
    for name, block in BLOCKS.items():
        instances = block["reservedConcurrency"] if block.get("url") else 1
        instances += sum(event["sqs"]["maximumConcurrency"] for event in block.get("events", []) if "sqs" in event)
        total += instances * _pool_size(name)

    assert total <= TEMPLATE["custom"]["connections"], f"raise custom.connections to {total}, and its comment with it"


def test_the_arithmetic_that_people_read_is_that_of_the_blocks() -> None:
    called = {name: block["reservedConcurrency"] for name, block in BLOCKS.items() if block.get("url")}
    comment = (
        (ROOT / "serverless.yml").read_text(encoding="utf-8").partition("\ncustom:\n")[2].partition("  connections:")[0]
    )

    assert dict(re.findall(r"(\w+) (\d+)[,:]", comment)) == {name: str(number) for name, number in called.items()}
    assert f"{sum(called.values())} instances x {pool.SIZE} = {sum(called.values()) * pool.SIZE}" in comment


def _pool_size(function: str) -> int:
    [size] = _POOL.findall((ROOT / "functions" / function / "main.py").read_text(encoding="utf-8"))
    return int(size or pool.SIZE)


def _schedule(block: dict[str, Any]) -> str | None:
    return next((event["schedule"]["rate"][0] for event in block.get("events", []) if "schedule" in event), None)
