"""How staff write a broadcast in the bot, and what of it is there."""

from typing import Any

from psycopg.rows import DictRow

from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import School, Somebody


def broadcast(school: School) -> DictRow:
    """The one there is."""
    [found] = rows(school.connection, "select * from courses.broadcasts")
    row: DictRow = found
    return row


def written(school: School, author: Somebody, text: str = "Привет", **content: Any) -> DictRow:
    """A draft."""
    school.press(author, "courses:broadcast_text:open:")
    school.write(author, text, **content)
    return broadcast(school)


def screen(school: School, of: Somebody) -> DictRow:
    """The last screen."""
    shown = [message for message in school.messages(of) if message["kind"].startswith("courses/screen")]
    return shown[-1]


def press(school: School, author: Somebody, starts_with: str) -> str:
    """Press a button of the last screen; the toast."""
    keyboard = screen(school, author)["payload"]["reply_markup"]["inline_keyboard"]
    [data] = [button["callback_data"] for row in keyboard for button in row if button["text"].startswith(starts_with)]
    return school.press(author, data)
