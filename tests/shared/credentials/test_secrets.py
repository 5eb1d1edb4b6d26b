"""Secrets: sealed to their place, opened by the keys that are left, matched on bytes."""

import base64
import hashlib
import hmac
import os
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from shared.credentials import secrets
from shared.errors import ConfigError
from tests.helpers import canaries

KEY, OTHER = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"a", b"\xfe"))
PLACE = "platform.bots.token_sealed/school"


def test_what_was_sealed_opens_at_its_place() -> None:
    sealed = secrets.seal(KEY, canaries.BOT_TOKEN, PLACE)
    assert secrets.unseal(KEY, sealed, PLACE) == canaries.BOT_TOKEN
    assert canaries.BOT_TOKEN.encode() not in sealed


@given(st.text(), st.text(max_size=50))
def test_any_text_opens_at_any_place_of_its_own(text: str, place: str) -> None:
    assert secrets.unseal(KEY, secrets.seal(KEY, text, place), place) == text


def test_the_same_token_is_sealed_differently_each_time() -> None:
    assert secrets.seal(KEY, "x", PLACE) != secrets.seal(KEY, "x", PLACE)


@pytest.mark.parametrize("place", ["platform.bots.token_sealed/other", "platform.bots.other/school", "", PLACE + "/"])
def test_a_ciphertext_copied_to_another_place_does_not_open(place: str) -> None:
    sealed = secrets.seal(KEY, canaries.BOT_TOKEN, PLACE)
    with pytest.raises(ConfigError) as refused:
        secrets.unseal(KEY, sealed, place)
    assert canaries.BOT_TOKEN not in str(refused.value)


@pytest.mark.parametrize("position", [0, 4, 15, 16, -1])
def test_a_changed_byte_does_not_open(position: int) -> None:
    sealed = bytearray(secrets.seal(KEY, canaries.BOT_TOKEN, PLACE))
    sealed[position] ^= 1
    with pytest.raises(ConfigError, match="SECRETS_KEY does not open"):
        secrets.unseal(KEY, bytes(sealed), PLACE)


@pytest.mark.parametrize("length", [0, 1, 4, 15, 16, 20])
def test_a_ciphertext_cut_short_does_not_open(length: int) -> None:
    sealed = secrets.seal(KEY, canaries.BOT_TOKEN, PLACE)[:length]
    with pytest.raises(ConfigError, match="SECRETS_KEY does not open"):
        secrets.unseal(KEY, sealed, PLACE)


def test_a_rotation_seals_with_the_new_key_and_opens_with_both() -> None:
    old = secrets.seal(OTHER, canaries.BOT_TOKEN, PLACE)
    both = f"{KEY},{OTHER}"
    assert secrets.unseal(both, old, PLACE) == canaries.BOT_TOKEN
    new = secrets.seal(both, canaries.BOT_TOKEN, PLACE)
    assert secrets.unseal(KEY, new, PLACE) == canaries.BOT_TOKEN
    with pytest.raises(ConfigError):
        secrets.unseal(OTHER, new, PLACE)


def by_the_key_itself(key: str) -> bytes:
    """The token as it was sealed by earlier releases: with the key, no sub-key."""
    raw, nonce = base64.urlsafe_b64decode(key), bytes(12)
    mark = hashlib.sha256(b"carillon|" + raw).digest()[:4]
    return mark + nonce + AESGCM(raw).encrypt(nonce, canaries.BOT_TOKEN.encode(), PLACE.encode())


@pytest.mark.parametrize("secrets_key", [KEY, f"{KEY},{OTHER}", f"{OTHER},{KEY}"])
def test_what_was_sealed_with_the_key_itself_opens(secrets_key: str) -> None:
    assert secrets.unseal(secrets_key, by_the_key_itself(KEY), PLACE) == canaries.BOT_TOKEN
    with pytest.raises(ConfigError):
        secrets.unseal(OTHER, by_the_key_itself(KEY), PLACE)


