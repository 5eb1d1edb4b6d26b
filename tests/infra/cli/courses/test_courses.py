"""carillon courses: a school from its first day to the wish to be forgotten."""

from pathlib import Path
from zipfile import ZipFile

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.helpers import arrange, crm
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.forgetting.leftovers import tables_with

Connection = psycopg.Connection[DictRow]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A crm.db with one row that cannot be taken over."""
    path = crm.make(tmp_path / "crm.db")
    crm.add(path, "attendance", {"id": 10, "user_id": 99, "session_id": 4, "status": "present"})
    return path


@pytest.fixture
def school(carillon: Carillon, connection: Connection, path: Path) -> Connection:
    """A school that took it over."""
    assert carillon("courses", "init", "--name", "Школа").code == 0
    assert carillon("courses", "import", str(path), "--apply").code == 0
    return connection


def test_a_school_begins_with_its_name_and_gets_its_bot(carillon: Carillon, connection: Connection) -> None:
    missing = carillon("courses", "settings")
    assert (missing.code, "carillon courses init" in missing.err) == (1, True)
    begun = carillon("courses", "init", "--name", "Школа")
    assert (begun.code, "it has no bot yet" in begun.out) == (0, True)
    assert "there is no Telegram bot crm of the courses" in carillon("courses", "settings", "--bot", "crm").err
    arrange.bot(connection, "crm", system="courses")

    changed = carillon(
        "courses", "settings", "--bot", "crm", "--timezone", "Asia/Oral", "--quiet-from", "21:30", "--json"
    )
    assert changed.json == {
        "name": "Школа", "bot": "crm", "language": "ru", "timezone": "Asia/Oral", "quiet_from": "21:30:00",
        "quiet_to": "09:00:00",
    }  # fmt: skip
    assert carillon("courses", "settings", "--quiet-to", "25:00").code == 2
    assert carillon("courses", "settings", "--timezone", "Москва").code == 2
    assert "timezone   Asia/Oral" in carillon("courses", "settings").out


def test_an_import_says_first_what_it_would_do(carillon: Carillon, connection: Connection, path: Path) -> None:
    carillon("courses", "init", "--name", "Школа")
    tried = carillon("courses", "import", str(path))

    assert (tried.code, "Nothing was written yet" in tried.out) == (0, True)
    assert "✗ attendance: user_id names a row that is not there (1): 10" in tried.out
    assert rows(connection, "select from courses.users") == []
    done = carillon("courses", "import", str(path), "--apply", "--json")
    found = {table["table"]: table for table in done.json["tables"]}
    assert (done.json["applied"], found["users"]["taken"], found["attendance"]["rejected"]) == (True, 3, 1)
    assert len(rows(connection, "select from courses.users")) == 3


@pytest.mark.usefixtures("school")
def test_people_are_found_by_any_part_of_a_name(carillon: Carillon) -> None:
    assert [row["id"] for row in carillon("courses", "people", "иванова", "--json").json] == [17]
    assert [row["id"] for row in carillon("courses", "people", "@sample", "--json").json] == [17, 18]
    assert carillon("courses", "people", "100000018", "--json").json == [
        {"id": 18, "name": "Петров Борис Ильич", "role": "user", "cohort": "Осень", "stream": None,
         "telegram_id": 100000018, "username": "sample_boris", "consent": False},
    ]  # fmt: skip
    assert "nobody is found" in carillon("courses", "people", "никто").out
    assert [(row["name"], row["participants"]) for row in carillon("courses", "cohorts", "--json").json] == [
        ("Осень", 1), ("Весна", 0),
    ]  # fmt: skip


@pytest.mark.usefixtures("school")
def test_a_cohorts_spreadsheet_is_written_for_excel(carillon: Carillon, tmp_path: Path) -> None:
    file = tmp_path / "autumn.xlsx"
    assert "there is no cohort Лето" in carillon("courses", "sheet", "Лето", str(file)).err
    assert not file.exists()

    done = carillon("courses", "sheet", "Осень", str(file))

    assert (done.code, "autumn.xlsx is there" in done.out) == (0, True)
    with ZipFile(file) as parts:
        assert "Иванова Анна Сергеевна" in parts.read("xl/sharedStrings.xml").decode()


def test_roles_are_given_to_whom_it_is_certain(carillon: Carillon, school: Connection) -> None:
    assert "✓ Иванова Анна Сергеевна is curator" in carillon("courses", "roles", "@sample_anna", "curator").out
    assert carillon("courses", "roles", "500000001", "admin").code == 1
    assert carillon("courses", "roles", "500000001", "admin", "--new").code == 0
    assert carillon("courses", "roles", "@nobody", "admin", "--new").code == 1
    school.execute("update courses.users set nickname = 'curator' where id = 18")
    assert "several people" in carillon("courses", "roles", "curator", "admin").err

    staff = carillon("courses", "roles", "--json").json
    assert [(row["telegram_id"], row["role"]) for row in staff] == [
        (500000001, "admin"), (100000017, "curator"), (900000001, "curator"),
    ]  # fmt: skip
    assert carillon("courses", "roles", "@sample_anna").code == 2


@pytest.mark.usefixtures("school")
def test_a_new_text_of_a_consent_is_a_new_version(carillon: Carillon, tmp_path: Path) -> None:
    ru, en, empty = (tmp_path / name for name in ("ru.txt", "en.txt", "empty.txt"))
    ru.write_text("Согласен(на)", encoding="utf-8")
    en.write_text("I agree", encoding="utf-8")
    empty.write_text(" \n", encoding="utf-8")
    add = ("courses", "consent-texts", "--add", "processing", "--ru", str(ru))

    assert "version 1 of processing" in carillon(*add, "--en", str(en)).out
    assert "version 2 of processing" in carillon(*add, "--en", str(en)).out
    assert "a text is empty" in carillon(*add, "--en", str(empty)).err
    assert carillon(*add).code == 2
    texts = carillon("courses", "consent-texts", "--json").json
    assert [(row["version"], row["in_force"]) for row in texts] == [(0, 1), (1, 0), (2, 0)]


@pytest.mark.usefixtures("school")
def test_a_person_gets_everything_but_their_passwords_hash(carillon: Carillon) -> None:
    everything = carillon("courses", "export", "anna@example.com")

    assert crm.HASH not in everything.out
    assert {name: len(found) for name, found in everything.json.items() if isinstance(found, list) and found} == {
        "attendance": 1, "broadcasts": 1, "consents": 1, "homework": 1, "payments": 1,
    }  # fmt: skip
    assert everything.json["participation"]["stream"] == "Первый"


def test_whoever_is_forgotten_leaves_payments_without_a_name_and_an_ended_consent(
    carillon: Carillon, school: Connection
) -> None:
    school.execute('insert into courses.dialogs (telegram_id, data) values (100000017, \'{"name": "sample_anna"}\')')
    school.execute(
        "insert into courses.import_rejections (source_table, source_row, row_hash, reason, content)"
        " values ('participants', '9', sha256(''), 'r', '{\"user_id\": 17}'),"
        " ('users', '17', sha256(''), 'r', '{\"phone\": \"+79990000017\"}')"
    )
    asked = carillon("courses", "forget", "@sample_anna", stdin="n\n")
    assert (asked.code, "courses.attendance: 1 row would go" in asked.out) == (1, True)

    assert carillon("courses", "forget", "@sample_anna", "--yes").code == 0

    [anna] = rows(school, "select * from courses.users where id = 17")
    assert {name: value for name, value in anna.items() if value and not name.endswith("_at")} == {
        "id": 17,
        "role": "user",
    }
    assert len(rows(school, "select from courses.payments where user_id = 17")) == 1
    assert rows(school, "select withdrawn_at is not null as ended from courses.consents") == [{"ended": True}]
    assert tables_with(school, "sample_anna", "Иванова", "79990000017", "anna@example.com") == []
    assert tables_with(school, "100000017") == ["courses.consents", "courses.imports"]
    for table in ("attendance", "attendance_history", "homework_delivery", "participants", "broadcast_recipients"):
        assert rows(school, f"select from courses.{table} where user_id = 17") == []


def test_whoever_paid_nothing_leaves_nothing_and_does_not_come_back_with_the_file(
    carillon: Carillon, school: Connection, path: Path
) -> None:
    assert carillon("courses", "forget", "id:18", "--yes").code == 0
    again = carillon("courses", "import", str(path), "--apply", "--json")

    assert rows(school, "select from courses.users where id = 18") == []
    assert again.code == 0
    assert rows(school, "select from courses.attendance where user_id = 18") == []
    assert rows(school, "select from courses.attendance_history") == []


def test_the_example_can_be_taken_over_and_is_not_all_clean(
    carillon: Carillon, connection: Connection, tmp_path: Path
) -> None:
    file = tmp_path / "example.db"
    assert carillon("courses", "example", str(file)).code == 0
    assert "is there already" in carillon("courses", "example", str(file)).err
    carillon("courses", "init", "--name", "Школа")

    done = carillon("courses", "import", str(file), "--apply", "--json").json

    assert {"rejected": sum(table["rejected"] for table in done["tables"]), "notes": done["notes"]} == {
        "rejected": 0, "notes": [],
    }  # fmt: skip
    found = {table["table"]: table["mends"] for table in done["tables"] if table["mends"]}
    assert (len(found["users"]), len(found["attendance"])) == (5, 1)
    [vera] = rows(connection, "select phone, password, username from courses.users where id = 19")
    assert vera == {"phone": "+79990000019", "password": None, "username": "sample_vera"}
