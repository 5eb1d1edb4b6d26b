"""Salons whose time zone is unknown have digests by the default's clock; those who look after their bots hear so."""

from collections.abc import Sequence
from html import escape

from functions.daily_metrics_digest.digest import texts
from functions.daily_metrics_digest.digest.facts import Facts
from functions.daily_metrics_digest.digest.metrics import Salon
from shared.delivery.enqueue import Message
from shared.delivery.kinds import ALERT
from shared.payload import timezones


def alerts(salons: Sequence[Salon], loaded: Sequence[Facts], correlation_id: str) -> list[Message]:
    """One for each salon and wrong name, as long as the message is kept; none where there is no alert chat."""
    unknown = {salon.tenant_id: salon.unknown_zone for salon in salons if salon.unknown_zone is not None}
    return [
        Message(
            bot_id=facts.bot_id,
            chat_id=facts.alert_chat_id,
            kind=ALERT,
            dedup_key=f"salon/unknown-zone/{facts.tenant_id}/{unknown[facts.tenant_id]}",
            payload={"text": _text(facts, unknown[facts.tenant_id]), "parse_mode": "HTML"},
            correlation_id=correlation_id,
        )
        for facts in loaded
        if facts.tenant_id in unknown and facts.bot_id is not None and facts.alert_chat_id is not None
    ]


def _text(facts: Facts, zone: str) -> str:
    return texts.UNKNOWN_ZONE.in_(facts.language).format(
        bot=facts.bot,
        name=escape(facts.name, quote=False),
        zone=escape(zone, quote=False),
        default=timezones.OF_SALONS,
    )
