"""Sealed links: what was put in comes out again, and nobody else can make, change or outlive one."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from shared import config
from shared.channels import media_links
from shared.channels.media_links import LIFETIME, MAX_LENGTH, Reference
from shared.credentials import secrets
from shared.errors import Unauthenticated

KEY = secrets.new_key()
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
FILE = Reference(7, "telegram", "AgACAgIAAxkBAAIBcanary")
ADDRESS = "https://files.example.com/base"


def settings(**environ: str) -> config.Settings:
    return config.load({"DATABASE_URL": "postgresql://nobody@127.0.0.1/none", "SECRETS_KEY": KEY, **environ})


def made(reference: Reference = FILE, name: str = "чек.pdf", now: datetime = NOW) -> str:
    """A link of a deployment that serves files."""
    address = media_links.link(settings(MEDIA_URL=ADDRESS), reference, name, now)
    assert address
    return address


def sealed_of(address: str) -> str:
    return address.removeprefix(ADDRESS).split("/")[1]


def test_what_was_sealed_is_read_until_48_hours_later() -> None:
    sealed = sealed_of(made())

    assert media_links.read(KEY, sealed, NOW) == FILE
    assert media_links.read(KEY, sealed, NOW + LIFETIME - timedelta(seconds=1)) == FILE
    with pytest.raises(Unauthenticated):
        media_links.read(KEY, sealed, NOW + LIFETIME)


def test_a_link_says_nothing_but_the_file_s_name() -> None:
    address = made()

    hidden = base64.urlsafe_b64decode(sealed_of(address) + "==")
    assert address.startswith(f"{ADDRESS}/")
    assert unquote(address).endswith("/чек.pdf")
    assert FILE.id not in address
    assert FILE.id.encode() not in hidden


def test_a_link_is_made_anew_for_another_48_hours_and_other_addresses_stay() -> None:
    old, later = made(), NOW + timedelta(days=9)
    foreign = "https://files.example.com/a/" + "x" * 90 + "/b.jpg"
    payload = {"photo": old, "text": f'<a href="{old}">чек</a> {foreign}', "document": foreign, "message_thread_id": 5}

    new = media_links.renewed(KEY, payload, later)

    assert new["photo"] != old
    assert unquote(new["photo"]).endswith("/чек.pdf")
    assert media_links.read(KEY, sealed_of(new["photo"]), later) == FILE
    assert old not in new["text"]
    assert new["text"].startswith(f'<a href="{ADDRESS}/')
    assert new["text"].endswith(f'/{urlsplit(old).path.rpartition("/")[2]}">чек</a> {foreign}')
    assert (new["document"], new["message_thread_id"]) == (foreign, 5)
    assert media_links.renewed(secrets.new_key(), payload, later) == payload, "another deployment's"


def test_without_an_address_there_are_no_links() -> None:
    assert media_links.link(settings(), FILE, "a.pdf", NOW) is None


@pytest.mark.parametrize("reader", [secrets.new_key(), f"{secrets.new_key()},{secrets.new_key()}"], ids=["one", "two"])
def test_another_key_opens_none(reader: str) -> None:
    with pytest.raises(Unauthenticated):
        media_links.read(reader, sealed_of(made()), NOW)


def test_links_outlive_a_change_of_the_key() -> None:
    assert media_links.read(f"{secrets.new_key()},{KEY}", sealed_of(made()), NOW) == FILE


def test_a_link_that_an_earlier_release_sealed_with_the_key_itself_still_opens() -> None:
    key, nonce = base64.urlsafe_b64decode(KEY), bytes(12)
    said = json.dumps([int((NOW + LIFETIME).timestamp()), FILE.bot_id, FILE.channel, FILE.id]).encode()
    sealed = hashlib.sha256(b"carillon|" + key).digest()[:4] + nonce + AESGCM(key).encrypt(nonce, said, b"media link")
    assert media_links.read(KEY, base64.urlsafe_b64encode(sealed).rstrip(b"=").decode(), NOW) == FILE


def test_not_one_bit_can_be_changed() -> None:
    sealed = sealed_of(made())
    ciphertext = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))

    for place in range(len(ciphertext) * 8):
        changed = bytearray(ciphertext)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(Unauthenticated):
            media_links.read(KEY, base64.urlsafe_b64encode(changed).rstrip(b"=").decode(), NOW)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_other_letters_for_the_same_bytes_are_not_our_link(length: int) -> None:
    """The last letter of base64 has bits that mean nothing; a lenient decoder skips letters that it does not know."""
    sealed = sealed_of(made(Reference(7, "telegram", "x" * length)))
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = [sealed[:-1] + letter for letter in alphabet if letter != sealed[-1]]

    for other in [*others, f"{sealed}=", f"{sealed[:5]}\n{sealed[5:]}", f"{sealed[:5]}.{sealed[5:]}", f"{sealed}ж"]:
        with pytest.raises(Unauthenticated):
            media_links.read(KEY, other, NOW)


@given(st.text(max_size=80))
def test_whatever_else_comes_is_a_stranger_s(nonsense: str) -> None:
    with pytest.raises(Unauthenticated):
        media_links.read(KEY, nonsense, NOW)


def test_what_was_sealed_for_a_table_is_no_link() -> None:
    said = json.dumps([int((NOW + LIFETIME).timestamp()), 7, "telegram", "x"])
    for place in ("platform.bots.token_sealed/school", "media link", ""):
        stolen = base64.urlsafe_b64encode(secrets.seal(KEY, said, place)).rstrip(b"=").decode()
        with pytest.raises(Unauthenticated):
            media_links.read(KEY, stolen, NOW)


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("../../etc/passwd", "passwd"),
        ("..", "file"),
        ("...", "file"),
        ("", "file"),
        ("C:\\Documents\\прайс.docx", "прайс.docx"),
        ("a/b?c#d%2f.pdf", "b?c#d%2f.pdf"),
        ("line\r\nbreak\x00.jpg", "linebreak.jpg"),
        (".htaccess", "htaccess"),
        ("Смета на ремонт.pdf", "Смета на ремонт.pdf"),
    ],
)
def test_a_name_is_one_part_of_a_path(name: str, ending: str) -> None:
    parts = urlsplit(made(name=name))

    assert (parts.query, parts.fragment) == ("", "")
    [_, base, _, last] = parts.path.split("/")
    assert (base, unquote(last)) == ("base", ending)


@pytest.mark.parametrize("letter", ["ж", "a", "👍", "漢"])
@pytest.mark.parametrize("extension", [".pdf", "", ".longer-than-any-extension"])
def test_the_address_stays_short_and_the_type_stays_in_its_name(letter: str, extension: str) -> None:
    address = made(Reference(2**40, "whatsapp_cloud", "9" * 255), letter * 900 + extension)

    assert MAX_LENGTH - 12 <= len(address) < MAX_LENGTH
    assert unquote(address).rpartition("/")[2].startswith(letter)
    assert address.endswith(".pdf") or extension != ".pdf"


def test_an_id_too_long_for_an_address_has_none() -> None:
    assert media_links.link(settings(MEDIA_URL=ADDRESS), Reference(7, "evolution", "x" * 900), "a.pdf", NOW) is None
