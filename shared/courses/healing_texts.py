"""What people read about healing sessions that they have signed up for."""

from shared.i18n.texts import Text

OFFER = Text(
    ru="🌿 Освободилось место: сессия исцеления, {day}.\n\nОтветьте до {until} (время школы), потом место предложат "
    "следующему.",
    en="🌿 A place is free: healing session, {day}.\n\nAnswer by {until} (the school's time); after that the place is "
    "offered to the next person.",
)
TAKE = Text(ru="✅ Приду", en="✅ I'll come")
DECLINE = Text(ru="Не приду", en="I won't come")
MOVED = Text(
    ru="🌿 Сессия исцеления перенесена.\n\nБыло: {before}\nТеперь: {day} (время школы)\n\nВаша запись остаётся.",
    en="🌿 The healing session was moved.\n\nIt was: {before}\nNow: {day} (the school's time)\n\nYour sign-up stays.",
)
MY_SIGNUP = Text(ru="🌿 Моя запись", en="🌿 My sign-up")
CALLED_OFF = Text(
    ru="Сессия исцеления отменена: {day}. Ваша запись снята.",
    en="The healing session was cancelled: {day}. You are no longer signed up.",
)
