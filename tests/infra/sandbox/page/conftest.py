"""A sandbox in a thread, and a browser that looks at it."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from infra.sandbox.server import SandboxServer, running

CHROMIUM = shutil.which("chromium")
BOT, OTHER_BOT = 7100000001, 7100000002
GROUP = -1001900000077
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is not installed. On Debian: apt install chromium"
)

expect.set_options(timeout=120_000)


@dataclass
class Bots:
    """The sandbox, and bots that talk in it."""

    server: SandboxServer
    http: httpx.Client

    def call(self, method: str, bot: int = BOT, **params: object) -> Any:
        """Call a method of the Bot API; its result."""
        body = self.http.post(f"/bot{bot}:{'a' * 35}/{method}", json=params).json()
        assert body["ok"], body
        return body["result"]

    def control(self, path: str, **params: object) -> Any:
        """Steer the sandbox."""
        response = self.http.post(f"/_sandbox/{path}", json=params)
        assert response.is_success, response.text
        return response.json()


class _Loop(threading.Thread):
    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.loop = asyncio.new_event_loop()

    def run(self) -> None:
        self.loop.run_forever()

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)


@pytest.fixture(scope="module")
def bots() -> Iterator[Bots]:
    thread = _Loop()
    thread.start()
    context = running()
    server = thread.wait(context.__aenter__())
    with httpx.Client(base_url=server.url, trust_env=False, timeout=120) as http:
        yield Bots(server, http)
    thread.wait(context.__aexit__(None, None, None))
    thread.loop.call_soon_threadsafe(thread.loop.stop)
    thread.join(300)
    thread.loop.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    with chromium.new_context(locale="ru-RU", viewport={"width": 1200, "height": 800}) as opened:
        yield opened


@pytest.fixture
def page(bots: Bots, context: BrowserContext) -> Iterator[Page]:
    """The page on an empty sandbox. It asks nobody else for anything, and no script of it fails."""
    bots.control("reset")
    bots.control("bots", bot=BOT, first_name="Эхо")
    troubles: list[str] = []
    opened = context.new_page()
    opened.on(
        "request",
        lambda asked: troubles.append(asked.url) if not asked.url.startswith((bots.server.url, "about:")) else None,
    )
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    show(opened, bots)
    yield opened
    assert troubles == []


def show(page: Page, bots: Bots, chat: str = "") -> None:
    """Open the page, and wait until it is drawn."""
    page.goto(f"{bots.server.url}/#{chat}")
    page.wait_for_selector("html[data-ready]")
