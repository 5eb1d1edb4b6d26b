"""What staff see and change of a healing session, and whom that concerns."""

from tests.functions.telegram_webhook.courses.healing import healing
from tests.functions.telegram_webhook.courses.world import School


def test_staff_see_who_comes_and_do_not_sign_up(school: School) -> None:
    of, people, curator = healing(school, 1), [school.participant() for _ in range(2)], school.person("curator")
    for somebody in people:
        of.press(somebody, "sign")

    assert "не действует" in of.press(curator, "sign")
    school.press(curator, f"courses:healing:open:s{of.id}")

    shown = school.shown(curator)
    assert f"✅ Ким Анна {people[0].telegram_id}" in shown
    assert f"⏳ Ким Анна {people[1].telegram_id}" in shown
    assert of.states(curator) == [None]


def test_who_waits_is_asked_as_soon_as_staff_add_places(school: School) -> None:
    of, (anna, boris), curator = healing(school, 1), [school.participant() for _ in range(2)], school.person("curator")
    for somebody in (anna, boris):
        of.press(somebody, "sign")

    school.press(curator, f"courses:form:open:healing.{of.id}")
    school.press(curator, f"courses:form:ask:healing.{of.id}.capacity")
    school.write(curator, "2")
    school.press(curator, f"courses:form:save:healing.{of.id}")

    assert of.states(anna, boris) == ["signed", "offered"]
    assert of.offer(boris)


def test_whoever_counted_on_it_hears_at_once_that_staff_cancel_it(school: School) -> None:
    of, anna, curator = healing(school, 1), school.participant(), school.person("curator")
    of.press(anna, "sign")

    school.press(curator, f"courses:form:open:healing.{of.id}")
    school.press(curator, f"courses:form:end:healing.{of.id}")
    school.press(curator, f"courses:form:ended:healing.{of.id}")

    assert of.states(anna) == ["cancelled"]
    assert "отменена" in school.messages(anna)[-1]["payload"]["text"]


def test_whoever_counts_on_it_hears_at_once_that_staff_move_it(school: School) -> None:
    of, anna, curator = healing(school, 1), school.participant(), school.person("curator")
    of.press(anna, "sign")

    school.press(curator, f"courses:form:open:healing.{of.id}")
    school.press(curator, f"courses:form:ask:healing.{of.id}.time_start")
    school.write(curator, "19:45")
    school.press(curator, f"courses:form:save:healing.{of.id}")

    assert of.states(anna) == ["signed"]
    told = school.messages(anna)[-1]["payload"]
    assert "18:00\nТеперь: " in told["text"]
    assert "19:45 (время школы)" in told["text"]
    school.press(anna, told["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    assert "Вы записаны" in school.shown(anna)