def test_each_purpose_has_a_key_of_its_own() -> None:
    hkdf = HKDF(SHA256(), 32, salt=None, info=b"carillon stored values")
    sealed = secrets.seal(KEY, canaries.BOT_TOKEN, PLACE)
    opened = AESGCM(hkdf.derive(base64.urlsafe_b64decode(KEY))).decrypt(sealed[4:16], sealed[16:], PLACE.encode())
    assert opened.decode() == canaries.BOT_TOKEN
    with pytest.raises(ConfigError):
        secrets.unseal(KEY, sealed, PLACE, "media links")


def test_the_key_that_sealed_a_value_is_named_by_its_fingerprint() -> None:
    both = f"{KEY},{OTHER}"
    newest, older = secrets.key_ids(both)
    assert secrets.sealed_by(both, secrets.seal(KEY, "x", PLACE)) == newest
    assert secrets.sealed_by(both, by_the_key_itself(KEY)) == newest
    assert secrets.sealed_by(both, secrets.seal(OTHER, "x", PLACE)) == older
    assert secrets.sealed_by(OTHER, secrets.seal(KEY, "x", PLACE)) is None
    assert newest not in base64.urlsafe_b64decode(KEY)


def test_the_wrong_key_is_a_config_error_that_holds_no_secret() -> None:
    sealed = secrets.seal(KEY, canaries.BOT_TOKEN, PLACE)
    with pytest.raises(ConfigError) as refused:
        secrets.unseal(OTHER, sealed, PLACE)
    text = str(refused.value)
    assert text.startswith("SECRETS_KEY ")
    assert refused.value.__cause__ is None
    assert not [secret for secret in (KEY, OTHER, canaries.BOT_TOKEN) if secret in text]


@pytest.mark.parametrize(
    "key",
    [
        "",
        "x",
        "x" * 44,
        KEY[:-4],
        f"{KEY},",
        f",{KEY}",
        f"{KEY},short",
        "ключ",
        " ",
    ],
)
def test_a_missing_or_garbled_key_is_named_and_not_repeated(key: str) -> None:
    for attempt, may_be_the_first in (
        (lambda: secrets.seal(key, canaries.BOT_TOKEN, PLACE), True),
        (lambda: secrets.unseal(key, bytes(60), PLACE), False),
        (lambda: secrets.telegram_webhook_secrets(key, "school", 1, None), False),
    ):
        with pytest.raises(ConfigError) as refused:
            attempt()
        assert str(refused.value).startswith("SECRETS_KEY ")
        assert not key.strip(" ,") or key not in str(refused.value)
        assert "set the key that sealed" in str(refused.value)
        assert ("carillon bots new-key" in str(refused.value)) == may_be_the_first


