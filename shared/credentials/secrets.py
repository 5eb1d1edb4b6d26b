"""Secrets at rest and at the door.

Tokens are sealed with AES-256-GCM, bound to their row and column, so that a ciphertext copied to another row
does not open. Webhook secrets are kept as SHA-256 only (256 random bits need no salt). SECRETS_KEY is one key, or
several while it is changed, the newest first; each gives a sub-key for every purpose.
"""

import base64
import hashlib
import hmac
import os
import secrets as entropy
from datetime import timedelta
from typing import Literal

from shared.errors import ConfigError

KEY_BYTES = 32
PREVIOUS_VERSION_LIFETIME = timedelta(days=1)  # of Telegram's secret, after a rotation
_KEY_ID_BYTES = 4  # of a key's fingerprint, which stands in front of what it sealed
_NONCE_BYTES = 12

Purpose = Literal["stored values", "media links", "telegram webhooks"]

_SEALED_WITH = "set the key that sealed what is stored"
_OR_NEW = f"{_SEALED_WITH}; only where there is nothing yet, make one: carillon bots new-key"


def new_key() -> str:
    """A fresh SECRETS_KEY: 32 random bytes, base64url."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def new_secret() -> str:
    """A fresh webhook secret: 256 random bits, URL-safe."""
    return entropy.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """The 32 bytes that are stored in place of a webhook secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def matches(offered: str, hashes: list[bytes]) -> bool:
    """Whether `offered` is one of the secrets behind `hashes`; takes the same time whichever it is."""
    offered_hash = hash_secret(offered)
    found = [hmac.compare_digest(offered_hash, known) for known in hashes]
    return any(found)


def seal(secrets_key: str, plaintext: str, place: str, purpose: Purpose = "stored values") -> bytes:
    """`plaintext` sealed for `place` ("platform.bots.token_sealed/<name>") with the newest key. Raises ConfigError."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - 30 ms that only a sender needs

    key = _sub_key(_keys(secrets_key, _OR_NEW)[0], purpose)
    nonce = os.urandom(_NONCE_BYTES)
    return _key_id(key) + nonce + AESGCM(key).encrypt(nonce, plaintext.encode(), place.encode())


def unseal(secrets_key: str, sealed: bytes, place: str, purpose: Purpose = "stored values") -> str:
    """What `seal` was given, or what an earlier release sealed with a key itself.

    Raises ConfigError when no key fits or the ciphertext belongs to another place.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    mark, nonce, ciphertext = (
        sealed[:_KEY_ID_BYTES],
        sealed[_KEY_ID_BYTES : _KEY_ID_BYTES + _NONCE_BYTES],
        sealed[_KEY_ID_BYTES + _NONCE_BYTES :],
    )
    for key in _keys(secrets_key):
        for sealing in (_sub_key(key, purpose), key):
            if _key_id(sealing) == mark:
                try:
                    return AESGCM(sealing).decrypt(nonce, ciphertext, place.encode()).decode()
                except (InvalidTag, ValueError):  # ValueError: cut short
                    break
    raise ConfigError(f"SECRETS_KEY does not open a stored token: {_SEALED_WITH}, alone or after a comma")


def key_ids(secrets_key: str) -> list[bytes]:
    """A fingerprint of each key, the newest first, by which it can be named. Raises ConfigError."""
    return [_key_id(key) for key in _keys(secrets_key)]


def sealed_by(secrets_key: str, sealed: bytes) -> bytes | None:
    """The fingerprint of the key that sealed a stored value; None: a key that is not there. Raises ConfigError."""
    for key in _keys(secrets_key):
        if sealed[:_KEY_ID_BYTES] in (_key_id(_sub_key(key, "stored values")), _key_id(key)):
            return _key_id(key)
    return None


def fingerprint(token: str) -> str:
    """Eight hex digits by which a token can be named in logs."""
    return hashlib.sha256(token.encode()).hexdigest()[:8]


def telegram_webhook_secrets(secrets_key: str, bot: str, version: int, age: timedelta | None) -> list[str]:
    """The secret_tokens that prove Telegram's calls for this bot, the one to register first; derived, never stored.

    `age` is the time since platform.bots.webhook_rotated_at, when `version` began; for a day the version before is
    accepted, too. None: the secret was registered by a release that derived it from the oldest key itself. The next
    version always is: Telegram may use it before it is written down. Each key has its own. Raises ConfigError.
    """
    keys = _keys(secrets_key)
    recent = age is not None and age < PREVIOUS_VERSION_LIFETIME
    versions = (version, version + 1, version - 1) if recent else (version, version + 1)
    derived_from = [_sub_key(key, "telegram webhooks") for key in keys]
    if recent or age is None:
        derived_from.append(keys[-1])
    messages = [f"telegram-webhook|{bot}|{number}".encode() for number in versions]
    return [hmac.new(key, message, hashlib.sha256).hexdigest() for message in messages for key in derived_from]


def _sub_key(key: bytes, purpose: Purpose) -> bytes:
    """A key for one purpose: HKDF-SHA256 (RFC 5869) without a salt, one block long.

    By hand, as `cryptography` costs 30 ms of a cold start.
    """
    extracted = hmac.digest(bytes(KEY_BYTES), key, "sha256")
    return hmac.digest(extracted, b"carillon " + purpose.encode() + b"\x01", "sha256")


def _keys(secrets_key: str, next_step: str = _SEALED_WITH) -> list[bytes]:
    if not secrets_key:
        raise ConfigError(f"SECRETS_KEY is not set: {next_step}")
    try:
        keys = [base64.urlsafe_b64decode(part) for part in secrets_key.split(",")]
    except ValueError:
        keys = []
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise ConfigError(f"SECRETS_KEY is not one or more keys of {KEY_BYTES} bytes, joined by commas: {next_step}")
    return keys


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"carillon|" + key).digest()[:_KEY_ID_BYTES]
