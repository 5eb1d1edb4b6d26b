"""Chats are kept in a folder until the next time, as many as fit, and not for ever."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from infra.sandbox.history import MAX_AGE_S, MAX_MESSAGES, FolderError, kept
from infra.sandbox.server import running
from infra.sandbox.state import Sandbox
from infra.sandbox.telegram.methods.call import perform
from infra.sandbox.telegram.updates import Actor, person
from infra.sandbox.whatsapp.models import ChatMessage, Webhook
from tests.helpers.waiting import until
from tests.infra.sandbox.conftest import BOT

if TYPE_CHECKING:
    from pathlib import Path

    from infra.sandbox.telegram.models import Json

PERSON, GROUP = 4100000095, -1001900000095


def call(sandbox: Sandbox, method: str, **params: object) -> Json:
    status, answer = perform(sandbox.telegram, sandbox.telegram.bot_of(BOT), method, params)
    assert status == 200, answer
    return answer


async def say(sandbox: Sandbox, text: str) -> Json:
    telegram = sandbox.telegram
    chat = telegram.open_chat(BOT, PERSON)
    assert chat
    telegram.people[PERSON] = person(PERSON, "Вера")
    return await Actor(telegram, telegram.bot_of(BOT), chat, telegram.people[PERSON]).say(text, None)


async def test_everything_is_there_again_and_numbers_go_on(tmp_path: Path) -> None:
    folder, before, after = tmp_path / "new", Sandbox(), Sandbox()
    async with kept(before, folder):
        said = await say(before, "Здравствуйте")
        thread = call(before, "createForumTopic", chat_id=GROUP, name="Вера")["result"]["message_thread_id"]
        card = call(before, "sendMessage", chat_id=GROUP, text="Заявка", message_thread_id=thread)["result"]
        call(before, "pinChatMessage", chat_id=GROUP, message_id=card["message_id"])
        call(before, "setWebhook", url="http://127.0.0.1:9/hook", secret_token="bell")
        before.whatsapp.register(Webhook(gateway="chatflow", account="a", url="http://127.0.0.1:9/hook"))
        hello = ChatMessage(gateway="chatflow", account="a", person="77010000095", text="Здравствуйте")
        before.whatsapp.add_written(hello, by_api=False)
        before.yclients.put(7, 3)
        before.stop()
    async with kept(after, folder):
        chat = after.telegram.chats[0, GROUP]
        assert chat.messages == before.telegram.chats[0, GROUP].messages
        assert (chat.topics[thread].name, chat.pinned) == ("Вера", [card["message_id"]])
        assert after.telegram.chats[BOT, PERSON].messages[said["message_id"]]["text"] == "Здравствуйте"
        assert call(after, "getWebhookInfo")["result"]["pending_update_count"] == 1
        hook = after.telegram.bots[BOT].webhook
        assert hook
        assert (hook.url, hook.secret_token) == ("http://127.0.0.1:9/hook", "bell")
        assert after.telegram.people == before.telegram.people
        assert after.whatsapp.conversation == before.whatsapp.conversation
        assert after.whatsapp.webhooks == before.whatsapp.webhooks
        assert after.yclients.records == before.yclients.records
        more = await say(after, "Ещё раз")
        assert (more["message_id"], more["update_id"]) == (said["message_id"] + 1, said["update_id"] + 1)
        after.stop()

    [file] = folder.glob("history.*")
    assert file.stat().st_mode & 0o777 == 0o600


async def test_old_messages_leave_and_only_so_many_stay(tmp_path: Path) -> None:
    before, after = Sandbox(), Sandbox()
    async with kept(before, tmp_path):
        old = await say(before, "старое")
        chat = before.telegram.chats[BOT, PERSON]
        chat.messages[old["message_id"]]["date"] -= MAX_AGE_S + 60
        bot = before.telegram.bot_of(BOT).public()
        first = before.telegram.post(chat, bot, {"text": "первое"})
        for _ in range(MAX_MESSAGES):
            last = before.telegram.post(chat, bot, {"text": "и ещё"})
    async with kept(after, tmp_path):
        messages = after.telegram.chats[BOT, PERSON].messages

    assert len(messages) == MAX_MESSAGES
    assert {old["message_id"], first["message_id"]}.isdisjoint(messages)
    assert list(messages)[-1] == last["message_id"]


async def test_what_happens_is_written_before_the_end(tmp_path: Path) -> None:
    sandbox = Sandbox()
    file = tmp_path / "history.json"
    async with kept(sandbox, tmp_path):
        await say(sandbox, "убит посреди")
        await until(file.exists)
        assert "убит посреди" in file.read_text()


async def test_half_a_character_is_kept_as_a_question_mark(tmp_path: Path) -> None:
    before, after = Sandbox(), Sandbox()
    half = ChatMessage.model_construct(
        gateway="evolution", account="a", person="77010000095", text="эхо \ud83d", id="1"
    )
    async with kept(before, tmp_path):
        before.whatsapp.add_written(half, by_api=True)
    async with kept(after, tmp_path):
        [row] = after.whatsapp.conversation.values()

    assert row["text"] == "эхо ?"


async def test_a_file_that_cannot_be_read_is_put_aside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "history.json").write_text('{"version": 1, "bots": ')
    sandbox = Sandbox()
    async with kept(sandbox, tmp_path):
        assert sandbox.telegram.chats == {}

    assert (tmp_path / "history.unreadable").read_text().startswith('{"version"')
    assert "begins anew" in capsys.readouterr().err


async def test_a_folder_serves_one_sandbox(tmp_path: Path) -> None:
    async with kept(Sandbox(), tmp_path):
        with pytest.raises(FolderError, match="another sandbox"):
            async with kept(Sandbox(), tmp_path):
                pass
    async with kept(Sandbox(), tmp_path):
        pass


async def test_a_full_disk_is_said_and_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sandbox = Sandbox()
    async with kept(sandbox, tmp_path):
        (tmp_path / "history.new").mkdir()  # nothing can be written there
        await say(sandbox, "x")

    assert "The chats are not kept" in capsys.readouterr().err


async def test_ids_of_an_earlier_run_do_not_come_again() -> None:
    """Also without a folder: a bot has stored them, and takes what comes again for a repetition."""
    first = await say(Sandbox(), "раз")
    began = time.time()
    later = Sandbox()
    later.telegram = type(later.telegram)(last_id=int(began + 1) * 1_000_000_000)
    second = await say(later, "два")

    assert second["update_id"] > first["update_id"]
    assert second["message_id"] > first["message_id"]
    assert second["update_id"] < 2**31


async def test_a_server_in_somebodys_event_loop_keeps_them_too(tmp_path: Path) -> None:
    """As that of `make dev`."""
    async with running(folder=tmp_path) as before:
        said = await say(before, "Здравствуйте")
    async with running(folder=tmp_path) as after:
        assert after.telegram.chats[BOT, PERSON].messages[said["message_id"]]["text"] == "Здравствуйте"
