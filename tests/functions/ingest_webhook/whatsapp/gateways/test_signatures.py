"""Who a gateway's call is from."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from functions.ingest_webhook.whatsapp.gateways.signatures import (
    has_evolution_token,
    has_meta_signature,
    verified_challenge,
)
from shared.credentials import secrets

SECRET, BODY, NOW = "canary-app-secret", '{"entry": ["сообщение"]}'.encode(), 1_772_451_418.0


def signature(body: bytes = BODY, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def token(key: str = SECRET, **changes: Any) -> str:
    claims = {"iat": int(NOW), "exp": int(NOW) + 600, "app": "evolution", "action": "webhook"} | changes
    return raw_token(json.dumps({key: value for key, value in claims.items() if value is not None}), key)


def raw_token(claims: str, key: str = SECRET, header: str = '{"alg":"HS256","typ":"JWT"}') -> str:
    signed = f"{base64url(header.encode())}.{base64url(claims.encode())}"
    return f"Bearer {signed}.{base64url(hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest())}"


def knowing(*tokens: str) -> Callable[[str], bool]:
    """A source that has only the hashes of its tokens."""
    return partial(secrets.matches, hashes=[secrets.hash_secret(token) for token in tokens])


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_a_known_signature_fits() -> None:
    # RFC 4231, test case 2: computed by others
    known = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"

    assert has_meta_signature(b"what do ya want for nothing?", f"sha256={known}", "Jefe")


def test_a_body_that_was_signed_with_the_secret_is_metas() -> None:
    assert has_meta_signature(BODY, signature(), SECRET)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256=",
        signature()[:-1],
        signature().removeprefix("sha256="),
        signature().replace("sha256", "sha1"),
        signature(BODY + b" "),
        signature(secret="another"),
        "sha256=подпись",
        "sha256=\ud83d",
    ],
)
def test_any_other_signature_is_not_valid(header: str) -> None:
    assert not has_meta_signature(BODY, header, SECRET)


def test_for_a_source_without_a_secret_nothing_is_valid() -> None:
    assert not has_meta_signature(BODY, signature(secret=""), "")
    assert (
        verified_challenge({"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": ""}, knowing()) is None
    )
    assert not has_evolution_token(token(""), "", NOW)


def test_the_challenge_is_given_back_to_whoever_knows_the_token() -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": SECRET}

    assert verified_challenge(query, knowing(SECRET)) == "1158201444"


@pytest.mark.parametrize(
    "change",
    [
        {"hub.mode": "unsubscribe"},
        {"hub.mode": ""},
        {"hub.verify_token": "другой"},
        {"hub.verify_token": SECRET + "\ud83d"},
        {"hub.challenge": ""},
        {"hub.challenge": "<script>alert(1)</script>"},
        {"hub.challenge": "1\n2"},
        {"hub.challenge": "1\n"},
        {"hub.challenge": "1" * 129},
    ],
)
def test_without_the_token_there_is_no_challenge(change: dict[str, str]) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": SECRET}

    assert verified_challenge(query | change, knowing(SECRET)) is None
    assert verified_challenge({}, knowing(SECRET)) is None


def test_evolutions_token_holds_while_it_may_still_repeat_a_message() -> None:
    assert has_evolution_token(token(), SECRET, NOW)
    assert has_evolution_token(token(), SECRET, NOW + 1758)  # the tenth attempt, all waits at their longest
    assert not has_evolution_token(token(), SECRET, NOW + 1801)


def test_a_token_with_a_good_signature_and_other_claims_is_not_valid() -> None:
    # everybody's example of a token, signed by others with this key
    known = (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
        "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ"
    )
    mac = base64url(hmac.new(b"your-256-bit-secret", known.encode(), hashlib.sha256).digest())

    assert mac == "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
    assert not has_evolution_token(f"Bearer {known}.{mac}", "your-256-bit-secret", NOW)


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer ..",
        "Bearer \ud83d.б.в",
        token().removeprefix("Bearer "),
        token().replace("Bearer", "Basic"),
        token()[:-2],
        token(key="another"),
        token(exp=None),
        token(exp="never"),
        token(exp=0),
        token(app="n8n"),
        token(action=None),
        raw_token("[]"),
        raw_token("not json"),
        raw_token("9" * 5000),
        raw_token("[" * 5000),
        raw_token("{}", header='{"alg":"none"}'),
        raw_token(f'{{"exp":{int(NOW) + 60},"app":"evolution","action":"webhook"}}').rpartition(".")[0] + ".",
    ],
)
def test_any_other_token_is_not_valid(authorization: str) -> None:
    assert not has_evolution_token(authorization, SECRET, NOW)
