"""carillon db roles: a login for each function, which may do what the function does and nothing else."""

import base64
import hashlib
import hmac
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import errors

from infra.admin.logins import address
from tests.conftest import rows
from tests.conventions import tree
from tests.conventions.test_statements import explain
from tests.infra.cli.conftest import Carillon

FUNCTIONS = tree.FUNCTIONS
# Tables that a login may do something with and its function's role may not, or the other way round.
UNLIKE = """
select c.oid::regclass::text, p.name
from pg_class c cross join unnest(array['select', 'insert', 'update', 'references']) as p (name)
where c.relkind in ('r', 'p', 'v')
  and has_any_column_privilege(c.oid, p.name) <> has_any_column_privilege(%s, c.oid, p.name)
union all
select c.oid::regclass::text, 'delete'
from pg_class c
where c.relkind in ('r', 'p', 'v') and has_table_privilege(c.oid, 'delete') <> has_table_privilege(%s, c.oid, 'delete')
"""
OURS = "select rolname::text as name from pg_roles where starts_with(rolname, %s) order by 1 desc"
END = """
select case when rolvaliduntil < 'infinity'
            then round(extract(epoch from rolvaliduntil - now()) / 3600)::int end as hours
from pg_roles where rolname = %s
"""
MEMBER = """
select array_agg(g.rolname::text) from pg_auth_members m join pg_roles g on g.oid = m.roleid
where m.member = %s::regrole
"""


@pytest.fixture
def prefix(server_url: str) -> Iterator[str]:
    """What the logins of a test begin with: they belong to the whole cluster."""
    name = f"test_{uuid.uuid4().hex[:10]}"
    yield name
    with psycopg.connect(server_url, autocommit=True) as connection:
        for (role,) in rows(connection, OURS, name):
            connection.execute(f"drop owned by {role}; drop role {role}")


def user(url: str) -> str:
    return str(urlsplit(url).username)


def knows(connection: psycopg.Connection[Any], url: str) -> bool:
    """Whether the password in `url` is its login's: the tests' server asks for none."""
    [row] = rows(connection, "select rolpassword as verifier from pg_authid where rolname = %s", user(url))
    _, iterations, keys = row["verifier"].split("$")
    count, salt = iterations.split(":")
    salted = hashlib.pbkdf2_hmac("sha256", str(urlsplit(url).password).encode(), base64.b64decode(salt), int(count))
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    known: str = keys.split(":")[0]
    return known == base64.b64encode(stored).decode()


def test_each_login_runs_its_functions_statements_and_is_refused_those_of_others(
    carillon: Carillon, prefix: str
) -> None:
    made = carillon("db", "roles", "--prefix", prefix, "--json")

    assert sorted(made.json) == [f"DATABASE_URL_{name}" for name in FUNCTIONS]
    assert not any(url in made.err for url in made.json.values())
    others = {name: tree.statements_of(name) for name in ("ingest_webhook", "learning_api")}
    for function in FUNCTIONS:
        url = made.json[f"DATABASE_URL_{function}"]
        with psycopg.connect(url, autocommit=True) as connection:
            assert rows(connection, "select current_user::text") == [(f"{prefix}_{function}_a",)]
            assert rows(connection, MEMBER, user(url)) == [([f"fn_{function}"],)]
            assert rows(connection, UNLIKE, f"fn_{function}", f"fn_{function}") == []
            for statement in tree.statements_of(function)[:10]:  # what its role may do, it may: all are tried elsewhere
                explain(connection, statement)
            another = "learning_api" if function == "ingest_webhook" else "ingest_webhook"
            assert any(_is_refused(connection, statement) for statement in others[another])


def _is_refused(connection: psycopg.Connection[Any], statement: tree.Statement) -> bool:
    try:
        explain(connection, statement)
    except errors.InsufficientPrivilege:
        return True
    return False


