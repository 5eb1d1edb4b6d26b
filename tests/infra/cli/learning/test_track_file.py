"""What is wrong with a track's file is reported, and nothing is written."""

from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.rows import DictRow

from infra.admin.learning.track_file import InvalidTrackFile, read
from tests.conftest import rows
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.learning.conftest import BELLS, Import

Connection = psycopg.Connection[DictRow]


def test_prompts_that_grow_too_long_with_the_track_are_refused(importing: Import, connection: Connection) -> None:
    done = importing(BELLS.replace("уровень {{level}}", "{{roadmap}} " * 5000 + "{{level}}"))

    assert (done.code, "prompts for the tab chat that come to" in done.err) == (1, True), done.err
    assert "200000 are allowed" in done.err
    assert rows(connection, "select from learning.tracks") == []


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("slug: bells", "slug: Колокола", "line 2: slug does not match"),
        ("title: Колокола", "", "title is missing"),
        ("title: Колокола", "title: 2024", "line 3: title is no text: put it into quotes"),
        ("title: Колокола", 'title: "a\\0b"', "line 3: title has a character that no text can hold"),
        ("title: Колокола", 'title: "\\ud800"', "line 3: title has a character that no text can hold"),
        ("goal:", "gaol:", "line 4: gaol is not known here"),
        ("- title: Благовест", "- titel: Благовест", "line 8: roadmap, item 2, title is missing"),
        ("- title: Благовест", "- title: '  '", "line 8: roadmap, item 2, title is empty"),
        ("roadmap:", "roadmap: []\nx:", "line 5: roadmap is empty"),
        ("{level: новичок}", "{}", "line 11: templates, item 1 uses level, which neither"),
        ("{{level}}", "{{level one}}", "line 11: templates, item 1 uses {{, which neither"),
        ("{level: новичок}", "{level: 2024-01-01}", "line 12: templates, item 1, variables, level is no text, number"),
        (
            "{level: новичок}",
            "{level: {values: []}}",
            "line 12: templates, item 1, variables, level has no list of values",
        ),
        ("{level: новичок}", "{level: {values: новичок}}", "level has no list of values: give 1 to 50"),
        (
            "{level: новичок}",
            "{level: {default: а, values: [б]}}",
            "level has a default that is none of its values: take",
        ),
        ("{level: новичок}", "{level: {values: [[а]]}}", "level is no text, number, yes or no: put it into quotes"),
        ("{level: новичок}", "{level: {values: [.nan]}}", "level is no text, number, yes or no: put it into quotes"),
        ("{level: новичок}", '{level: {values: ["а\\nб"]}}', "one has 1 to 80 characters in one line"),
        ("{level: новичок}", "{level: {defualt: а}}", "level knows no defualt: give default, values or both"),
        ("{level: новичок}", "{level: а, roadmap: {values: [а]}}", "item 1 gives values to roadmap, which is built in"),
        ("tab: practice", "tab: exam", "line 14: templates, item 2, tab is none of 'chat', 'practice' or"),
        ("scope: global", "scope: createTrack\n    tab: chat", ""),
        (
            "    tab: practice",
            "    content: x\n  - content: y\n    scope: global\n  - scope: global",
            "two templates of scope global for all tabs",
        ),
        ("slug: bells", "slug: [", "is no YAML"),
        ("slug: bells", "slug: !!bool maybe", "is no YAML"),
        ("slug: bells", "slug: 2024-99-99", "is no YAML"),
        ("slug: bells", "slug: \a", "is no YAML"),
    ],
)
def test_what_is_wrong_is_reported_with_its_line_and_nothing_is_written(
    importing: Import, connection: Connection, before: str, after: str, message: str
) -> None:
    assert before in BELLS
    done = importing(BELLS.replace(before, after, 1))

    if not message:
        assert done.code == 0
        return
    assert (done.code, "correct track.yml; nothing was written" in done.err) == (1, True)
    assert message in done.err
    assert rows(connection, "select from learning.tracks") == []


@pytest.mark.parametrize("text", ["", "[]", "- 1", "word", "1: 2", "&a [*a]", "[" * 1500])
def test_what_is_no_track_at_all_is_reported_without_a_traceback(importing: Import, text: str) -> None:
    done = importing(text)

    assert (done.code, "nothing was written" in done.err) == (1, True)


def test_a_file_that_is_not_utf_8_is_refused(carillon: Carillon, tmp_path: Path) -> None:
    path = tmp_path / "track.yml"
    path.write_bytes(BELLS.encode("cp1251"))

    assert "not UTF-8" in carillon("learning", "import", str(path)).err


@given(text=st.text(st.sampled_from("slug: bells\ntitle{}[]&*!|>-'\"#%\\0\x00\ud7ffё"), max_size=60))
def test_no_text_is_too_strange_to_be_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "strange.yml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InvalidTrackFile):
        read(path)
