"""A function made of settings, and the attribute that platforms ask for."""

import os
import subprocess
import sys

import pytest
from starlette.requests import Request
from starlette.responses import Response

from shared import config
from shared.http.function import Function, entry_point
from tests.helpers import canaries
from tests.helpers.serving import ROOT

URL = "postgresql://nobody@127.0.0.1:1/none"


async def handler(_: Request) -> Response:
    return Response()


async def test_closing_a_function_closes_all_that_it_keeps_open() -> None:
    closed = []

    async def first() -> None:
        closed.append("first")

    async def second() -> None:
        closed.append("second")

    await Function(handler, first, second).close()

    assert closed == ["first", "second"]


def test_a_module_has_no_other_attribute() -> None:
    attribute = entry_point("ring", (), lambda _: Function(handler))

    with pytest.raises(AttributeError, match="toll"):
        attribute("toll")


def test_a_handler_is_made_once_and_the_environment_read_once() -> None:
    program = """
import os
import functions.housekeeping.main as main
first = main.housekeeping
os.environ["DATABASE_URL"] = "nonsense"
assert main.housekeeping is first
"""
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": URL, "CRON_SECRET": canaries.CRON_SECRET,
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=300)


def test_what_a_function_refuses_of_its_settings_ends_the_process_with_one_line() -> None:
    program = "import functions.housekeeping.main as main; main.housekeeping"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": URL}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=300, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("carillon: CRON_SECRET is not set, and anybody could call housekeeping: ")
    assert done.stderr.count("\n") == 1


def test_a_function_is_made_without_any_environment() -> None:
    program = """
import functions.housekeeping.main as main
from shared import config
main.create(config.load({"DATABASE_URL": "%s", "CRON_SECRET": "%s"}))
"""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-c", program % (URL, canaries.CRON_SECRET)], env=environment, check=True, timeout=300
    )


@pytest.mark.parametrize("name", ["database_url", "cors_origins"])
def test_settings_name_what_was_not_asked_for(name: str) -> None:
    with pytest.raises(AttributeError, match=name):
        getattr(config.load({"DATABASE_URL": URL}, ()), name)
