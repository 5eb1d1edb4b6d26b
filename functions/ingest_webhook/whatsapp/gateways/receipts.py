"""What gateways report of messages that we sent: whether they arrived. Only that one did not says something to us."""

from typing import Any

from functions.ingest_webhook.whatsapp.events import DeliveryFailure
from functions.ingest_webhook.whatsapp.message import Ignored
from shared.channels import whatsapp_cloud
from shared.payload import values

RECEIPT = Ignored("a delivery receipt")
# Evolution names WhatsApp Web's states (0 is ERROR) and, in front of the Cloud API, Meta's.
_FAILED = {"0", "error", "failed"}


def from_cloud(status: Any, account: str | None) -> DeliveryFailure | Ignored:
    """One of `statuses[]`; the code of its error says why."""
    status = values.part(status)
    external_id = values.identifier(status.get("id"))
    if external_id is None or values.text(status.get("status")).strip().lower() != "failed":
        return RECEIPT
    errors = values.items(status.get("errors"))
    codes = [code for error in errors if (code := values.coerced_integer(values.part(error).get("code"))) is not None]
    return DeliveryFailure(account, external_id, whatsapp_cloud.failure_class(codes[0] if codes else None))


def from_evolution(data: Any, account: str | None) -> DeliveryFailure | Ignored:
    """One update of `messages.update`, in the spelling of any 2.x, or a message of `send.message`. Nobody says why."""
    data = values.part(data)
    key = values.part(data, "key")
    ids = (data.get("keyId"), key.get("id"), data.get("messageId"), data.get("id"))
    external_id = next((found for candidate in ids if (found := values.identifier(candidate))), None)
    state = data.get("status", values.part(data, "update").get("status"))
    if external_id is None or values.text(state).strip().lower() not in _FAILED:
        return RECEIPT
    return DeliveryFailure(account, external_id, whatsapp_cloud.failure_class(None))
