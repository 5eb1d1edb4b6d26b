"""Reading what people see: the tables and figures of a page, and the lines of a file."""

import csv
import io
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.functions.salon_pages.world import Browser

BOM = "\ufeff"
Lines = list[dict[str, str]]


@dataclass
class Shown:
    """A page: its figures by name, and its tables by caption, each line by the names of its columns."""

    figures: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)  # where each figure leads
    tables: dict[str, Lines] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.shown = Shown()
        self._text: list[str] = []
        self._caption = self._column = self._name = self._place = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        if tag == "tr" and self._caption:
            self.shown.tables[self._caption].append({})
        if tag in {"caption", "td", "span", "a"} and (tag != "a" or known.get("class") == "value"):
            self._text = []
        self._column = known.get("data-name") or self._column
        self._place = known.get("href") or ""

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        text = " ".join("".join(self._text).split())
        match tag:
            case "caption":
                self._caption, self.shown.tables[text] = text, []
            case "td":
                self.shown.tables[self._caption][-1][self._column] = text
            case "span" if not self._caption:
                self._name = self._name if text in self.shown.figures.values() else text
            case "a" if self._name:
                self.shown.figures[self._name], self.shown.places[self._name] = text, self._place
                self._name = ""
            case "table":
                self._caption = ""


def page(browser: Browser, path: str) -> Shown:
    """What a page shows."""
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    reader = _Reader()
    reader.feed(answer.text)
    tables = {caption: [line for line in lines if line] for caption, lines in reader.shown.tables.items()}
    return Shown(reader.shown.figures, reader.shown.places, tables)


def file(browser: Browser, path: str) -> Lines:
    """The lines of a file, by the names of its columns."""
    answer = browser.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    text = answer.content.decode()
    assert text.startswith(BOM)
    assert "\r\n" in text
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=";"))


def digits(text: str) -> str:
    """A number as a file has it: without thousands and units."""
    return "".join(letter for letter in text if letter in "0123456789,.-")
