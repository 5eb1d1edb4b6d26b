"""What a gateway's call means: each gateway has a parser of its own (docs/protocols/whatsapp.md)."""

from collections.abc import Callable, Mapping
from typing import Any

from functions.ingest_webhook.forwarding import unwrap
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
    """Everything that a call says, at least one record. Forwarders send several envelopes in a list."""
    assert source.gateway, "the table has no WhatsApp source without one"
    try:
        content = read(unwrap(webhook)).content
    except MalformedPayload as error:
        return [Unparsed.because_of(error)]
    envelopes = content if isinstance(content, list) and content else [content]
    return [record for envelope in envelopes for record in PARSERS[source.gateway](envelope)]
