"""Chats that survive a restart: one file in a folder.

Old messages leave it by themselves. The bytes of files are not kept.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import sys
import time
from collections import deque
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from heapq import nlargest
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticSerializationError

from infra.sandbox.telegram.delivery import redeliver
from infra.sandbox.telegram.models import Bot, Chat, Webhook
from infra.sandbox.whatsapp import models as whatsapp
from infra.sandbox.yclients.state import Record

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from infra.sandbox.state import Sandbox
    from infra.sandbox.telegram.state import Telegram

MAX_MESSAGES = 2_000  # of Telegram, and of WhatsApp: to write them holds everything else up for 20 ms
MAX_AGE_S = 7 * 24 * 3600
MAX_CHATS = 1_000  # the latest; and as many people
_PAUSE_S = 2.0  # a burst is written at once

Json = dict[str, Any]


class FolderError(Exception):
    """Why nothing can be kept in a folder."""


class _Bot(BaseModel):
    id: int
    first_name: str
    username: str
    update_id: int
    revoked: bool
    webhook: Webhook | None
    commands: dict[str, list[Json]]
    pending: list[Json]


class _Kept(BaseModel):
    version: Literal[1] = 1
    bots: list[_Bot]
    chats: list[Chat]
    people: dict[int, Json]
    conversation: list[Json]
    webhooks: list[whatsapp.Webhook]
    records: list[Record]


@asynccontextmanager
async def kept(sandbox: Sandbox, folder: Path) -> AsyncIterator[None]:
    """Fill the sandbox from `folder`, and keep there what happens in it. Raises FolderError."""
    with _locked(folder):
        path = folder / "history.json"
        _load(sandbox, path)
        saving = asyncio.create_task(_save_changes(sandbox, path, sandbox.changes.number))
        try:
            yield
        finally:
            saving.cancel()
            with suppress(asyncio.CancelledError):
                await saving
            _save(sandbox, path)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "lock").open("w")
    except OSError as error:
        raise FolderError(error.strerror) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderError("another sandbox keeps its chats there") from None
        yield


async def _save_changes(sandbox: Sandbox, path: Path, known: int) -> None:
    while not sandbox.changes.is_over:
        if await sandbox.changes.after(known, MAX_AGE_S) > known:
            await asyncio.sleep(_PAUSE_S)
            known = sandbox.changes.number
            _save(sandbox, path)


def _save(sandbox: Sandbox, path: Path) -> None:
    """Write the file anew; it is whole at any time, and nobody else may read it: webhooks have secrets."""
    new = path.with_suffix(".new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(_to_json(_from(sandbox)))
        new.replace(path)
    except OSError as error:
        sys.stderr.write(f"The chats are not kept: {path}: {error.strerror}\n")


def _to_json(found: _Kept) -> bytes:
    try:
        return found.model_dump_json().encode()
    except PydanticSerializationError:  # half a character, which becomes a question mark
        return json.dumps(found.model_dump(mode="json"), ensure_ascii=False).encode(errors="replace")


def _from(sandbox: Sandbox) -> _Kept:
    telegram, since = sandbox.telegram, time.time() - MAX_AGE_S
    rows = islice(reversed(sandbox.whatsapp.conversation.values()), MAX_MESSAGES)
    return _Kept(
        bots=[_Bot.model_validate(bot, from_attributes=True) for bot in telegram.bots.values()],
        chats=_chats(telegram, since),
        people=dict(list(telegram.people.items())[-MAX_CHATS:]),
        conversation=[row for row in rows if row["unix"] >= since][::-1],
        webhooks=list(sandbox.whatsapp.webhooks.values()),
        records=list(sandbox.yclients.records.values()),
    )


def _chats(telegram: Telegram, since: float) -> list[Chat]:
    """The latest chats, each with what is left of its messages."""
    chats = {
        (chat.bot, chat.id): chat for chat in nlargest(MAX_CHATS, telegram.chats.values(), lambda chat: chat.touched)
    }
    messages: dict[tuple[int, int], dict[int, Json]] = {key: {} for key in chats}
    for chat, number in list(islice(reversed(telegram.stored), MAX_MESSAGES))[::-1]:
        message, own = chat.messages.get(number), messages.get((chat.bot, chat.id))
        if message and own is not None and message["date"] >= since:
            own[number] = message
    return [
        replace(
            chat,
            messages=messages[key],
            pinned=[number for number in chat.pinned if number in messages[key]],
            reactions={number: given for number, given in chat.reactions.items() if number in messages[key]},
        )
        for key, chat in chats.items()
    ]


def _load(sandbox: Sandbox, path: Path) -> None:
    """Fill the sandbox; a file that cannot be read is put aside."""
    if not path.exists():
        return
    try:
        found = _Kept.model_validate_json(path.read_bytes())
    except ValidationError:
        aside = path.with_suffix(".unreadable")
        path.replace(aside)
        sys.stderr.write(f"The chats of before cannot be read; they are in {aside}, and the sandbox begins anew.\n")
        return
    telegram, phones = sandbox.telegram, sandbox.whatsapp
    telegram.people |= found.people
    telegram.chats |= {(chat.bot, chat.id): chat for chat in found.chats}
    telegram.touches = max((chat.touched for chat in found.chats), default=0)
    ordered = sorted(
        (row["date"], number, chat.id, chat.bot) for chat in found.chats for number, row in chat.messages.items()
    )
    telegram.stored.extend((telegram.chats[bot, chat], number) for _, number, chat, bot in ordered)
    for bot in found.bots:
        fields = dict(bot) | {"pending": deque(bot.pending, maxlen=telegram.bot_of(bot.id).pending.maxlen)}
        telegram.bots[bot.id] = Bot(**fields)
        redeliver(telegram, telegram.bots[bot.id])
    phones.conversation |= {(row["gateway"], row["account"], row["id"]): row for row in found.conversation}
    phones.webhooks |= {(webhook.gateway, webhook.account): webhook for webhook in found.webhooks}
    sandbox.yclients.records |= {(record.company_id, record.id): record for record in found.records}
