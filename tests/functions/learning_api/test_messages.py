"""The messages of a thread: pages both ways, and one message per key."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.learning_api.messages import PAGE_BYTES
from functions.learning_api.schema import MAX_CONTENT
from tests.functions.learning_api.conftest import WORDS, World, problem
from tests.helpers import learning

MANY = 1000


def fill(world: World, times: int) -> None:
    world.connection.execute(
        "insert into learning.chat_messages (thread_id, role, content) "
        "select %s, 'assistant', 'Ответ ' || n from generate_series(1, %s) n",
        (world.learner.threads["chat"], times),
    )


def walk(world: World, **query: Any) -> Iterator[list[int]]:
    """All pages in one direction, by their seqs; somebody talks on in between."""
    name = "nextAfter" if "after" in query else "nextBefore"
    while True:
        told = world.read(**query)
        assert told["hasMore"] == (told[name] is not None)
        yield [message["seq"] for message in told["messages"]]
        if not told["hasMore"]:
            return
        query[name.removeprefix("next").lower()] = told[name]
        fill(world, 1)


def test_a_message_is_read_as_it_was_stored(world: World) -> None:
    answers = [world.say(meta={"screen": "урок", "at": [1, 2.5, None, {"a": True}]}), world.say("42", role="tool")]

    assert [answer.status_code for answer in answers] == [201, 201]
    first, second = (answer.json() for answer in answers)
    assert set(first) == {"id", "seq", "role", "content", "meta", "createdAt"}
    assert (first["seq"], first["role"], first["content"]) == (1, "user", WORDS)
    assert first["meta"] == {"screen": "урок", "at": [1, 2.5, None, {"a": True}]}
    assert (second["seq"], second["role"], second["meta"]) == (2, "tool", {})
    assert world.read() == {"messages": [first, second], "hasMore": False, "nextBefore": None, "nextAfter": None}
    assert world.read("practice")["messages"] == []


def test_a_thousand_messages_are_paged_both_ways_while_more_are_added(world: World) -> None:
    fill(world, MANY)
    backwards = list(walk(world, limit=100))
    assert [len(page) for page in backwards] == [100] * 10
    assert [seq for page in reversed(backwards) for seq in page] == list(range(1, MANY + 1))

    said = MANY + 9  # one after each page but the last
    forwards = list(walk(world, after=0, limit=100))
    seqs = [seq for page in forwards for seq in page]
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) == said + len(forwards) - 1


@pytest.mark.parametrize("query", [{}, {"after": 0}], ids=["older", "newer"])
def test_a_page_of_long_messages_ends_early_and_the_next_one_goes_on(world: World, query: dict[str, int]) -> None:
    longest = 4 * MAX_CONTENT  # bytes
    fitting = -(-PAGE_BYTES // longest)
    world.connection.execute(
        "insert into learning.chat_messages (thread_id, role, content) "
        "select %s, 'user', repeat('🔔', %s) from generate_series(1, %s)",
        (world.learner.threads["chat"], MAX_CONTENT, 2 * fitting),
    )

    pages = list(walk(world, limit=100, **query))

    assert [len(page) for page in pages[:2]] == [fitting, fitting]
    seqs = sorted(seq for page in pages for seq in page)
    assert seqs[: 2 * fitting] == list(range(1, 2 * fitting + 1))


def test_the_usual_page_is_the_newest_fifty(world: World) -> None:
    fill(world, 120)
    told = world.read()

    assert [message["seq"] for message in told["messages"]] == list(range(71, 121))
    assert (told["hasMore"], told["nextBefore"], told["nextAfter"]) == (True, 71, None)
    assert [message["seq"] for message in world.read(before=71, limit=2)["messages"]] == [69, 70]
    assert world.read(after=120) == {"messages": [], "hasMore": False, "nextBefore": None, "nextAfter": None}
    assert world.read(before=0)["messages"] == []
    assert not world.read(before=51, limit=50)["hasMore"]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("limit=0", "limit is 1 to 100."),
        ("limit=101", "limit is 1 to 100."),
        ("limit=", "limit is a whole number."),
        ("limit=ten", "limit is a whole number."),
        ("before=-1", "before is a whole number."),
        ("after=99999999999999999999", "after is a whole number."),
        ("before=5&after=1", "Give before or after, not both."),
    ],
)
def test_a_page_that_cannot_be_is_refused(world: World, query: str, detail: str) -> None:
    answer = world.call("GET", world.mine(f"/messages/chat?{query}"))

    assert (answer.status_code, problem(answer)["detail"]) == (400, detail)


def test_two_parallel_calls_with_one_key_make_one_message(world: World) -> None:
    for round_ in range(10):
        answers = world.at_once(
            2, "POST", world.mine("/messages/chat"), headers={"Idempotency-Key": f"k{round_}"}, json={"content": "Да"}
        )

        assert [answer.status_code for answer in answers] == [201, 201]
        assert len({answer.text for answer in answers}) == 1
    assert world.count("chat_messages", "thread_id = %s", world.learner.threads["chat"]) == 10


def test_a_key_says_the_same_whenever_it_comes_and_something_else_is_409(world: World) -> None:
    first, again = world.say(key="k", meta={"a": 1, "b": 2}), world.say(key="k", meta={"b": 2, "a": 1})
    others = [
        world.say("Другое", key="k", meta={"a": 1, "b": 2}),
        world.say(key="k"),
        world.say(key="k", meta={"a": 1, "b": 2}, tab="practice"),
        world.say(key="k", meta={"a": 1, "b": 2}, role="tool"),
    ]

    assert (first.status_code, first.text) == (again.status_code, again.text)
    assert [other.status_code for other in others] == [409] * 4
    assert world.count("chat_messages", "thread_id = any(%s)", list(world.learner.threads.values())) == 1


def test_a_key_is_its_client_s_own(world: World) -> None:
    other = World(world.http, world.connection, learning.learner(world.connection))
    mine, theirs = world.say(key="common"), other.say("Другое", key="common")

    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["id"] != theirs.json()["id"]


def test_a_key_of_a_call_that_failed_is_free_again(world: World) -> None:
    thread = world.learner.threads["chat"]
    world.connection.execute("delete from learning.chat_threads where id = %s", (thread,))
    failed = world.say(key="k")
    learning.insert(world.connection, "learning.chat_threads", session_id=world.learner.session, tab="chat")

    assert (failed.status_code, world.count("idempotency_keys", "client_id = %s", world.learner.client)) == (404, 0)
    assert world.say("Другое", key="k").status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 256, "ключ"])
def test_a_key_that_is_none_is_refused(world: World, key: str) -> None:
    headers: Any = {**world.learner.headers, "Idempotency-Key": key.encode()}
    answer = world.http.post(world.mine("/messages/chat"), headers=headers, json={"content": "Да"})

    assert problem(answer)["title"] == "Bad Key"


def test_twenty_messages_at_once_are_all_there_in_one_order(world: World) -> None:
    answers = world.at_once(20, "POST", world.mine("/messages/chat"), json={"content": "Да"})

    assert sorted(answer.json()["seq"] for answer in answers) == list(range(1, 21))
    assert [message["seq"] for message in world.read()["messages"]] == list(range(1, 21))


def test_a_thread_that_is_gone_is_404_for_reading_and_writing(world: World) -> None:
    world.connection.execute("delete from learning.chat_threads where id = %s", (world.learner.threads["practice"],))
    answers = [world.call("GET", world.mine("/messages/practice")), world.say(tab="practice")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert len({answer.text for answer in answers}) == 1
