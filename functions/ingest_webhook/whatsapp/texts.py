"""What managers read of messages that came from WhatsApp."""

from shared.i18n.texts import Text

PHONE = Text(ru="Телефон", en="Phone")  # who answers a customer on it
MESSAGE_NOT_SHOWN = Text(
    ru="[такое сообщение сюда не передаётся, откройте WhatsApp на телефоне]",
    en="[this kind of message is not shown here, open WhatsApp on the phone]",
)
