"""The control surface under `/_sandbox`, which the real Telegram has not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import Route

from infra.sandbox import control
from infra.sandbox.telegram.faults import Fault
from infra.sandbox.telegram.files.received import SentFile, store
from infra.sandbox.telegram.files.uploads import Pictures
from infra.sandbox.telegram.limits import Limits
from infra.sandbox.telegram.updates import Actor, person

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from infra.sandbox.telegram.models import Chat, Topic
    from infra.sandbox.telegram.state import Telegram

_DEFAULT_PERSON = 5_000_000_001


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Latency(_Body):
    seconds: float = Field(ge=0)


class _Settings(_Body):
    strict_chats: bool | None = None
    strict_files: bool | None = None
    fetches_files: bool | None = None


class _Limits(_Body):
    per_second: int = Field(default=30, ge=1)
    private_per_second: int = Field(default=1, ge=1)
    group_per_minute: int = Field(default=20, ge=1)


class _BotSettings(_Body):
    bot: int
    first_name: str | None = None
    username: str | None = None
    revoked: bool | None = None
    limits: bool | _Limits | None = None


class ChatSettings(_Body):
    """What a chat is, and what the bot may do in it; what is not given stays as it is."""

    chat_id: int
    bot: int | None = None
    type: str | None = None
    title: str | None = None
    username: str | None = None
    creator: int | None = None
    is_forum: bool | None = None
    known: bool | None = None
    blocked: str | bool | None = None
    migrated_to: int | None = None
    bot_status: str | None = None  # in a group: administrator or member
    manages_topics: bool | None = None
    deletes_messages: bool | None = None
    pins_messages: bool | None = None
    members: int | None = Field(default=None, ge=1)  # how many
    members_write: bool | None = None
    members_send_files: bool | None = None
    statuses: dict[int, Literal["member", "administrator", "left", "kicked"]] | None = None  # of people, by their id

    def changes(self) -> dict[str, Any]:
        """The fields of a Chat to set."""
        given = self.model_dump(exclude_unset=True, exclude={"chat_id", "bot"})
        if given.get("blocked") is True:
            given["blocked"] = "Forbidden: bot was blocked by the user"
        return {
            name: value or None if name == "blocked" else value
            for name, value in given.items()
            if value is not None or name in ("blocked", "migrated_to", "is_forum")
        }


class _Person(_Body):
    bot: int
    chat_id: int
    from_id: int | None = None
    first_name: str | None = None
    last_name: str = ""


class _Say(_Person):
    text: str = ""
    file: SentFile | None = None  # the text is its caption
    more: dict[str, Any] | None = None
    thread: int | None = None


class _Edit(_Person):
    message_id: int
    text: str


class _Press(_Person):
    message_id: int
    data: str


class _Member(_Person):
    status: str = Field(pattern="^(member|kicked)$")


class Control:
    """Endpoints that show the stand-in's state and change it."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    def routes(self) -> list[Route]:
        """The endpoints, relative to `/_sandbox`."""
        post = {
            "/latency": self._latency,
            "/settings": self._settings,
            "/bots": self._bots,
            "/chats": self._chats,
            "/say": self._say,
            "/edit": self._edit,
            "/press": self._press,
            "/member": self._member,
        }
        return [
            Route("/journal", self._journal),
            Route("/pictures/{bot:int}/{file_id}", Pictures(self._telegram).answer),
            Route("/faults", self._faults, methods=["GET", "POST", "DELETE"]),
            *(Route(path, endpoint, methods=["POST"]) for path, endpoint in post.items()),
        ]

    async def _journal(self, request: Request) -> Response:
        query = request.query_params
        try:
            bot, chat, since = (int(query[name]) if query.get(name) else None for name in ("bot", "chat", "since"))
        except ValueError:
            raise HTTPException(422, "bot, chat and since are whole numbers") from None
        rows = self._telegram.journal.find(query.get("method"), chat, bot, since or 0)
        return JSONResponse([row.public() for row in rows])

    async def _faults(self, request: Request) -> Response:
        return await control.faults(request, self._telegram.faults.waiting, Fault, exclude_defaults=True)

    async def _latency(self, request: Request) -> Response:
        self._telegram.latency = (await control.read(request, _Latency)).seconds
        return control.done()

    async def _settings(self, request: Request) -> Response:
        for name, value in (await control.read(request, _Settings)).model_dump(exclude_none=True).items():
            setattr(self._telegram, name, value)
        return control.done()

    async def _bots(self, request: Request) -> Response:
        given = await control.read(request, _BotSettings)
        bot = self._telegram.bot_of(given.bot)
        if given.limits is not None:
            chosen = given.limits if isinstance(given.limits, _Limits) else _Limits()
            bot.limits = Limits(**chosen.model_dump()) if given.limits else None
        bot.first_name = given.first_name or bot.first_name
        bot.username = given.username or bot.username
        bot.revoked = bot.revoked if given.revoked is None else given.revoked
        return control.done()

    async def _chats(self, request: Request) -> Response:
        given = await control.read(request, ChatSettings)
        self._telegram.configure(given.chat_id, given.bot, given.changes())
        return control.done()

    async def _say(self, request: Request) -> Response:
        given = await control.read(request, _Say)
        actor = self._actor(given)
        topic = _topic(actor.chat, given.thread)
        text, more = given.text, given.more or {}
        if given.file:
            more = store(self._telegram, given.bot, given.file) | ({"caption": text} if text else {}) | more
            text = ""
        return JSONResponse(await actor.say(text, topic, more))

    async def _edit(self, request: Request) -> Response:
        given = await control.read(request, _Edit)
        actor = self._actor(given)
        message = actor.chat.messages.get(given.message_id)
        if message is None or message["from"]["id"] != actor.sender["id"]:
            raise HTTPException(404, "this person wrote no such message")
        return JSONResponse(await actor.edit(message, given.text))

    async def _press(self, request: Request) -> Response:
        given = await control.read(request, _Press)
        return JSONResponse(await self._actor(given).press(given.message_id, given.data))

    async def _member(self, request: Request) -> Response:
        given = await control.read(request, _Member)
        return JSONResponse(await self._actor(given).change_member(given.status))

    def _actor(self, given: _Person) -> Actor:
        chat = self._telegram.open_chat(given.bot, given.chat_id)
        if chat is None:
            raise HTTPException(404, "the chat is marked unknown")
        private = chat.type == "private"
        if private and given.first_name:
            chat.title = given.first_name
        number = given.from_id or (chat.id if private else _DEFAULT_PERSON)
        sender = person(number, given.first_name or (chat.title if private else "Участник"), given.last_name)
        self._telegram.people[number] = sender
        return Actor(self._telegram, self._telegram.bot_of(given.bot), chat, sender)


def _topic(chat: Chat, number: int | None) -> Topic | None:
    if number is None:
        return None
    if number not in chat.topics:
        raise HTTPException(404, "no such thread")
    return chat.topics[number]
