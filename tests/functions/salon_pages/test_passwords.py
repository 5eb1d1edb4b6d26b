"""E-mail and password: who comes in, and what holds guessers up."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from functions.salon_pages.session import passwords, slow_down
from functions.salon_pages.session.passwords import Passwords
from functions.salon_pages.session.sessions import Origin
from shared.database.pool import Database
from shared.errors import HttpProblem
from tests.conftest import rows
from tests.functions.salon_pages.world import PASSWORD, Browser, Plain, User, password_hash, sign_in, user
from tests.helpers.worlds.salon import Salon

WRONG = "не тот пароль совсем"


def test_the_right_password_signs_in_however_the_email_is_written(pages: str, person: User) -> None:
    browser = Browser(pages)

    answer = browser.post("/sign-in", email=f" {person.email.upper()} ", password=PASSWORD, next="/salons")

    assert answer.status_code == 303
    assert browser.follow(answer).url.path == "/salons"


def test_a_password_is_the_same_in_whatever_form_its_letters_came(pages: str, plain: Plain, lotus: Salon) -> None:
    composed, decomposed = "Йод и ёлка в саду", "И\u0306од и е\u0308лка в саду"
    person = user(plain, "admin", lotus.id, encrypted_password=passwords.hash_password(composed))

    assert sign_in(pages, person.email, decomposed).status_code == 303


@pytest.mark.parametrize("email", ["{known}", "nobody@example.com", "nobody", "", "'; drop table x; --@a.b"])
def test_whoever_is_wrong_is_told_the_same(pages: str, person: User, email: str) -> None:
    email = email.replace("{known}", person.email)

    answer = sign_in(pages, email, WRONG)

    assert answer.status_code == 401
    assert "Почта или пароль не подходят" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("columns", [{"active": False}, {"encrypted_password": None}], ids=str)
@pytest.mark.usefixtures("person")
def test_whoever_is_switched_off_or_has_no_password_is_told_the_same(
    pages: str, plain: Plain, lotus: Salon, columns: dict[str, Any]
) -> None:
    other = user(plain, "admin", lotus.id, **{"encrypted_password": password_hash(), **columns})

    assert sign_in(pages, other.email, PASSWORD).text.count("не подходят") == 1


async def test_nobodys_password_takes_the_same_work() -> None:
    assert not passwords._hasher().check_needs_rehash(passwords.NOBODYS)
    with pytest.raises(VerifyMismatchError):  # and so it was computed
        passwords._hasher().verify(passwords.NOBODYS, PASSWORD)
    checked = Passwords()
    assert await checked.check(None, PASSWORD) == (False, False)
    await checked.close()


def test_after_five_wrong_ones_even_the_right_one_waits(pages: str, plain: Plain, person: User) -> None:
    wrong = [sign_in(pages, person.email, WRONG).status_code for _ in range(5)]
    answer = sign_in(pages, person.email, PASSWORD)
    plain.execute("update dashboard.sign_in_attempts set free_at = now()")

    assert (wrong, answer.status_code) == ([401] * 5, 429)
    assert 0 < int(answer.headers["retry-after"]) <= 15
    assert sign_in(pages, person.email, PASSWORD).status_code == 303


async def test_pauses_grow_and_end(database: Database, connection: Plain) -> None:
    pauses = []
    for _ in range(14):
        async with database.transaction() as own:
            assert await slow_down.attempt(own, "sign-in", "a@example.com", Origin("", "")) == 0
        query = "select extract(epoch from free_at - tried_at)::int as pause from dashboard.sign_in_attempts"
        pauses += [row["pause"] for row in rows(connection, f"{query} where free_at > tried_at")]
        connection.execute("update dashboard.sign_in_attempts set free_at = now() where free_at > now()")

    assert pauses == [15, 30, 60, 120, 240, 480, 900, 900, 900, 900]


async def test_who_tries_many_accounts_from_one_address_waits(database: Database) -> None:
    """Known or not: an account is counted by what somebody typed."""
    waits = []
    for number in range(32):
        async with database.transaction() as own:
            waits.append(await slow_down.attempt(own, "sign-in", f"{number}@example.com", Origin("192.0.2.1", "")))
    async with database.transaction() as own:
        elsewhere = await slow_down.attempt(own, "sign-in", "0@example.com", Origin("192.0.2.2", ""))

    assert waits[:30] == [0] * 30
    assert all(0 < seconds <= 15 for seconds in waits[30:])
    assert elsewhere == 0


async def test_what_was_tried_long_ago_counts_no_more(database: Database, connection: Plain) -> None:
    for minutes in (0, 0, 0, 16, 0, 0, 0, 0):
        past = "update dashboard.sign_in_attempts set tried_at = now() - make_interval(mins => %s)"
        connection.execute(past, (minutes,))
        async with database.transaction() as own:
            assert await slow_down.attempt(own, "sign-in", "a@example.com", Origin("", "")) == 0


def test_tries_at_once_are_counted_one_after_the_other(pages: str, plain: Plain, person: User) -> None:
    with ThreadPoolExecutor(10) as pool:
        codes = list(pool.map(lambda _: sign_in(pages, person.email, WRONG).status_code, range(10)))
    [counted] = rows(plain, "select max(tries) as tries from dashboard.sign_in_attempts where free_at > tried_at")

    assert codes.count(401) <= 5
    assert set(codes) <= {401, 429, 503}
    assert counted["tries"] == 5


def test_whoever_comes_in_is_forgiven_their_mistakes(pages: str, person: User) -> None:
    for _ in range(4):
        sign_in(pages, person.email, WRONG)
    sign_in(pages, person.email, PASSWORD)

    assert [sign_in(pages, person.email, WRONG).status_code for _ in range(4)] == [401] * 4


@pytest.mark.usefixtures("person")
def test_a_hash_of_other_parameters_is_renewed(pages: str, plain: Plain, lotus: Salon) -> None:
    old = user(plain, "admin", lotus.id, encrypted_password=PasswordHasher(1, 64, 1).hash(PASSWORD))

    sign_in(pages, old.email, PASSWORD)
    [row] = rows(plain, "select encrypted_password from dashboard.users where id = %s", old.id)

    assert row["encrypted_password"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_failure_is_in_the_audit_of_whom_it_concerns_and_nobody_elses(pages: str, plain: Plain, person: User) -> None:
    sign_in(pages, person.email, WRONG)
    sign_in(pages, "nobody@example.com", WRONG)

    query = "select user_id from dashboard.audits where action = 'login_failed' order by id desc limit 2"
    assert next(row["user_id"] for row in rows(plain, query)) == person.id
    assert rows(plain, "select from dashboard.audits where action = 'login_failed' and user_id is null") == []


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "x"])
def test_signing_in_leads_nowhere_else(pages: str, person: User, target: str) -> None:
    browser = Browser(pages)

    answer = browser.post("/sign-in", email=person.email, password=PASSWORD, next=target)

    assert answer.headers["location"] == "/signed-in"
    assert Browser(pages).get(f"/signed-in?next={target}".replace("\n", "%0a")).status_code == 400


async def test_too_many_at_once_are_asked_to_come_back() -> None:
    checked = Passwords()
    waiting = [checked.check(password_hash(), PASSWORD) for _ in range(passwords.AT_ONCE + passwords.WAITING + 1)]

    answers = await asyncio.gather(*waiting, return_exceptions=True)
    await checked.close()

    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [HttpProblem]
    assert answers.count((True, False)) == passwords.AT_ONCE + passwords.WAITING


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaaaaaa", "Password1234", "1212121212121212", "person-of-ours"])
def test_what_is_easily_guessed_is_no_password(weak: str) -> None:
    assert passwords.is_weak(weak, "person-of-ours@example.com")
    assert not passwords.is_weak(PASSWORD)
