"""Materials and assignments that staff hand out by sending files."""

from datetime import timedelta
from typing import Any

import pytest

from tests.functions.telegram_webhook.courses.forms import last, press
from tests.functions.telegram_webhook.courses.world import TODAY, School, Somebody

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(scope="module")
def curator(school: School) -> Somebody:
    return school.person("curator", full_name="Куратор")


@pytest.mark.parametrize(
    ("content", "file"),
    [
        ({"document": {"file_id": "BQAC1", "file_name": "plan.pdf"}}, "BQAC1"),
        ({"photo": [{"file_id": "AgACs"}, {"file_id": "AgACl"}]}, "AgACl"),
        ({"video": {"file_id": "BAAC1", "file_size": 900_000_000}}, "BAAC1"),
        ({"audio": {"file_id": "CQAC1"}, "media_group_id": "9"}, "CQAC1"),
    ],
    ids=["document", "photo", "large video", "album"],
)  # fmt: skip
def test_a_file_becomes_a_material_with_its_caption(
    school: School, curator: Somebody, content: dict[str, Any], file: str
) -> None:
    school.press(curator, "courses:records:open:materials.0")
    school.write(curator, caption="План <недели>\nЧитать до среды", **content)
    press(school, curator, "✅ Создать")

    found = last(school, "materials")
    assert (found["title"], found["body"], found["tg_file_id"]) == ("План <недели>", "Читать до среды", file)
    assert found["created_by"] == curator.user
    press(school, curator, "📎")
    assert file in school.messages(curator)[-1]["payload"].values()


def test_an_assignment_with_a_file_leads_to_its_material_and_can_be_withdrawn(
    school: School, curator: Somebody
) -> None:
    reader = school.participant()
    school.press(curator, "courses:records:open:assignments.0")
    school.write(curator, document={"file_id": "BQAC9", "file_name": "task.docx"})
    press(school, curator, "✏️ Сдать до")
    school.write(curator, f"{TOMORROW:%d.%m.%Y}")
    press(school, curator, "✅ Создать")

    assignment, material = last(school, "assignments"), last(school, "materials")
    assert (assignment["title"], assignment["due_date"], assignment["material_id"]) == (
        "task.docx", TOMORROW, material["id"]
    )  # fmt: skip
    assert material["tg_file_id"] == "BQAC9"
    school.press(reader, "courses:assignments:open:0")
    assert "task.docx" in school.shown(reader)
    for words in ("🚫", "Да"):
        press(school, curator, words)
    school.press(reader, "courses:assignments:open:0")
    assert "task.docx" not in school.shown(reader)


def test_an_album_becomes_a_material_with_all_of_its_files(school: School, curator: Somebody) -> None:
    reader = school.participant()
    school.press(curator, "courses:records:open:materials.0")
    for number in range(12):
        school.write(
            curator, photo=[{"file_id": f"AgAC{number}"}], media_group_id="777002", caption="" if number else "Слайды"
        )
    assert "Это альбом" in school.shown(curator)
    press(school, curator, "✅ Создать")
    assert "Файл: несколько: 10" in school.shown(curator)

    material = last(school, "materials")
    assert (material["tg_file_id"], material["further_file_ids"]) == ("AgAC0", [f"AgAC{n}" for n in range(1, 10)])
    for by, data in ((curator, f"form:file:materials.{material['id']}"), (reader, f"materials:file:{material['id']}")):
        school.press(by, f"courses:{data}")
        sent = [message["payload"] for message in school.messages(by) if message["kind"] == "courses/file"][-10:]
        assert [file["photo"] for file in sent] == [f"AgAC{number}" for number in range(10)]
        assert [file["caption"] for file in sent] == ["Слайды", *[""] * 9]


def test_a_new_file_replaces_the_album_and_none_clears_it(school: School, curator: Somebody) -> None:
    material = school.insert(
        "materials", title="Слайды", tg_file_id="AgAC0", further_file_ids=["AgAC1"], mime="image/x"
    )
    for content, expected in (
        ({"text": "Другое имя"}, ("AgAC0", ["AgAC1"], "image/x")),
        ({"document": {"file_id": "BQAC1"}}, ("BQAC1", [], None)),
    ):
        school.press(curator, f"courses:form:open:materials.{material}")
        press(school, curator, "✏️ Название" if "text" in content else "✏️ Файл")
        school.write(curator, **content)
        press(school, curator, "💾")
        found = last(school, "materials")
        assert (found["tg_file_id"], found["further_file_ids"], found["mime"]) == expected

    press(school, curator, "✏️ Файл")
    press(school, curator, "Убрать")
    press(school, curator, "💾")
    assert (last(school, "materials")["tg_file_id"], last(school, "materials")["title"]) == (None, "Другое имя")


def test_an_album_goes_to_an_assignment_and_what_comes_after_it_was_saved_is_not_added(
    school: School, curator: Somebody
) -> None:
    school.press(curator, "courses:form:new:assignments")
    school.write(curator, "Разбор")
    for number in range(2):
        school.write(curator, document={"file_id": f"BQAC{number}"}, media_group_id="777003")
    press(school, curator, "✅ Создать")
    school.write(curator, document={"file_id": "BQAC2"}, media_group_id="777003")

    assert (last(school, "materials")["tg_file_id"], last(school, "materials")["further_file_ids"]) == (
        "BQAC0",
        ["BQAC1"],
    )
