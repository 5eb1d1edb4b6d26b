"""carillon learning template."""

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.admin.prompt_text import MAX_LENGTH
from tests.conftest import rows
from tests.infra.cli.conftest import Carillon

Connection = psycopg.Connection[DictRow]

TEMPLATE = ("learning", "template")


def history(connection: Connection) -> list[tuple[object, ...]]:
    """Every version that there is: its place, number, text, and whether it is in use."""
    found = rows(connection, "select * from learning.chat_templates order by scope, tab nulls first, version")
    return [(row["scope"], row["tab"], row["version"], row["content"], row["is_active"]) for row in found]


@pytest.fixture
def track(connection: Connection) -> str:
    connection.execute("insert into learning.tracks (slug, title) values ('bells', 'Колокола')")
    return "bells"


def test_a_new_text_is_a_new_version_and_the_old_one_stays_as_history(
    carillon: Carillon, connection: Connection
) -> None:
    for text in ("Первый", "Второй", "Второй"):
        assert carillon(*TEMPLATE, "--tab", "chat", "--stdin", stdin=text).code == 0

    assert history(connection) == [("global", "chat", 1, "Первый", False), ("global", "chat", 2, "Второй", True)]
    assert carillon(*TEMPLATE, "--tab", "chat").out == "Второй\n"


def test_each_scope_track_and_tab_has_a_text_of_its_own(carillon: Carillon, connection: Connection, track: str) -> None:
    places: list[list[str]] = [[], ["--tab", "practice"], ["--track", track], ["--track", track, "--tab", "practice"],
                               ["--scope", "createTrack"]]  # fmt: skip
    for number, place in enumerate(places):
        carillon(*TEMPLATE, *place, "--stdin", stdin=f"текст {number}")

    assert [carillon(*TEMPLATE, *place).out for place in places] == [f"текст {number}\n" for number in range(5)]
    assert {version for _, _, version, *_ in history(connection)} == {1}


def test_what_is_taken_away_is_used_no_longer_and_its_number_is_not_given_again(
    carillon: Carillon, connection: Connection
) -> None:
    carillon(*TEMPLATE, "--stdin", stdin="Первый")

    assert carillon(*TEMPLATE, "--deactivate").code == 0
    assert "there is no template global, all tabs yet" in carillon(*TEMPLATE).err
    assert "no active template" in carillon(*TEMPLATE, "--deactivate").err
    assert "version 2" in carillon(*TEMPLATE, "--stdin", stdin="Первый").out
    assert [(row[2], row[4]) for row in history(connection)] == [(1, False), (2, True)]


def test_variables_stay_as_long_as_the_text_uses_them(carillon: Carillon, connection: Connection) -> None:
    text = "Ученик {{name}}, уровень {{ level }}, трек {{track_title}}"
    given = carillon(*TEMPLATE, "--stdin", "--variable", "name", "--variable", "level=новичок", stdin=text)
    assert given.code == 0
    assert carillon(*TEMPLATE, "--stdin", stdin="Уровень {{level}}").code == 0

    kept = rows(connection, "select variables_json from learning.chat_templates order by version")
    assert [row["variables_json"] for row in kept] == [{"name": None, "level": "новичок"}, {"level": "новичок"}]
    assert '{"level": "новичок"}' in carillon(*TEMPLATE, "--show").err


def test_values_that_calls_may_choose_from_are_declared_and_kept(carillon: Carillon, connection: Connection) -> None:
    options = ["--variable", "level=новичок", "--values", "level=новичок, знаток", "--variable", "tone"]
    given = carillon(*TEMPLATE, "--stdin", *options, "--values", "tone=строгий,мягкий", stdin="{{level}} {{tone}}")
    assert given.code == 0, given.err
    assert carillon(*TEMPLATE, "--stdin", stdin="Уровень {{level}}").code == 0

    level = {"default": "новичок", "values": ["новичок", "знаток"]}
    kept = rows(connection, "select variables_json from learning.chat_templates order by version")
    assert [row["variables_json"] for row in kept] == [
        {"level": level, "tone": {"values": ["строгий", "мягкий"]}},
        {"level": level},
    ]
    assert '"values": ["новичок", "знаток"]' in carillon(*TEMPLATE, "--show").err


@pytest.mark.parametrize(
    ("options", "problem", "next_step"),
    [
        (["--variable", "level=а", "--values", "level=б,в"], "none of its values", "take one of б, в"),
        (["--variable", "level", "--values", f"level={'я' * 81}"], "has the value", "1 to 80 characters in one line"),
        (["--variable", "level", "--values", "level=а\nб"], "has the value", "1 to 80 characters in one line"),
        (["--variable", "level", "--values", "level=а,,б"], "has the value ''", "1 to 80 characters"),
        (["--variable", "level", "--values", "level=а,а"], "twice", "leave one out"),
        (["--variable", "level", "--values", "level=" + ",".join(map(str, range(51)))], "no list of values", "1 to 50"),
        (["--variable", f"level={'я' * 2001}"], "more than 2000 characters", "put it into the text itself"),
        (["--variable", "level=", "--variable", "roadmap", "--values", "roadmap=а"], "built in", "take another name"),
    ],
)
def test_a_wrong_declaration_is_refused_with_the_next_step(
    carillon: Carillon, connection: Connection, options: list[str], problem: str, next_step: str
) -> None:
    refused = carillon(*TEMPLATE, "--stdin", *options, stdin="Уровень {{level}}")

    assert (refused.code, problem in refused.err, next_step in refused.err) == (1, True, True), refused.err
    assert history(connection) == []


def test_a_text_that_is_longer_than_a_prompt_may_be_is_refused(carillon: Carillon, connection: Connection) -> None:
    refused = carillon(*TEMPLATE, "--stdin", stdin="я" * (MAX_LENGTH + 1))

    assert (refused.code, f"1 to {MAX_LENGTH} characters" in refused.err) == (1, True)
    assert history(connection) == []


@pytest.mark.parametrize(("text", "named"), [("Привет, {{name}} и {{other}}!", "name, other"), ("{{a b}}", "{{")])
def test_a_placeholder_that_nothing_fills_in_is_named(
    carillon: Carillon, connection: Connection, text: str, named: str
) -> None:
    refused = carillon(*TEMPLATE, "--stdin", stdin=text)

    assert (refused.code, f"the text uses {named}, which" in refused.err) == (1, True)
    assert "--variable" in refused.err
    assert history(connection) == []


@pytest.mark.parametrize(
    "wrong",
    [
        ["--show", "--deactivate"],
        ["--scope", "track", "--show"],
        ["--scope", "global", "--track", "bells"],
        ["--variable", "name=x"],
        ["--stdin", "--variable", "a b=x"],
        ["--values", "name=x"],
        ["--stdin", "--values", "name=x"],
        ["--stdin", "--variable", "name", "--values", "a b=x"],
        ["--tab", "exam"],
    ],
)
def test_what_does_not_belong_together_is_a_usage_error(
    carillon: Carillon, connection: Connection, track: str, wrong: list[str]
) -> None:
    assert track
    assert carillon(*TEMPLATE, *wrong, stdin="x").code == 2
    assert history(connection) == []


def test_for_an_unknown_track_the_known_ones_are_printed(carillon: Carillon, track: str) -> None:
    unknown = carillon(*TEMPLATE, "--track", "whistles")

    assert (unknown.code, f"there are: {track}" in unknown.err) == (1, True)
