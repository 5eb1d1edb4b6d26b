"""Staff find people, and invite those who have no account yet."""

import pytest

from tests.functions.telegram_webhook.courses.world import School, Somebody

OPEN = "courses:find_person:open:"


@pytest.fixture(scope="module")
def curator(school: School) -> Somebody:
    school.connection.execute("update platform.bots set username = 'svet_bot' where id = %s", (school.bot,))
    return school.person("curator", full_name="Куратор")


def test_a_person_is_found_by_any_part_of_a_name(school: School, curator: Somebody) -> None:
    school.insert("users", full_name="Сидорова <Вера> Павловна", nickname="vera_s")
    school.press(curator, OPEN)
    assert "Напишите часть имени" in school.shown(curator)

    for written in ("вера>", "VERA_", "сидор"):
        school.write(curator, written)
        assert "Сидорова <Вера> Павловна" in school.buttons(curator)
    school.write(curator, "<никто>")

    assert "«&lt;никто&gt;» никого нет" in school.shown(curator)


def test_more_people_than_fit_ask_for_a_longer_word(school: School, curator: Somebody) -> None:
    for number in range(12):
        school.insert("users", full_name=f"Однофамилец {number:02}")
    school.press(curator, OPEN)

    school.write(curator, "однофам")

    assert len(school.buttons(curator)) == 11
    assert "напишите точнее" in school.shown(curator)


def test_an_invitation_from_the_bot_lets_its_person_in_and_ends_the_one_before(
    school: School, curator: Somebody
) -> None:
    user = school.insert("users", full_name="Новенькая Ия")
    school.press(curator, f"{OPEN}u{user}")
    links = []
    for _ in range(2):
        assert "прежняя больше не действует" in school.press(curator, school.buttons(curator)["🔗 Ссылка-приглашение"])
        links.append(school.shown(curator).split("https://t.me/svet_bot?start=")[1])

    late, guest = school.stranger(), school.stranger()
    for somebody, token in ((late, links[0]), (guest, links[1])):
        school.agree(somebody)
        school.write(somebody, f"/start {token}")

    assert "уже использовано" in school.shown(late)
    assert "Здравствуйте, Новенькая Ия" in school.shown(guest)
    school.press(curator, f"{OPEN}u{user}")
    assert "подключён" in school.shown(curator)
    assert "не действует" in school.press(curator, f"courses:find_person:invite:{user}")


def test_participants_find_nobody(school: School) -> None:
    somebody = school.participant()
    user = school.insert("users", full_name="Тайная")

    for data in (OPEN, f"{OPEN}u{user}", f"courses:find_person:invite:{user}"):
        assert "не действует" in school.press(somebody, data)
