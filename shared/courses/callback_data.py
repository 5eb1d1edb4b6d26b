"""What a button of the school's bot brings when it is pressed: `courses:<screen>:<action>:<argument>`."""

import re

MAX_BYTES = 64  # Telegram's

PATTERN = re.compile(r"courses:([a-z_]{1,20}):([a-z_]{1,12}):([A-Za-z0-9._-]{0,40})")


def write(screen: str, action: str = "open", *arguments: object) -> str:
    """The data of a button; several arguments are joined by dots. ValueError if no press could be parsed."""
    written = f"courses:{screen}:{action}:{'.'.join(str(argument) for argument in arguments)}"
    if not PATTERN.fullmatch(written) or len(written) > MAX_BYTES:
        raise ValueError(f"no data of a button: {written}")
    return written
