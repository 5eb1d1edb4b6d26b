"""What anybody sees who writes to the bot."""

from functions.telegram_webhook.courses.data.consents import ConsentText
from functions.telegram_webhook.courses.screens.entry import consent, home, join
from infra.previews.examples.example import Example, Names
from shared.i18n.texts import Text


def examples(names: Names) -> list[Example]:
    """Of the folder entry."""
    text = ConsentText("mailings", 3, Text(ru=names.consent, en=names.consent))
    return [
        Example("consent", consent.Data(names.school, text)),
        Example("consent", consent.Data(names.school, None)),
        Example("home", home.Data(names.school, names.person(), "admin")),
        Example("join", join.Data(names.school)),
        Example("join", join.Data(names.school, written=names.person())),
        Example("join", join.Data(names.school, asked=names.person())),
    ]
