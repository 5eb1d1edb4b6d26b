"""What people of a school read in its bot."""

from collections.abc import Mapping

from functions.telegram_webhook.courses.people import Purpose
from shared.i18n.texts import Text

BACK = Text(ru="‹ Назад", en="‹ Back")
EARLIER = Text(ru="‹ Раньше", en="‹ Earlier")
LATER = Text(ru="Дальше ›", en="Next ›")
ONLY_BUTTONS = Text(ru="Бот понимает только кнопки под сообщением.", en="The bot understands the buttons below only.")

# Consents --------------------------------------------------------------------------------------------------

AGREE: Mapping[Purpose, Text] = {
    "processing": Text(ru="✅ Согласен(на)", en="✅ I agree"),
    "mailings": Text(ru="✅ Да, присылайте", en="✅ Yes, send them"),
}
DISAGREE: Mapping[Purpose, Text] = {
    "processing": Text(ru="Не согласен(на)", en="I do not agree"),
    "mailings": Text(ru="Нет, не нужно", en="No, thank you"),
}
REFUSED = Text(
    ru="Без согласия бот ничего о вас не хранит и ничего не может показать. Передумаете — нажмите «Согласен(на)».",
    en="Without your consent the bot keeps nothing about you and can show nothing. You may still press “I agree”.",
)
NO_CONSENT_TEXT = Text(
    ru="Бот ещё не готов: школа не написала текст согласия. Загляните позже.",
    en="The bot is not ready yet: the school has written no text of the consent. Come back later.",
)

# Who somebody is -------------------------------------------------------------------------------------------

WHO_ARE_YOU = Text(
    ru="Школа «{school}» пока не знает, кому принадлежит этот аккаунт Telegram.\n\nНажмите кнопку под полем ввода: по "
    "номеру телефона бот найдёт вас в списке. Или откройте ссылку-приглашение от куратора.",
    en="“{school}” does not know yet whose Telegram account this is.\n\nPress the button below the text field: the bot "
    "finds you in the list by your phone number. Or open the invitation link from your curator.",
)
SEND_CONTACT = Text(ru="📱 Отправить мой номер", en="📱 Send my number")
ONLY_CONTACT = Text(
    ru="Так бот вас не найдёт: нужна кнопка под полем ввода.", en="This does not help: press the button below."
)
FOREIGN_CONTACT = Text(
    ru="Это чужой контакт. Отправьте свой кнопкой под полем ввода.",
    en="This is somebody else's contact. Send your own by the button below.",
)
UNKNOWN_PHONE = Text(
    ru="Этого номера нет в списке школы, или им пользуются двое. Попросите у куратора ссылку-приглашение.",
    en="This number is not in the school's list, or two people have it. Ask your curator for an invitation link.",
)
INVITATION_INVALID = Text(
    ru="Приглашение уже использовано или устарело. Попросите новое.",
    en="The invitation was used already, or is out of date. Ask for a new one.",
)
RECOGNISED = Text(ru="Готово, вы в списке школы.", en="Done, you are in the school's list.")

# Home ------------------------------------------------------------------------------------------------------

HELLO = Text(ru="Здравствуйте, {name}!", en="Hello, {name}!")
HELLO_NAMELESS = Text(ru="Здравствуйте!", en="Hello!")
MENU: Mapping[str, Text] = {}
