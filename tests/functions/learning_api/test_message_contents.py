"""What a message may hold: what is refused, and what is kept as it came."""

import pytest

from tests.functions.learning_api.conftest import World, problem


def test_what_postgres_cannot_hold_leaves_a_mark(world: World) -> None:
    told = world.say("a\x00b", meta={"c\x00": ["d\x00e"]}).json()

    assert (told["content"], told["meta"]) == ("a\ufffdb", {"c\ufffd": ["d\ufffde"]})
    assert world.read()["messages"] == [told]
    assert world.say("\x00").json()["content"] == "\ufffd"


def test_a_field_that_is_not_known_here_means_nothing(world: World) -> None:
    answers = [world.say(key="k"), world.say(key="k", screen="урок", id="b")]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].text == answers[1].text


NUMBER = "meta has a number in it that is none in JSON, or beyond 1e15."


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ('{"content": "a", "role": "assistant"}', "role is none of 'user' or 'tool'."),
        ('{"content": ""}', "content is empty."),
        ('{"content": "%s"}' % ("я" * 16_001), "content has more than 16000 characters."),
        ('{"role": "user"}', "content is missing."),
        ('{"content": "a", "meta": []}', "meta is no object."),
        ('{"content": "a", "meta": null}', "meta is no object."),
        ('{"content": "a", "meta": {"a": "%s"}}' % ("я" * 2000), "meta has more than 4000 bytes."),
        ('{"content": "a", "meta": {"a": NaN}}', NUMBER),
        ('{"content": "a", "meta": {"a": [1e999]}}', NUMBER),
        ('{"content": "a", "meta": {"a": [1e308]}}', NUMBER),
        ('{"content": "a", "meta": {"a": {"b": -1.1e15}}}', NUMBER),
        ('{"content": "a", "meta": {"a": 1000000000000001}}', NUMBER),
        (f'{{"content": "a", "meta": {{"a": [{", ".join(["1e-300"] * 20)}]}}}}', "meta has more than 4000 bytes."),
    ],
)
def test_what_is_wrong_with_a_message_is_said(world: World, body: str, detail: str) -> None:
    answer = world.call("POST", world.mine("/messages/chat"), content=body.encode())

    assert (answer.status_code, problem(answer)["detail"]) == (422, detail)
    assert world.count("chat_messages", "thread_id = %s", world.learner.threads["chat"]) == 0


@pytest.mark.parametrize(
    ("number", "kept"),
    [("999999999999999", 999999999999999), ("1e15", 1e15), ("-1e15", -1e15), ("-0.0", 0), ("1e-400", 0),
     ("5e-324", 5e-324)],
)  # fmt: skip
def test_numbers_up_to_1e15_are_kept(world: World, number: str, kept: float) -> None:
    body = f'{{"content": "a", "meta": {{"n": {number}}}}}'
    answer = world.call("POST", world.mine("/messages/chat"), content=body.encode())

    assert answer.status_code == 201
    assert world.read()["messages"][0]["meta"] == {"n": kept}


@pytest.mark.parametrize(
    "piece", ["1e15", "-1e15", "1e-9", "0", '""', "{}", '"\\u0000"', '"\\u001f"', '"\\u044f"', "null"]
)
def test_what_is_read_is_never_much_larger_than_what_was_sent(world: World, piece: str) -> None:
    body = f'{{"content": "a", "meta": {{"a": [{",".join([piece] * 180)}]}}}}'
    answer = world.call("POST", world.mine("/messages/chat"), content=body.encode())
    page = world.call("GET", world.mine("/messages/chat"))

    assert answer.status_code == 201
    assert max(len(answer.content), len(page.content)) < 4 * len(body) + 400


def test_nesting_without_end_is_refused(world: World) -> None:
    body = '{"content": "a", "meta": {"a": %s}}' % ("[" * 1900 + "]" * 1900)
    answer = world.call("POST", world.mine("/messages/chat"), content=body.encode())

    assert problem(answer)["status"] == 400
