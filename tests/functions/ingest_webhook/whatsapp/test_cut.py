"""What is cut or replaced is flagged, and two messages that look alike by it stay two."""

import json
import time
from typing import Any

from shared.payload.values import MAX_TEXT
from tests.functions.ingest_webhook.whatsapp.world import DUPLICATE, SECRET, STORED, World, chatflow, new_jid


def without_id(jid: str, text: str, at: int) -> dict[str, Any]:
    return chatflow(jid, text, metadata={"messageId": None, "timestamp": at})


def test_a_text_that_was_cut_says_so(world: World) -> None:
    jid = new_jid()
    assert world.json(chatflow(jid, "я" * 70_000)).json() == STORED
    assert world.json(chatflow(jid, "я" * MAX_TEXT)).json() == STORED

    cut, whole = world.messages(jid)
    assert (len(cut["content"]), cut["content"][-2:], cut["metadata"]["truncated"]) == (MAX_TEXT, "я…", True)
    assert (whole["content"], "truncated" in whole["metadata"]) == ("я" * MAX_TEXT, False)


def test_messages_without_id_that_differ_in_what_was_replaced_or_cut_are_two(world: World) -> None:
    jid, now = new_jid(), int(time.time())
    replaced = [json.dumps(without_id(jid, f"да{end}", now)) for end in ("\x00", "\ud800")]
    cut = [json.dumps(without_id(jid, "я" * MAX_TEXT + end, now)) for end in ("a", "b")]

    for bodies in (replaced, cut):
        sent = [world.call(content=body.encode(), headers=SECRET).json() for body in [*bodies, *bodies]]
        assert sent == [STORED, STORED, DUPLICATE, DUPLICATE]
    flags = [(row["metadata"].get("sanitized"), row["metadata"].get("truncated")) for row in world.messages(jid)]
    assert flags == [(True, None), (True, None), (None, True), (None, True)]
