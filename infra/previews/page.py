"""The page: each screen as Telegram draws it, a message with rows of buttons below it."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import Template
from typing import get_args

from functions.telegram_webhook.courses.dialog import registry
from functions.telegram_webhook.courses.dialog.buttons import Button
from functions.telegram_webhook.courses.dialog.screen import View
from infra.previews.examples import examples, reminders
from infra.previews.examples.example import INVENTED, Example
from shared.delivery.enqueue import Message
from shared.i18n.texts import Language

_PAGE = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))


def view(example: Example, language: Language) -> View:
    """An example as people see it. LookupError: there is no such screen."""
    screen = registry.find(example.screen)
    if screen is None:
        raise LookupError(example.screen)
    return screen.view(example.data, language)


def page() -> str:
    """The page, in HTML: it loads nothing."""
    found = examples(INVENTED)
    links = "".join(f'<a href="#{name}">{name}</a>' for name in dict.fromkeys(example.screen for example in found))
    return _PAGE.substitute(links=links, screens="\n".join([*map(_section, found), *_reminders()]))


def _section(example: Example) -> str:
    phones = "".join(_phone(view(example, language), language) for language in get_args(Language))
    return f'<section id="{example.screen}"><h2>{example.screen}</h2><div class="pair">{phones}</div></section>'


def _reminders() -> Iterator[str]:
    for pair in zip(*(reminders.sent(INVENTED, language) for language in get_args(Language)), strict=True):
        phones = "".join(map(_sent, pair, get_args(Language)))
        yield f'<section><h2>remind_participants: {pair[0].dedup_key}</h2><div class="pair">{phones}</div></section>'


def _sent(message: Message, language: Language) -> str:
    """A message as it goes out."""
    rows = message.payload["reply_markup"]["inline_keyboard"]
    buttons = tuple(tuple(Button(button["text"], button["callback_data"]) for button in row) for row in rows)
    return _phone(View(message.payload["text"], buttons), language)


def _phone(shown: View, language: Language) -> str:
    """What a view holds is HTML as Telegram understands it, which browsers do, too."""
    rows = "".join(f'<div class="row">{"".join(map(_button, row))}</div>' for row in shown.rows)
    contact = f'<div class="keyboard">{escape(shown.contact)}</div>' if shown.contact else ""
    return f'<div class="phone" lang="{language}"><div class="bubble">{shown.text}</div>{rows}{contact}</div>'


def _button(button: Button) -> str:
    arrow = '<span class="arrow">↗</span>' if button.url else ""
    return f'<span class="button" title="{escape(button.url or button.data)}">{escape(button.text)}{arrow}</span>'
