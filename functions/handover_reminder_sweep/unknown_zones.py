"""Desks whose time zone is unknown have the default's working hours; their groups hear so."""

from collections.abc import Iterable
from html import escape

from functions.handover_reminder_sweep import texts
from shared.delivery.enqueue import Message
from shared.delivery.kinds import ALERT
from shared.payload import timezones
from shared.support.conversations import Desk
from shared.support.outgoing import LinkedMessage


def alerts(desks: Iterable[Desk], correlation_id: str) -> list[LinkedMessage]:
    """One for each desk and wrong name, as long as the message is kept; none where there is no group."""
    unknown = {desk.id: desk for desk in desks if not timezones.is_known(desk.timezone)}
    return [
        LinkedMessage(
            Message(
                bot_id=desk.telegram_bot_id,
                chat_id=desk.telegram_chat_id,
                kind=ALERT,
                dedup_key=f"support/unknown-zone/{desk.id}/{desk.timezone}",
                payload={"text": _text(desk), "parse_mode": "HTML"},
                correlation_id=correlation_id,
            )
        )
        for desk in unknown.values()
        if desk.telegram_bot_id is not None and desk.telegram_chat_id is not None
    ]


def _text(desk: Desk) -> str:
    zone = escape(desk.timezone, quote=False)
    return texts.UNKNOWN_ZONE.in_(desk.language).format(zone=zone, default=timezones.OF_DESKS)