def test_twice_is_as_good_as_once_and_what_was_added_by_hand_is_taken_away(
    carillon: Carillon, connection: psycopg.Connection[Any], prefix: str
) -> None:
    url = carillon("db", "roles", "serve_media", "--prefix", prefix, "--json").json["DATABASE_URL_serve_media"]
    connection.execute(f"grant fn_housekeeping to {user(url)}; revoke fn_serve_media from {user(url)}".encode())

    again = carillon("db", "roles", "serve_media", "--prefix", prefix)

    assert (again.code, again.out, "--rotate" in again.err) == (0, "", True)
    assert knows(connection, url)
    assert rows(connection, MEMBER, user(url))[0]["array_agg"] == ["fn_serve_media"]


def test_a_rotation_gives_the_login_that_rests_a_password_and_lets_the_former_one_end(
    carillon: Carillon, connection: psycopg.Connection[Any], prefix: str
) -> None:
    def rotate(*options: str) -> str:
        text = carillon("db", "roles", "learning_api", "--prefix", prefix, *options).out
        return text.partition("=")[2].strip()

    def hours_left(url: str) -> int | None:
        [row] = rows(connection, END, user(url))
        hours: int | None = row["hours"]
        return hours

    first, second = rotate(), rotate("--rotate", "--keep-old-for", "7d")
    assert (user(first)[-2:], user(second)[-2:]) == ("_a", "_b")
    assert (hours_left(first), hours_left(second)) == (168, None)
    assert knows(connection, first)
    assert knows(connection, second)

    third = rotate("--rotate")
    assert (user(third), hours_left(second), hours_left(third)) == (user(first), 24, None)
    assert knows(connection, third)
    assert not knows(connection, first)


def test_a_file_is_nobody_elses_and_is_never_written_over(
    carillon: Carillon, connection: psycopg.Connection[Any], prefix: str, tmp_path: Path
) -> None:
    file = tmp_path / "logins.env"
    made = carillon("db", "roles", "housekeeping", "--prefix", prefix, "--file", str(file))
    name, _, url = file.read_text().strip().partition("=")

    assert (made.code, made.out, stat.S_IMODE(file.stat().st_mode)) == (0, "", 0o600)
    assert name == "DATABASE_URL_housekeeping"
    assert url not in made.err
    assert knows(connection, url)

    refused = carillon("db", "roles", "housekeeping", "--prefix", prefix, "--rotate", "--file", str(file))
    assert (refused.code, "already" in refused.err) == (1, True)
    assert rows(connection, OURS, prefix) == [{"name": user(url)}]


def test_a_login_that_may_more_than_a_function_is_pointed_out(
    carillon: Carillon, connection: psycopg.Connection[Any], prefix: str
) -> None:
    connection.execute(f"create role {prefix}_serve_media_a login createdb".encode())

    refused = carillon("db", "roles", "serve_media", "--prefix", prefix)

    assert (refused.code, "nocreatedb" in refused.err) == (1, True)


def test_an_owner_who_is_no_superuser_makes_them_too_and_hears_which_right_is_missing(
    carillon: Carillon, connection: psycopg.Connection[Any], direct_url: str, prefix: str
) -> None:
    owner = f"{prefix}_x"
    connection.execute(f"create role {owner} login".encode())
    as_owner = {"DATABASE_URL": address(direct_url, "", owner, "x")}
    command = ("db", "roles", "serve_media", "--prefix", prefix)

    refused = carillon(*command, **as_owner)
    assert (refused.code, f'alter role "{owner}" createrole' in refused.err) == (1, True)

    connection.execute(f"alter role {owner} createrole".encode())
    if connection.info.server_version >= 160000:
        refused = carillon(*command, **as_owner)
        assert (refused.code, f'grant "fn_serve_media" to "{owner}" with admin option' in refused.err) == (1, True)
        connection.execute(f"grant fn_serve_media to {owner} with admin option".encode())

    made = carillon(*command, **as_owner)
    assert (made.code, carillon(*command, "--rotate", **as_owner).code) == (0, 0)
    assert knows(connection, made.out.partition("=")[2].strip())
    connection.execute(f"drop owned by {owner}".encode())


def test_a_function_that_is_none_and_a_database_without_the_schema_are_named(carillon: Carillon, prefix: str) -> None:
    unknown = carillon("db", "roles", "serve_coffee", "--prefix", prefix)

    assert (unknown.code, "serve_coffee" in unknown.err) == (2, True)
    assert carillon("db", "roles", "--prefix", "No").code == 2
