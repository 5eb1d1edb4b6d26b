"""What a WhatsApp message is to us, whichever gateway brought it (docs/protocols/whatsapp.md)."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from functions.ingest_webhook.inbox import Unparsed
from functions.ingest_webhook.whatsapp.events import AddressChange, Correction, DeliveryFailure
from shared.payload import values
from shared.payload.timestamps import parse_timestamp

# What each is called in front of people: shared/support/wordless.py. A `call` is one that nobody answered; an
# `answered_call` is remembered, so that its end, which looks like a missed one, says nothing.
Kind = Literal[
    "text", "image", "audio", "voice", "video", "document", "sticker", "view_once", "location", "live_location",
    "contact", "reaction", "form", "poll", "vote", "order", "product", "event", "invite", "payment", "permission",
    "call", "answered_call", "other",
]  # fmt: skip
PHONE_SERVER = "s.whatsapp.net"
_IGNORED_SERVERS = {"g.us": "a group", "broadcast": "a status or broadcast", "newsletter": "a newsletter"}
_DIGITS = re.compile("[0-9]+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,24}")


@dataclass(frozen=True)
class Media:
    """A file in a message. `url` gives it out as it is; `id` is what its gateway is asked with."""

    url: str | None
    mime: str | None
    file_name: str | None
    caption: str | None
    id: str | None


@dataclass(frozen=True)
class ParsedMessage:
    """A message of a chat with a customer: theirs, or (`from_me`) ours, typed on the phone or sent by an API.

    `text` is what a person reads: a text, a caption, a reaction's emoji ("" takes it back), a place, contacts.
    `quoted_id` names the message that this one answers, reacts to or corrects. `addresses` are all by which the
    envelope names the customer, best first: a phone (`@s.whatsapp.net`), a business-scoped id, a hidden number
    (`@lid`). `account` is what the gateway calls the account that was written to; None where it does not say.
    """

    external_id: str
    account: str | None
    addresses: tuple[str, ...]
    from_me: bool
    kind: Kind
    text: str
    media: Media | None
    name: str | None  # of the customer, never ours
    sent_at: datetime | None
    quoted_id: str | None
    raw: dict[str, Any]
    is_id_ours: bool = False  # made of what the message holds, since its gateway gave it none
    sanitized: bool = False  # what Postgres cannot hold was replaced by a mark

    @property
    def is_cut(self) -> bool:
        """Whether its text was too long to be kept whole."""
        return values.is_cut(self.text)

    @property
    def remote_jid(self) -> str:
        """The best of the customer's addresses."""
        return self.addresses[0]

    @property
    def phone(self) -> str | None:
        """Digits, or None for a customer who hides their number (`@lid` and business-scoped ids)."""
        return phone_of(self.remote_jid)


@dataclass(frozen=True)
class Ignored:
    """What concerns no conversation."""

    reason: str


Record = ParsedMessage | Correction | AddressChange | DeliveryFailure | Ignored | Unparsed


@dataclass(frozen=True)
class Envelope:
    """What is known of a message whatever it holds, as its gateway wrote it."""

    id: Any
    account: str | None
    addresses: tuple[str, ...]  # empty: nobody is named
    from_me: bool
    name: Any
    sent_at: Any
    raw: dict[str, Any]


@dataclass(frozen=True)
class Content:
    """What a message holds."""

    kind: Kind
    text: str = ""
    media: Media | None = None
    quoted_id: str | None = None


def to_record(envelope: Envelope, content: Content | Ignored | Unparsed) -> Record:
    """The record of a message: the message, or why there is none."""
    if not envelope.addresses:
        return content if isinstance(content, Ignored) else Unparsed("nobody is named whose chat this is")
    if reason := ignored_server(envelope.addresses[0]):
        return Ignored(reason)
    if not isinstance(content, Content):
        return content
    if content.kind == "text" and not content.text.strip():
        return Unparsed("a message without text and file")
    sent_at = parse_time(envelope.sent_at)
    gateways_id = values.identifier(envelope.id)
    external_id = gateways_id or _synthetic_id(envelope, content, sent_at)
    if external_id is None:
        return Unparsed("a message without id and time: a repetition could not be told from a second one")
    name = None if envelope.from_me else values.short_text(envelope.name)
    return ParsedMessage(
        external_id=external_id,
        account=envelope.account,
        addresses=envelope.addresses,
        from_me=envelope.from_me,
        kind=content.kind,
        text=content.text,
        media=content.media,
        name=name,
        sent_at=sent_at,
        quoted_id=content.quoted_id,
        raw=envelope.raw,
        is_id_ours=gateways_id is None,
    )


def ignored_server(address: Any) -> str | None:
    """Why what stands in a chat concerns no conversation; None: it is a customer's."""
    return _IGNORED_SERVERS.get(values.text(address).rpartition("@")[2].lower())


def phone_or_lid(value: Any) -> str | None:
    """One spelling for each chat: no device number, `@s.whatsapp.net` for a bare phone and for `@c.us`."""
    jid = values.identifier(value)
    if jid is None:
        return None
    user, at, server = jid.rpartition("@")
    if not at:
        return f"{re.sub('[^0-9]', '', jid)}@{PHONE_SERVER}" if _PHONE.fullmatch(jid) else jid
    user, server = user.partition(":")[0].removeprefix("+"), server.lower()
    return f"{user}@{PHONE_SERVER if server == 'c.us' else server}" if user else None


def phone_of(address: str) -> str | None:
    """The digits of a phone's address; None for a hidden number and a business-scoped id."""
    user, _, server = address.partition("@")
    return user if server == PHONE_SERVER and _DIGITS.fullmatch(user) else None


def ranked_addresses(*candidates: Any) -> tuple[str, ...]:
    """Each address once, in one spelling: phones first, then business-scoped ids, hidden numbers (`@lid`) last."""
    addresses = dict.fromkeys(address for address in map(phone_or_lid, candidates) if address)
    return tuple(sorted(addresses, key=_rank))


def _rank(address: str) -> int:
    server = address.rpartition("@")[2] if "@" in address else ""
    return {PHONE_SERVER: 0, "lid": 2}.get(server, 1)


def parse_time(value: Any) -> datetime | None:
    """Seconds as a number or text, or as the two halves that JavaScript's 64-bit numbers leave in JSON."""
    return parse_timestamp(value.get("low") if isinstance(value, dict) else value, "UTC")


def location_text(location: dict[str, Any], latitude: str, longitude: str) -> str:
    """A location in words and coordinates, for whoever cannot see the map."""
    coordinates = values.joined(location.get(latitude), location.get(longitude), by=",")
    return values.joined(location.get("name"), location.get("address"), coordinates)


def _synthetic_id(envelope: Envelope, content: Content, sent_at: datetime | None) -> str | None:
    """The same for a repetition; another for each photo of an album, which share chat and second."""
    if sent_at is None:
        return None
    media = content.media or Media(None, None, None, None, None)
    identity = (envelope.from_me, content.kind, content.text, content.quoted_id, media.url, media.file_name, media.id)
    return (
        f"{envelope.addresses[0]}:{int(sent_at.timestamp())}:{hashlib.sha256(repr(identity).encode()).hexdigest()[:16]}"
    )
