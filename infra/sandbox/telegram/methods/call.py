"""The table of the Bot API's methods, and how a method is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from infra.sandbox.telegram.errors import ApiError, bad_request
from infra.sandbox.telegram.methods.lacking import LACKING
from infra.sandbox.telegram.params import Params, integer, json_value

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Bot, Chat, Json, Topic
    from infra.sandbox.telegram.state import Telegram

GENERAL_TOPIC = 1


@dataclass(slots=True)
class Call:
    """One call of a method by a bot."""

    telegram: Telegram
    bot: Bot
    params: Params

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat that the call names. Raises ApiError when it is unknown, or a group that the bot is not in."""
        given = self.params.get(name)
        if given is None or given == "":
            reason = f"{name} is empty"
            raise bad_request(reason)
        chat = self._find(given)
        if chat is None:
            reason = "chat not found"
            raise bad_request(reason)
        if chat.migrated_to is not None:
            reason = "group chat was upgraded to a supergroup chat"
            raise bad_request(reason, migrate_to_chat_id=chat.migrated_to)
        if chat.blocked and chat.type != "private":
            raise ApiError(403, chat.blocked)
        return chat

    def chat_to_write(self) -> Chat:
        """The chat that the call names. Raises ApiError when the bot may not write there, too."""
        if str(self.params.get("chat_id")) == str(self.bot.id):
            raise ApiError(403, "Forbidden: the bot can't send messages to the bot")
        chat = self.chat()
        if chat.blocked:
            raise ApiError(403, chat.blocked)
        return chat

    def _find(self, given: object) -> Chat | None:
        if isinstance(given, str) and given.startswith("@"):
            return self.telegram.chat_called(self.bot.id, given[1:])
        try:
            return self.telegram.chat(self.bot.id, int(str(given)))
        except ValueError:
            return None

    def message_ids(self, most: int) -> list[int]:
        """The numbers that the call lists. Raises ApiError."""
        given = json_value(self.params, "message_ids", "message identifiers")
        if not isinstance(given, list) or not given:
            reason = "message identifiers are not specified"
            raise bad_request(reason)
        if len(given) > most:
            reason = "too many message identifiers specified"
            raise bad_request(reason)
        return [int(number) for number in given if str(number).lstrip("-").isdecimal()]

    def topic(self, chat: Chat) -> Topic | None:
        """The topic that the call names; None is General. Raises ApiError when there is no such topic."""
        number = integer(self.params, "message_thread_id")
        if not number:
            return None
        topic = chat.topics.get(number)
        # While topics are off none can be found; they are all there again afterwards.
        if number == GENERAL_TOPIC or topic is None or chat.is_forum is False:
            reason = "message thread not found"
            raise bad_request(reason)
        return topic


@dataclass(slots=True)
class Described:
    """The result true, with a description beside it."""

    description: str


Result = dict[str, Any] | list[Any] | bool | int | Described
Method = Callable[[Call], Result]
METHODS: dict[str, Method] = {}
_M = TypeVar("_M", bound=Method)


def method(name: str) -> Callable[[_M], _M]:
    """Decorator: registers a function as the method `name`."""

    def register(function: _M) -> _M:
        METHODS[name.lower()] = function
        return function

    return register


def perform(telegram: Telegram, bot: Bot, name: str, params: Params) -> tuple[int, Json]:
    """Call a method; HTTP status and body."""
    function = METHODS.get(name.lower())
    if function is None:
        reason = "method not found"
        if name.lower() in LACKING:
            reason = f"this sandbox lacks {LACKING[name.lower()]}, which Telegram has"
        return 404, ApiError(404, f"Not Found: {reason}").body()
    try:
        result = function(Call(telegram, bot, params))
    except ApiError as error:
        return error.code, error.body()
    if isinstance(result, Described):
        return 200, {"ok": True, "result": True, "description": result.description}
    return 200, {"ok": True, "result": result}
