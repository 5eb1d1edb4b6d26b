"""Edits and deletions: the message that was meant says the new words from then on, and managers are shown both."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any
from uuid import UUID

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp import texts
from functions.ingest_webhook.whatsapp.events import Correction
from functions.ingest_webhook.whatsapp.routing.accounts import RoutedRecord
from functions.ingest_webhook.whatsapp.tables import to_json_rows
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.shorten import shorten
from shared.i18n.texts import Text
from shared.payload import values
from shared.support import conversations, topic_messages, wordless
from shared.support.conversations import Conversation
from shared.support.outgoing import LinkedMessage

UNKNOWN_ORIGINAL = "an edit or a deletion of a message that is not known here"
MAX_QUOTED = 300  # characters of the former words

_SQL = sql.load(__file__)


@dataclass
class Original:
    """A message that a correction names, as it stands now. `shown_as` is its message in the customer's topic."""

    id: UUID
    conversation_id: UUID
    role: str
    content: str
    metadata: dict[str, Any]
    position: int
    shown_as: int | None

    @property
    def kind(self) -> str:
        """What kind of message it is."""
        return str(self.metadata.get("kind") or "text")

    @property
    def corrections(self) -> list[dict[str, Any]]:
        """What was corrected before: the correction's id and time, and the words that it replaced."""
        return list(self.metadata.get("corrections") or ())


@dataclass(frozen=True)
class Corrected:
    """What became of corrections, by correlation id: how many were new, and why others were set aside."""

    new: Counter[str] = field(default_factory=Counter)
    unknown: Mapping[str, Sequence[Unparsed]] = field(default_factory=dict)
    linked_messages: Sequence[LinkedMessage] = ()
    notices: dict[str, int | None] = field(default_factory=dict)  # the bots that have some to send


async def apply(connection: Connection, corrections: Sequence[RoutedRecord[Correction]]) -> Corrected:
    """Correct the messages that are meant, and lock their conversations. The caller enqueues the messages, last."""
    if not corrections:
        return Corrected()
    before = await _find(connection, corrections)
    ids = {original.conversation_id for original in before.values()}
    locked = {found.conversation_id: found for found in await conversations.lock(connection, ids)}
    originals = await _find(connection, corrections) if locked else {}  # as they are under the lock
    unknown: dict[str, list[Unparsed]] = defaultdict(list)
    new: list[tuple[RoutedRecord[Correction], Original]] = []
    shown: dict[str, LinkedMessage] = {}
    for place, routed in enumerate(corrections):
        original = originals.get(place)
        if original is None or original.conversation_id not in locked:
            unknown[routed.request.correlation_id].append(Unparsed(UNKNOWN_ORIGINAL))
        elif not _is_known(routed.record, original):
            former = replace(original)
            _correct(routed.record, original)
            new.append((routed, original))
            if notice := _notice(routed, former, original, locked[original.conversation_id]):
                shown[notice.message.dedup_key] = notice
    await _write(connection, new)
    return Corrected(
        Counter(routed.request.correlation_id for routed, _ in new),
        unknown,
        list(shown.values()),
        {notice.message.correlation_id: notice.message.bot_id for notice in shown.values()},
    )


async def _find(connection: Connection, corrections: Sequence[RoutedRecord[Correction]]) -> dict[int, Original]:
    """The originals by the places of their corrections; one object for all corrections of a message."""
    rows = [
        {
            "place": place,
            "client_id": routed.desk.client_id,
            "external_id": routed.record.original_id,
            "bot_id": routed.desk.media_bot_id,
        }
        for place, routed in enumerate(corrections)
    ]
    found = await sql.fetch_all(connection, _SQL["find_originals"], {"rows": to_json_rows(rows)})
    places = {row.pop("place"): row["id"] for row in found}
    originals = {row["id"]: Original(**row) for row in found}
    return {place: originals[original_id] for place, original_id in places.items()}


def _is_known(correction: Correction, original: Original) -> bool:
    """Whether it changes nothing: it came before, an edit after it did, or the message is deleted."""
    if original.metadata.get("deleted") or original.kind == "answered_call":
        return True
    at = correction.sent_at.isoformat() if correction.sent_at else None
    for earlier in original.corrections:
        is_same = correction.external_id is not None and correction.external_id == earlier.get("id")
        if is_same or (correction.text is not None and at is not None and at <= (earlier.get("at") or "")):
            return True
    return correction.text is not None and correction.text.split() == original.content.split()


def _correct(correction: Correction, original: Original) -> None:
    done = {
        "id": correction.external_id,
        "at": correction.sent_at.isoformat() if correction.sent_at else None,
        "was": original.content,
    }
    original.metadata = {**original.metadata, "corrections": [*original.corrections, done]}
    original.metadata.pop("truncated", None)
    if values.is_cut(correction.text or ""):
        original.metadata["truncated"] = True
    if correction.text is None:
        original.metadata["deleted"] = True
    elif isinstance(media := original.metadata.get("media"), dict):
        original.metadata["media"] = {**media, "caption": correction.text or None}
    original.content = correction.text or ""


async def _write(connection: Connection, new: Sequence[tuple[RoutedRecord[Correction], Original]]) -> None:
    """Write the corrected messages. A burst that is not read yet is read as corrected."""
    if not new:
        return
    originals = {original.id: original for _, original in new}
    rows = [{"id": found.id, "content": found.content, "metadata": found.metadata} for found in originals.values()]
    await connection.execute(_SQL["correct"], {"rows": to_json_rows(rows)})
    unread = {
        original.conversation_id: {
            "id": original.conversation_id,
            "position": original.position,
            "gather_seconds": routed.desk.gather_seconds,
        }
        for routed, original in sorted(new, key=lambda pair: pair[1].position)
        if original.role == "user"
    }
    if unread:
        await connection.execute(_SQL["read_again"], {"rows": to_json_rows(unread.values())})


def _notice(
    routed: RoutedRecord[Correction], former: Original, original: Original, conversation: Conversation
) -> LinkedMessage | None:
    """What managers read in the customer's topic, in answer to the message that was corrected, if it stands there."""
    if not routed.desk.is_active or not (conversation.has_topic or conversation.open_status):
        return None
    language = conversation.desk.language
    html = (
        _text(routed.record, former)
        .in_(language)
        .format(
            was=escape(shorten(wordless.readable(former.kind, former.content, language), MAX_QUOTED)),
            now=escape(wordless.readable(original.kind, original.content, language)),
        )
    )
    key = f"support/correction/{original.id}/{len(original.corrections)}"
    notice = topic_messages.notice(conversation, html, key, routed.request.correlation_id)
    if notice is None:
        return None
    reply = {"message_id": original.shown_as, "allow_sending_without_reply": True}
    payload = notice.payload if original.shown_as is None else {**notice.payload, "reply_parameters": reply}
    return LinkedMessage(replace(notice, payload=payload))


def _text(correction: Correction, former: Original) -> Text:
    if former.kind == "call":
        return texts.CALL_ANSWERED
    is_customers = former.role == "user"
    if correction.text is None:
        return texts.DELETED if is_customers else texts.OURS_DELETED
    return texts.EDITED if is_customers else texts.OURS_EDITED
