"""/dashboard: who gets a link to the salon's pages, and whose it is."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from shared.salon import sign_in_links
from tests.conftest import rows
from tests.functions.telegram_webhook.support.world import secret
from tests.helpers import arrange
from tests.helpers.threads import serve_in_thread
from tests.helpers.worlds.salon import Salon, salon
from tests.helpers.worlds.support import insert

Plain = psycopg.Connection[DictRow]

PAGES = "https://pages.example.com"

numbers = itertools.count(1)
people = itertools.count(7_300_000_001)


class Bots:
    """The function, and people who write to salons' bots."""

    def __init__(self, connection: Plain, url: str) -> None:
        self.connection, self.url = connection, url

    def write(self, salon: Salon, person: int, text: str = "/dashboard", number: int = 0) -> int:
        """A private message; the update's number."""
        number = number or 970_000_000 + next(numbers)
        chat, author = {"id": person, "type": "private"}, {"id": person, "is_bot": False, "first_name": "Анна"}
        message = {"message_id": number, "date": 1_770_000_000, "chat": chat, "from": author, "text": text}
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret(salon.bot_name)}
        update = {"update_id": number, "message": message}
        with httpx.Client(base_url=self.url, trust_env=False, timeout=120) as client:
            assert client.post(f"/{salon.bot_name}", json=update, headers=headers).status_code == 200
        return number

    def answers(self, person: int) -> list[str]:
        """What the bots write to somebody."""
        query = "select payload ->> 'text' as text from platform.outbox where chat_id = %s order by id"
        return [row["text"] for row in rows(self.connection, query, person)]

    def users(self, person: int) -> list[DictRow]:
        """Who somebody is."""
        return rows(self.connection, "select * from dashboard.users where telegram_id = %s order by id", person)

    def usable(self, user_id: int) -> list[DictRow]:
        """The links that would sign somebody in."""
        query = "select * from dashboard.sign_in_links where user_id = %s and used_at is null and expires_at > now()"
        return rows(self.connection, query, user_id)


@pytest.fixture(scope="module")
def bots(module_direct_url: str, module_database_url: str, printed: Path) -> Iterator[Bots]:
    """telegram_webhook, in a thread."""
    settings = {"DATABASE_URL": module_database_url, "SECRETS_KEY": arrange.SECRETS_KEY, "SALON_PAGES_URL": PAGES}
    with (
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
        serve_in_thread("telegram_webhook", printed, **settings) as served,
    ):
        yield Bots(connection, served.url)


def add_user(connection: Plain, tenant: Any, role: str = "staff", **columns: Any) -> Any:
    """Somebody who may sign in."""
    return insert(connection, "dashboard.users", role=role, tenant_id=tenant, **columns)


def add_link(connection: Plain, user: Any) -> str:
    """An invitation's token."""
    token, token_hash = sign_in_links.new_token()
    connection.execute(
        "insert into dashboard.sign_in_links (token_hash, user_id, expires_at) values (%s, %s, 'tomorrow')",
        (token_hash, user),
    )
    return token


def test_the_owner_of_the_chat_with_the_digests_becomes_the_salons_admin(bots: Bots) -> None:
    person = next(people)
    place = salon(bots.connection)
    place.settings(chat_id=person)

    bots.write(place, person)
    bots.write(place, person)
    [user], [first, second] = bots.users(person), bots.answers(person)

    assert (user["role"], user["tenant_id"]) == ("admin", place.id)
    assert all(re.search(rf"{PAGES}/enter/[\w-]{{43}}\n", text) for text in (first, second))
    assert len(bots.usable(user["id"])) == 1


def test_an_update_that_comes_twice_makes_one_link(bots: Bots) -> None:
    person, place = next(people), salon(bots.connection)
    user = add_user(bots.connection, place.id, telegram_id=person)

    number = bots.write(place, person)
    [link] = bots.usable(user)
    bots.write(place, person, number=number)

    assert bots.usable(user) == [link]
    assert len(bots.answers(person)) == 1


def test_a_stranger_gets_no_link(bots: Bots) -> None:
    person = next(people)

    bots.write(salon(bots.connection), person)

    assert bots.users(person) == []
    assert ["/enter/" in text for text in bots.answers(person)] == [False]


def test_whoever_was_switched_off_gets_no_link_even_in_the_owners_chat(bots: Bots) -> None:
    person, place = next(people), salon(bots.connection)
    place.settings(chat_id=person)
    user = add_user(bots.connection, place.id, telegram_id=person, active=False)

    bots.write(place, person)

    assert [found["id"] for found in bots.users(person)] == [user]
    assert bots.usable(user) == []


def test_one_salons_bot_signs_nobody_in_elsewhere(bots: Bots) -> None:
    """Neither in another salon, nor in all of them: whoever holds the bot's token can forward what it sends."""
    person, place, other = next(people), salon(bots.connection), salon(bots.connection)
    users = [
        add_user(bots.connection, other.id, telegram_id=person),
        add_user(bots.connection, None, "super_admin", telegram_id=person),
    ]

    bots.write(place, person)

    assert [bots.usable(user) for user in users] == [[], []]


def test_an_invitation_binds_the_person_to_the_bot_and_works_once(bots: Bots) -> None:
    person, thief, place = next(people), next(people), salon(bots.connection)
    user = add_user(bots.connection, place.id, first_name="Олег")
    token = add_link(bots.connection, user)

    bots.write(place, person, f"/start {token}")
    bots.write(place, thief, f"/start {token}")

    assert [found["id"] for found in bots.users(person)] == [user]
    assert bots.users(thief) == []
    assert "/enter/" in bots.answers(person)[0]
    assert "больше не действует" in bots.answers(thief)[0]


def test_an_invitation_of_another_salon_is_not_used_up(bots: Bots) -> None:
    person, place, other = next(people), salon(bots.connection), salon(bots.connection)
    user = add_user(bots.connection, other.id)
    token = add_link(bots.connection, user)

    bots.write(place, person, f"/start {token}")

    assert (bots.users(person), len(bots.usable(user))) == ([], 1)
