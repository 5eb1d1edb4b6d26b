"""What a worker makes of the settings."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from infra.local import server
from infra.local.serve.app import create_app, create_functions, load_settings
from shared.errors import ConfigError
from tests.helpers import canaries

NOBODY_LISTENS = "postgresql://nobody@127.0.0.1:1/none"
OWN = "http://127.0.0.1:8080"


async def health(environ: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """The answer to /health, in this process."""
    functions = create_functions(load_settings(OWN, environ), environ)
    try:
        transport = httpx.ASGITransport(create_app(functions))
        async with httpx.AsyncClient(transport=transport, base_url=OWN) as client:
            answer = await client.get("/health")
        return answer.status_code, answer.json()
    finally:
        for function in functions.values():
            await function.close()


async def test_a_function_with_a_login_of_its_own_uses_it_and_the_worst_of_all_is_the_whole(database_url: str) -> None:
    environ = {
        "DATABASE_URL": NOBODY_LISTENS,
        "DATABASE_URL_serve_media": database_url,
        "CRON_SECRET": canaries.CRON_SECRET,
    }

    status, body = await health(environ)

    assert (status, body["status"]) == (503, "failing")
    expected = {name: "ok" if name == "serve_media" else "failing" for name in server.names()}
    assert {name: own["status"] for name, own in body["functions"].items()} == expected


def test_functions_poke_each_other_unless_told_otherwise() -> None:
    environ = {"DATABASE_URL": NOBODY_LISTENS, "POKE_ANSWERS": "none"}
    settings = load_settings(OWN, environ)

    assert (settings.poke, settings.poke_answers) == (f"{OWN}/dispatch_notifications", "none")


def test_a_login_that_is_no_address_is_named_without_its_value() -> None:
    environ = {
        "DATABASE_URL": NOBODY_LISTENS,
        "DATABASE_URL_serve_media": "carillon:canary",
        "CRON_SECRET": canaries.CRON_SECRET,
    }

    with pytest.raises(ConfigError, match="DATABASE_URL") as raised:
        create_functions(load_settings(OWN, environ), environ)
    assert "canary" not in str(raised.value)
