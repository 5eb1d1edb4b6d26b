"""A file inside of a body costs nobody the message."""

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.functions.ingest_webhook.whatsapp.world import (
    DUPLICATE,
    JSON_TYPE,
    PHOTO,
    SECRET,
    STORED,
    UNPARSED,
    World,
    evolution,
    new_id,
    new_jid,
    photo,
)
from tests.helpers import arrange
from tests.helpers.processes import only_on_linux, peak_bytes, resident_bytes
from tests.helpers.serving import serve

AT_ONCE = 3
BASE64 = "QUFB" * 1_200_000  # a file of 3.6 MB


def document(jid: str, message_id: str, **beside: Any) -> dict[str, Any]:
    """A document with a caption, as Evolution brings it with "Webhook Base64"."""
    file = {"mimetype": "application/pdf", "fileName": "договор.pdf", "caption": "Вот договор", "jpegThumbnail": "QUFB"}
    return evolution(jid, {"documentMessage": file, **beside}, message_id)


@pytest.mark.parametrize("path", ["evolution", "evolution/messages-upsert"])
def test_a_message_whose_file_is_in_the_body_is_stored_like_one_without(world: World, path: str) -> None:
    jid, message_id = new_jid(), new_id()

    assert world.json(document(jid, message_id, base64=BASE64), path).json() == STORED
    assert world.json(document(jid, message_id), path).json() == DUPLICATE

    [message] = world.messages(jid)
    media = message["metadata"]["media"]
    assert (message["content"], media["id"], media["file_name"]) == ("Вот договор", message_id, "договор.pdf")
    assert "QUFBQUFB" not in json.dumps(message["metadata"])


def test_a_file_inside_of_the_media_itself_is_dropped_too(world: World) -> None:
    jid = new_jid()
    message = {
        "imageMessage": {"mimetype": "image/jpeg", "caption": "Так хочу", "base64": f"data:image/jpeg;base64,{BASE64}"}
    }

    assert world.json(evolution(jid, message), "evolution").json() == STORED
    assert world.messages(jid)[0]["content"] == "Так хочу"


def test_chatflow_may_bring_a_file_as_well(world: World) -> None:
    jid = new_jid()

    assert world.json(photo(jid, mediaData={**PHOTO, "base64": BASE64})).json() == STORED
    assert world.messages(jid)[0]["content"] == PHOTO["caption"]


def test_a_forwarder_may_bring_the_file_on(world: World) -> None:
    jid, message_id = new_jid(), new_id()
    item = [{"headers": {"cookie": "a"}, "params": {}, "query": {}, "body": document(jid, message_id, base64=BASE64)}]

    assert world.json(item, "evolution").json() == STORED
    assert world.json(document(jid, message_id), "evolution").json() == DUPLICATE


def test_what_cannot_be_read_is_kept_without_the_file(world: World) -> None:
    response = world.json({"event": "messages.upsert", "data": {"base64": BASE64}}, "evolution")

    assert response.json() == UNPARSED
    [row] = world.inbox(response)
    assert json.loads(bytes(row["body"])) == {"event": "messages.upsert", "data": {"base64": ""}}


@only_on_linux
def test_files_of_twenty_megabytes_at_once_are_never_in_memory(
    world: World, module_database_url: str, printed: Path
) -> None:
    jids = [new_jid() for _ in range(AT_ONCE)]
    bodies = [json.dumps(document(jid, new_id(), base64="QUFB" * 6_700_000)).encode() for jid in jids]
    settings = {"DATABASE_URL": module_database_url, "SECRETS_KEY": arrange.SECRETS_KEY}
    with serve("ingest_webhook", printed, **settings) as served:
        address, headers = f"{served.url}/whatsapp/evolution", JSON_TYPE | SECRET
        httpx.post(address, json=document(new_jid(), new_id()), headers=headers, timeout=60, trust_env=False)
        before = resident_bytes(served.process.pid)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            post = partial(httpx.post, address, headers=headers, timeout=60, trust_env=False)
            answers = list(pool.map(lambda body: post(content=body), bodies))
        grown = peak_bytes(served.process.pid) - before

    assert [answer.json() for answer in answers] == [STORED] * AT_ONCE
    assert [world.messages(jid)[0]["content"] for jid in jids] == ["Вот договор"] * AT_ONCE
    assert grown < len(bodies[0]), "less than one of them"
