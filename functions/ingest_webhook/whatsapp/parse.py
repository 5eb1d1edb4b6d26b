"""What a gateway's call means: each gateway has a parser of its own (docs/protocols/whatsapp.md)."""

from collections.abc import Callable, Mapping
from typing import Any

from functions.ingest_webhook.inbox import MalformedPayload, Unparsed
from functions.ingest_webhook.request import WebhookRequest, read
from functions.ingest_webhook.whatsapp.gateways import chatflow, cloud, evolution
from functions.ingest_webhook.whatsapp.message import Record
from shared.credentials.webhook_sources import Source

PARSERS: Mapping[str, Callable[[Any], list[Record]]] = {
    "chatflow": chatflow.parse,
    "evolution": evolution.parse,
    "whatsapp_cloud": cloud.parse,
}


def parse(webhook: WebhookRequest, source: Source) -> list[Record]:
    """Everything that a call says, at least one record."""
    assert source.gateway, "the table has no WhatsApp source without one"
    try:
        return PARSERS[source.gateway](read(webhook).content)
    except MalformedPayload as error:
        return [Unparsed.because_of(error)]
