"""/dashboard in a private chat: a link that signs the person in to the salon's pages.

Who that is, Telegram says. Links go to people of this bot's salons alone: whoever holds a bot's token can forward what
it has sent, so somebody who looks after all salons gets none from the bot of one.
"""

from html import escape

from functions.telegram_webhook import processed_updates
from functions.telegram_webhook.reaction import NO_REACTION, Reaction
from functions.telegram_webhook.salon import texts
from functions.telegram_webhook.starts import start as starts
from functions.telegram_webhook.updates.events import PrivateMessage
from shared import logs
from shared.credentials import secrets
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.enqueue import Message
from shared.delivery.kinds import SALON_SIGN_IN
from shared.i18n.texts import Language
from shared.salon import sign_in_links
from shared.support.outgoing import LinkedMessage

_SQL = sql.load(__file__)


async def answer(connection: Connection, bot_id: int, event: PrivateMessage, pages_url: str) -> Reaction:
    """Send the link, or say how to get one; an invitation that the person came by is theirs from then on."""
    if not await processed_updates.mark(connection, bot_id, event.update_id):
        return NO_REACTION
    await starts.come_back(connection, bot_id, event.chat_id)
    if not pages_url:
        return _reply(bot_id, event, texts.NO_PAGES.in_(event.language))
    person = {"bot_id": bot_id, "chat_id": event.chat_id, "username": event.username}
    is_over = bool(event.start_argument) and not await _accept(connection, person, event.start_argument)
    await connection.execute(_SQL["add_owner"], person)
    users = await sql.fetch_all(connection, _SQL["users"], person)
    language: Language = users[0]["language"] if users else event.language
    if not users:
        text = texts.INVITATION_OVER if is_over else texts.NOT_KNOWN
        return _reply(bot_id, event, text.in_(language))
    tokens = [await sign_in_links.create(connection, user["id"]) for user in users]
    links = "\n".join(escape(sign_in_links.address(pages_url, token)) for token in tokens)
    logs.info("sign_in_link_sent", users=len(users))
    return _reply(bot_id, event, texts.PAGES_LINK.in_(language).format(links=links, minutes=sign_in_links.MINUTES))


async def _accept(connection: Connection, person: dict[str, object], token: str) -> bool:
    """Let the link's user be this person; whether the link still counted."""
    values = {**person, "token_hash": secrets.hash_secret(token)}
    return await sql.fetch_optional(connection, _SQL["accept"], values) is not None


def _reply(bot_id: int, event: PrivateMessage, text: str) -> Reaction:
    payload = {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    key = f"salon/sign-in/{bot_id}/{event.update_id}"
    message = Message(bot_id, SALON_SIGN_IN, key, payload, logs.correlation_id.get(), event.chat_id)
    return Reaction([LinkedMessage(message)])
