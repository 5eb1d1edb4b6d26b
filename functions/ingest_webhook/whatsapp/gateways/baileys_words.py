"""The words of the kinds of a message of WhatsApp's own clients that have fields of their own for them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from functions.ingest_webhook.whatsapp.gateways.forms import answers, decoded
from functions.ingest_webhook.whatsapp.message import Kind, location_text, parse_time
from shared.payload import values

_MAX_DEPTH = 6
_FIELDS = (
    "name", "title", "orderTitle", "headerText", "conversation", "text", "message", "messageText", "caption",
    "contentText", "hydratedTitleText", "hydratedContentText", "description", "joinLink",
)  # fmt: skip
_NOT_WORDS = {"contextInfo", "key", "messageContextInfo", "quotedMessage"}
_VCARD_PHONE = re.compile(r"^(?:item\d+\.)?TEL[^:\n]*:(.+)$", re.MULTILINE | re.IGNORECASE)
_CHOICE = {"id", "title", "description", "display_text"}  # what a native flow says of a button or a row


def words(value: Any, depth: int = 0) -> str:
    """The first words that are found in a message of any kind, under the names that words have."""
    if depth == _MAX_DEPTH:
        return ""
    if isinstance(value, list):
        return values.joined(*(words(item, depth + 1) for item in value), by="\n")
    fields = values.part(value)
    own = values.joined(*dict.fromkeys(map(values.text, map(fields.get, _FIELDS))))
    if own:
        return own
    inner = (words(part, depth + 1) for name, part in fields.items() if name not in _NOT_WORDS)
    return next(filter(None, inner), "")


def _location(field: dict[str, Any]) -> str:
    return values.joined(location_text(field, "degreesLatitude", "degreesLongitude"), field.get("caption"))


def _contact(field: dict[str, Any]) -> str:
    phones = _VCARD_PHONE.findall(values.text(field.get("vcard")))
    return values.joined(field.get("displayName"), *phones)


def _contacts(field: dict[str, Any]) -> str:
    return values.joined(*(_contact(values.part(contact)) for contact in values.items(field.get("contacts"))), by="\n")


def _poll(field: dict[str, Any]) -> str:
    options = (values.text(values.part(option).get("optionName")) for option in values.items(field.get("options")))
    return values.joined(field.get("name"), *(f"• {option}" for option in options if option), by="\n")


def _poll_results(field: dict[str, Any]) -> str:
    votes = map(values.part, values.items(field.get("pollVotes")))
    lines = (values.joined(vote.get("optionName"), vote.get("optionVoteCount"), by=": ") for vote in votes)
    return values.joined(field.get("name"), *lines, by="\n")


def _vote(field: dict[str, Any]) -> str:
    """What is chosen now; Evolution before 2.3.7 cannot decrypt it."""
    chosen = values.items(values.part(field, "vote").get("selectedOptions"))
    return values.joined(*(values.text(option) or values.part(option).get("name") for option in chosen))


def voted(poll_updates: Any) -> str:
    """The options of a poll that somebody has chosen, as Evolution counts them."""
    options = map(values.part, values.items(poll_updates))
    return values.joined(*(option.get("name") for option in options if values.items(option.get("voters"))))


def _event(field: dict[str, Any]) -> str:
    starts_at = parse_time(field.get("startTime") or field.get("scheduledTimestampMs"))
    place = location_text(values.part(field, "location"), "degreesLatitude", "degreesLongitude")
    when = starts_at and f"{starts_at:%Y-%m-%d %H:%M} UTC"
    return values.joined(
        field.get("name") or field.get("title"), when, place, field.get("description"), field.get("joinLink")
    )


def _invitation(field: dict[str, Any]) -> str:
    code = values.identifier(field.get("inviteCode"))
    link = f"https://chat.whatsapp.com/{code}" if code else None
    return values.joined(field.get("groupName") or field.get("newsletterName"), field.get("caption"), link)


def _order(field: dict[str, Any]) -> str:
    count = values.text(field.get("itemCount"))
    total = _money(field.get("totalAmount1000"), field.get("totalCurrencyCode"))
    return values.joined(field.get("orderTitle"), field.get("message"), count and f"× {count}", total)


def _product(field: dict[str, Any]) -> str:
    product = values.part(field, "product")
    price = _money(product.get("priceAmount1000"), product.get("currencyCode"))
    return values.joined(product.get("title"), price, product.get("description"), field.get("body"))


def _payment(field: dict[str, Any]) -> str:
    amount = _money(field.get("amount1000"), field.get("currencyCodeIso4217"))
    return values.joined(amount, words(field.get("noteMessage")), field.get("note"))


def _money(thousandths: Any, currency: Any) -> str:
    amount = values.coerced_integer(values.part(thousandths).get("low") or thousandths)
    return "" if amount is None else values.joined(f"{amount / 1000:.15g}", currency, by=" ")


def _row(field: dict[str, Any]) -> str:
    return values.text(field.get("title")) or values.text(field.get("description"))


def _button(field: dict[str, Any]) -> str:
    return values.text(field.get("selectedDisplayText")) or words(field)


READERS: Mapping[str, tuple[Kind, Callable[[dict[str, Any]], str]]] = {
    "locationMessage": ("location", _location),
    "liveLocationMessage": ("live_location", _location),
    "contactMessage": ("contact", _contact),
    "contactsArrayMessage": ("contact", _contacts),
    "buttonsResponseMessage": ("text", _button),
    "templateButtonReplyMessage": ("text", _button),
    "listResponseMessage": ("text", _row),
    "pollCreationMessage": ("poll", _poll),
    "pollCreationMessageV2": ("poll", _poll),
    "pollCreationMessageV3": ("poll", _poll),
    "pollCreationMessageV4": ("poll", _poll),
    "pollCreationMessageV5": ("poll", _poll),
    "pollResultSnapshotMessage": ("poll", _poll_results),
    "pollResultSnapshotMessageV3": ("poll", _poll_results),
    "pollUpdateMessage": ("vote", _vote),
    "eventMessage": ("event", _event),
    "encEventResponseMessage": ("event", _event),
    "scheduledCallCreationMessage": ("event", _event),
    "scheduledCallEditMessage": ("event", _event),
    "groupInviteMessage": ("invite", _invitation),
    "newsletterAdminInviteMessage": ("invite", _invitation),
    "newsletterFollowerInviteMessageV2": ("invite", _invitation),
    "orderMessage": ("order", _order),
    "productMessage": ("product", _product),
    "sendPaymentMessage": ("payment", _payment),
    "requestPaymentMessage": ("payment", _payment),
    "declinePaymentRequestMessage": ("payment", _payment),
    "cancelPaymentRequestMessage": ("payment", _payment),
    "invoiceMessage": ("payment", _payment),
    "paymentInviteMessage": ("payment", _payment),
    "stickerPackMessage": ("sticker", words),
    # What businesses send, as its words.
    "templateMessage": ("text", words),
    "highlyStructuredMessage": ("text", words),
    "buttonsMessage": ("text", words),
    "listMessage": ("text", words),
    "interactiveMessage": ("text", words),
    "richResponseMessage": ("text", words),
    # Words about a status, a question or an answer in one.
    "questionResponseMessage": ("text", words),
    "statusQuestionAnswerMessage": ("text", words),
    "statusQuotedMessage": ("text", words),
}


def response(field: dict[str, Any]) -> tuple[Kind, str]:
    """What a customer chose or filled in: a button and a row stand for the text on them, a form for its answers."""
    flow, body = values.part(field, "nativeFlowResponseMessage"), values.text(values.part(field, "body").get("text"))
    choice = decoded(flow.get("paramsJson"))
    if not flow or (isinstance(choice, dict) and choice.keys() <= _CHOICE):
        titles = map(values.part(choice).get, ("display_text", "title", "description", "id"))
        return "text", body or next(filter(None, map(values.text, titles)), "")
    return "form", answers(choice)
