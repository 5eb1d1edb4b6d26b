"""A running stack that plays nothing by itself, and a browser at its page."""

import time
import uuid
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright

from infra.local import postgres
from tests.infra.demo.starting import running_demo
from tests.infra.sandbox.page.conftest import CHROMIUM


@pytest.fixture(scope="module")
def began() -> float:
    """When the demo was started, on the clock of time.monotonic."""
    return time.monotonic()


@pytest.fixture(scope="module")
def sandbox(began: float, server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001
    """The address of the page beside `make demo HAND=1`."""
    name = f"carillon_demo_{uuid.uuid4().hex[:12]}"
    with running_demo(name, tmp_path_factory.mktemp("demo"), DATABASE_URL=server_url) as address:
        yield address
    postgres.drop_database(server_url, name)


@pytest.fixture(scope="module")
def page(sandbox: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page(locale="ru-RU", viewport={"width": 1400, "height": 850})
        opened.goto(sandbox)
        opened.wait_for_selector("html[data-ready]")
        yield opened
        browser.close()


@pytest.fixture(scope="module")
def http(sandbox: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{sandbox}/_sandbox", trust_env=False, timeout=120) as opened:
        yield opened
