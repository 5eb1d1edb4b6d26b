"""Ten photos at once: one conversation, ten messages, ten files in the topic."""

from collections import Counter

import pytest

from tests.functions.ingest_webhook.whatsapp.gate import (
    DUPLICATE,
    PHOTO,
    STORED,
    Gate,
    at_once,
    cloud,
    cloud_text,
    new_jid,
    photo,
)

URLS = [f"https://files.example/{number}.jpg" for number in range(10)]


@pytest.mark.parametrize("is_known", [False, True])
async def test_an_album_in_parallel_is_one_conversation_with_ten_messages(gate: Gate, *, is_known: bool) -> None:
    jid = new_jid()
    if is_known:
        gate.called(gate.begun(jid))
    album = [photo(jid, mediaData=PHOTO | {"url": url}) for url in URLS]

    answers = await at_once(gate.served.url, album + album)

    assert Counter(str(one.json()) for one in answers) == {str(STORED): 10, str(DUPLICATE): 10}
    messages = gate.messages(jid)
    assert sorted(row["metadata"]["media"]["url"] for row in messages) == URLS
    assert {row["conversation_id"] for row in messages} == {gate.conversation(jid)["id"]}
    files = gate.in_topic(jid)
    assert sorted(row["payload"]["photo"] for row in files) == (URLS if is_known else [])


def test_photos_without_ids_of_one_second_are_told_apart(gate: Gate) -> None:
    jid = new_jid()
    album = [photo(jid, mediaData=PHOTO | {"url": url}, metadata={"messageId": None}) for url in URLS]

    assert [gate.json(one).json() for one in album] == [STORED] * 10
    assert [gate.json(one).json() for one in album] == [DUPLICATE] * 10


def test_metas_album_in_one_call_keeps_its_order(gate: Gate) -> None:
    jid = new_jid()
    batch = cloud(*(cloud_text(jid, type="image", image={"id": f"9000{number}"}) for number in range(10)))

    assert gate.signed(batch).json() == STORED | {"stored": 10}
    assert [row["metadata"]["media"]["id"] for row in gate.messages(jid)] == [f"9000{number}" for number in range(10)]
