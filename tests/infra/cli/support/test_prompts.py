"""carillon support prompt."""

import json
import re
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.admin.support.prompts import EXAMPLES
from tests.conftest import rows
from tests.helpers.worlds.support import desk
from tests.infra.cli.conftest import Carillon

Connection = psycopg.Connection[DictRow]

PROMPT = ("support", "prompt")
INTENTS = ("price", "booking", "question", "greeting", "human_request", "complaint", "refund", "other")


def texts(connection: Connection) -> list[tuple[str, bool]]:
    """Every text that there was, and whether it is in use."""
    history = rows(connection, "select text, is_active from support.prompts order by created_at")
    return [(row["text"], row["is_active"]) for row in history]


def test_a_new_text_takes_the_place_of_the_old_one_which_stays_as_history(
    carillon: Carillon, connection: Connection, tmp_path: Path
) -> None:
    file = tmp_path / "prompt.txt"
    file.write_text("\ufeffПервый\r\nпромпт\n", encoding="utf-8")

    assert carillon(*PROMPT, "classifier", "--file", str(file)).code == 0
    assert carillon(*PROMPT, "classifier", "--stdin", stdin="Второй").code == 0

    assert texts(connection) == [("Первый\nпромпт", False), ("Второй", True)]
    assert carillon(*PROMPT, "classifier", "--show").out == "Второй\n"


def test_a_clients_own_text_goes_before_the_one_for_all(carillon: Carillon, connection: Connection) -> None:
    desk(connection)
    desk(connection, "second", -1001900000778, "7000000002:" + "x" * 35)
    carillon(*PROMPT, "system_prompt", "--stdin", stdin="для всех")
    carillon(*PROMPT, "system_prompt", "--client", "echo", "--stdin", stdin="только эхо")

    shown = {client: carillon(*PROMPT, "system_prompt", "--client", client).out for client in ("echo", "second")}
    assert shown == {"echo": "только эхо\n", "second": "для всех\n"}
    assert carillon(*PROMPT, "system_prompt").out == "для всех\n"

    assert carillon(*PROMPT, "system_prompt", "--client", "echo", "--deactivate").code == 0
    assert carillon(*PROMPT, "system_prompt", "--client", "echo").out == "для всех\n"
    assert sorted(texts(connection)) == [("для всех", True), ("только эхо", False)]


def test_what_is_not_there_cannot_be_shown_or_taken_away(carillon: Carillon) -> None:
    assert "--example" in carillon(*PROMPT, "classifier").err
    assert "no active classifier" in carillon(*PROMPT, "classifier", "--deactivate").err
    assert (
        "there is no client nobody" in carillon(*PROMPT, "classifier", "--client", "nobody", "--stdin", stdin="x").err
    )


@pytest.mark.parametrize("text", ["", " \n", "x" * 65537, "a\0b", "Вы — бот компании «НАЗВАНИЕ КОМПАНИИ»."])
def test_what_is_no_prompt_changes_nothing(carillon: Carillon, connection: Connection, text: str) -> None:
    carillon(*PROMPT, "system_prompt", "--stdin", stdin="прежний")

    assert carillon(*PROMPT, "system_prompt", "--stdin", stdin=text).code == 1
    assert texts(connection) == [("прежний", True)]


def test_a_file_that_is_not_utf_8_is_refused(carillon: Carillon, tmp_path: Path) -> None:
    file = tmp_path / "prompt.txt"
    file.write_bytes("Привет".encode("cp1251"))

    assert "not UTF-8" in carillon(*PROMPT, "classifier", "--file", str(file)).err


def test_only_one_thing_is_done_at_a_time(carillon: Carillon, connection: Connection) -> None:
    assert carillon(*PROMPT, "classifier", "--example", "--deactivate").code == 2
    assert texts(connection) == []


def test_the_example_classifier_is_used_as_it_is(carillon: Carillon, connection: Connection) -> None:
    assert carillon(*PROMPT, "classifier", "--example").code == 0

    ((text, is_active),) = texts(connection)
    assert is_active
    assert re.findall(r"^- (\w+) —", text, re.MULTILINE) == list(INTENTS)
    (example,) = re.findall(r"^\{.*\}$", text, re.MULTILINE)
    assert json.loads(example) == {"intent": "price", "confidence": 0.9}


def test_the_example_system_prompt_is_printed_to_be_filled_in(carillon: Carillon, connection: Connection) -> None:
    printed = carillon(*PROMPT, "system_prompt", "--example")

    assert printed.out == (EXAMPLES / "system_prompt.txt").read_text(encoding="utf-8")
    assert "--file" in printed.err
    assert texts(connection) == []
    assert "not filled in" in carillon(*PROMPT, "system_prompt", "--stdin", stdin=printed.out).err
