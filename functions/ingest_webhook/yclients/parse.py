"""What a hook of YClients means (docs/protocols/yclients.md, Webhooks).

Hooks come once, in any order, partial and unsigned, so nothing that they say of a record counts, only which it is.
"""

import re
from dataclasses import dataclass
from typing import Any

from functions.ingest_webhook.forwarding import unwrap
from functions.ingest_webhook.inbox import MalformedPayload, Unparsed
from functions.ingest_webhook.request import WebhookRequest, read
from shared.credentials.webhook_sources import Source
from shared.payload.values import coerced_integer, part

NO_TENANT = "the source names no salon: carillon sources add yclients NAME --tenant …"

_TENANT = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True)
class Hint:
    """A salon's record that changed."""

    tenant_id: str
    external_id: str


@dataclass(frozen=True)
class Ignored:
    """A hook of something else than a record."""


Record = Hint | Ignored | Unparsed


def parse(webhook: WebhookRequest, source: Source) -> list[Record]:
    """The records that changed, or why nobody knows, one for each hook. Forwarders send several in a list."""
    try:
        content = read(unwrap(webhook)).content
    except MalformedPayload as error:
        return [Unparsed.because_of(error)]
    hooks = content if isinstance(content, list) and content else [content]
    return [_parse_hook(hook, source) for hook in hooks]


def _parse_hook(hook: Any, source: Source) -> Record:
    if not isinstance(hook, dict) or not isinstance(hook.get("resource"), str):
        return Unparsed("a hook is an object that names its resource")
    if hook["resource"] != "record":
        return Ignored()
    number = _record_id(hook)
    if number is None or number <= 0:
        return Unparsed("a hook of a record has its number in resource_id")
    tenant = str(source.field_map.get("tenant_id") or "")
    return Hint(tenant, str(number)) if _TENANT.fullmatch(tenant) else Unparsed(NO_TENANT)


def _record_id(content: dict[str, Any]) -> int | None:
    number = content.get("resource_id")
    if number is None:
        number = part(content, "data").get("id")
    return None if isinstance(number, bool) else coerced_integer(number)
