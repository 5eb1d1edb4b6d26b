"""The README's pictures of the sandbox, taken by a browser: python -m tests.infra.demo.pictures.

Each says of which page it is: the hash of the page's files stands in the picture itself.
"""

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx
from PIL import Image
from PIL.PngImagePlugin import PngImageFile, PngInfo
from playwright.sync_api import Browser, Page, sync_playwright

from infra.demo.getcourse.example import VERA
from infra.demo.support.example import DANA, GROUP
from infra.local.keys import GETCOURSE_BOT
from tests.helpers.serving import ROOT
from tests.infra.demo.starting import running_demo
from tests.infra.sandbox.page.conftest import CHROMIUM

PAGE, PICTURES = ROOT / "infra/sandbox/page", ROOT / "docs/pictures"
NAMES = ("sandbox.png", "support.png")
PLAYED: Mapping[str, int] = {"getcourse": 5, "support": 5}  # steps of each chapter
MARK = "page"


def fingerprint() -> str:
    """What the page is made of, as a hash."""
    digest = hashlib.sha256()
    for path in sorted(path for kind in ("html", "css", "js") for path in PAGE.glob(f"*.{kind}")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def mark_of(picture: Path) -> str:
    """Of which page it is."""
    with Image.open(picture) as opened:
        assert isinstance(opened, PngImageFile)
        return str(opened.text.get(MARK, ""))


def take(url: str, browser: Browser, folder: Path) -> None:
    """Play the first steps of two stories at the sandbox `url`, and put the pictures into `folder`."""
    _play(url)
    with browser.new_context(locale="en-GB", timezone_id="Asia/Almaty", viewport={"width": 1360, "height": 820}) as own:
        page = own.new_page()
        page.goto(f"{url}/#{GETCOURSE_BOT}:{VERA.chat}")
        page.wait_for_selector("html[data-ready]")
        page.get_by_role("button", name="Inside").click()
        page.get_by_role("button", name="Stories").click()
        page.locator("details.story", has_text="GetCourse mentors").locator("li.good").nth(4).wait_for()
        _shoot(page, folder / NAMES[0])
        page.get_by_role("button", name="Close").click()
        page.set_viewport_size({"width": 1100, "height": 860})
        page.goto(f"{url}/#0:{GROUP}")
        page.locator("#topics button", has_text=DANA.name).click()
        page.locator("article.person").first.wait_for()
        _shoot(page, folder / NAMES[1])


def _play(url: str) -> None:
    with httpx.Client(base_url=f"{url}/_sandbox/stack", trust_env=False, timeout=120) as http:
        for chapter in http.get("/stories").raise_for_status().json():
            for _ in range(PLAYED.get(chapter["name"], 0) - len(chapter["played"])):
                step = http.post(f"/stories/{chapter['name']}").raise_for_status().json()
                assert step["arrived"], step


def _shoot(page: Page, path: Path) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=path, animations="disabled")
    info = PngInfo()
    info.add_text(MARK, fingerprint())
    with Image.open(path) as taken:
        taken.convert("RGB").quantize(256).save(path, optimize=True, pnginfo=info)


def main() -> int:
    """Take them for the README; the exit code."""
    if CHROMIUM is None:
        sys.stderr.write("chromium is not installed. On Debian: apt install chromium fonts-noto-color-emoji\n")
        return 1
    given = {name: os.environ[name] for name in ("DATABASE_URL",) if name in os.environ}
    with running_demo("carillon_pictures", ROOT, **given) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        take(url, browser, PICTURES)
        browser.close()
    sys.stdout.write("".join(f"{PICTURES / name}\n" for name in NAMES))
    return 0


if __name__ == "__main__":
    sys.exit(main())
