"""The sandbox: how soon `/_sandbox/wait` answers, and how a browser does with ten thousand messages in a chat."""

import shutil
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright
from rich.progress import track

from tests.benchmarks import servers
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, median, percentile, rounded

BOT, PERSON, OTHER = 7100000001, 4100000701, 4100000702
MESSAGES = 10_000
BATCH = 1000  # of a request that seeds
WAITS = 100  # a round
GOALS = {"wait_p99_ms": "<= 50", "open_ms": "<= 1000", "frame_p95_ms": "<= 50"}
# A frame each, a screen further up; what the browser took from one to the next.
SCROLL = """
    () => new Promise((done) => {
        const box = document.getElementById("messages"), gaps = [];
        let before = performance.now();
        const next = (now) => {
            gaps.push(now - before);
            before = now;
            box.scrollTop = Math.max(0, box.scrollTop - box.clientHeight / 4);
            gaps.length < 120 ? requestAnimationFrame(next) : done(gaps.slice(1));
        };
        requestAnimationFrame(next);
    })
"""


def measure(plan: Plan) -> Result:
    """Waiting without a browser, then the page."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise BenchmarkError("chromium is not installed. On Debian: apt install chromium")
    with _served(plan) as url, httpx.Client(base_url=url, trust_env=False, timeout=120) as http:
        people = [{"id": PERSON, "first_name": "Dana"}, {"id": OTHER, "first_name": "Aigerim"}]
        http.post("/_sandbox/seed", json={"people": people}).raise_for_status()
        waits = list(_waits(plan, http))
        _fill(http)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            opened, frames = [], []
            for _ in track(range(plan.rounds), "page", console=plan.screen, transient=True):
                with _page(browser) as page:
                    opened.append(_open(page, url))
                    frames += page.evaluate(SCROLL)
            browser.close()
    figures = {
        "messages": MESSAGES, "waits": len(waits), "wait_p50_ms": median(waits), "wait_p99_ms": percentile(waits, 99),
        "open_ms": median(opened), "open_worst_ms": rounded(max(opened)),
        "frame_p50_ms": rounded(statistics.median(frames)), "frame_p95_ms": percentile(frames, 95),
    }  # fmt: skip
    return Result("sandbox", figures, {}, GOALS)


@contextmanager
def _served(plan: Plan) -> Iterator[str]:
    with servers.serving(servers.start_module(["infra.sandbox"], plan.printed / "sandbox.log")) as sandbox:
        yield sandbox.url


def _waits(plan: Plan, http: httpx.Client) -> Iterator[float]:
    """Milliseconds from the call of a bot's until whoever waits for its message has it: the call is part of it."""
    with ThreadPoolExecutor(1) as threads:
        for number in track(range(plan.rounds * WAITS), "waits", console=plan.screen, transient=True):
            text = f"waited for {number}"
            waiting = threads.submit(_wait, http, text)
            time.sleep(0.02)  # until it waits; else it would find the message, which measures less
            began = time.perf_counter()
            http.post(f"/bot{BOT}:{'a' * 35}/sendMessage", json={"chat_id": OTHER, "text": text}).raise_for_status()
            yield (waiting.result() - began) * 1000


def _wait(http: httpx.Client, text: str) -> float:
    answer = http.get("/_sandbox/wait", params={"text": text, "timeout": 60})
    ended = time.perf_counter()
    if answer.status_code != httpx.codes.OK or answer.json()["text"] != text:
        raise BenchmarkError(f"the sandbox answered {answer.status_code} to whoever waits")
    return ended


def _fill(http: httpx.Client) -> None:
    for start in range(0, MESSAGES, BATCH):
        messages = [
            {"bot": BOT, "chat_id": PERSON, "text": f"Message {number}", "from_bot": True}
            for number in range(start, start + BATCH)
        ]
        http.post("/_sandbox/seed", json={"messages": messages}).raise_for_status()


@contextmanager
def _page(browser: Browser) -> Iterator[Page]:
    """Of somebody who was never here."""
    with browser.new_context(viewport={"width": 1200, "height": 800}) as context:
        yield context.new_page()


def _open(page: Page, url: str) -> float:
    began = time.perf_counter()
    page.goto(f"{url}/#{BOT}:{PERSON}")
    expect(page.locator("article .text").last).to_have_text(f"Message {MESSAGES - 1}", timeout=60_000)
    return (time.perf_counter() - began) * 1000
