"""A school with another text than before, or with none yet."""

from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import School


def test_a_new_version_asks_everybody_again_and_ends_what_was_said_before(school: School) -> None:
    somebody = school.person()
    school.consent_text("processing", 2)

    school.press(somebody, "courses:home:open:")
    assert "Согласие 2" in school.shown(somebody)
    school.press(somebody, "courses:consent:give:processing.2")

    assert school.consents(somebody) == [("processing", 1, False), ("mailings", 1, True), ("processing", 2, True)]
    assert "Здравствуйте" in school.shown(somebody)


def test_a_school_without_a_text_asks_nobody_and_keeps_nothing(school: School) -> None:
    somebody = school.stranger()
    school.connection.execute("delete from courses.consents; delete from courses.consent_texts")

    school.write(somebody, "/start")
    assert "ещё не готов" in school.shown(somebody)
    assert school.buttons(somebody) == {}
    school.press(somebody, "courses:consent:give:processing.0")

    assert rows(school.connection, "select from courses.consents") == []
