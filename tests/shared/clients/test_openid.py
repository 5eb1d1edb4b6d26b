"""An OpenID issuer's tokens: whose signature counts, which keys, and how often they are asked for."""

import base64
import json
from collections.abc import AsyncIterator, Iterator
from functools import partial

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from shared.clients.http import HttpClient
from shared.clients.openid import MAX_TOKEN_LENGTH, Issuer, KeysUnavailable, published
from tests.helpers import issuer as issuers
from tests.helpers.issuer import CLIENT_ID, KINDS
from tests.helpers.serving import free_port


@pytest.fixture(scope="module")
def stand_in() -> Iterator[issuers.Issuer]:
    with issuers.issuing() as issuer:
        yield issuer


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = HttpClient(30.0)
    yield client
    await client.close()


def trusting(http: HttpClient, stand_in: issuers.Issuer, min_refresh_seconds: float = 60.0) -> Issuer:
    """One who has no keys yet."""
    stand_in.use("RS256")
    stand_in.asked.clear()
    keys = partial(published, http, f"{stand_in.url}/.well-known/jwks.json")
    return Issuer([stand_in.url], keys, min_refresh_seconds=min_refresh_seconds)


@pytest.mark.parametrize("algorithm", KINDS)
async def test_what_is_signed_with_a_key_of_the_issuer_is_believed(
    http: HttpClient, stand_in: issuers.Issuer, algorithm: str
) -> None:
    issuer = trusting(http, stand_in)
    stand_in.use(algorithm)
    stand_in.person = 700_000_001

    found = [await issuer.claims(stand_in.token("n"), aud=CLIENT_ID, nonce="n") for _ in range(3)]

    assert [claims and claims["id"] for claims in found] == [700_000_001] * 3
    assert len(stand_in.asked) == 1


async def test_a_new_key_is_asked_for_when_it_is_first_seen(http: HttpClient, stand_in: issuers.Issuer) -> None:
    issuer = trusting(http, stand_in, min_refresh_seconds=-1.0)

    before = await issuer.claims(stand_in.token("n"), aud=CLIENT_ID, nonce="n")
    stand_in.use("ES256")
    after = await issuer.claims(stand_in.token("n"), aud=CLIENT_ID, nonce="n")

    assert (before is None, after is None, len(stand_in.asked)) == (False, False, 2)


async def test_whoever_names_keys_that_there_are_not_makes_us_ask_once(
    http: HttpClient, stand_in: issuers.Issuer
) -> None:
    issuer = trusting(http, stand_in)
    tokens = []
    for _ in range(5):
        stand_in.use("ES256")
        tokens.append(stand_in.token("n"))
    stand_in.use("RS256")

    found = [await issuer.claims(token, aud=CLIENT_ID, nonce="n") for token in tokens]

    assert (found, len(stand_in.asked)) == ([None] * 5, 1)


async def test_without_keys_nothing_is_decided(http: HttpClient, stand_in: issuers.Issuer) -> None:
    issuer = Issuer([stand_in.url], partial(published, http, f"http://127.0.0.1:{free_port()}/keys"))

    with pytest.raises(KeysUnavailable):
        await issuer.claims(stand_in.token("n"), aud=CLIENT_ID, nonce="n")


async def test_what_is_not_signed_by_an_algorithm_of_keys_in_pairs_is_nothing(
    http: HttpClient, stand_in: issuers.Issuer
) -> None:
    """The public key is no secret to sign with."""
    issuer = trusting(http, stand_in)
    good = stand_in.token("n")
    _, payload, signature = good.split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": stand_in.key.kid}).encode()).rstrip(b"=").decode()
    shared = OctKey.import_key(base64.b64decode("A" * 44))
    claims = {"iss": stand_in.url, "aud": CLIENT_ID, "id": 1, "nonce": "n", "exp": 9_999_999_999}
    forged = jwt.encode({"alg": "HS256", "kid": stand_in.key.kid}, claims, shared, algorithms=["HS256"])

    for token in (f"{none}.{payload}.", f"{none}.{payload}.{signature}", forged, good[:-4] + "AAAA"):
        assert await issuer.claims(token, aud=CLIENT_ID, nonce="n") is None


@pytest.mark.parametrize(
    "token", ["", "..", "a.b.c", "e30.e30.e30", "\0.\0.\0", "é.é.é", "a" * MAX_TOKEN_LENGTH + ".b.c"]
)
async def test_garbage_is_nothing(http: HttpClient, stand_in: issuers.Issuer, token: str) -> None:
    assert await trusting(http, stand_in).claims(token, aud=CLIENT_ID, nonce="n") is None
