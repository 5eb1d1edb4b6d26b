"""A password that nobody remembers: a link by Telegram, for an hour and for one new password."""

import re

import pytest

from tests.conftest import rows
from tests.functions.salon_pages.world import PASSWORD, Browser, Plain, User, password_hash, session, sign_in, user
from tests.helpers.worlds.salon import Salon


def known_in_telegram(plain: Plain, lotus: Salon, telegram_id: int) -> User:
    """Somebody whom the salon's bot can write to."""
    person = user(plain, "admin", lotus.id, encrypted_password=password_hash(), telegram_id=telegram_id, language="ru")
    plain.execute("insert into platform.starts (bot_id, chat_id) values (%s, %s)", (lotus.bot, telegram_id))
    return person


def link_to(plain: Plain, telegram_id: int) -> str:
    """The path of the last link that was sent there."""
    query = "select payload ->> 'text' as text from platform.outbox where chat_id = %s order by id desc limit 1"
    [row] = rows(plain, query, telegram_id)
    found = re.search(r"https://pages\.example\.com/salon_pages(/reset/\S+)", row["text"])
    assert found
    return found[1]


@pytest.mark.usefixtures("person")
def test_a_new_password_comes_by_telegram_and_ends_all_sessions(pages: str, plain: Plain, lotus: Salon) -> None:
    forgetful = known_in_telegram(plain, lotus, 9_900_100_001)
    signed_in = Browser(pages, session(plain, forgetful.id))

    Browser(pages).post("/forgot", email=forgetful.email)
    path, new = link_to(plain, 9_900_100_001), "Совсем другая фраза"
    asked = Browser(pages).get(path).status_code
    weak = Browser(pages).post(path, password="short", again="short").status_code
    other = Browser(pages).post(path, password=new, again=f"{new}!").status_code
    done = Browser(pages).post(path, password=new, again=new)
    again = Browser(pages).post(path, password=PASSWORD, again=PASSWORD).status_code

    assert (asked, weak, other, done.status_code, again) == (200, 422, 422, 303, 404)
    assert signed_in.get("/salons").status_code == 303
    assert sign_in(pages, forgetful.email, PASSWORD).status_code == 401
    assert sign_in(pages, forgetful.email, new).status_code == 303


@pytest.mark.usefixtures("person")
def test_a_new_password_is_for_an_hour_and_kept_by_its_hash(pages: str, plain: Plain, lotus: Salon) -> None:
    forgetful = known_in_telegram(plain, lotus, 9_900_100_002)

    Browser(pages).post("/forgot", email=forgetful.email)
    path = link_to(plain, 9_900_100_002)
    [row] = rows(plain, "select reset_password_token as token from dashboard.users where id = %s", forgetful.id)
    plain.execute(
        "update dashboard.users set reset_password_sent_at = now() - interval '61 minutes' where id = %s",
        (forgetful.id,),
    )

    assert row["token"] not in path
    assert Browser(pages).get(path).status_code == 404


def test_who_is_unknown_and_who_is_in_no_chat_are_answered_the_same(pages: str, plain: Plain, person: User) -> None:
    answers = [Browser(pages).post("/forgot", email=email).text for email in (person.email, "nobody@example.com")]

    assert answers[0] == answers[1]
    assert (
        rows(plain, "select from dashboard.users where id = %s and reset_password_token is not null", person.id) == []
    )
