"""What the schema learning refuses, whoever asks, and the order that it gives."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from psycopg.errors import CheckViolation, ForeignKeyViolation, UniqueViolation
from psycopg.rows import DictRow, dict_row

from tests.helpers import learning
from tests.helpers.learning import Learner, insert

Plain = psycopg.Connection[DictRow]


@pytest.fixture(scope="module")
def connection(module_direct_url: str) -> Iterator[Plain]:
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as plain:
        yield plain


@pytest.fixture
def learner(connection: Plain) -> Learner:
    return learning.learner(connection)


def _say(connection: Plain, thread: Any, content: str = "Слово", **columns: Any) -> Any:
    return insert(connection, "learning.chat_messages", thread_id=thread, role="user", content=content, **columns)


def _numbers(connection: Plain, thread: Any) -> list[int]:
    return [row["seq"] for row in learning.messages(connection, thread)]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("template_scope", ["global", "track", "createTrack"]),
        ("chat_tab", ["chat", "practice", "simulation"]),
        ("message_role", ["user", "assistant", "tool"]),
        ("synopsis_origin", ["live", "snapshot", "imported"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_enums_are_the_documents(connection: Plain, name: str, values: list[str]) -> None:
    [row] = connection.execute(f"select enum_range(null::learning.{name})::text[] as found".encode()).fetchall()

    assert row["found"] == values


def test_a_session_has_the_documents_defaults(connection: Plain, learner: Learner) -> None:
    query = "select active_tab::text, sidebar_visible from learning.track_sessions where id = %s"

    assert connection.execute(query, (learner.session,)).fetchone() == {"active_tab": "chat", "sidebar_visible": True}


def test_a_session_has_one_thread_per_tab(connection: Plain, learner: Learner) -> None:
    with pytest.raises(UniqueViolation):
        insert(connection, "learning.chat_threads", session_id=learner.session, tab="chat")


def test_somebody_has_one_session_per_track(connection: Plain, learner: Learner) -> None:
    with pytest.raises(UniqueViolation):
        connection.execute(
            "insert into learning.track_sessions (user_id, track_id)"
            " select user_id, track_id from learning.track_sessions where id = %s",
            (learner.session,),
        )


def test_a_device_is_one_user_per_client(connection: Plain, learner: Learner) -> None:
    other, _ = learning.client(connection)

    insert(connection, "learning.users", client_id=other, device_id=learner.device)
    with pytest.raises(UniqueViolation):
        insert(connection, "learning.users", client_id=learner.client, device_id=learner.device)


def test_a_session_has_one_live_synopsis_and_any_number_of_others(connection: Plain, learner: Learner) -> None:
    for origin in ("live", "snapshot", "snapshot", "imported", "imported"):
        insert(connection, "learning.synopses", session_id=learner.session, origin=origin)

    with pytest.raises(UniqueViolation):
        insert(connection, "learning.synopses", session_id=learner.session, origin="live")


@pytest.mark.parametrize(("scope", "has_track"), [("track", False), ("global", True), ("createTrack", True)])
def test_a_template_names_a_track_when_it_is_a_tracks(
    connection: Plain,
    learner: Learner,
    scope: str,
    has_track: bool,  # noqa: FBT001
) -> None:
    with pytest.raises(CheckViolation):
        learning.template(connection, "Слова", scope=scope, track_id=learner.track if has_track else None)


@pytest.mark.parametrize("tab", [None, "chat"], ids=["all tabs", "one tab"])
def test_a_version_of_a_template_is_one(connection: Plain, learner: Learner, tab: str | None) -> None:
    """Also where there is no tab: nulls are equal here."""
    learning.template(connection, "Первая", track_id=learner.track, tab=tab)
    learning.template(connection, "Вторая", track_id=learner.track, tab=tab, version=2)

    with pytest.raises(UniqueViolation):
        learning.template(connection, "Ещё одна вторая", track_id=learner.track, tab=tab, version=2)


def test_items_of_a_roadmap_change_places_in_one_transaction(connection: Plain, learner: Learner) -> None:
    items = "learning.track_roadmap_items"
    first = insert(connection, items, track_id=learner.track, position=1, title="Первое")
    second = insert(connection, items, track_id=learner.track, position=2, title="Второе")

    with connection.transaction():
        connection.execute("set constraints all deferred")
        connection.execute("update learning.track_roadmap_items set position = 2 where id = %s", (first,))
        connection.execute("update learning.track_roadmap_items set position = 1 where id = %s", (second,))
    with pytest.raises(UniqueViolation):
        insert(connection, items, track_id=learner.track, position=1, title="Ещё одно первое")


def test_messages_are_numbered_within_their_thread_whatever_is_asked_for(connection: Plain, learner: Learner) -> None:
    _say(connection, learner.threads["chat"])
    _say(connection, learner.threads["chat"], seq=77)
    _say(connection, learner.threads["practice"])

    assert _numbers(connection, learner.threads["chat"]) == [1, 2]
    assert _numbers(connection, learner.threads["practice"]) == [1]


def test_a_message_that_is_rolled_back_leaves_no_gap(connection: Plain, learner: Learner) -> None:
    thread = learner.threads["chat"]
    _say(connection, thread)
    with connection.transaction(force_rollback=True):
        _say(connection, thread)
        _say(connection, thread)
    _say(connection, thread)

    assert _numbers(connection, thread) == [1, 2]


def test_many_writers_by_hand_leave_no_gap_and_no_number_twice(
    connection: Plain, learner: Learner, module_direct_url: str
) -> None:
    thread = learner.threads["chat"]

    def write(writer: int) -> None:
        with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as own:
            for number in range(10):
                with own.transaction(force_rollback=number % 3 == 2):
                    _say(own, thread, f"{writer}-{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))

    assert _numbers(connection, thread) == list(range(1, 8 * 7 + 1))


def test_a_message_needs_a_thread(connection: Plain, learner: Learner) -> None:
    with pytest.raises(ForeignKeyViolation):
        _say(connection, learner.session)


def test_a_session_takes_its_threads_messages_and_synopses_along(connection: Plain, learner: Learner) -> None:
    _say(connection, learner.threads["chat"])
    insert(connection, "learning.synopses", session_id=learner.session, origin="live")

    connection.execute("delete from learning.track_sessions where id = %s", (learner.session,))

    assert _numbers(connection, learner.threads["chat"]) == []
    left = "select from learning.synopses where session_id = %s"
    assert connection.execute(left, (learner.session,)).fetchall() == []


def test_a_track_that_somebody_learns_cannot_be_deleted(connection: Plain, learner: Learner) -> None:
    with pytest.raises(ForeignKeyViolation):
        connection.execute("delete from learning.tracks where id = %s", (learner.track,))


@pytest.mark.parametrize("slug", ["", "Слово", "two words", "-begin", "UPPER"])
def test_a_slug_fits_into_an_address(connection: Plain, slug: str) -> None:
    with pytest.raises(CheckViolation):
        insert(connection, "learning.tracks", slug=slug, title="Курс")
