"""Phone numbers, e-mails, usernames: four digits or a letter are left of them, everywhere alike."""

import logging
import time

import pytest

from shared import logs, masking


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("77019990001@s.whatsapp.net", "…0001@s.whatsapp.net"),
        ("lane 77019990001@s.whatsapp.net/7", "lane …0001@s.whatsapp.net/7"),
        ("1203630123456789@lid is unknown", "…6789@lid is unknown"),
        ("+7 701 999-00-01 has no WhatsApp", "…0001 has no WhatsApp"),
        ("no WhatsApp: 77019990001.", "no WhatsApp: …0001."),
        ("+77019990001", "…0001"),
        ("chat -1001900000001, message 4711", "chat -1001900000001, message 4711"),
        ("2026-11-30 12:15:11.123", "2026-11-30 12:15:11.123"),
        ("wamid.HBgLNzcwMTk5OTAwMDE", "wamid.HBgLNzcwMTk5OTAwMDE"),
        ("me@example.com", "m…@example.com"),
        ("Anna.K+school@mail.example.ru wrote", "A…@mail.example.ru wrote"),
        ("77019990001@mail.ru", "…0001@mail.ru"),
        ("почта@школа.рф", "п…@школа.рф"),
        ("@romashka_owner, look", "@r…, look"),
        ("chat not found: @channel", "chat not found: @c…"),
        ("https://t.me/x/@at @ab", "https://t.me/x/@at @ab"),  # no username is so short
    ],
)
def test_a_text_keeps_everything_but_what_leads_to_a_person(text: str, masked: str) -> None:
    assert masking.mask_text(text) == masked
    assert masking.mask_text(masked) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Айгерим", "Айгерим"),
        ("+7 701 999-00-01", "…0001"),
        ("8 (701) 999 00 01 Аня", "…0001 Аня"),
        ("Зал 24", "Зал 24"),
    ],
)
def test_a_customer_who_is_called_by_a_phone_is_not_named(name: str, masked: str) -> None:
    assert masking.mask_name(name) == masked


def test_values_are_masked_at_any_depth_and_numbers_stay() -> None:
    value = {"number": "77019990001@s.whatsapp.net", "list": [{"to": "+77019990001"}], "id": -1001900000001, "no": None}

    assert masking.mask_values(value) == {
        "number": "…0001@s.whatsapp.net", "list": [{"to": "…0001"}], "id": -1001900000001, "no": None,
    }  # fmt: skip


def test_what_a_library_logs_is_masked_alike() -> None:
    record = logging.LogRecord("aiohttp", logging.WARNING, "", 0, "no route to +77019990001", None, None)

    line = logs.JsonFormatter().format(record)
    assert "…0001" in line
    assert "7701999" not in line


@pytest.mark.parametrize("text", ["a." * 40_000, "a@" * 40_000, "@a" * 40_000, "a-" * 40_000 + "@", "@" * 80_000])
def test_no_text_makes_masking_slow(text: str) -> None:
    started = time.process_time()
    masking.mask_text(text)
    assert time.process_time() - started < 1
