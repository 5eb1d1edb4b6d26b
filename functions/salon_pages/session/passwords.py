"""Passwords: argon2id with OWASP's parameters, in threads, so that no other visitor waits for somebody's password.

https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html: 19 MiB, two passes, one lane.
"""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from shared.errors import HttpProblem
from shared.http.responses import retry_after
from shared.http.turns import Places

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MIN_LENGTH, MAX_LENGTH = 12, 1024
MIN_DIFFERENT = 5  # characters: what has fewer is a key held down
AT_ONCE, WAITING = 2, 8  # each takes 19 MiB
RETRY_AFTER_SECONDS = 2

# Of nobody: whoever is not known takes as long as whoever is.
NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBvbmUncyBzYWx0IQ$"  # no password has it
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
_COMMON = frozenset({"password1234", "1234567890123", "qwertyuiop123", "password12345", "parol1234567"})


_Result = TypeVar("_Result")


class Passwords:
    """Checks and hashes passwords, AT_ONCE at a time; who would wait behind WAITING others is refused."""

    def __init__(self) -> None:
        """No thread is started yet."""
        self._threads = ThreadPoolExecutor(AT_ONCE, "passwords")
        self._places = Places()

    async def check(self, kept: str | None, password: str) -> tuple[bool, bool]:
        """Whether `password` is the one whose hash is `kept`, and whether it should be hashed anew.

        Without a hash it takes the same time and is wrong. Raises HttpProblem 503.
        """
        return await self._run(_check, kept or NOBODYS, password)

    async def hash(self, password: str) -> str:
        """The hash to keep. Raises HttpProblem 503."""
        return await self._run(hash_password, password)

    async def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False)

    async def _run(self, work: Callable[..., _Result], *values: str) -> _Result:
        with self._places.take({"passwords": AT_ONCE + WAITING}, _busy):
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *values)


def _busy() -> HttpProblem:
    detail = "Too many people are signing in. Try again in a moment."
    return HttpProblem(503, "Busy", detail, headers=retry_after(RETRY_AFTER_SECONDS))


def is_weak(password: str, email: str = "") -> bool:
    """Whether a password is too short, too long or too easily guessed."""
    normal = unicodedata.normalize("NFC", password)
    return (
        not MIN_LENGTH <= len(normal) <= MAX_LENGTH
        or len(set(normal)) < MIN_DIFFERENT
        or normal.lower() in _COMMON
        or (bool(email) and email.split("@", maxsplit=1)[0].lower() == normal.lower())
    )


def hash_password(password: str) -> str:
    """The argon2id hash of a password, which takes some 20 ms of a processor."""
    return _hasher().hash(unicodedata.normalize("NFC", password))


def _check(kept: str, password: str) -> tuple[bool, bool]:
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - as the next one

    try:
        _hasher().verify(kept, unicodedata.normalize("NFC", password))
    except (InvalidHashError, VerificationError):
        return False, False
    return True, _hasher().check_needs_rehash(kept)


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415 - most people sign in by a link, and no page waits for it

    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
