"""Ten photos at once: one conversation, ten messages, ten files in the topic."""

from collections import Counter

import pytest

from tests.functions.ingest_webhook.whatsapp.world import (
    DUPLICATE,
    PHOTO,
    STORED,
    World,
    at_once,
    cloud,
    cloud_text,
    new_jid,
    photo,
)

URLS = [f"https://files.example/{number}.jpg" for number in range(10)]


@pytest.mark.parametrize("is_known", [False, True])
async def test_an_album_in_parallel_is_one_conversation_with_ten_messages(world: World, *, is_known: bool) -> None:
    jid = new_jid()
    if is_known:
        world.open_handover(world.begin_conversation(jid))
    album = [photo(jid, mediaData=PHOTO | {"url": url}) for url in URLS]

    answers = await at_once(world.served.url, album + album)

    assert Counter(str(response.json()) for response in answers) == {str(STORED): 10, str(DUPLICATE): 10}
    messages = world.messages(jid)
    assert sorted(row["metadata"]["media"]["url"] for row in messages) == URLS
    assert {row["conversation_id"] for row in messages} == {world.conversation(jid)["id"]}
    files = world.in_topic(jid)
    assert sorted(row["payload"]["photo"] for row in files) == (URLS if is_known else [])


def test_photos_without_ids_of_one_second_are_told_apart(world: World) -> None:
    jid = new_jid()
    album = [photo(jid, mediaData=PHOTO | {"url": url}, metadata={"messageId": None}) for url in URLS]

    assert [world.json(photo).json() for photo in album] == [STORED] * 10
    assert [world.json(photo).json() for photo in album] == [DUPLICATE] * 10


def test_metas_album_in_one_call_keeps_its_order(world: World) -> None:
    jid = new_jid()
    batch = cloud(*(cloud_text(jid, type="image", image={"id": f"9000{number}"}) for number in range(10)))

    assert world.signed(batch).json() == STORED | {"stored": 10}
    assert [row["metadata"]["media"]["id"] for row in world.messages(jid)] == [f"9000{number}" for number in range(10)]
