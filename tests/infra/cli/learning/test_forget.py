"""carillon learning forget."""

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.helpers import learning
from tests.helpers.learning import Learner
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.forgetting.leftovers import archived

Connection = psycopg.Connection[DictRow]

TABLES = ("users", "track_sessions", "chat_threads", "chat_messages", "synopses")
FORGET = ("learning", "forget", "app", "--device")


@pytest.fixture
def gone(connection: Connection) -> Learner:
    """Somebody with two messages and a synopsis; beside them somebody else of the same client."""
    client = learning.client(connection)
    connection.execute("update learning.clients set name = 'app'")
    somebody, other = learning.learner(connection, client), learning.learner(connection, client)
    for learner in (somebody, other):
        for tab in ("chat", "practice"):
            learning.insert(
                connection, "learning.chat_messages", thread_id=learner.threads[tab], role="user", content="Да"
            )
        learning.insert(connection, "learning.synopses", session_id=learner.session, origin="live")
    return somebody


def counts(connection: Connection) -> list[int]:
    return [rows(connection, f"select count(*) as rows from learning.{table}")[0]["rows"] for table in TABLES]


def test_a_learner_goes_with_everything_and_nobody_else_does(
    carillon: Carillon, connection: Connection, gone: Learner
) -> None:
    assert counts(connection) == [2, 2, 6, 4, 2]
    archived(connection, "learning.track_sessions")
    done = carillon(*FORGET, gone.device, "--yes")

    assert (done.code, "1 session, 2 messages went" in done.out) == (0, True)
    assert counts(connection) == [1, 1, 3, 2, 1]
    assert rows(connection, "select from learning.users where device_id = %s", gone.device) == []
    [left] = rows(connection, "select lines from platform.archive_queue")
    assert left["lines"].count('"user_id"') == 1


def test_it_asks_first_and_a_no_changes_nothing(carillon: Carillon, connection: Connection, gone: Learner) -> None:
    asked = carillon(*FORGET, gone.device, stdin="n\n")

    assert (asked.code, "1 session, 2 messages will be gone" in asked.out) == (1, True)
    assert counts(connection)[0] == 2
    assert carillon(*FORGET, gone.device, stdin="y\n").code == 0
    assert counts(connection)[0] == 1


def test_whom_nobody_knows_is_an_error_that_says_so(carillon: Carillon, connection: Connection, gone: Learner) -> None:
    nobody = carillon(*FORGET, "nobodys", "--yes")
    client = carillon("learning", "forget", "other", "--device", gone.device, "--yes")

    assert (nobody.code, "no learner with this device" in nobody.err) == (1, True)
    assert (client.code, "there are: app" in client.err) == (1, True)
    assert carillon("learning", "forget", "app", "--yes").code == 2
    assert counts(connection)[0] == 2
