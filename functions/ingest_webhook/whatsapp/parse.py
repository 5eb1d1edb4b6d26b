"""What a gateway's call means: each gateway has a parser of its own (docs/protocols/whatsapp.md)."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from functions.ingest_webhook.forwarding import unwrap
from functions.ingest_webhook.inbox import MalformedPayload, Unparsed
from functions.ingest_webhook.request import WebhookRequest, read
from functions.ingest_webhook.whatsapp.gateways import chatflow, cloud, evolution
from functions.ingest_webhook.whatsapp.message import ParsedMessage, Record
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
        payload = read(unwrap(webhook))
    except MalformedPayload as error:
        return [Unparsed.because_of(error)]
    parser = PARSERS[source.gateway]
    envelopes = zip(_envelopes(payload.content), _envelopes(payload.original), strict=True)
    return [record for envelope, original in envelopes for record in _flagged(parser(envelope), envelope, original)]


def _envelopes(content: Any) -> list[Any]:
    return content if isinstance(content, list) and content else [content]


def _flagged(records: list[Record], envelope: Any, original: Any) -> list[Record]:
    """The records of an envelope, which is `original` with marks for what cannot be kept.

    Where something was replaced or cut, an id that is made of what a message holds is made of what came, too.
    """
    sanitized = envelope is not original and envelope != original
    if not sanitized and not any(isinstance(record, ParsedMessage) and record.is_cut for record in records):
        return records
    came = json.dumps(original, sort_keys=True)
    return [
        _with_id_of(f"{place}{came}", record, sanitized=sanitized) if isinstance(record, ParsedMessage) else record
        for place, record in enumerate(records)
    ]


def _with_id_of(came: str, message: ParsedMessage, *, sanitized: bool) -> ParsedMessage:
    if not message.is_id_ours or not (sanitized or message.is_cut):
        return replace(message, sanitized=sanitized)
    digest = hashlib.sha256(came.encode()).hexdigest()[:16]
    return replace(message, external_id=f"{message.external_id}:{digest}", sanitized=sanitized)
