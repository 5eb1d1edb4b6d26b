"""Files that only a gateway's token opens, under a link that others can fetch."""

from dataclasses import replace

from functions.ingest_webhook.whatsapp.inbound import InboundMessage
from shared.channels import media_links
from shared.channels.media_links import Reference
from shared.config import Settings

_NAMES = {"image": "photo.jpg", "video": "video.mp4", "audio": "audio.mp3", "voice": "voice.ogg"}


def with_public_url(settings: Settings, inbound: InboundMessage) -> InboundMessage:
    """The message with an address that Telegram can fetch, as far as there is one."""
    media, gateway, bot = inbound.message.media, inbound.desk.gateway, inbound.desk.media_bot_id
    if media is None or gateway == "chatflow" or (gateway == "evolution" and media.url):
        return inbound  # public already
    url = None  # an address that Meta puts beside the id asks for the token
    if media.id and bot is not None:
        name = media.file_name or _NAMES.get(inbound.message.kind, "file")
        url = media_links.link(settings, Reference(bot, gateway, media.id), name, inbound.conversation.now)
    return replace(inbound, message=replace(inbound.message, media=replace(media, url=url)))
