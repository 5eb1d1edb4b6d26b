"""What a salon's people read when they press the button of an alert."""

from shared.i18n.texts import Text

NOT_YOUR_SALON = Text(ru="Эта кнопка не из этого чата", en="This button is not of this chat")
ACKNOWLEDGED = Text(ru="Принято", en="Accepted")
ALREADY_ACKNOWLEDGED = Text(ru="Уже принято: {name}", en="Already accepted: {name}")
