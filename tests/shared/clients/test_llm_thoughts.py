"""What a reasoning model thought before it answered is no part of the answer, whole or in pieces."""

import json
from collections.abc import Iterator

import pytest

from shared.clients.http import HttpResponse
from shared.clients.llm import MAX_TEXT, ModelError, parse
from shared.clients.llm.stream import StreamParser

ANSWERS = [
    ("<think>Клиент зол.</think>Здравствуйте!", "Здравствуйте!"),
    ("\n<think>\nКлиент зол.\n</think>\n\n Здравствуйте! ", "Здравствуйте!"),
    ("<think></think>Здравствуйте!", "Здравствуйте!"),
    ("<think>раз</think> <think>два</think>Здравствуйте!", "Здравствуйте!"),
    ("<think>Он пишет: <think></think>Здравствуйте!", "Здравствуйте!"),
    (f"<think>{'я' * 2 * MAX_TEXT}</think>Здравствуйте!", "Здравствуйте!"),
    ("<thinking> пишут иначе", "<thinking> пишут иначе"),
    ("Мысли пишут так: <think>раз</think>", "Мысли пишут так: <think>раз</think>"),
    ("< think", "< think"),
]
WITHOUT_ANSWER = ["<think>Клиент зол.", "<think>Клиент зол.</think>\n", "<think>", "<think>Клиент зол.</thin", "<th"]


def whole(text: str) -> str:
    body = {"choices": [{"message": {"content": text}, "finish_reason": "stop"}]}
    return parse(HttpResponse(200, {}, json.dumps(body).encode())).text


def pieces(text: str, size: int) -> Iterator[str]:
    """What a reader gets of `text` when it comes in pieces of `size` characters. Raises ModelError."""
    parser = StreamParser()
    for start in range(0, len(text), size):
        chunk = {"choices": [{"delta": {"content": text[start : start + size]}}]}
        yield from parser.feed(b"data: %s\n\n" % json.dumps(chunk).encode())
    list(parser.feed(b"data: [DONE]\n\n"))
    said = parser.completion().text
    yield f"={said}"


@pytest.mark.parametrize(("text", "answer"), ANSWERS, ids=range(len(ANSWERS)))
def test_thoughts_at_the_beginning_are_left_out(text: str, answer: str) -> None:
    assert whole(text) == answer
    for size in (1, 5, len(text)) if len(text) < MAX_TEXT else (1000,):
        assert "".join(pieces(text, size)) == f"{answer}={answer}"


@pytest.mark.parametrize("text", WITHOUT_ANSWER)
def test_a_thought_without_an_answer_says_nothing(text: str) -> None:
    with pytest.raises(ModelError, match="empty"):
        whole(text)
    with pytest.raises(ModelError, match="empty"):
        list(pieces(text, 1))
