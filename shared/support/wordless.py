"""What people and the model read of a message whose words alone do not tell what it is, or that has none."""

from collections.abc import Mapping

from shared.i18n.texts import Language, Text

# By kind (support.messages.metadata); any kind that is not here is NOT_SHOWN.
LABELS: Mapping[str, Text] = {
    "image": Text(ru="[фото]", en="[photo]"),
    "video": Text(ru="[видео]", en="[video]"),
    "audio": Text(ru="[аудио]", en="[audio]"),
    "voice": Text(ru="[голосовое сообщение]", en="[voice message]"),
    "document": Text(ru="[файл]", en="[file]"),
    "sticker": Text(ru="[стикер]", en="[sticker]"),
    "view_once": Text(
        ru="[одноразовое фото, видео или голосовое: только на телефоне]",
        en="[view-once photo, video or voice message: only on the phone]",
    ),
    "location": Text(ru="[место на карте]", en="[place on the map]"),
    "live_location": Text(ru="[прямая трансляция места]", en="[live location]"),
    "contact": Text(ru="[контакт]", en="[contact]"),
    "reaction": Text(ru="[реакция снята]", en="[reaction withdrawn]"),
    "form": Text(ru="[форма]", en="[form]"),
    "poll": Text(ru="[голосование]", en="[poll]"),
    "vote": Text(ru="[ответ на голосование]", en="[vote in a poll]"),
    "order": Text(ru="[заказ]", en="[order]"),
    "product": Text(ru="[товар]", en="[product]"),
    "event": Text(ru="[мероприятие]", en="[event]"),
    "invite": Text(ru="[приглашение]", en="[invitation]"),
    "payment": Text(ru="[платёж]", en="[payment]"),
    "permission": Text(ru="[ответ на просьбу о звонке]", en="[answer to a request to call]"),
    "call": Text(ru="📞 пропущенный звонок", en="📞 missed call"),
}
NOT_SHOWN = Text(
    ru="[сообщение, которое видно только на телефоне: откройте WhatsApp]",
    en="[a message that only the phone shows: open WhatsApp]",
)
# Their words say it all, where they have some.
_UNLABELLED = {"text", "location", "contact", "reaction"}
# Kinds that nothing but a person can deal with, whatever is written beside them.
_FOR_A_PERSON = {
    "image", "video", "audio", "voice", "document", "view_once", "order", "payment", "permission", "call",
}  # fmt: skip
_UNANSWERED = {"reaction", "sticker"}


def readable(kind: str, content: str, language: Language) -> str:
    """A message as one reads it: its words, behind a label that says what it is where they do not; never empty."""
    words = content.strip()
    if words and kind in _UNLABELLED:
        return words
    label = LABELS.get(kind, NOT_SHOWN).in_(language)
    return f"{label} {words}" if words else label


def needs_a_person(kind: str, content: str) -> bool:
    """Whether the bot cannot answer it: it is nothing to read, or has no words. A sticker asks nothing."""
    return kind not in _UNANSWERED and (kind in _FOR_A_PERSON or not content.strip())
