"""Ids of public clients' devices: whoever knows one is that device, so nobody may guess it."""

import re

from shared.errors import HttpProblem

MIN_LENGTH = 22  # characters of base64url: 128 bits, if they are random
MIN_DIFFERENT = 8  # of them: a platform that refuses an id gives zeros

_UNGUESSABLE = re.compile(f"[A-Za-z0-9_-]{{{MIN_LENGTH},}}")


def is_unguessable(device: str) -> bool:
    """Whether it looks as if made at random: a UUID, or as many characters of base64url."""
    return _UNGUESSABLE.fullmatch(device) is not None and len(set(device)) >= MIN_DIFFERENT


def guessable() -> HttpProblem:
    """The problem of an id that can be guessed; the same whether there is such a device or not."""
    detail = f"deviceId can be guessed. Make it at random, a UUID or {MIN_LENGTH} characters of base64url, and keep it."
    return HttpProblem(422, "Weak Device", detail, reason="weak_device")
