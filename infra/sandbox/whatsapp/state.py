"""What passed in both directions, the accounts' tokens and webhooks, and the faults that wait."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, cast

from infra.sandbox.whatsapp import bodies
from infra.sandbox.whatsapp.delivery import deliver
from infra.sandbox.whatsapp.models import Arrived, Fault, File, Gateway, Json, Webhook, Written, number

KEPT = 10_000
_ECHO_PATIENCE_S = 5


class WhatsApp:
    """The state behind the three gateways.

    `journal` has each message that a gateway was asked to send, `talk` what the chats hold in both directions,
    `deliveries` each webhook. Ids count on from `last_id`. `echo_first` lets an echo come before its answer.
    """

    def __init__(self, last_id: int = 0) -> None:
        self.journal: deque[Json] = deque(maxlen=KEPT)
        self.conversation: dict[tuple[Gateway, str, str], Json] = {}
        self.deliveries: deque[Json] = deque(maxlen=KEPT)
        self.faults: list[Fault] = []
        self.webhooks: dict[tuple[Gateway, str], Webhook] = {}
        self.media: dict[tuple[Gateway, str, str], Written] = {}  # files that the account's token opens
        self.echo_first = False
        self.first_wait = 0.3
        self._tokens: dict[tuple[Gateway, str], str] = {}
        self._count = last_id
        self._background: set[asyncio.Task[None]] = set()

    def knows(self, gateway: Gateway, account: str, token: str) -> bool:
        """Whether the token is the account's: the first that it comes with is, from then on."""
        return bool(token) and self._tokens.setdefault((gateway, account), token) == token

    def fault(self, gateway: Gateway) -> Fault | None:
        """The oldest fault that meets a message of `gateway`, used up by one."""
        for fault in self.faults:
            if fault.gateway in (None, gateway):
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    def note(self, message: Arrived, status: int | None, *, delivered: bool) -> None:
        """Write a message down; without a status it got no answer."""
        row = {"unix": time.time(), "status": status, "delivered": delivered}
        self.journal.append(asdict(message) | row)

    def new_id(self, gateway: Gateway) -> str:
        """The id of a message that is sent."""
        self._count += 1
        return f"{'wamid.' if gateway == 'whatsapp_cloud' else ''}{self._count:020X}"

    def register(self, webhook: Webhook) -> None:
        """Say where an account's webhooks go; its earlier address is forgotten."""
        self.webhooks[webhook.gateway, webhook.account] = webhook

    async def say(self, written: Written) -> Json:
        """Let a person write, or (`from_me`) the owner on the phone, and tell the account's webhook."""
        start = "wamid." if written.gateway == "whatsapp_cloud" else ""
        written = written.model_copy(update={"id": written.id or start + secrets.token_hex(10).upper()})
        self._keep(written, by_api=False)
        if written.media and written.media.base64:
            known_as = bodies.media_id(written) if written.gateway == "whatsapp_cloud" else written.id
            self.media[written.gateway, written.account, known_as] = written
        webhook = self.webhooks.get((written.gateway, written.account))
        if webhook is None:
            return {"id": written.id, "status": None, "error": "no webhook is registered for this account"}
        outcome = await self._tell(webhook, "message", written.id, bodies.body(written, webhook))
        return {"id": written.id} | outcome

    async def sent(self, message: Arrived, message_id: str) -> None:
        """Put a message of ours into its chat, and tell the webhook as the gateway does."""
        written = _of_ours(message, message_id)
        self._keep(written, by_api=True)
        webhook = self.webhooks.get((message.gateway, message.account))
        if webhook is None or message.gateway == "chatflow":
            return
        if message.gateway == "evolution":
            events = [("echo", bodies.body(written, webhook))]
        else:
            steps = ("sent", "delivered")
            events = [(step, bodies.status(message.account, message.to, message_id, step)) for step in steps]
        task = asyncio.create_task(self._deliver_all(webhook, message_id, events))
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        if self.echo_first:
            await asyncio.wait({task}, timeout=_ECHO_PATIENCE_S)

    async def settled(self) -> None:
        """Wait until every echo and receipt has been delivered or given up."""
        while self._background:
            await asyncio.wait(set(self._background))

    def stop(self) -> None:
        """Give up what is still to be delivered."""
        for task in self._background:
            task.cancel()

    async def _deliver_all(self, webhook: Webhook, message_id: str, events: Sequence[tuple[str, Json]]) -> None:
        for what, body in events:
            await self._tell(webhook, what, message_id, body)

    async def _tell(self, webhook: Webhook, what: str, message_id: str, body: Json) -> Json:
        outcome = await deliver(webhook, body, self.first_wait)
        about = {"gateway": webhook.gateway, "account": webhook.account, "what": what, "id": message_id}
        self.deliveries.append(about | outcome | {"unix": time.time()})
        return outcome

    def _keep(self, written: Written, *, by_api: bool) -> None:
        """A message that comes with the id of an earlier one is a repetition: the chat has it already."""
        kept = written.model_dump(exclude={"media", "lid"})
        kept |= {"person": number(written.person), "text": written.words, "by_api": by_api, "unix": time.time()}
        kept["media"] = written.media.model_dump(exclude={"caption", "base64"}) if written.media else None
        self.conversation.setdefault((written.gateway, written.account, written.id), kept)
        if len(self.conversation) > KEPT:
            del self.conversation[next(iter(self.conversation))]


def _of_ours(message: Arrived, message_id: str) -> Written:
    media: File | None = None
    if message.kind != "text":
        kind = cast("Any", message.kind)
        media = File.model_construct(kind=kind, url=message.url, file_name=message.file_name)
    return Written.model_construct(
        gateway=message.gateway,
        account=message.account,
        person=message.to if message.to.endswith(("@lid", "@g.us")) else number(message.to),
        text=message.text,
        media=media,
        from_me=True,
        id=message_id,
    )
