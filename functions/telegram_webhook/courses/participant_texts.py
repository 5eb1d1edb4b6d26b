"""What participants read about healing sessions, about not coming, and about being recognised by a curator."""

from collections.abc import Mapping

from shared.i18n.plural import Noun
from shared.i18n.texts import Text

# Healing sessions ------------------------------------------------------------------------------------------

HEALING = Text(ru="Сессии исцеления", en="Healing sessions")
HEALING_HELP = Text(
    ru="✅ вы записаны, ⏳ вы в очереди, ❗ вам предложено место", en="✅ signed up, ⏳ waiting, ❗ offered"
)
NO_HEALING = Text(ru="Пока ничего не назначено.", en="Nothing is planned yet.")
PLACES = Noun(ru=("место", "места", "мест"), en=("place", "places"))
FREE = Text(ru="Свободно: {places}", en="Free: {places}")
FULL = Text(ru="Свободных мест нет", en="No place is free")
SHORT_FULL = Text(ru="мест нет", en="full")
QUEUE = Text(ru="В очереди: {count}", en="Waiting: {count}")
STATES: Mapping[str, Text] = {
    "signed": Text(ru="✅ Вы записаны.", en="✅ You are signed up."),
    "waiting": Text(ru="⏳ Вы в очереди, перед вами: {ahead}.", en="⏳ You are waiting, before you: {ahead}."),
    "offered": Text(
        ru="❗ Для вас есть место. Ответьте до {until}, потом его предложат следующему.",
        en="❗ There is a place for you. Answer by {until}; after that it is offered to the next person.",
    ),
    "expired": Text(ru="Время ответа вышло.", en="The time to answer is over."),
}
SIGN_UP = Text(ru="✅ Записаться", en="✅ Sign up")
WAIT = Text(ru="⏳ Встать в очередь", en="⏳ Wait for a place")
WAIT_HELP = Text(
    ru="Освободится место — бот напишет и подождёт ответа.",
    en="When a place becomes free, the bot writes to you and waits for your answer.",
)
ACCEPT = Text(ru="✅ Приду", en="✅ I'll come")
DECLINE = Text(ru="Не приду", en="I won't come")
CANCEL_SIGNUP = Text(ru="❌ Отменить запись", en="❌ Cancel my sign-up")
LEAVE_QUEUE = Text(ru="❌ Выйти из очереди", en="❌ Stop waiting")
SIGNED_UP = Text(ru="Вы записаны", en="You are signed up")
IN_QUEUE = Text(ru="Мест нет, вы в очереди", en="No place is free: you are waiting")
LEFT = Text(ru="Запись снята", en="You are no longer signed up")
OFFER_OVER = Text(ru="Это место уже предложили другому", en="This place was offered to somebody else already")
HAS_PLACE = Text(ru="Записаны", en="Signed up")
WAITING = Text(ru="Ждут", en="Waiting")
MORE_PEOPLE = Text(ru="… и ещё {count}", en="… and {count} more")

# Not coming ------------------------------------------------------------------------------------------------

ANNOUNCE = Text(ru="🙅 Не приду на занятие", en="🙅 I won't come to a session")
WHICH_SESSION = Text(ru="На какое занятие вы не придёте?", en="Which session will you miss?")
ABSENCE_HELP = Text(
    ru="Предупредите, если не придёте: куратор увидит это, когда будет отмечать.",
    en="Say so if you won't come: your curator sees it when they mark the session.",
)
NOT_COMING = Text(ru="🙅 Не приду", en="🙅 I won't come")
COMING_AFTER_ALL = Text(ru="↩️ Всё-таки приду", en="↩️ I'll come after all")
YOU_ARE_ABSENT = Text(ru="🙅 Вы предупредили, что не придёте.", en="🙅 You said that you won't come.")
WRITE_A_REASON = Text(
    ru="Хотите — напишите причину одним сообщением.", en="If you like, write the reason in one message."
)
ANNOUNCED = Text(ru="Куратор увидит, что вас не будет", en="Your curator will see that you won't be there")
WITHDRAWN = Text(ru="Хорошо, ждём вас", en="Good, see you there")
REASON_NOTED = Text(ru="Причина записана.", en="The reason is noted.")
