"""The page that people look at."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from functions.telegram_webhook.courses.dialog import registry
from infra.previews import __main__ as command
from infra.previews.page import page

EMPTY = {"meta", "br"}


class Balance(HTMLParser):
    """Counts that every element that opens closes, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_has_every_screen_in_both_languages() -> None:
    drawn = page()

    assert set(re.findall(r'<section id="(\w+)">', drawn)) == registry.NAMES
    assert drawn.count('lang="ru"') == drawn.count('<div class="phone"') / 2 == drawn.count("<section")


def test_the_page_is_well_formed_and_loads_nothing() -> None:
    drawn = page()

    balance = Balance()
    balance.feed(drawn)
    assert balance.open == []
    assert re.findall(r"<(script|img|link|iframe)|\bsrc=|@import", drawn) == []


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "new" / "page.html"

    command.main([str(file)])

    assert file.read_text(encoding="utf-8") == page()
    assert capsys.readouterr().out == f"{file}\n"
