"""The state of the gateways: messages, tokens, webhooks, armed faults."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from infra.sandbox.changes import nobody
from infra.sandbox.inside.webhook_log import WebhookLog
from infra.sandbox.testing.events import Event, Events
from infra.sandbox.whatsapp import bodies
from infra.sandbox.whatsapp.delivery import deliver
from infra.sandbox.whatsapp.models import (
    Call,
    ChatMessage,
    Edit,
    Fault,
    Gateway,
    Json,
    Reading,
    SendRequest,
    Webhook,
    number,
    sent_message,
)

if TYPE_CHECKING:
    from infra.sandbox.testing.events import Happening

MAX_ROWS = 10_000
ECHO_TIMEOUT_SECONDS = 5


class WhatsApp:
    """The state behind the three gateways.

    `journal` has each send request, `conversation` the messages of all chats in both directions, `deliveries` each
    webhook. Ids count on from `last_id`. With `echo_first` an echo comes before the response to its request.
    """

    def __init__(self, last_id: int = 0) -> None:
        self.journal: deque[Json] = deque(maxlen=MAX_ROWS)
        self.conversation: dict[tuple[Gateway, str, str], Json] = {}
        self.deliveries: deque[Json] = deque(maxlen=MAX_ROWS)
        self.faults: list[Fault] = []
        self.webhooks: dict[tuple[Gateway, str], Webhook] = {}
        self.media: dict[tuple[Gateway, str, str], ChatMessage] = {}  # files that the account's token opens
        self.absent: set[str] = set()  # numbers that are not on WhatsApp
        self.echo_first = False
        self.changed: Callable[[], None] = nobody
        self.webhook_log = WebhookLog()
        self.events = Events()
        self.first_wait = 0.3
        self._hidden: dict[str, str] = {}  # numbers of those whom the Cloud API knows by an id alone
        self._tokens: dict[tuple[Gateway, str], str] = {}
        self._count = last_id
        self._background: set[asyncio.Task[None]] = set()

    def reset(self) -> None:
        """Forget messages, calls and faults. The accounts stay, with their webhooks; ids count on."""
        self.stop()
        for kept in (self.journal, self.conversation, self.deliveries, self.faults, self.media, self.absent):
            kept.clear()
        self.echo_first = False
        self.changed()

    def knows(self, gateway: Gateway, account: str, token: str) -> bool:
        """Whether the token is the account's: the first one that is used becomes it."""
        return bool(token) and self._tokens.setdefault((gateway, account), token) == token

    def is_there(self, address: str) -> bool:
        """Whether a number or jid is on WhatsApp."""
        return number(address) not in self.absent

    def accounts(self, gateway: Gateway) -> set[str]:
        """The accounts that somebody has used, or registered a webhook for."""
        return {account for known, account in (*self._tokens, *self.webhooks) if known == gateway}

    def fault(self, gateway: Gateway) -> Fault | None:
        """The oldest fault for `gateway`, its `times` one less; None when there is none."""
        for fault in self.faults:
            if fault.gateway in (None, gateway):
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    def record(self, request: SendRequest, status: int | None, *, delivered: bool) -> None:
        """Add a request to the journal; status None means that it got no response."""
        row = {"unix": time.time(), "status": status, "delivered": delivered}
        self.journal.append(asdict(request) | row)

    def new_id(self, gateway: Gateway) -> str:
        """A new message id."""
        self._count += 1
        return f"{'wamid.' if gateway == 'whatsapp_cloud' else ''}{self._count:020X}"

    def register(self, webhook: Webhook) -> None:
        """Set an account's webhook."""
        self.webhooks[webhook.gateway, webhook.account] = webhook

    async def say(self, message: ChatMessage) -> Json:
        """Add a message of a person, or (`from_me`) of the owner, and call the webhook; the id and its response."""
        message = self.add_written(message, by_api=False)
        n = self.events.count
        webhook = self.webhooks.get((message.gateway, message.account))
        if webhook is None:
            return {"id": message.id, "n": n, "status": None, "error": "no webhook is registered for this account"}
        outcome = await self._call_webhook(webhook, "message", message.id, bodies.message_event(message, webhook))
        return {"id": message.id, "n": n} | outcome

    def add_written(self, message: ChatMessage, *, by_api: bool) -> ChatMessage:
        """Add a message to its chat, and its file; with its id."""
        prefix = "wamid." if message.gateway == "whatsapp_cloud" else ""
        message = message.model_copy(update={"id": message.id or prefix + secrets.token_hex(10).upper()})
        self._add(message, by_api=by_api, kind=str(message.more.get("type", "")))
        if message.media and message.media.base64:
            media_id = bodies.media_id(message) if message.gateway == "whatsapp_cloud" else message.id
            self.media[message.gateway, message.account, media_id] = message
        return message

    async def edit(self, edit: Edit) -> Json:
        """Change the text of a person's message, and call the webhook; its response."""
        row = self.conversation.get((edit.gateway, edit.account, edit.id))
        webhook = self.webhooks.get((edit.gateway, edit.account))
        if row is None or webhook is None:
            return {"id": edit.id, "status": None, "error": "no such message, or no webhook for this account"}
        row["text"] = edit.text
        self._happened(row, "edited")
        message = ChatMessage.model_construct(
            gateway=edit.gateway,
            account=edit.account,
            person=row["person"],
            name=row["name"],
            text=edit.text,
            id=edit.id,
            lid=row["lid"],
        )
        outcome = await self._call_webhook(webhook, "edit", edit.id, bodies.edit_event(message, webhook))
        return {"id": edit.id} | outcome

    async def read(self, reading: Reading) -> list[str]:
        """Let a person read what was sent to them, and call the webhook for each message; the messages' ids."""
        webhook = self.webhooks.get((reading.gateway, reading.account))
        whose = (reading.gateway, reading.account, reading.person)
        rows = [row for row in self.conversation.values() if (row["gateway"], row["account"], row["person"]) == whose]
        unread = [row for row in rows if row["from_me"] and not row["read"]]
        for row in unread:
            row["read"] = True
            if webhook:
                event = bodies.read_event(row, webhook)
                await self._call_webhook(webhook, "read", row["id"], event)
        self.changed()
        return [row["id"] for row in unread]

    async def call(self, call: Call) -> Json:
        """Let a person call the account, and call the webhook at each step; the response to the last one."""
        webhook = self.webhooks.get(("evolution", call.account))
        if webhook is None:
            return {"status": None, "error": "no webhook is registered for this account"}
        call_id = secrets.token_hex(16).upper()
        outcome: Json = {}
        for step in ("offer", "accept" if call.answered else "timeout"):
            outcome = await self._call_webhook(webhook, step, call_id, bodies.call_event(call, call_id, step, webhook))
        return {"id": call_id} | outcome

    async def add_sent(self, request: SendRequest, message_id: str, failed: int | None = None) -> None:
        """Add a sent message to its chat, and call the webhook as the gateway does; `failed`: why it did not arrive."""
        message = sent_message(request, message_id)
        if failed is None:
            self._add(message, by_api=True, kind=request.kind)
        webhook = self.webhooks.get((request.gateway, request.account))
        if webhook is None or request.gateway == "chatflow":
            return
        if request.gateway == "evolution":
            events = [("echo", bodies.sent_event(message, webhook))]
            if failed is not None:
                events.append(("failed", bodies.update_event(message, webhook, "ERROR")))
        else:
            steps, code = ("sent", "delivered" if failed is None else "failed"), failed or 0
            account, to = request.account, request.to
            events = [(step, bodies.receipt_event(account, to, message_id, step, code)) for step in steps]
        task = asyncio.create_task(self._deliver_all(webhook, message_id, events))
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        if self.echo_first:
            await asyncio.wait({task}, timeout=ECHO_TIMEOUT_SECONDS)

    async def settled(self) -> None:
        """Wait until every echo and receipt has been delivered or given up."""
        while self._background:
            await asyncio.wait(set(self._background))

    def stop(self) -> None:
        """Cancel what is still to be delivered."""
        for task in self._background:
            task.cancel()

    async def _deliver_all(self, webhook: Webhook, message_id: str, events: Sequence[tuple[str, Json]]) -> None:
        for what, body in events:
            await self._call_webhook(webhook, what, message_id, body)

    async def _call_webhook(self, webhook: Webhook, what: str, message_id: str, body: Json) -> Json:
        outcome = await deliver(webhook, body, self.first_wait, self.webhook_log)
        about = {"gateway": webhook.gateway, "account": webhook.account, "what": what, "id": message_id}
        self.deliveries.append(about | outcome | {"unix": time.time()})
        return outcome

    def _add(self, message: ChatMessage, *, by_api: bool, kind: str = "") -> None:
        """A message with the id of an earlier one is a repetition and is ignored."""
        if (message.gateway, message.account, message.id) in self.conversation:
            return
        person = number(message.person)
        if message.lid:
            self._hidden[bodies.scoped_id(person)] = person
        row = message.model_dump(exclude={"media"})
        row |= {
            "person": self._hidden.get(person, person),
            "text": message.text_or_caption,
            "by_api": by_api,
            "read": False,
            "kind": kind or (message.media.kind if message.media else "text"),
            "unix": time.time(),
        }
        row["media"] = message.media.model_dump(exclude={"caption", "base64"}) if message.media else None
        self.conversation[message.gateway, message.account, message.id] = row
        self._happened(row, "sent")
        if len(self.conversation) > MAX_ROWS:
            del self.conversation[next(iter(self.conversation))]

    def _happened(self, row: Json, happening: Happening) -> None:
        self.changed()
        from_bot = row["from_me"] and row["by_api"]
        about = (row["account"], row["person"], from_bot, row["kind"], row["text"], row)
        self.events.add(Event(row["gateway"], happening, *about))
