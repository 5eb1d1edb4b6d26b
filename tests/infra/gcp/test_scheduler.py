"""Only what Google has signed for its scheduler's account and this function is the scheduler's."""

import base64
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import KeySet, RSAKey
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from infra.gcp.scheduler import Scheduler, on_schedule
from shared.clients.openid import MIN_REFRESH_SECONDS
from shared.http.responses import Handler
from tests.helpers import canaries
from tests.infra.gcp import issuer as google
from tests.infra.gcp.issuer import ACCOUNT, AUDIENCE, KEY, NEXT_KEY, NOBODYS_KEY, Issuer

ENVIRONMENT = {"SCHEDULER_AUDIENCE": AUDIENCE, "SCHEDULER_ACCOUNT": ACCOUNT, "CRON_SECRET": canaries.CRON_SECRET}


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with google.serving() as found:
        yield found


@pytest.fixture
def handler(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> Handler:
    """A scheduled function that answers with the secret that reached it."""
    for name, value in {**ENVIRONMENT, "SCHEDULER_ISSUER": issuer.url}.items():
        monkeypatch.setenv(name, value)
    return on_schedule(echo)


async def echo(request: Request) -> Response:
    return PlainTextResponse(request.headers.get("x-cron-secret", "nothing"))


async def call(handler: Handler, **headers: str) -> tuple[int, str]:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    answer = await handler(Request({"type": "http", "method": "POST", "path": "/", "headers": raw}))
    return answer.status_code, bytes(answer.body).decode()


def encoded(part: bytes) -> str:
    """As parts of a token are written."""
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def scheduler_of(issuer: Issuer) -> Scheduler:
    return Scheduler(issuer.url, AUDIENCE, ACCOUNT)


async def test_what_google_signed_has_the_schedulers_secret_and_all_else_comes_as_it_was(
    handler: Handler, issuer: Issuer
) -> None:
    token = issuer.token()

    assert await call(handler, authorization=f"Bearer {token}") == (200, canaries.CRON_SECRET)
    assert await call(handler, authorization=f"Bearer {token[:-8]}AAAAAAAA") == (200, "nothing")
    assert await call(handler, x_cron_secret="a poke's") == (200, "a poke's")
    assert await call(handler, authorization=f"Basic {token}") == (200, "nothing")
    assert await call(handler) == (200, "nothing")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://europe-west3-school.cloudfunctions.net/other"}, {"aud": None}, {"aud": [AUDIENCE[:-1]]},
        {"email": "somebody@school.iam.gserviceaccount.com"}, {"email": None}, {"email_verified": False},
        {"email_verified": None}, {"iss": "https://accounts.example.com"}, {"iss": None}, {"exp": None},
        {"exp": int(time.time()) - 600}, {"exp": "never"}, {"nbf": int(time.time()) + 36000},
    ],
)  # fmt: skip
async def test_a_token_for_somebody_else_or_another_time_is_refused(issuer: Issuer, claims: dict[str, Any]) -> None:
    assert not await scheduler_of(issuer).has_signed(issuer.token(**claims))


async def test_clocks_may_differ_by_less_than_a_minute(issuer: Issuer) -> None:
    now = int(time.time())

    assert await scheduler_of(issuer).has_signed(issuer.token(exp=now - 5))
    assert await scheduler_of(issuer).has_signed(issuer.token(iat=now + 30, nbf=now + 30))


async def test_only_the_issuers_own_key_signs(issuer: Issuer) -> None:
    scheduler = scheduler_of(issuer)
    body = issuer.token().split(".")[1]
    symmetric = f"{encoded(json.dumps({'alg': 'HS256', 'kid': 'first'}).encode())}.{body}"
    signature = hmac.digest(KEY.as_pem(private=False), symmetric.encode(), "sha256")
    nobody = encoded(json.dumps({"alg": "none", "kid": "first"}).encode())

    assert not await scheduler.has_signed(
        issuer.token(RSAKey.import_key({**NOBODYS_KEY.as_dict(private=True), "kid": "first"}))
    )
    assert not await scheduler.has_signed(f"{symmetric}.{encoded(signature)}")
    assert not await scheduler.has_signed(f"{nobody}.{body}.")
    assert await scheduler.has_signed(issuer.token())


async def test_keys_are_asked_for_once_and_callers_with_unknown_ones_make_nobody_ask_more(issuer: Issuer) -> None:
    scheduler = scheduler_of(issuer)
    for _ in range(20):
        assert await scheduler.has_signed(issuer.token())
        scheduler._issuer._asked_at = time.monotonic()  # however slow this machine is
        assert not await scheduler.has_signed(issuer.token(NOBODYS_KEY))

    assert issuer.asked == 1


async def test_a_new_key_counts_once_the_keys_may_be_asked_for_again(issuer: Issuer) -> None:
    scheduler = scheduler_of(issuer)
    assert await scheduler.has_signed(issuer.token())
    issuer.key = NEXT_KEY
    scheduler._issuer._asked_at = time.monotonic()

    assert not await scheduler.has_signed(issuer.token())
    scheduler._issuer._asked_at -= MIN_REFRESH_SECONDS
    assert await scheduler.has_signed(issuer.token())


async def test_without_keys_nobody_is_refused_for_good_and_known_ones_outlast_their_issuer(
    handler: Handler, issuer: Issuer
) -> None:
    scheduler = scheduler_of(issuer)
    assert await scheduler.has_signed(issuer.token())
    issuer.is_away = True
    scheduler._issuer._asked_at = float("-inf")

    assert await scheduler.has_signed(issuer.token())
    status, body = await call(handler, authorization=f"Bearer {issuer.token()}")
    assert (status, json.loads(body)["title"]) == (503, "Unavailable")


@pytest.mark.parametrize("name", ["SCHEDULER_ACCOUNT", "CRON_SECRET"])
def test_what_is_missing_beside_the_audience_ends_the_start(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for setting, value in ENVIRONMENT.items():
        monkeypatch.setenv(setting, value)
    monkeypatch.delenv(name)

    with pytest.raises(SystemExit, match=f"carillon: {name} is not set"):
        on_schedule(echo)


async def test_a_private_function_is_left_to_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCHEDULER_AUDIENCE", raising=False)

    assert on_schedule(echo) is echo


@settings(max_examples=30, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.recursive(st.none(), lambda inner: st.lists(inner, max_size=3))))
async def test_no_header_of_a_token_breaks_the_function(header: object) -> None:
    raw = header if isinstance(header, bytes) else json.dumps({"alg": "RS256", "kid": header, "crit": header}).encode()
    scheduler = Scheduler("http://127.0.0.1:1", AUDIENCE, ACCOUNT)
    scheduler._issuer._keys, scheduler._issuer._asked_at = KeySet([NOBODYS_KEY]), time.monotonic()

    assert not await scheduler.has_signed(f"{encoded(raw)}.e30.AA")
    assert not await scheduler.has_signed(f"{encoded(b'[' * 2000)}.e30.AA")
