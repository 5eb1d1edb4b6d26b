"""JSON of every shape, and honest payloads with one part replaced by anything."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.events import AddressChange, Correction, DeliveryFailure
from functions.ingest_webhook.whatsapp.message import Ignored, ParsedMessage, Record

CUSTOMER, OTHER_CUSTOMER, DESK_PHONE = "77010000000", "79160000001", "77010000009"
JID = f"{CUSTOMER}@s.whatsapp.net"
SECONDS = 1_772_451_418
MOMENT = datetime(2026, 3, 2, 11, 36, 58, tzinfo=UTC)

any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(10**5000), max_value=10**5000)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["\x00", "\ud83d", "text\ud83d", "\u0000", "1" * 400, "@", "@lid", "@g.us", "٣@s.whatsapp.net"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def damaged(draw: st.DrawFn, bodies: list[Any]) -> Any:
    """One of `bodies` in which up to three parts are anything else, or missing."""
    body = copy.deepcopy(draw(st.sampled_from(bodies)))
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(body))
        if not places:
            break
        holder, name = draw(st.sampled_from(places))
        if draw(st.booleans()):
            holder[name] = draw(any_json)
        else:
            del holder[name]
    return body


def _places(node: Any) -> Any:
    names = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for name in names:
        yield node, name
        yield from _places(node[name])


def check(records: list[Record]) -> None:
    """What holds for every record of every body."""
    assert records
    for record in records:
        if isinstance(record, Ignored | Unparsed):
            assert record.reason.isprintable()
            continue
        if isinstance(record, Correction):
            assert record.original_id
            assert "\x00" not in (record.text or "")
            (record.text or "").encode()
            continue
        if not isinstance(record, ParsedMessage):
            assert isinstance(record, AddressChange | DeliveryFailure)
            continue
        assert 0 < len(record.external_id) <= 400
        assert record.remote_jid
        assert not record.remote_jid.endswith(("@g.us", "@broadcast", "@newsletter"))
        assert record.phone is None or (record.phone.isascii() and record.phone.isdigit())
        assert record.sent_at is None or record.sent_at.utcoffset() is not None
        assert record.name is None or not record.from_me
        media = record.media and (record.media.url, record.media.mime, record.media.file_name, record.media.caption)
        for text in (record.external_id, record.remote_jid, record.text, record.name, record.quoted_id, *(media or ())):
            assert text is None or "\x00" not in text
            (text or "").encode()  # a lone surrogate raises
            assert len(text or "") <= 65_536


def only(records: list[Record]) -> ParsedMessage:
    """The single message that `records` are."""
    assert len(records) == 1
    assert isinstance(records[0], ParsedMessage), records[0]
    return records[0]


def again(body: Any) -> Any:
    """`body` as a gateway's repetition brings it: equal, but another object with its fields in another order."""
    return json.loads(json.dumps(body, sort_keys=True))
