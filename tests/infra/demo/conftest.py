"""A running stack that plays nothing by itself, and a browser at its page."""

import uuid
from collections.abc import Iterable, Iterator

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright

from infra.local import postgres
from tests.helpers.programs import started
from tests.infra.sandbox.page.conftest import CHROMIUM


@pytest.fixture(scope="module")
def sandbox(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page beside `make demo HAND=1`."""
    name = f"carillon_demo_{uuid.uuid4().hex[:12]}"
    module = ("-m", "infra.demo.run", "--database", name, "--by-hand")
    with started(*module, sigint="SIG_IGN", folder=tmp_path_factory.mktemp("demo"), DATABASE_URL=server_url) as demo:
        assert demo.stdout
        [address] = [line.split()[1] for line in until_ready(demo.stdout) if line.startswith("Telegram")]
        yield address.rstrip("/")
        demo.terminate()
        demo.wait(300)
    postgres.drop_database(server_url, name)


def until_ready(printed: Iterable[str]) -> Iterator[str]:
    """The lines up to the last one that a start prints."""
    for line in printed:
        yield line
        if line.startswith("Ctrl-C"):
            return


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
