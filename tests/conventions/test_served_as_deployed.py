"""Every function over real HTTP, started the way it is deployed."""

import os
from pathlib import Path

import httpx
import pytest

from tests.conventions import tree
from tests.helpers import arrange, canaries
from tests.helpers.serving import free_port, serve
from tests.helpers.starting import ROOT, Fork, start

STRANGERS = [
    ("GET", "/"),
    ("POST", "/"),
    ("PUT", "/"),
    ("POST", "/getcourse/nobody?secret=wrong"),
    ("GET", "/getcourse/school"),
    ("GET", "/..%2f..%2fetc/passwd"),
]

STARTED = (
    "ingest_webhook"  # from nothing; the others find their libraries loaded, tests/conventions/test_cold_imports.py
)
FOR_PEOPLE = ("salon_pages",)  # whom it does not know it lets sign in: tests/functions/salon_pages/test_walls.py


@pytest.mark.parametrize("function", [name for name in tree.FUNCTIONS if name not in FOR_PEOPLE])
def test_a_stranger_gets_one_constant_answer(function: str, module_database_url: str, printed: Path) -> None:
    begin = start if function == STARTED else Fork
    settings = {
        "DATABASE_URL": module_database_url,
        "SECRETS_KEY": arrange.SECRETS_KEY,
        "CRON_SECRET": canaries.CRON_SECRET,
    }
    with (
        serve(function, printed, begin, **settings) as served,
        httpx.Client(base_url=served.url, trust_env=False, timeout=60) as client,
    ):
        answers = [client.request(method, path, content=b"{}") for method, path in STRANGERS]
        wrong = client.post("/", headers={"authorization": "Bearer wrong", "x-cron-secret": "wrong"})

    bodies = {(answer.status_code, answer.headers["content-type"], answer.text) for answer in [*answers, wrong]}
    assert len(bodies) == 1, bodies
    [(status, content_type, text)] = bodies
    assert (status, content_type) == (404, "application/problem+json")
    assert "getcourse" not in text


@pytest.mark.parametrize("function", tree.FUNCTIONS)
def test_a_missing_setting_stops_the_start_with_its_name(function: str, printed: Path) -> None:
    output = printed / f"{function}-without-settings.log"
    command = ("functions_framework", "--source", f"functions/{function}/main.py", "--target", function)
    environment = {"PATH": os.environ["PATH"], "FUNCTION_USE_ASGI": "1", "PYTHONPATH": str(ROOT)}
    process = Fork(*command, "--port", str(free_port()), environment=environment, output=output)

    assert process.wait(300) != 0
    assert "DATABASE_URL is not set" in output.read_text("utf-8")
