"""A plugin of pytest for python-telegram-bot's own tests: they speak to the sandbox, those out of scope are left out.

It runs in their environment, not in ours, and changes nothing of theirs but the default address.
"""

from __future__ import annotations

import json
import os
import socket
from importlib import import_module
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import telegram
import telegram.ext
from tls import behind_tls

_URL = os.environ["SANDBOX_URL"]
_OPENER = build_opener(ProxyHandler({}))
# What the sandbox says of itself that it lacks, and what needs an account of Telegram's.
_OUT_OF_SCOPE = (
    "sticker", "livephoto", "live_photo", "poll", "dice", "game", "invoice", "gift", "star_",
    "invite_link", "chat_photo", "chatphoto", "venue", "contact", "location", "videonote", "video_note", "inline_query",
    "prepared_inline", "user_profile", "my_profile", "boost", "join_request", "promote", "administrator_rights",
    "menu_button", "my_description", "short_description", "set_chat_title", "set_chat_description", "subscription_link",
    "personal_chat_messages", "close_date", "open_period", "_inline", "testhttp",  # the last: a site on the internet
    "videoquality", "paid_media", "set_chat_permissions",
)  # fmt: skip
_IN_SCOPE_ALL_THE_SAME = ("icon_stickers",)


def pytest_configure(config: Any) -> None:
    config.addinivalue_line("markers", "flaky: tried once here")
    url = behind_tls(_URL)  # some of the tests look for https in addresses
    for kind in (telegram.Bot, telegram.ext.ExtBot):
        function: Any = kind.__init__
        function.__defaults__ = tuple(
            {
                "https://api.telegram.org/bot": f"{url}/bot",
                "https://api.telegram.org/file/bot": f"{url}/file/bot",
            }.get(str(value), value)
            for value in function.__defaults__
        )
    # One test asks for the address of a site, to set it as a webhook.
    socket.gethostbyname = lambda _name: "149.154.167.220"
    _arrange()


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    chosen = [item for item in items if item.get_closest_marker("req") and _is_in_scope(item.nodeid.lower())]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


pytest_collection_modifyitems.trylast = True  # type: ignore[attr-defined]


def _is_in_scope(name: str) -> bool:
    return any(word in name for word in _IN_SCOPE_ALL_THE_SAME) or not any(word in name for word in _OUT_OF_SCOPE)


def _arrange() -> None:
    """The chats that their tests know, as they are at Telegram."""
    # On the path once pytest runs there.
    bots = import_module("tests.auxil.ci_bots").FALLBACKS

    _steer("settings", fetches_files=False)  # their files are on a site of theirs
    for about in bots:
        bot, person = int(about["token"].partition(":")[0]), int(about["chat_id"])
        _steer("bots", bot=bot, first_name=about["name"], username=about["username"].lstrip("@"))
        # Their first message is long past.
        _steer(
            "say",
            bot=bot,
            chat_id=person,
            text="/start",
            first_name="PTB",
            last_name="Test user",
            more={"date": 1_500_000_000},
        )
        title = f">>> telegram.Bot(test) {about['username']}"
        _steer("chats", chat_id=int(about["super_group_id"]), type="supergroup", title=title, creator=person)
        _steer("chats", chat_id=int(about["forum_group_id"]), type="supergroup", title="Forum", is_forum=True)
        channel = about["channel_id"].lstrip("@")
        _steer(
            "chats", chat_id=-1001111111111, type="channel", title="Tests", username=channel, creator=person, members=5
        )


def _steer(path: str, **body: object) -> None:
    headers = {"Content-Type": "application/json"}
    request = Request(f"{_URL}/_sandbox/{path}", json.dumps(body).encode(), headers)  # noqa: S310 - ours
    with _OPENER.open(request, timeout=30):
        pass
