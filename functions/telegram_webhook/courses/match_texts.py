"""What is read when an account is not known: by whoever has it, and by the staff who say whose it is."""

from collections.abc import Mapping

from shared.i18n.texts import Text

# Whoever has the account -----------------------------------------------------------------------------------

ASK = Text(
    ru="Отправить куратору запрос, что вы — «{written}»?\n\nОн проверит и подтвердит, бот вам напишет.",
    en="Ask a curator to confirm that you are “{written}”?\n\nThey check it, and the bot writes to you.",
)
SEND = Text(ru="📨 Отправить", en="📨 Send")
WRITE_ANEW = Text(ru="✏️ Написать иначе", en="✏️ Write it another way")
ASKED = Text(
    ru="Запрос отправлен: «{written}».\n\nКуратор ответит — бот напишет. Можно и отправить свой номер кнопкой.",
    en="The request was sent: “{written}”.\n\nThe bot writes when a curator answers. You may still send your number.",
)
ASKED_ALREADY = Text(
    ru="Запрос уже отправлен, ждём куратора. Ошиблись — отзовите и напишите снова.",
    en="The request was sent already. If it is wrong, take it back and write again.",
)
TOO_MANY = Text(
    ru="Запросов слишком много. Попросите у куратора ссылку-приглашение.",
    en="There are too many requests. Ask your curator for an invitation link.",
)
WITHDRAW = Text(ru="↩️ Отозвать запрос", en="↩️ Take it back")
WITHDRAWN = Text(ru="Запрос отозван.", en="The request was taken back.")
ACCEPTED = Text(
    ru="✅ Куратор подтвердил: вы в списке школы.", en="✅ A curator confirmed it: you are in the school's list."
)
OPEN = Text(ru="Открыть", en="Open")
DECLINED = Text(
    ru="Куратор не нашёл вас в списке школы. Напишите имя иначе или попросите ссылку-приглашение.",
    en="A curator did not find you in the school's list. Write your name another way, or ask for an invitation link.",
)
AGAIN = Text(ru="✏️ Написать снова", en="✏️ Write again")

# Staff -----------------------------------------------------------------------------------------------------

REQUESTS = Text(ru="Кто это? Запросы ждут ответа:", en="Who is it? These requests wait for an answer:")
NO_REQUESTS = Text(ru="Запросов нет.", en="There are no requests.")
WHO_IS_IT = Text(ru="Кто это?", en="Who is it?")
WRITTEN = Text(ru="Пишет о себе: «{written}»", en="They call themselves “{written}”")
CANDIDATES = Text(
    ru="Кто-то из них? После «да» этот аккаунт увидит всё, что видит этот участник.",
    en="Is it one of these? After a yes the account sees all that this participant sees.",
)
NO_CANDIDATES = Text(
    ru="Похожих участников без аккаунта нет. Если вы знаете, кто это, — пришлите ему ссылку: «Найти человека».",
    en="There is no such participant without an account. If you know who it is, send them a link: “Find a person”.",
)
NOBODY = Text(ru="Нет, не наш человек", en="No, nobody of ours")
MATCHED = Text(ru="Готово, человеку сообщим", en="Done, they will be told")
TURNED_DOWN = Text(ru="Отказано, человеку сообщим", en="Turned down, they will be told")
DECIDED_BEFORE = Text(ru="Уже решено, или у участника есть аккаунт", en="Decided already, or the person has an account")
DECISIONS: Mapping[str, Text] = {
    "accepted": Text(ru="✅ Это {person}. Подтвердил(а): {by}", en="✅ It is {person}. Confirmed by {by}"),
    "declined": Text(ru="✖️ Отказано: {by}", en="✖️ Turned down by {by}"),
    "withdrawn": Text(ru="Запрос больше не нужен.", en="The request is not needed any more."),
}
