"""Bodies of deliveries as a person reads them."""

from typing import Any

import pytest

from infra.admin.inbox.readable import readable

HIDDEN = "(hidden; --whole shows it)"


@pytest.mark.parametrize(
    ("content", "masked"),
    [
        (b'{"phone": "+7 701 000-00-01", "id": 501}', {"phone": "…0001", "id": 501}),
        (b'{"remoteJid": "77010000001@s.whatsapp.net"}', {"remoteJid": "…0001@s.whatsapp.net"}),
        (b'[{"77010000001": 77010000001}]', [{"…0001": "…0001"}]),
        (b"user=1&email=anna.b%40example.com&k=abcdefgh", {"user": "1", "email": "a…@example.com", "k": HIDDEN}),
        (b'{"apikey": "x", "data": {"verify_token": ["y"]}}', {"apikey": HIDDEN, "data": {"verify_token": HIDDEN}}),
        (b"call 8 (701) 000-00-01, password=qwerty", "call …0001, password=…"),
        (b'{"at": "2026-03-02 14:36:58", "ok": true, "n": null}', {"at": "2026-03-02 14:36:58", "ok": True, "n": None}),
        (b"\xff\xfe", "\\xff\\xfe"),
        (b"", ""),
    ],
)
def test_secrets_phones_and_addresses_are_masked(content: bytes, masked: Any) -> None:
    assert readable(content, whole=False) == masked


def test_whole_is_whole() -> None:
    assert readable(b'{"phone": "77010000001", "token": "t"}', whole=True) == {"phone": "77010000001", "token": "t"}
