"""Forms and queries in whatever encoding their sender wrote them."""

from urllib.parse import quote_from_bytes, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.ingest_webhook.encodings import unescape
from functions.ingest_webhook.form import read_form
from functions.ingest_webhook.forwarding import unwrap
from functions.ingest_webhook.request import WebhookRequest, read
from tests.functions.ingest_webhook.properties import thorough

RUSSIAN = [
    "Привет",
    "да",
    "Готово, исправил: «ещё раз» № 5 — проверьте",
    "Я сделала задание 2.4 (html-код и ссылка https://example.com/?a=1)",
    "Задание выполнила. Прошу проверить, спасибо! ВАЖНО: срок до 5 мая.",
    "Ґанок і їжак, є ще питання",
]
OTHERS = {
    "koi8-r": ["Привет", "готово", "ВСЁ ГОТОВО", "Проверьте, пожалуйста, моё задание"],
    "cp1252": ["Déjà vu", "je vais à Paris", "Müller, Österreich", "¿Qué año?", "à"],
    "cp866": ["Привет, проверьте задание", "готово"],
}


def field(raw: bytes) -> bytes:
    return b"answer_id=1&answer_text=" + quote_from_bytes(raw, safe="").encode()


def replaced(text: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in text)


@pytest.mark.parametrize("text", RUSSIAN)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_russian_is_read_in_utf8_and_in_windows_1251(text: str, encoding: str) -> None:
    assert read_form(field(text.encode(encoding))) == {"answer_id": "1", "answer_text": text}
    unescaped = text.replace("&", "").replace("+", "").encode(encoding)
    assert read_form(b"answer_text=" + unescaped)["answer_text"] == text


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, texts in OTHERS.items() for text in texts])
def test_bytes_of_another_encoding_are_never_read_as_if_they_were_russian(encoding: str, text: str) -> None:
    read_as = read_form(field(text.encode(encoding)))["answer_text"]

    assert replaced(read_as)
    assert read_as.encode("utf-8", "surrogateescape") == text.encode(encoding)


@pytest.mark.parametrize("cut", range(1, 12))
def test_utf8_that_was_cut_inside_a_letter_keeps_its_whole_letters(cut: int) -> None:
    text = "Проверьте"
    read_as = read_form(field(text.encode()[:cut]))["answer_text"]

    assert read_as[: cut // 2] == text[: cut // 2]
    assert replaced(read_as) == bool(cut % 2)


def test_all_fields_that_are_no_utf8_say_together_what_they_are_in() -> None:
    fields = {"user_first_name": "Ольга", "answer_text": "ДА", "Урок": "Вдох & выдох"}
    form = "&".join(
        f"{quote_plus(name.encode('cp1251'))}={quote_plus(text.encode('cp1251'), safe='&')}"
        for name, text in fields.items()
    )

    assert read_form(f"answer_id=1&{form}".encode()) == {"answer_id": "1", **fields}
    assert replaced(read_form(field("ДА".encode("cp1251")))["answer_text"])


@pytest.mark.parametrize("text", ["100% готово", "5%zz", "%D0%9F", "%41", "%C8", "%E9t%E9", "", "50%"])
def test_only_what_a_forwarder_could_not_unescape_is_unescaped(text: str) -> None:
    assert unescape(text) == text


def test_what_n8n_left_escaped_is_read() -> None:
    query = {"user_id": "5", "answer_id": "7", "answer_text": quote_from_bytes("Привет, я всё".encode("cp1251"))}
    body = f'[{{"headers": {{}}, "params": {{}}, "query": {query}, "body": {{}}}}]'.replace("'", '"').encode()

    assert read(unwrap(WebhookRequest("", body, "application/json"))).content["answer_text"] == "Привет, я всё"


def test_bytes_that_are_no_text_survive_the_layers_that_are_taken_off() -> None:
    form = b'payload={"answer_text": "%C8 %FF"}'
    payload = read(unwrap(WebhookRequest("", form, "application/x-www-form-urlencoded")))

    assert payload.sanitized
    assert payload.original == {"answer_text": "\udcc8 \udcff"}
    assert payload.content == {"answer_text": "� �"}


@thorough
@given(raw=st.binary(max_size=40))
def test_no_two_texts_become_one(raw: bytes) -> None:
    """What is read says what came: as UTF-8, as windows-1251, or byte by byte."""
    text = read_form(field(raw))["answer_text"]

    came = [text.encode(encoding, "surrogateescape") for encoding in ("utf-8", "cp1251") if _can(text, encoding)]
    assert raw in came or text.encode("utf-8", "surrogatepass") == raw


def _can(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding, "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True
