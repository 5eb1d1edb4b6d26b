"""The pictures that messages hold as figures: drawn when they are sent, so that no file lies in the outbox.

In a thread, because other chats do not wait for it, and one at a time, because each takes some megabytes. What draws is
imported with the first picture.
"""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shared import logs
from shared.credentials.account import Account

Call = tuple[str, dict[str, Any]]  # method and parameters

_EXECUTOR = ThreadPoolExecutor(1, "pictures")
_AS_TEXT = {"caption": "text", "caption_entities": "entities"}
_OF_PICTURES = ("picture", "has_spoiler", "show_caption_above_media")


async def drawn(account: Account, method: str, parameters: Mapping[str, Any], seconds: float) -> Call:
    """The call with its picture as a file; the caption alone when there can be none. TimeoutError after `seconds`."""
    async with asyncio.timeout(seconds):
        drawing = asyncio.get_running_loop().run_in_executor(_EXECUTOR, _draw, account, method, parameters["picture"])
        [outcome] = await asyncio.gather(drawing, return_exceptions=True)
    if isinstance(outcome, bytes):
        return method, {name: value for name, value in parameters.items() if name != "picture"} | {"photo": outcome}
    logs.error(
        "picture_not_drawn", cause=outcome, next_step="its caption went as a text; look at platform.outbox.payload"
    )
    kept = {name: value for name, value in parameters.items() if name not in _OF_PICTURES}
    return "sendMessage", {_AS_TEXT.get(name, name): value for name, value in kept.items()}


def _draw(account: Account, method: str, picture: Any) -> bytes:
    from shared.salon.digest_picture import render as salon  # noqa: PLC0415 - who sends no picture pays for no drawing

    if (account.channel, method) != ("telegram", "sendPhoto"):
        raise ValueError("pictures are for sendPhoto of Telegram")
    return salon.render(picture)
