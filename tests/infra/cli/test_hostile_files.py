"""Files of strangers that an operator gives to a command: endless, swollen, grown by repetition, dressed up."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.admin.courses.crm.source import MAX_VALUE_BYTES
from infra.admin.errors import AdminError
from infra.admin.learning.track_file import MAX_NODES
from infra.admin.operating import env_file
from tests.helpers import crm
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.test_terminal import HOSTILE, unprintable

ENDLESS = "/dev/zero"
TRACK = "slug: bells\ntitle: Колокола\nroadmap: [{title: Первый}]\n"
PEOPLE = ("people", "import", "--table", "mentors")
READERS: Sequence[Sequence[str]] = [
    (*PEOPLE, ENDLESS),
    ("learning", "import", ENDLESS),
    ("learning", "template", "--scope", "global", "--file", ENDLESS),
    ("support", "prompt", "classifier", "--file", ENDLESS),
    ("courses", "consent-texts", "--add", "processing", "--ru", ENDLESS, "--en", ENDLESS),
    ("courses", "import", ENDLESS),
]


@pytest.mark.parametrize("command", READERS, ids=[" ".join(command[:2]) for command in READERS])
def test_a_file_without_an_end_is_refused_after_so_much_of_it(carillon: Carillon, command: Sequence[str]) -> None:
    ran = carillon(*command)

    assert ran.code == 1
    assert "is larger than" in ran.err or "has none of a crm.db's tables" in ran.err, ran.err


def grown(alias: str) -> str:
    """A track of thirty lines, each of which is twice the one before it."""
    lines = ["a0: &a0 {x: 1}", *(f"a{n}: &a{n} {alias.format(n - 1)}" for n in range(1, 30))]
    return "\n".join([*lines, TRACK])


@pytest.mark.parametrize("alias", ["[*a{0}, *a{0}]", "{{<<: [*a{0}, *a{0}]}}", "{{x: *a{0}, y: *a{0}}}"])
def test_a_track_that_grows_by_repetition_is_refused_before_it_has(
    carillon: Carillon, tmp_path: Path, alias: str
) -> None:
    file = tmp_path / "track.yml"
    file.write_text(grown(alias), encoding="utf-8")

    ran = carillon("learning", "import", str(file))

    assert ran.code == 1
    assert f"more than {MAX_NODES} values" in ran.err


def test_a_track_that_holds_itself_is_refused(carillon: Carillon, tmp_path: Path) -> None:
    file = tmp_path / "track.yml"
    file.write_text(f"a: &a [*a]\n{TRACK}", encoding="utf-8")

    assert carillon("learning", "import", str(file)).code == 1


def test_a_sheet_of_one_endless_line_is_refused_with_what_is_wrong(
    carillon: Carillon, sheet: Callable[..., str]
) -> None:
    ran = carillon(*PEOPLE, sheet("getcourse_id;email", "1;" + "a" * 10_000_000))

    assert ran.code == 1
    assert "a cell is longer than" in ran.out


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_sheet_dressed_up_steers_no_terminal(carillon: Carillon, sheet: Callable[..., str], form: list[str]) -> None:
    file = sheet(
        f"getcourse_id;email;first_name;{HOSTILE.replace(chr(13), '')}",
        "1;a@example.com;=HYPERLINK(1);",
        f'2;b@example.com;"{HOSTILE}";',
        f'3;"{HOSTILE}";Anna;',
    )
    ran = carillon(*PEOPLE, file, *form)

    assert ran.code in (0, 1)
    assert unprintable(ran.out + ran.err) == set()


def test_a_database_with_a_swollen_value_is_refused_with_what_is_wrong(
    carillon: Carillon, tmp_path: Path, connection: psycopg.Connection[DictRow]
) -> None:
    connection.execute("insert into courses.school (name) values ('Школа')")
    file = crm.make(tmp_path / "crm.db")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("update users set full_name = zeroblob(?) where id = 1", (MAX_VALUE_BYTES + 1,))

    ran = carillon("courses", "import", str(file))

    assert ran.code == 1
    assert f"crm.db has a value of more than {MAX_VALUE_BYTES // 1_000_000} MB" in ran.err


def test_a_database_dressed_up_steers_no_terminal(
    carillon: Carillon, tmp_path: Path, connection: psycopg.Connection[DictRow]
) -> None:
    connection.execute("insert into courses.school (name) values ('Школа')")
    file = crm.make(tmp_path / "crm.db")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("update users set full_name = ?, role = ?, phone = ?", (HOSTILE, HOSTILE, HOSTILE))
        database.execute(f'create table "{HOSTILE}" (a)')

    for options in ([], ["--json"], ["--apply"]):
        ran = carillon("courses", "import", str(file), *options)
        assert ran.code == 0
        assert unprintable(ran.out + ran.err) == set()


def test_secrets_are_not_written_where_somebody_elses_link_leads(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("kept")
    (tmp_path / ".env.new").symlink_to(elsewhere)

    with pytest.raises(AdminError, match="cannot be written"):
        env_file.complete(tmp_path / ".env", {"SECRETS_KEY": "k" * 43})
    assert elsewhere.read_text() == "kept"
