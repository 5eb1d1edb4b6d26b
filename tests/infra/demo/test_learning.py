"""The example lesson in a database that is there already, as make dev finds it."""

import pytest
from psycopg import Connection
from psycopg.rows import DictRow

from infra.admin.database import connect
from infra.demo.learning import example
from infra.local.keys import Keys
from shared.credentials.secrets import hash_secret


@pytest.fixture(autouse=True)
def _settings(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)


def seed(keys: Keys) -> None:
    with connect() as own:
        example.seed(own, keys)


def tokens(connection: Connection[DictRow]) -> list[bytes]:
    rows = connection.execute("select token_hash from learning.client_tokens order by client_id")
    return [bytes(row["token_hash"]) for row in rows]


def test_opened_twice_it_is_as_opened_once(connection: Connection[DictRow]) -> None:
    keys = Keys()
    seed(keys)
    seed(keys)

    assert tokens(connection) == [hash_secret(keys.learning_token), hash_secret(keys.learning_server_token)]
    assert [row["slug"] for row in connection.execute("select slug from learning.tracks")] == [example.TRACK]


def test_a_token_made_anew_replaces_that_of_keys_that_were_deleted(connection: Connection[DictRow]) -> None:
    keys = Keys()
    seed(Keys())
    seed(keys)

    assert tokens(connection) == [hash_secret(keys.learning_token), hash_secret(keys.learning_server_token)]


def test_what_somebody_made_of_the_track_stays(connection: Connection[DictRow]) -> None:
    seed(Keys())
    connection.execute("update learning.tracks set title = 'Другой'")
    seed(Keys())

    assert [row["title"] for row in connection.execute("select title from learning.tracks")] == ["Другой"]
