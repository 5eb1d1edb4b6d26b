"""Files that the bot once got, by Telegram's ids of them: each kind is sent by its own method."""

# Ids begin with what they are of.
_METHODS = (
    ("AgAC", ("sendPhoto", "photo")),
    ("BAAC", ("sendVideo", "video")),
    ("CQAC", ("sendAudio", "audio")),
    ("AwAC", ("sendVoice", "voice")),
    ("CgAC", ("sendAnimation", "animation")),
)
_DOCUMENT = ("sendDocument", "document")


def sent_by(file_id: str) -> tuple[str, str]:
    """The method that sends the file, and its parameter."""
    return next((found for start, found in _METHODS if file_id.startswith(start)), _DOCUMENT)
