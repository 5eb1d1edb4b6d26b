"""The next step about a chat that Telegram refuses."""

import asyncio

import pytest

from infra.admin.doctor.outside.chats import next_step
from infra.sandbox.server import running
from tests.helpers import canaries

SUPERGROUP, GROUP, PERSON = -1001900000042, -4900000042, 700000042


async def test_a_group_without_its_minus_is_recognised_and_a_person_is_asked_to_press_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running() as server:
        monkeypatch.setenv("TELEGRAM_API_URL", server.url)
        server.telegram.configure(SUPERGROUP, None, {"title": "Менеджеры"})
        server.telegram.configure(GROUP, None, {"title": "Школа"})
        server.telegram.strict_chats = True

        steps = [
            await asyncio.to_thread(next_step, canaries.BOT_TOKEN, chat, "school")
            for chat in (1900000042, 4900000042, 1001900000042, PERSON)
        ]

    assert steps[0].startswith("did you mean -1001900000042 (Менеджеры)?")
    assert steps[1].startswith("did you mean -4900000042 (Школа)?")
    assert steps[2].startswith("did you mean -1001900000042 (Менеджеры)?")
    assert "press Start" in steps[3]
