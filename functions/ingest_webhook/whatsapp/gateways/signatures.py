"""Whether a gateway's call is what it says it is (docs/protocols/whatsapp.md)."""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping

_METAS = re.compile(r"sha256=[0-9a-f]{64}")
_EVOLUTIONS = re.compile(r"bearer\s+\S+\.[A-Za-z0-9_-]{43}", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z0-9_.-]{1,128}")
# Evolution makes one token for a message and repeats it with each attempt: nine waits of 1,215 s, a fifth more by
# jitter, ten timeouts of 30 s, and the token ends 600 s after the first. Refused late, the message would be lost.
_MAX_LATE_SECONDS = 1200


def may_be_metas(header: str) -> bool:
    """Whether `header` (X-Hub-Signature-256) has the form of the Cloud API's signatures."""
    return _METAS.fullmatch(header.strip()) is not None


def may_be_evolutions(authorization: str) -> bool:
    """Whether `authorization` has the form of Evolution's tokens."""
    return _EVOLUTIONS.fullmatch(authorization.strip()) is not None


def has_meta_signature(body: bytes, header: str, app_secret: str) -> bool:
    """Whether `header` (X-Hub-Signature-256) is the Cloud API's signature of `body`."""
    expected = "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(app_secret) and hmac.compare_digest(_bytes(header.strip()), expected.encode())


def verified_challenge(query: Mapping[str, str], is_token: Callable[[str], bool]) -> str | None:
    """What the Cloud API's first GET is answered with, as plain text; None: it is not authenticated.

    `is_token` says whether a verify token is the source's.
    """
    token, challenge = query.get("hub.verify_token", ""), query.get("hub.challenge", "")
    is_known = is_token(token)  # first, so that all refusals take the same time
    if is_known and query.get("hub.mode") == "subscribe" and _PLAIN.fullmatch(challenge):
        return challenge
    return None


def has_evolution_token(authorization: str, jwt_key: str, now: float) -> bool:
    """Whether `authorization` is a token of Evolution's, made with `jwt_key` (HS256), that holds at `now` (Unix time).

    The key alone decides: no algorithm but ours is computed, whatever the token's header asks for.
    """
    scheme, _, token = authorization.strip().partition(" ")
    signed, _, signature = token.strip().rpartition(".")
    if not jwt_key or scheme.lower() != "bearer":
        return False
    mac = hmac.new(jwt_key.encode(), _bytes(signed), hashlib.sha256).digest()
    if not hmac.compare_digest(_bytes(signature), base64.urlsafe_b64encode(mac).rstrip(b"=")):
        return False
    claims = _claims(signed.partition(".")[2])
    expires = claims.get("exp")
    is_in_time = isinstance(expires, int | float) and now <= expires + _MAX_LATE_SECONDS
    return is_in_time and (claims.get("app"), claims.get("action")) == ("evolution", "webhook")


def _claims(encoded: str) -> dict[str, object]:
    try:
        claims = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
