"""The school finds out whose account it is: by an invitation, or by somebody's own contact."""

import secrets as entropy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.credentials import secrets
from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import School, Somebody

PHONE = "+79990001{:03}"


def unknown(school: School, phone: str | None = None, **columns: Any) -> int:
    """Somebody of the school whose account nobody knows."""
    return school.insert("users", full_name="Петров Борис", phone=phone, **columns)


def outsider(school: School) -> Somebody:
    """An account that has agreed, and that the school does not know."""
    somebody = school.stranger()
    school.agree(somebody)
    return somebody


def account_of(school: School, user: int) -> int | None:
    [row] = rows(school.connection, "select telegram_id from courses.users where id = %s", user)
    found: int | None = row["telegram_id"]
    return found


def invitation(school: School, user: int, expires_at: datetime | None = None) -> str:
    token = entropy.token_urlsafe(16)
    expires_at = expires_at or datetime.now(UTC) + timedelta(days=1)
    school.connection.execute(
        "insert into courses.invitations (token_hash, user_id, expires_at) values (%s, %s, %s)",
        (secrets.hash_secret(token), user, expires_at),
    )
    return token


def test_somebodys_own_contact_says_who_they_are(school: School) -> None:
    somebody, phone = outsider(school), PHONE.format(1)
    user = unknown(school, phone)
    school.write(somebody, "/start")
    keyboard = school.messages(somebody)[-1]["payload"]["reply_markup"]["keyboard"]
    assert keyboard[0][0]["request_contact"] is True

    contact = {"phone_number": phone.lstrip("+"), "first_name": "Б", "user_id": somebody.telegram_id}
    school.write(somebody, contact=contact)

    assert account_of(school, user) == somebody.telegram_id
    assert "Здравствуйте, Петров Борис" in school.shown(somebody)


@pytest.mark.parametrize("owner", [None, 7_300_999_999])
def test_a_contact_of_somebody_else_says_nothing(school: School, owner: int | None) -> None:
    somebody, phone = outsider(school), PHONE.format(2)
    user = unknown(school, phone if owner else None)
    school.write(somebody, "/start")

    contact = {"phone_number": phone, "first_name": "Б"} | ({"user_id": owner} if owner else {})
    school.write(somebody, contact=contact)

    assert account_of(school, user) is None
    assert "чужой контакт" in school.shown(somebody)


def test_a_phone_that_two_have_or_whose_owner_has_an_account_matches_nobody(school: School) -> None:
    twice, taken = PHONE.format(3), PHONE.format(4)
    users = [unknown(school, twice), unknown(school, twice)]
    owner = school.person(phone=taken)
    for phone in (twice, taken, PHONE.format(5)):
        somebody = outsider(school)
        school.write(somebody, "/start")
        school.write(somebody, contact={"phone_number": phone, "user_id": somebody.telegram_id})
        assert "Этого номера нет" in school.shown(somebody)

    assert [account_of(school, user) for user in users] == [None, None]
    assert owner.user
    assert account_of(school, owner.user) == owner.telegram_id


def test_an_invitation_is_for_one_person_and_for_once(school: School) -> None:
    first, second = outsider(school), outsider(school)
    user = unknown(school)
    token = invitation(school, user)

    school.write(first, f"/start {token}")
    school.write(second, f"/start {token}")

    assert account_of(school, user) == first.telegram_id
    assert "Готово, вы в списке" in school.shown(first)
    assert "уже использовано" in school.shown(second)


def test_an_invitation_waits_for_the_consent(school: School) -> None:
    somebody, user = school.stranger(), unknown(school)
    school.write(somebody, f"/start {invitation(school, user)}")
    assert account_of(school, user) is None

    school.write(somebody, "что это?")
    school.press(somebody, "courses:consent:give:processing.1")

    assert account_of(school, user) == somebody.telegram_id


def test_an_invitation_that_is_out_of_date_or_for_somebody_with_an_account_lets_nobody_in(school: School) -> None:
    late, owner = unknown(school), school.person()
    assert owner.user
    for user, expires_at in ((late, datetime.now(UTC) - timedelta(minutes=1)), (owner.user, None)):
        somebody, token = outsider(school), invitation(school, user, expires_at)
        school.write(somebody, f"/start {token}")
        assert "уже использовано или устарело" in school.shown(somebody)

    assert account_of(school, late) is None
    assert account_of(school, owner.user) == owner.telegram_id
