"""What managers read of messages that came from WhatsApp."""

from shared.i18n.texts import Text

PHONE = Text(ru="Телефон", en="Phone")  # who answers a customer on it

EDITED = Text(
    ru="✏️ клиент исправил сообщение, было: {was}\nстало: {now}",
    en="✏️ the customer edited a message, before: {was}\nnow: {now}",
)
DELETED = Text(ru="🗑 клиент удалил сообщение: {was}", en="🗑 the customer deleted a message: {was}")
OURS_EDITED = Text(
    ru="✏️ наше сообщение исправлено, было: {was}\nстало: {now}",
    en="✏️ our message was edited, before: {was}\nnow: {now}",
)
OURS_DELETED = Text(ru="🗑 наше сообщение удалено: {was}", en="🗑 our message was deleted: {was}")
CALL_ANSWERED = Text(ru="📞 на этот звонок всё-таки ответили", en="📞 somebody did answer this call")
