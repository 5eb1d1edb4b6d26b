"""An update that fails for a reason nobody foresaw is set aside after a few tries, so that Telegram brings the next."""

from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.telegram_webhook.failed_updates import MAX_ATTEMPTS
from tests.conftest import rows
from tests.functions.telegram_webhook.conftest import Webhook
from tests.helpers import canaries

Json = dict[str, Any]

POISON, WELL, FULL = -100_500, -100_501, -100_502
UNFORESEEN = f"""
create function public.unforeseen() returns trigger language plpgsql as
$$ begin
    if old.chat_id = {POISON} then raise exception using errcode = 'P0001', message = '{canaries.ANSWER}'; end if;
    if old.chat_id = {FULL} then raise exception using errcode = '53100'; end if;
    return old;
end $$;
create trigger unforeseen before delete on platform.members for each row execute function public.unforeseen();
"""


@pytest.fixture
def poisoned(webhook: Webhook, connection: psycopg.Connection[DictRow]) -> Webhook:
    """A function that fails for one group, and nobody knows why; for another one the disk is full."""
    connection.execute(UNFORESEEN.encode())
    for chat in (POISON, WELL, FULL):
        connection.execute(
            "insert into platform.members (bot_id, chat_id, telegram_id) values (%s, %s, 7)", (webhook.bot, chat)
        )
    return webhook


def left(update_id: int, chat: int) -> Json:
    """Somebody left a group."""
    return {"update_id": update_id, "message": {"chat": {"id": chat}, "left_chat_member": {"id": 7}}}


def test_after_three_tries_it_is_answered_and_kept_for_a_person(
    poisoned: Webhook, connection: psycopg.Connection[DictRow]
) -> None:
    statuses = [poisoned.post(left(5, POISON)).status_code for _ in range(MAX_ATTEMPTS + 1)]

    assert statuses == [500] * (MAX_ATTEMPTS - 1) + [200, 200]
    [kept] = rows(connection, "select * from platform.v_set_aside_updates")
    assert (kept["bot"], kept["update_id"], kept["attempts"]) == ("school", 5, MAX_ATTEMPTS + 1)
    assert kept["error"].startswith("RaiseException at ")
    assert canaries.ANSWER not in kept["error"]
    [body] = rows(connection, "select convert_from(body, 'utf8')::jsonb as body from platform.failed_updates")
    assert body["body"] == left(5, POISON)


def test_the_others_are_processed_meanwhile_and_nothing_is_kept_of_them(
    poisoned: Webhook, connection: psycopg.Connection[DictRow]
) -> None:
    answers = [poisoned.post(left(5, POISON)), poisoned.post(left(6, WELL))]

    assert [answer.status_code for answer in answers] == [500, 200]
    [failed] = rows(connection, "select update_id, body, set_aside_at from platform.failed_updates")
    assert failed == {"update_id": 5, "body": None, "set_aside_at": None}
    assert rows(connection, "select * from platform.v_set_aside_updates") == []


def test_a_database_that_is_away_counts_as_no_try(poisoned: Webhook, connection: psycopg.Connection[DictRow]) -> None:
    answers = [poisoned.post(left(7, FULL)) for _ in range(MAX_ATTEMPTS + 1)]

    assert [answer.status_code for answer in answers] == [503] * (MAX_ATTEMPTS + 1)
    assert rows(connection, "select * from platform.failed_updates") == []


def test_an_update_without_a_number_is_not_asked_for_again(
    poisoned: Webhook, connection: psycopg.Connection[DictRow]
) -> None:
    update = left(8, POISON)
    del update["update_id"]

    assert poisoned.post(update).status_code == 200
    assert rows(connection, "select * from platform.failed_updates") == []
