"""Phone numbers, e-mails and usernames as logs and operators see them: …1234, a…@example.com, @a…, everywhere alike."""

import re
from collections.abc import Mapping
from typing import Any

_ADDRESS = re.compile(r"(?<![\w@.…-])([\w.+:-]+)@(s\.whatsapp\.net|c\.us|lid)\b")
# In any text: with a plus, or ten digits and more on end. A chat's id of Telegram is shorter, or has a minus before it.
_IN_TEXT = re.compile(r"(?<![\w.-])(?:\+\d(?:[ ()-]{0,2}\d){6,14}|\d{11,15})(?!\w)")
# Bounded, so that no text makes it slow. Before the first letter no "…": what is masked stays as it is.
_EMAIL = re.compile(r"(?<!…)\b(?!\d+@)([\w+-])[\w.+-]{0,63}@((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})\b")
_USERNAME = re.compile(r"(?<![\w@.…/-])@([A-Za-z])[A-Za-z0-9_]{3,31}\b")
# In a person's name nothing else has so many digits.
_IN_NAME = re.compile(r"\+?\d(?:[ ()-]*\d){6,}")


def mask_phone(number: str) -> str:
    """`number` without all but its last four digits."""
    return f"…{re.sub(r'[^0-9A-Za-z]', '', number)[-4:]}"


def mask_address(address: str) -> str:
    """A WhatsApp address without most of its number: …1234@s.whatsapp.net."""
    number, at, server = address.partition("@")
    return f"{mask_phone(number)}{at}{server}"


def mask_name(name: str) -> str:
    """`name`, where it holds a phone number without it: some customers are called by their phone."""
    return _IN_NAME.sub(lambda found: mask_phone(found[0]), name)


def mask_text(text: str) -> str:
    """`text` with every phone number, WhatsApp address, e-mail and @username in it masked."""
    masked = _ADDRESS.sub(lambda found: mask_address(found[0]), text)
    masked = _IN_TEXT.sub(lambda found: mask_phone(found[0]), masked)
    if "@" not in masked:
        return masked
    return _USERNAME.sub(r"@\1…", _EMAIL.sub(r"\1…@\2", masked))


def mask_values(value: Any) -> Any:
    """`value`, as JSON has it, with its texts masked; numbers stay."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping):
        return {name: mask_values(item) for name, item in value.items()}
    return [mask_values(item) for item in value] if isinstance(value, list) else value
