"""Everything that a sandbox keeps, a state for each stand-in."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from starlette.routing import Router

from infra.sandbox.changes import Changes
from infra.sandbox.inside.webhook_log import WebhookLog
from infra.sandbox.llm.state import Model
from infra.sandbox.telegram.state import Telegram
from infra.sandbox.testing.events import Events
from infra.sandbox.whatsapp.state import WhatsApp
from infra.sandbox.yclients.state import YClients


@dataclass
class Sandbox:
    """The states, what happens in them, and what the page knows of the stack around the sandbox, if there is one.

    `lesson`: the functions' address and the token that the lesson's page uses; it may be filled later. `stack`: what is
    served under `/_sandbox/stack`.
    """

    # Ids of an earlier run must not be used again: callers may have stored them.
    telegram: Telegram = field(default_factory=lambda: Telegram(last_id=time.time_ns()))
    whatsapp: WhatsApp = field(default_factory=lambda: WhatsApp(time.time_ns()))
    model: Model = field(default_factory=Model)
    yclients: YClients = field(default_factory=YClients)
    lesson: dict[str, str] = field(default_factory=dict)
    stack: Router = field(default_factory=Router)
    changes: Changes = field(default_factory=Changes)
    webhook_log: WebhookLog = field(default_factory=WebhookLog)
    events: Events = field(default_factory=Events)

    def __post_init__(self) -> None:
        self.telegram.webhook_log = self.whatsapp.webhook_log = self.webhook_log
        self.telegram.events = self.whatsapp.events = self.events
        for state in (self.telegram, self.whatsapp, self.model, self.webhook_log):
            state.changed = self.changes.notify

    def reset(self) -> None:
        """Begin anew: no chats, calls, faults or records. Bots and accounts stay, with their webhooks."""
        self.webhook_log.rows.clear()
        self.events.clear()
        for state in (self.telegram, self.whatsapp, self.model, self.yclients):
            state.reset()

    def stop(self) -> None:
        """Deliver nothing more, and let nobody wait."""
        self.changes.end()
        self.events.end()
        self.telegram.stop()
        self.whatsapp.stop()
