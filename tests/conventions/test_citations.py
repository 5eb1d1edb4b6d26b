"""What a comment, a docstring, an .sql file or a page of the docs cites is there.

Code cites as `docs/protocols/telegram.md, Errors`: a file, and a heading of it or none. Markdown cites by links.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conventions.tree import files, relative
from tests.helpers.serving import ROOT

FOLDERS = ("functions", "shared", "infra", "migrations", "tests")
CODE = [
    path
    for folder in FOLDERS
    for pattern in ("*.py", "*.sql", "*.yml", "*.js", "*.txt")
    for path in files(folder, pattern)
    if path != Path(__file__)
] + [ROOT / name for name in ("serverless.yml", "pyproject.toml", "Makefile", ".env.example")]
PAGES = [*sorted(ROOT.glob("*.md")), *files("docs", "*.md")]
EXAMPLE = "greet_newcomers"  # the function that CONTRIBUTING.md makes up
HISTORY = ROOT / "CHANGELOG.md"  # tells of files as they were called then

_CITATION = re.compile(r"docs/[\w./-]+\.md(?:, (?P<heading>[^();:.\"`]+))?")
_LINE_BREAK = re.compile(r"\n\s*(?:#|--|//)?\s*")
_LINK = re.compile(r"\]\((?![a-z]+:)(?P<file>[^)#\s]*)(?:#(?P<anchor>[^)\s]*))?\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_PATH = re.compile(rf"`((?:{'|'.join(FOLDERS)}|docs)/[\w./-]+)`")


def headings(page: Path) -> set[str]:
    """The headings of a page, without their marks."""
    return {found.strip().replace("`", "") for found in _HEADING.findall(page.read_text(encoding="utf-8"))}


def anchor(heading: str) -> str:
    """What GitHub makes of a heading in an address."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def is_there(path: Path) -> bool:
    """Whether `path` is a file, or a folder that holds more than what Python has compiled."""
    return path.is_file() or (path.is_dir() and any(child.name != "__pycache__" for child in path.iterdir()))


def broken_citations(text: str) -> Iterator[str]:
    """The citations in `text` that lead nowhere."""
    for cited in _CITATION.finditer(_LINE_BREAK.sub(" ", text)):
        page = ROOT / cited[0].partition(",")[0]
        heading = (cited["heading"] or "").strip()
        if not page.is_file() or (heading and heading not in headings(page)):
            yield cited[0]


def broken_links(page: Path, text: str) -> Iterator[str]:
    """The links in a page's `text` that lead nowhere."""
    for link in _LINK.finditer(text):
        target = (page.parent / link["file"]) if link["file"] else page
        if not target.exists() or (link["anchor"] and link["anchor"] not in map(anchor, headings(target))):
            yield link[0]


@pytest.mark.parametrize("folder", [*FOLDERS, ""])
def test_every_document_and_heading_that_the_code_cites_exists(folder: str) -> None:
    broken = [
        f"{relative(path)}: {cited}"
        for path in CODE
        if relative(path).rpartition("/")[0].partition("/")[0] == folder
        for cited in broken_citations(path.read_text(encoding="utf-8"))
    ]

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert list(broken_links(page, page.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("page", [page for page in PAGES if page != HISTORY], ids=relative)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    named = _PATH.findall(page.read_text(encoding="utf-8"))

    assert [path for path in named if EXAMPLE not in path and not is_there(ROOT / path)] == []


def test_a_citation_that_leads_nowhere_is_found() -> None:
    good = "(docs/protocols/telegram.md, Errors); docs/delivery.md, What follows\n    # from each answer."
    bad = ["docs/protocols/telegraph.md", "docs/protocols/telegram.md, No such heading"]

    assert list(broken_citations(good)) == []
    assert [list(broken_citations(f"({cited})")) for cited in bad] == [[cited] for cited in bad]


def test_a_link_that_leads_nowhere_is_found() -> None:
    page = ROOT / "docs" / "delivery.md"
    good = (
        "[a](delivery.md) [b](#settings) [c](protocols/telegram.md#update-shapes) [d](https://example.com/nothing.md)"
    )
    bad = "[e](nothing.md) [f](#nothing) [g](protocols/telegram.md#nothing)"

    assert list(broken_links(page, good)) == []
    assert list(broken_links(page, bad)) == ["](nothing.md)", "](#nothing)", "](protocols/telegram.md#nothing)"]
