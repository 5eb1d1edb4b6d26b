"""carillon learning import."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.rows import DictRow

from infra.admin.database import connect
from infra.admin.learning.import_track import import_track
from infra.admin.learning.track_file import InvalidTrackFile, Track, read
from tests.conftest import rows
from tests.infra.cli.conftest import Carillon, Ran

Connection = psycopg.Connection[DictRow]
Import = Callable[..., Ran]

BELLS = """
slug: bells
title: Колокола
goal: Отличать благовест от трезвона
roadmap:
  - title: Как устроен колокол
    description: Юбка, плечи, язык.
  - title: Благовест
  - title: Трезвон
templates:
  - content: "Трек {{track_title}}, уровень {{level}}"
    variables: {level: новичок}
  - scope: global
    tab: practice
    content: Подсказывайте, не решайте.
"""


@pytest.fixture
def track_file(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a track file; its path."""

    def write(text: str) -> Path:
        path = tmp_path / "track.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def importing(carillon: Carillon, track_file: Callable[[str], Path]) -> Import:
    """Imports the text of a track file."""
    return lambda text, *options: carillon("learning", "import", str(track_file(text)), *options)


def roadmap(connection: Connection) -> list[tuple[int, str, str]]:
    found = rows(connection, "select position, title, description from learning.track_roadmap_items order by position")
    return [(row["position"], row["title"], row["description"]) for row in found]


def templates(connection: Connection) -> list[tuple[object, ...]]:
    found = rows(connection, "select * from learning.chat_templates order by scope, tab nulls first, version")
    return [(row["scope"], row["tab"], row["version"], row["is_active"]) for row in found]


def everything(connection: Connection) -> list[object]:
    """All rows, with their times: an update that changes nothing would show."""
    tables = ("tracks", "track_roadmap_items", "chat_templates")
    return [rows(connection, f"select t.*, xmin::text from learning.{table} t order by id") for table in tables]


def test_a_file_becomes_a_track_and_the_second_time_changes_nothing(importing: Import, connection: Connection) -> None:
    assert importing(BELLS, "--json").json["changes"][0] == {"kind": "new", "what": "track bells"}
    before = everything(connection)

    assert "as the file says already" in importing(BELLS).out
    assert everything(connection) == before
    (track,) = rows(connection, "select slug, title, description, goal from learning.tracks")
    assert track == {"slug": "bells", "title": "Колокола", "description": "", "goal": "Отличать благовест от трезвона"}
    assert roadmap(connection)[:2] == [(1, "Как устроен колокол", "Юбка, плечи, язык."), (2, "Благовест", "")]
    assert templates(connection) == [("global", "practice", 1, True), ("track", None, 1, True)]


def test_a_changed_file_changes_what_is_different_and_nothing_else(importing: Import, connection: Connection) -> None:
    importing(BELLS)
    kept = rows(connection, "select id, position from learning.track_roadmap_items where position < 3")

    changed = BELLS.replace("Благовест\n", "Перебор\n").replace("  - title: Трезвон\n", "").replace("новичок", "знаток")
    changes = importing(changed, "--json").json["changes"]

    assert [(change["kind"], change["what"]) for change in changes] == [
        ("changed", "roadmap 2: Перебор"),
        ("gone", "roadmap 3: Трезвон"),
        ("changed", "template track, all tabs: version 2"),
    ]
    assert [position for position, *_ in roadmap(connection)] == [1, 2]
    assert rows(connection, "select id, position from learning.track_roadmap_items") == kept
    assert templates(connection) == [
        ("global", "practice", 1, True),
        ("track", None, 1, False),
        ("track", None, 2, True),
    ]


def test_a_dry_run_says_the_same_and_writes_nothing(importing: Import, connection: Connection) -> None:
    shown = importing(BELLS, "--dry-run")

    assert (shown.code, rows(connection, "select from learning.tracks")) == (0, [])
    assert importing(BELLS, "--dry-run", "--json").json["applied"] is False
    marked = [line for line in shown.out.splitlines() if line.startswith("+ ")]
    assert marked == [line for line in importing(BELLS).out.splitlines() if line.startswith("+ ")]
    assert len(marked) == 6


def test_prompts_of_the_track_that_the_file_does_not_name_are_used_no_longer_and_those_of_all_are(
    carillon: Carillon, importing: Import, connection: Connection
) -> None:
    importing(BELLS)
    carillon("learning", "template", "--track", "bells", "--tab", "chat", "--stdin", stdin="Наш чат")
    carillon("learning", "template", "--tab", "chat", "--stdin", stdin="Чат для всех")

    assert "- template track, chat" in importing(BELLS).out
    assert ("track", "chat", 1, False) in templates(connection)
    assert ("global", "chat", 1, True) in templates(connection)


def test_a_file_without_templates_leaves_all_prompts_alone(importing: Import, connection: Connection) -> None:
    importing(BELLS)
    before = templates(connection)

    assert "already" in importing(BELLS.partition("templates:")[0]).out
    assert templates(connection) == before


def test_a_variable_may_name_the_values_that_calls_may_choose(importing: Import, connection: Connection) -> None:
    declared = "{level: {default: новичок, values: [новичок, знаток, 3]}}"
    assert importing(BELLS.replace("{level: новичок}", declared)).code == 0

    (row,) = rows(connection, "select variables_json from learning.chat_templates where scope = 'track'")
    assert row["variables_json"] == {"level": {"default": "новичок", "values": ["новичок", "знаток", 3]}}


def test_prompts_that_grow_too_long_with_the_track_are_refused(importing: Import, connection: Connection) -> None:
    done = importing(BELLS.replace("уровень {{level}}", "{{roadmap}} " * 5000 + "{{level}}"))

    assert (done.code, "prompts for the tab chat that come to" in done.err) == (1, True), done.err
    assert "200000 are allowed" in done.err
    assert rows(connection, "select from learning.tracks") == []


def test_true_is_another_default_than_one(importing: Import) -> None:
    importing(BELLS.replace("новичок", "1"))

    assert "version 2" in importing(BELLS.replace("новичок", "true")).out


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


def test_imports_at_once_go_one_after_the_other(
    direct_url: str, connection: Connection, track_file: Callable[[str], Path]
) -> None:
    files = [read(track_file(BELLS.replace("новичок", level))) for level in ("новичок", "знаток") * 3]
    together = Barrier(len(files))

    def once(track: Track) -> int:
        with connect(direct_url) as own:
            together.wait()
            return len(import_track(own, track))

    with ThreadPoolExecutor(len(files)) as pool:
        changes = list(pool.map(once, files))

    assert max(changes) == 6
    assert sorted(changes)[:-1] == sorted(c for c in changes if c <= 1)
    assert len(roadmap(connection)) == 3
    versions = [row for row in templates(connection) if row[0] == "track"]
    assert [row[2] for row in versions] == list(range(1, len(versions) + 1))
    assert [row[3] for row in versions] == [False] * (len(versions) - 1) + [True]
