"""Which part of the way to a service broke, and what to do about it."""

import httpx
import pytest

from infra.admin.probes import leg

TIMEOUT = httpx.ConnectTimeout("to a secret address")
REFUSED = httpx.ConnectError("to a secret address")
UNVOUCHED = httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]")


@pytest.mark.parametrize(
    ("proxy", "error", "cause", "step"),
    [
        ("", TIMEOUT, "Telegram cannot be reached: no answer within 5 s", "set TELEGRAM_PROXY"),
        ("", REFUSED, "Telegram cannot be reached (ConnectError)", "check the network and TELEGRAM_API_URL"),
        ("", UNVOUCHED, "nobody known vouches for its certificate", "CA_FILE"),
        ("socks5://user:word@10.0.0.1:1080", TIMEOUT, "through TELEGRAM_PROXY", "see that the proxy runs"),
    ],
)  # fmt: skip
def test_the_leg_that_broke_is_named_and_nothing_secret(
    monkeypatch: pytest.MonkeyPatch, proxy: str, error: Exception, cause: str, step: str
) -> None:
    monkeypatch.setenv("TELEGRAM_PROXY", proxy)

    told = leg.broken("Telegram", "telegram", error, 5.0)

    assert cause in told.cause
    assert step in told.next_step
    assert "secret" not in told.cause + told.next_step
    assert "word" not in told.cause
