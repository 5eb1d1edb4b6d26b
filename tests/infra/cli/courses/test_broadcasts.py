"""carillon courses broadcasts: how far they are, and whether they go on."""

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.infra.cli.conftest import Carillon

Connection = psycopg.Connection[DictRow]


@pytest.fixture
def school(carillon: Carillon, connection: Connection) -> None:
    """A school with a broadcast under way, and one that is a draft."""
    assert carillon("courses", "init", "--name", "Школа").code == 0
    connection.execute("""
        insert into courses.users (id, full_name, role)
        values (1, 'Анна', 'admin'), (2, '=Борис', 'user'), (3, 'Вера', 'user');
        insert into courses.broadcasts (
            id, title, audience, created_by, status, confirmed_at, started_at, is_open, message)
        values (7, 'Новости <1>', 'all', 1, 'sending', now(), now(), true, '{}');
        insert into courses.broadcasts (id, title, audience) values (8, 'Черновик', 'all');
        insert into courses.broadcast_recipients (broadcast_id, user_id, status, error)
        values (7, 1, 'queued', null), (7, 2, 'skipped', 'no_consent'), (7, 3, 'failed', 'blocked');
    """)


@pytest.mark.usefixtures("school")
def test_broadcasts_are_listed_and_shown_with_what_became_of_them(carillon: Carillon) -> None:
    listed = carillon("courses", "broadcasts", "list", "--json").json
    assert [(row["id"], row["state"], row["queued"], row["skipped"]) for row in listed] == [
        (8, "draft", 0, 0), (7, "sending", 1, 1)
    ]  # fmt: skip
    assert "Новости <1>" in carillon("courses", "broadcasts", "list").out

    shown = carillon("courses", "broadcasts", "show", "7", "--json").json
    assert (shown["author"], shown["failed"]) == ("Анна", 1)
    assert shown["reasons"] == [
        {"status": "failed", "error": "blocked", "people": 1},
        {"status": "skipped", "error": "no_consent", "people": 1},
    ]  # fmt: skip
    assert "no_consent" in carillon("courses", "broadcasts", "show", "7").out
    assert "there is no such broadcast" in carillon("courses", "broadcasts", "show", "9").err


@pytest.mark.usefixtures("school")
def test_one_is_paused_goes_on_and_is_cancelled(carillon: Carillon) -> None:
    assert "Новости <1>: paused" in carillon("courses", "broadcasts", "pause", "7").out
    again = carillon("courses", "broadcasts", "pause", "7")
    assert (again.code, "this broadcast is paused" in again.err) == (1, True)
    assert "goes on" in carillon("courses", "broadcasts", "resume", "7").out
    assert "cancelled" in carillon("courses", "broadcasts", "cancel", "7").out
    assert carillon("courses", "broadcasts", "resume", "7").code == 1
    assert carillon("courses", "broadcasts", "cancel", "8").code == 1  # a draft is deleted in the bot


@pytest.mark.usefixtures("school")
def test_recipients_are_printed_without_formulas(carillon: Carillon) -> None:
    lines = carillon("courses", "broadcasts", "csv", "7").out.splitlines()

    assert lines[0] == "\ufeffuser_id,name,status,error,sent_at"
    assert lines[2] == "2,'=Борис,skipped,no_consent,"
