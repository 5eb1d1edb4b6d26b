"""What a salon's people read when they press the button of an alert."""

from shared.i18n.texts import Text

NOT_YOUR_SALON = Text(ru="Эта кнопка не из этого чата", en="This button is not of this chat")
ALREADY_ACKNOWLEDGED = Text(ru="Уже принято: {name}", en="Already accepted: {name}")

PAGES_LINK = Text(
    ru="Страницы салона:\n{links}\n\nСсылка сработает один раз, в течение {minutes} минут. Никому её не пересылайте.",
    en="The salon's pages:\n{links}\n\nThe link works once, within {minutes} minutes. Do not forward it to anybody.",
)
NOT_KNOWN = Text(
    ru="Среди людей этого салона вас нет. Попросите владельца пригласить вас: страницы салона, раздел «Люди».",
    en="You are not among this salon's people. Ask its owner to invite you: the salon's pages, section “People”.",
)
INVITATION_OVER = Text(
    ru="Это приглашение больше не действует. Попросите владельца салона прислать новое.",
    en="This invitation is over. Ask the salon's owner for a new one.",
)
NO_PAGES = Text(
    ru="Страницы салона ещё не подключены. Спросите того, кто подключал бота.",
    en="The salon's pages are not set up yet. Ask whoever set the bot up.",
)
