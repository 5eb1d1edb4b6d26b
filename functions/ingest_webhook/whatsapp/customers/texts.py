"""What managers read when a customer's addresses change."""

from shared.i18n.texts import Text

NUMBER_CHANGED = Text(
    ru="📇 Клиент сменил номер: теперь {address}. Ваши ответы уйдут туда.",
    en="📇 The customer changed their number to {address}. Your replies go there.",
)
ADDRESS_CHANGED = Text(
    ru="📇 Адрес клиента в WhatsApp сменился. Ваши ответы уйдут на новый.",
    en="📇 The customer's WhatsApp address changed. Your replies go to the new one.",
)
TAKEN = Text(
    ru="📇 Клиент сменил номер на {address}, а с ним уже есть переписка: «{other}». Новые сообщения придут туда, ваши "
    "ответы отсюда уйдут на новый номер. Проверьте, что это один человек.",
    en="📇 The customer changed their number to {address}, with which there is a conversation already: “{other}”. New "
    "messages come there, your replies from here go to the new number. Check that it is one person.",
)
TAKEN_BY = Text(
    ru="📇 Клиент из темы «{other}» сменил номер на этот. Переписки не объединены: проверьте, что это один человек.",
    en="📇 The customer of “{other}” changed their number to this one. The conversations were not joined: check that "
    "it is one person.",
)
JOINED = Text(
    ru="🔗 Этот клиент пишет и в теме «{other}»: это один человек. Дальше переписка идёт там, а ответ отсюда ему тоже "
    "дойдёт.",
    en="🔗 This customer also writes in “{other}”: it is one person. The conversation goes on there; a reply from here "
    "reaches them, too.",
)
JOINED_HERE = Text(
    ru="🔗 С этим клиентом была и другая переписка: «{other}». Это один человек, дальше переписка идёт здесь.",
    en="🔗 There was another conversation with this customer: “{other}”. It is one person, who goes on here.",
)
AMBIGUOUS = Text(
    ru="📇 WhatsApp называет этого клиента и клиента «{other}» одним человеком, но номера у них разные. Переписки не "
    "объединены: проверьте, кто пишет.",
    en="📇 WhatsApp calls this customer and “{other}” one person, but their numbers differ. The conversations were not "
    "joined: check who is writing.",
)
