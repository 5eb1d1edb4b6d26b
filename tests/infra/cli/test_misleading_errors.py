"""What sends people the wrong way, as they meet it: the command says what is wrong and what mends it."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.local import postgres
from shared.credentials import secrets
from tests.helpers import arrange, canaries
from tests.helpers.serving import free_port
from tests.infra.cli.conftest import Carillon, Ran

OWNER = "carillon_test_plain_owner"
ADD = ("bots", "add", "--system", "getcourse", "--no-check", "--token")
OTHER_TOKEN = canaries.BOT_TOKEN.replace("7000000001", "7000000009")


def address(url: str, user: str = "", database: str = "", port: int = 0) -> str:
    """`url` with another user, database or port."""
    parts = urlsplit(url)
    login, _, place = parts.netloc.rpartition("@")
    host = place.rpartition(":")[0] if port else place
    netloc = f"{user or login}@{host}" + (f":{port}" if port else "")
    return urlunsplit(parts._replace(netloc=netloc, path=f"/{database}" if database else parts.path))


def complaint(ran: Ran) -> str:
    """What a command that failed says."""
    assert ran.code == 1
    return " ".join(ran.err.split())


@pytest.fixture(scope="module")
def owned(server_url: str) -> Iterator[str]:
    """The address of an empty database, as its owner, who is no superuser and may make no roles."""
    url = postgres.create_database(server_url, "carillon_test_plain_owner")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"drop role if exists {OWNER}")
        connection.execute(f"create role {OWNER} login password 'p%@/w'")
        connection.execute(f"alter database carillon_test_plain_owner owner to {OWNER}")
    yield address(url, f"{OWNER}:p%25%40%2Fw")
    postgres.drop_database(server_url, "carillon_test_plain_owner")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"drop role {OWNER}")


def test_an_owner_who_may_not_create_roles_reads_which_right_is_missing_and_who_gives_it(
    carillon: Carillon, owned: str
) -> None:
    said = complaint(carillon("db", "upgrade", DATABASE_URL=owned))

    assert f"the database user {OWNER} may not create roles" in said
    assert f'a superuser runs: alter role "{OWNER}" createrole' in said


@pytest.mark.slow
def test_an_owner_who_may_create_roles_migrates_an_empty_database(
    carillon: Carillon, owned: str, server_url: str
) -> None:
    with psycopg.connect(server_url, autocommit=True) as superuser:
        superuser.execute(f"alter role {OWNER} createrole")
        upgraded = carillon("db", "upgrade", DATABASE_URL=owned)
        # Roles that another database of this server has made a superuser gives, all at once: the command says how.
        if step := re.search("a superuser runs: (grant .* with admin option); then again", upgraded.err):
            superuser.execute(step[1])
            upgraded = carillon("db", "upgrade", DATABASE_URL=owned)

    assert (upgraded.code, upgraded.err) == (0, ""), upgraded.err


def test_where_nothing_is_found_each_part_of_the_address_is_told_apart(carillon: Carillon, direct_url: str) -> None:
    port = free_port()

    nowhere = complaint(carillon("bots", "list", DATABASE_URL=address(direct_url, port=port)))
    unnamed = complaint(carillon("bots", "list", DATABASE_URL=address(direct_url, database="no_such_database")))
    unknown = complaint(carillon("bots", "list", DATABASE_URL=address(direct_url, user="no_such_user:x")))

    assert "nothing listens" in nowhere
    assert "no database no_such_database" in unnamed
    assert "no user no_such_user" in unknown
    assert "DATABASE_DIRECT_URL" not in nowhere + unnamed + unknown  # nobody has set it


def test_an_sslmode_that_there_is_none_is_told_apart_from_an_address_that_is_none(
    carillon: Carillon, direct_url: str
) -> None:
    said = complaint(
        carillon("db", "status", DATABASE_URL=f"{direct_url}{'&' if '?' in direct_url else '?'}sslmode=on")
    )

    assert "DATABASE_URL has an sslmode that Postgres does not know" in said
    assert "write sslmode=require" in said


def test_a_right_that_a_user_lacks_is_named_with_user_and_object(
    carillon: Carillon, direct_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    user = "carillon_test_reader"
    connection.execute(f"create role {user} login")
    try:
        stranger = complaint(carillon("bots", "list", DATABASE_URL=address(direct_url, user)))
        connection.execute(f"grant usage on schema platform to {user}")
        reader = complaint(carillon("bots", "list", DATABASE_URL=address(direct_url, user)))
    finally:
        connection.execute(f"drop owned by {user}")
        connection.execute(f"drop role {user}")

    assert f"the database user {user} may not use the schema platform" in stranger
    assert f"the database user {user} may not use the table bots" in reader
    assert "carillon db upgrade" in reader


def test_one_token_under_two_names_says_which_bot_has_it(carillon: Carillon) -> None:
    assert carillon(*ADD, canaries.BOT_TOKEN, "school").code == 0

    twice = complaint(carillon(*ADD, canaries.BOT_TOKEN, "academy"))
    other = complaint(carillon(*ADD, OTHER_TOKEN, "school"))

    assert "already that of bot school (system getcourse)" in twice
    assert "school is another account" in other


def test_where_bots_are_sealed_only_their_key_seals_another(carillon: Carillon) -> None:
    another = secrets.new_key()
    assert carillon(*ADD, canaries.BOT_TOKEN, "school").code == 0

    missing = complaint(carillon("bots", "check", SECRETS_KEY=""))
    wrong = complaint(carillon(*ADD, OTHER_TOKEN, "academy", SECRETS_KEY=another))

    assert "SECRETS_KEY is not set → set the key that sealed what is stored" in missing
    assert "new-key" not in missing
    assert "not the key that sealed the token of bot school" in wrong
    both = f"{another},{arrange.SECRETS_KEY}"
    assert carillon(*ADD, OTHER_TOKEN, "academy", SECRETS_KEY=both).code == 0
    assert carillon(*ADD, canaries.BOT_TOKEN, "school", SECRETS_KEY=another).code == 0, (
        "that is how a lost key is got over"
    )
