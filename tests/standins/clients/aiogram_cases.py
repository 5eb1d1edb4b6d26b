"""The stand-in for Telegram, called by aiogram."""

from __future__ import annotations

import asyncio
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyParameters,
)
from cases import URL, expect, file, run, steer

TOKEN = "7200000001:" + "A" * 35
BOT = 7200000001
PERSON, GROUP, FORUM, OLD, BLOCKED = 4200000001, -1004200000002, -1004200000003, -4200000004, 4200000005


def upload(name: str) -> Any:
    return BufferedInputFile(file(name), name)


async def refused(error: type[Exception], call: Any) -> Any:
    try:
        await call
    except error as found:
        return found
    raise AssertionError(f"no {error.__name__}")


class Cases:
    def __init__(self) -> None:
        for chat in (PERSON, BLOCKED):
            steer("say", bot=BOT, chat_id=chat, text="/start")
        steer("chats", chat_id=BLOCKED, blocked=True)
        steer("chats", chat_id=GROUP, type="supergroup", title="Group", creator=PERSON)
        steer("chats", chat_id=FORUM, type="supergroup", title="Forum", is_forum=True)
        steer("chats", chat_id=OLD, type="group", title="Old", migrated_to=GROUP)
        self._bot_made: Any = None

    @property
    def _bot(self) -> Any:
        if self._bot_made is None:
            session = AiohttpSession(api=TelegramAPIServer.from_base(URL))
            self._bot_made = Bot(TOKEN, session=session)
        return self._bot_made

    async def get_me(self) -> None:
        expect((await self._bot.get_me()).id == BOT)

    async def text(self) -> None:
        message = await self._bot.send_message(PERSON, "Hi, see example.com #today @anna +7 701 000-00-01")
        kinds = [entity.type for entity in message.entities]
        expect(kinds == ["url", "hashtag", "mention", "phone_number"], kinds)

    async def html(self) -> None:
        message = await self._bot.send_message(
            PERSON, "<b>a</b> <a href='https://example.com/'>b</a>", parse_mode="HTML"
        )
        expect(message.html_text == '<b>a</b> <a href="https://example.com/">b</a>', message.html_text)

    async def markdown(self) -> None:
        message = await self._bot.send_message(PERSON, "*a* _b_ `c`", parse_mode="Markdown")
        expect([entity.type for entity in message.entities] == ["bold", "italic", "code"])

    async def markdown_v2(self) -> None:
        message = await self._bot.send_message(PERSON, "*a* __b__ ||c|| ~d~ \\.", parse_mode="MarkdownV2")
        kinds = [entity.type for entity in message.entities]
        expect(kinds == ["bold", "underline", "spoiler", "strikethrough"], kinds)

    async def entities(self) -> None:
        given = [MessageEntity(type="bold", offset=0, length=2)]
        expect((await self._bot.send_message(PERSON, "ab cd", entities=given)).entities[0].length == 2)

    async def preview(self) -> None:
        options = LinkPreviewOptions(is_disabled=True)
        message = await self._bot.send_message(PERSON, "https://example.com", link_preview_options=options)
        expect(message.link_preview_options.is_disabled)

    async def protected(self) -> None:
        message = await self._bot.send_message(PERSON, "secret", protect_content=True)
        expect(message.has_protected_content)
        await refused(TelegramBadRequest, message.forward(PERSON))

    async def reply(self) -> None:
        first = await self._bot.send_message(PERSON, "first")
        second = await self._bot.send_message(
            PERSON, "b", reply_parameters=ReplyParameters(message_id=first.message_id)
        )
        expect(second.reply_to_message.message_id == first.message_id)

    async def quoted_reply(self) -> None:
        first = await self._bot.send_message(PERSON, "one two three")
        given = ReplyParameters(message_id=first.message_id, quote="two")
        second = await self._bot.send_message(PERSON, "b", reply_parameters=given)
        expect(second.quote.text == "two" and second.quote.position == 4)

    async def keyboard(self) -> None:
        button = InlineKeyboardButton(text="a", callback_data="b")
        message = await self._bot.send_message(
            PERSON, "a", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]])
        )
        expect(message.reply_markup.inline_keyboard[0][0].callback_data == "b")
        edited = await message.edit_reply_markup(reply_markup=None)
        expect(edited.reply_markup is None)

    async def edit(self) -> None:
        message = await self._bot.send_message(PERSON, "a")
        expect((await message.edit_text("b")).text == "b")
        error = await refused(TelegramBadRequest, message.edit_text("b"))
        expect("message is not modified" in str(error), error)

    async def delete(self) -> None:
        message = await self._bot.send_message(PERSON, "a")
        expect(await message.delete())
        others = [(await self._bot.send_message(PERSON, "a")).message_id for _ in range(2)]
        expect(await self._bot.delete_messages(PERSON, others))

    async def photo_jpeg(self) -> None:
        message = await self._bot.send_photo(PERSON, upload("telegram.jpg"), caption="<b>a</b>", parse_mode="HTML")
        expect(message.photo[-1].width > message.photo[0].width and message.caption == "a")
        again = await self._bot.send_photo(PERSON, message.photo[-1].file_id)
        expect(again.photo[-1].file_unique_id == message.photo[-1].file_unique_id)

    async def photo_png(self) -> None:
        expect((await self._bot.send_photo(PERSON, upload("telegram.png"), has_spoiler=True)).has_media_spoiler)

    async def document(self) -> None:
        message = await self._bot.send_document(PERSON, upload("text_file.txt"))
        expect(message.document.file_name == "text_file.txt")

    async def document_with_thumbnail(self) -> None:
        message = await self._bot.send_document(PERSON, upload("telegram.png"), thumbnail=upload("thumb.jpg"))
        expect(message.document.thumbnail.width > 0)

    async def audio(self) -> None:
        message = await self._bot.send_audio(PERSON, upload("telegram.mp3"), performer="P", title="T", duration=3)
        expect((message.audio.performer, message.audio.duration) == ("P", 3))

    async def video(self) -> None:
        message = await self._bot.send_video(PERSON, upload("telegram.mp4"), width=360, height=640, duration=5)
        expect((message.video.width, message.video.height) == (360, 640))

    async def voice(self) -> None:
        expect((await self._bot.send_voice(PERSON, upload("telegram.ogg"), duration=3)).voice.duration == 3)

    async def album(self) -> None:
        photos = [
            InputMediaPhoto(media=upload("telegram.jpg"), caption="a"),
            InputMediaPhoto(media=upload("telegram.png")),
        ]
        messages = await self._bot.send_media_group(PERSON, photos)
        expect(len({message.media_group_id for message in messages}) == 1 and messages[0].caption == "a")

    async def edit_caption_and_media(self) -> None:
        message = await self._bot.send_photo(PERSON, upload("telegram.jpg"), caption="a")
        expect((await message.edit_caption(caption="b")).caption == "b")
        edited = await message.edit_media(InputMediaDocument(media=upload("text_file.txt")))
        expect(edited.document and not edited.photo)

    async def copy_and_forward(self) -> None:
        message = await self._bot.send_message(PERSON, "a")
        expect((await self._bot.copy_message(GROUP, PERSON, message.message_id)).message_id)
        expect((await message.forward(GROUP)).forward_origin.sender_user.id == BOT)
        expect(len(await self._bot.forward_messages(GROUP, PERSON, [message.message_id])) == 1)
        expect(len(await self._bot.copy_messages(GROUP, PERSON, [message.message_id])) == 1)

    async def pin(self) -> None:
        message = await self._bot.send_message(GROUP, "a")
        expect(await message.pin())
        expect((await self._bot.get_chat(GROUP)).pinned_message.message_id == message.message_id)
        expect(await message.unpin() and await self._bot.unpin_all_chat_messages(GROUP))

    async def reaction(self) -> None:
        message = await self._bot.send_message(PERSON, "a")
        expect(await message.react([ReactionTypeEmoji(emoji="👍")]))

    async def chat_action(self) -> None:
        expect(await self._bot.send_chat_action(PERSON, "typing"))
        await refused(TelegramBadRequest, self._bot.send_chat_action(PERSON, "juggling"))

    async def commands(self) -> None:
        expect(await self._bot.set_my_commands([BotCommand(command="start", description="begin")]))
        expect([command.command for command in await self._bot.get_my_commands()] == ["start"])
        expect(await self._bot.delete_my_commands() and not await self._bot.get_my_commands())

    async def chats(self) -> None:
        chat = await self._bot.get_chat(GROUP)
        expect((chat.title, chat.type) == ("Group", "supergroup"))
        expect(
            {member.status for member in await self._bot.get_chat_administrators(GROUP)} == {"creator", "administrator"}
        )
        expect((await self._bot.get_chat_member(GROUP, BOT)).status == "administrator")
        expect((await self._bot.get_chat_member(GROUP, PERSON)).status == "creator")
        expect(await self._bot.get_chat_member_count(GROUP) > 1)

    async def topics(self) -> None:
        icons = await self._bot.get_forum_topic_icon_stickers()
        topic = await self._bot.create_forum_topic(FORUM, "a", icon_custom_emoji_id=icons[0].custom_emoji_id)
        number = topic.message_thread_id
        expect((await self._bot.send_message(FORUM, "a", message_thread_id=number)).is_topic_message)
        expect(await self._bot.edit_forum_topic(FORUM, number, name="b"))
        expect(await self._bot.close_forum_topic(FORUM, number) and await self._bot.reopen_forum_topic(FORUM, number))
        expect(await self._bot.unpin_all_forum_topic_messages(FORUM, number))
        expect(await self._bot.delete_forum_topic(FORUM, number))
        error = await refused(TelegramBadRequest, self._bot.send_message(FORUM, "a", message_thread_id=number))
        expect("message thread not found" in str(error), error)

    async def general_topic(self) -> None:
        expect(await self._bot.edit_general_forum_topic(FORUM, "All"))
        expect(await self._bot.hide_general_forum_topic(FORUM) and await self._bot.unhide_general_forum_topic(FORUM))

    async def download(self) -> None:
        sent = await self._bot.send_document(PERSON, upload("text_file.txt"))
        found = await self._bot.get_file(sent.document.file_id)
        expect((await self._bot.download_file(found.file_path)).read() == file("text_file.txt"))

    async def webhook(self) -> None:
        expect(await self._bot.set_webhook("https://example.com/hook", secret_token="s", allowed_updates=["message"]))
        info = await self._bot.get_webhook_info()
        expect((info.url, info.allowed_updates) == ("https://example.com/hook", ["message"]))
        expect(await self._bot.delete_webhook(drop_pending_updates=True))

    async def echo_by_polling(self) -> None:
        seen: list[str] = []
        dispatcher = Dispatcher()

        async def on_message(message: Any) -> None:
            seen.append(message.text)
            await message.answer(message.text)
            if len(seen) == 2:
                await dispatcher.stop_polling()

        async def on_edit(message: Any) -> None:
            seen.append(message.text)

        dispatcher.message.register(on_message)
        dispatcher.edited_message.register(on_edit)
        first = await asyncio.to_thread(steer, "say", bot=BOT, chat_id=PERSON, text="one")
        await asyncio.to_thread(steer, "edit", bot=BOT, chat_id=PERSON, message_id=first["message_id"], text="uno")
        await asyncio.to_thread(steer, "say", bot=BOT, chat_id=PERSON, text="two")
        polling = dispatcher.start_polling(self._bot, handle_signals=False, close_bot_session=False)
        await asyncio.wait([asyncio.create_task(polling)], timeout=10)
        expect(seen[:2] == ["one", "uno"], seen)

    async def press(self) -> None:
        await self._bot.get_updates(offset=-1, allowed_updates=["message", "callback_query"])
        button = InlineKeyboardButton(text="a", callback_data="b")
        message = await self._bot.send_message(
            PERSON, "a", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]])
        )
        await asyncio.to_thread(steer, "press", bot=BOT, chat_id=PERSON, message_id=message.message_id, data="b")
        update = (await self._bot.get_updates())[-1]
        expect(update.callback_query.data == "b" and update.callback_query.message.text == "a")
        expect(await self._bot.answer_callback_query(update.callback_query.id, text="thanks"))
        await self._bot.get_updates(offset=update.update_id + 1)

    async def file_from_a_person(self) -> None:
        sent = {"kind": "document", "name": "a.txt", "text": "hello"}
        await asyncio.to_thread(steer, "say", bot=BOT, chat_id=PERSON, text="see", file=sent)
        message = (await self._bot.get_updates())[-1].message
        expect(message.caption == "see")
        expect((await self._bot.download(message.document)).read() == b"hello")

    async def blocked(self) -> None:
        await refused(TelegramForbiddenError, self._bot.send_message(BLOCKED, "a"))

    async def unknown_chat(self) -> None:
        error = await refused(TelegramBadRequest, self._bot.send_message(4299999999, "a"))
        expect("chat not found" in str(error), error)

    async def migrated(self) -> None:
        error = await refused(TelegramMigrateToChat, self._bot.send_message(OLD, "a"))
        expect(error.migrate_to_chat_id == GROUP)

    async def too_many(self) -> None:
        steer("faults", method="sendMessage", status=429, parameters={"retry_after": 7})
        expect((await refused(TelegramRetryAfter, self._bot.send_message(PERSON, "a"))).retry_after == 7)

    async def server_error(self) -> None:
        steer("faults", method="sendMessage", status=502)
        await refused(TelegramServerError, self._bot.send_message(PERSON, "a"))

    async def revoked_token(self) -> None:
        steer("bots", bot=7200000002, revoked=True)
        session = AiohttpSession(api=TelegramAPIServer.from_base(URL))
        async with Bot("7200000002:" + "A" * 35, session=session) as bot:
            await refused(TelegramUnauthorizedError, bot.get_me())

    async def two_polls(self) -> None:
        await self._bot.delete_webhook(drop_pending_updates=True)
        first = asyncio.create_task(self._bot.get_updates(timeout=10))
        await asyncio.sleep(0.5)
        await self._bot.get_updates(timeout=0)
        await refused(TelegramConflictError, first)

    async def close(self) -> None:
        await self._bot.session.close()


run(Cases())
