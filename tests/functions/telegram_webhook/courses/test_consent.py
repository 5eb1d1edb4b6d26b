"""Consent comes before anything else, in its own words, and a new version asks again."""

import pytest

from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import School, Somebody

YES, NO = "courses:consent:give:processing.1", "courses:consent:refuse:processing.1"
MAILINGS_YES, MAILINGS_NO = "courses:consent:give:mailings.1", "courses:consent:refuse:mailings.1"


def users(school: School, somebody: Somebody) -> list[object]:
    return rows(school.connection, "select from courses.users where telegram_id = %s", somebody.telegram_id)


def test_a_stranger_is_asked_and_nothing_but_that_is_kept(school: School) -> None:
    somebody = school.stranger()

    school.write(somebody, "/start")

    assert "Согласие 1 &amp; подробности" in school.shown(somebody)
    assert "Школа &lt;Свет&gt;" in school.shown(somebody)
    assert list(school.buttons(somebody).values()) == [YES, NO]
    assert school.dialog(somebody)["screen"] == "consent"
    assert (school.consents(somebody), users(school, somebody)) == ([], [])


def test_who_does_not_agree_stays_outside_and_may_change_their_mind(school: School) -> None:
    somebody = school.stranger()
    school.write(somebody, "/start")

    assert "Без согласия" in school.press(somebody, NO)
    school.press(somebody, "courses:home:open:")
    assert "Согласие 1" in school.shown(somebody)
    assert school.consents(somebody) == []

    school.press(somebody, YES)
    assert school.consents(somebody) == [("processing", 1, True)]


@pytest.mark.parametrize(("answer", "is_given"), [(MAILINGS_YES, True), (MAILINGS_NO, False)])
def test_mailings_are_asked_for_once_and_by_themselves(school: School, answer: str, *, is_given: bool) -> None:
    somebody = school.person(agreed=False)
    school.write(somebody, "/start")

    school.press(somebody, YES)
    assert list(school.buttons(somebody).values()) == [MAILINGS_YES, MAILINGS_NO]
    school.press(somebody, answer)

    assert "Здравствуйте, Ким Анна" in school.shown(somebody)
    assert school.consents(somebody) == [("processing", 1, True), ("mailings", 1, is_given)]
    school.write(somebody, "/start")
    assert "Здравствуйте" in school.shown(somebody)


def test_an_imported_consent_asks_again(school: School) -> None:
    somebody = school.person(agreed=False)
    if not rows(school.connection, "select from courses.consent_texts where version = 0"):
        school.consent_text("processing", 0)
    school.insert("consents", telegram_id=somebody.telegram_id, purpose="processing", version=0)

    school.write(somebody, "привет")
    assert list(school.buttons(somebody).values()) == [YES, NO]
    school.press(somebody, YES)

    assert school.consents(somebody) == [("processing", 0, False), ("processing", 1, True)]


@pytest.mark.parametrize(
    "data", ["courses:consent:give:processing.7", "courses:consent:give:mailings.1", "courses:consent:give:",
             "courses:consent:take:processing.1"],
)  # fmt: skip
def test_a_consent_to_other_words_is_none(school: School, data: str) -> None:
    somebody = school.stranger()
    school.write(somebody, "/start")

    assert "не действует" in school.press(somebody, data)
    assert school.consents(somebody) == []
    assert "Согласие 1" in school.shown(somebody)


def test_a_press_that_comes_twice_counts_once(school: School) -> None:
    somebody = school.stranger()
    school.write(somebody, "/start")
    update = school.press_update(somebody, YES)

    for _ in range(2):
        assert school.post(update).status_code == 200

    assert school.consents(somebody) == [("processing", 1, True)]
    assert len(school.messages(somebody)) == 2
