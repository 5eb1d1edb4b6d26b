"""carillon learning import."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psycopg
from psycopg.rows import DictRow

from infra.admin.database import connect
from infra.admin.learning.import_track import import_track
from infra.admin.learning.track_file import Track, read
from tests.conftest import rows
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.learning.conftest import BELLS, Import

Connection = psycopg.Connection[DictRow]


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


def test_true_is_another_default_than_one(importing: Import) -> None:
    importing(BELLS.replace("новичок", "1"))

    assert "version 2" in importing(BELLS.replace("новичок", "true")).out


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