def test_a_new_key_is_32_bytes_and_new_secrets_have_256_bits() -> None:
    assert len(base64.urlsafe_b64decode(secrets.new_key())) == 32
    made = {secrets.new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(len(base64.urlsafe_b64decode(secret + "=")) == 32 for secret in made)


def test_an_offered_secret_is_matched_against_every_valid_one() -> None:
    hashes = [secrets.hash_secret("first"), secrets.hash_secret("второй")]
    assert secrets.matches("first", hashes)
    assert secrets.matches("второй", hashes)
    assert not secrets.matches("third", hashes)
    assert not secrets.matches("", hashes)
    assert not secrets.matches("first", [])
    assert not secrets.matches("", [bytes(32)])


@given(st.text(st.characters(), max_size=50))
def test_no_offered_text_whatsoever_breaks_the_comparison(offered: str) -> None:
    assert not secrets.matches(offered, [os.urandom(32)])
    assert secrets.matches(offered, [secrets.hash_secret(offered)])


def test_a_fingerprint_names_a_token_without_showing_it() -> None:
    assert len(secrets.fingerprint(canaries.BOT_TOKEN)) == 8
    assert secrets.fingerprint(canaries.BOT_TOKEN) not in canaries.BOT_TOKEN


LONG_AGO, JUST_NOW = timedelta(days=1), timedelta(hours=23)


def by_an_earlier_release(key: str, bot: str, version: int) -> str:
    """The secret as it was derived from a key itself."""
    message = f"telegram-webhook|{bot}|{version}".encode()
    return hmac.new(base64.urlsafe_b64decode(key), message, hashlib.sha256).hexdigest()


def test_telegrams_secret_is_of_its_alphabet_and_differs_by_bot_and_version() -> None:
    made = {secrets.telegram_webhook_secrets(KEY, bot, version, None)[0] for bot in ("a", "b") for version in (1, 2)}
    assert len(made) == 4
    assert all(len(name) <= 256 and set(name) <= set("0123456789abcdef") for name in made)
    assert secrets.telegram_webhook_secrets(KEY, "a", 1, None)[0] in made


def test_telegrams_secret_is_derived_from_a_sub_key_of_its_own() -> None:
    hkdf = HKDF(SHA256(), 32, salt=None, info=b"carillon telegram webhooks")
    expected = hmac.new(hkdf.derive(base64.urlsafe_b64decode(KEY)), b"telegram-webhook|school|3", hashlib.sha256)
    assert secrets.telegram_webhook_secrets(KEY, "school", 3, LONG_AGO)[0] == expected.hexdigest()


def test_the_newest_key_gives_the_secret_to_register_and_older_ones_are_accepted() -> None:
    newest = secrets.telegram_webhook_secrets(KEY, "school", 1, LONG_AGO)
    older = secrets.telegram_webhook_secrets(OTHER, "school", 1, LONG_AGO)
    both = secrets.telegram_webhook_secrets(f"{KEY},{OTHER}", "school", 1, LONG_AGO)
    assert both[0] == newest[0]
    assert sorted(both) == sorted(newest + older)


def test_telegrams_secret_survives_a_new_key_in_front_of_the_old() -> None:
    before = secrets.telegram_webhook_secrets(KEY, "school", 1, LONG_AGO)[0]
    assert before in secrets.telegram_webhook_secrets(f"{OTHER},{KEY}", "school", 1, LONG_AGO)


def test_the_next_version_is_accepted_before_it_is_written_down() -> None:
    """Telegram begins with it when it is registered, a moment before the database knows."""
    [upcoming, *_] = secrets.telegram_webhook_secrets(KEY, "school", 2, JUST_NOW)
    assert upcoming in secrets.telegram_webhook_secrets(KEY, "school", 1, LONG_AGO)[1:]
    assert upcoming in secrets.telegram_webhook_secrets(KEY, "school", 1, None)[1:]


def test_the_version_before_is_accepted_for_a_day() -> None:
    former = secrets.telegram_webhook_secrets(KEY, "school", 1, LONG_AGO)[0]
    assert former in secrets.telegram_webhook_secrets(KEY, "school", 2, JUST_NOW)
    assert former not in secrets.telegram_webhook_secrets(KEY, "school", 2, LONG_AGO)
    assert former not in secrets.telegram_webhook_secrets(KEY, "school", 3, JUST_NOW)


@pytest.mark.parametrize(("version", "age"), [(1, None), (1, JUST_NOW), (2, JUST_NOW)])
def test_the_secret_of_an_earlier_release_is_accepted_until_a_day_after_it_was_registered_anew(
    version: int, age: timedelta | None
) -> None:
    accepted = secrets.telegram_webhook_secrets(f"{KEY},{OTHER}", "school", version, age)
    assert by_an_earlier_release(OTHER, "school", 1) in accepted[1:]
    assert by_an_earlier_release(KEY, "school", 1) not in accepted
    assert by_an_earlier_release(OTHER, "school", 1) not in secrets.telegram_webhook_secrets(
        f"{KEY},{OTHER}", "school", version, LONG_AGO
    )
