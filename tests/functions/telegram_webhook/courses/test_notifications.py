"""Which reminders somebody wants, kind by kind."""

import pytest

from functions.telegram_webhook.courses.notification_texts import KINDS
from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import School, Somebody


def opt_outs(school: School, of: Somebody) -> list[str]:
    query = "select kind::text as kind from courses.reminder_opt_outs where user_id = %s order by kind"
    return [row["kind"] for row in rows(school.connection, query, of.user)]


def test_a_kind_is_switched_off_and_on_again(school: School) -> None:
    somebody = school.participant()
    school.press(somebody, "courses:notifications:open:")

    school.press(somebody, school.buttons(somebody)["✅ События"])
    school.press(somebody, "courses:notifications:kind:event.0")  # the same from another device
    assert opt_outs(school, somebody) == ["event"]
    school.press(somebody, school.buttons(somebody)["🔕 События"])

    assert opt_outs(school, somebody) == []


def test_whoever_wants_no_reminders_is_not_asked_for_kinds(school: School) -> None:
    somebody = school.participant()

    school.press(somebody, "courses:notifications:reminders:0")

    assert [text for text in school.buttons(somebody) if "События" in text] == []


def test_there_is_a_button_for_every_kind_that_the_database_knows(school: School) -> None:
    query = "select kind::text as kind from unnest(enum_range(null::courses.reminder_kind)) kind"

    assert [row["kind"] for row in rows(school.connection, query)] == list(KINDS)


@pytest.mark.parametrize("argument", ["event.2", "lottery.0", "event", ".0", "event.0.0", ""])
def test_a_forged_switch_changes_nothing(school: School, argument: str) -> None:
    somebody = school.participant()

    assert "не действует" in school.press(somebody, f"courses:notifications:kind:{argument}")

    assert opt_outs(school, somebody) == []
