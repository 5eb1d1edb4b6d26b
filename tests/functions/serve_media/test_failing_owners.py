"""Owners that are away, answer something else, or never end; and who is given a token."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.credentials.account import Channel
from tests.functions.serve_media.conftest import GATEWAY_TOKEN, Media
from tests.functions.serve_media.misbehaving import CHUNK, Owner, Reply, misbehaving
from tests.helpers import arrange
from tests.helpers.serving import free_port
from tests.helpers.threads import serve_in_thread

GET_FILE, DOWNLOAD = "/bot", "/file/bot"
META = "/v23.0/77"
EVOLUTION = "/chat/getBase64FromMediaMessage/salon"
MEGABYTE = 1024 * 1024


def found(**fields: Any) -> Reply:
    """An owner's JSON."""
    return Reply(200, json.dumps(fields).encode())


FOUND = found(ok=True, result={"file_id": "x", "file_path": "documents/file_1.pdf"})


@pytest.fixture(scope="module")
def far(bots: dict[str, int], module_database_url: str, printed: Path) -> Iterator[tuple[Media, Media, Owner]]:
    """The function, the same that waits for no more than a second, and the owner of everything."""
    with misbehaving() as owner:
        settings = {
            "DATABASE_URL": module_database_url,
            "SECRETS_KEY": arrange.SECRETS_KEY,
            "TELEGRAM_API_URL": owner.url,
            "EVOLUTION_API_URL": owner.url,
            "WHATSAPP_CLOUD_API_URL": owner.url,
        }
        with (
            serve_in_thread("serve_media", printed, **settings) as served,
            serve_in_thread("serve_media", printed, **settings, SEND_DEADLINE_SECONDS="1") as impatient,
        ):
            yield (
                Media(served.url, bots, served.output, owner.url),
                Media(impatient.url, bots, impatient.output, owner.url),
                owner,
            )


@pytest.fixture
def owner(far: tuple[Media, Media, Owner]) -> Owner:
    of_all = far[2]
    of_all.replies, of_all.asked, of_all.sent = {}, [], 0
    return of_all


@pytest.fixture
def media(far: tuple[Media, Media, Owner]) -> Media:
    return far[0]


@pytest.fixture
def impatient(far: tuple[Media, Media, Owner]) -> Media:
    return far[1]


def status(media: Media, channel: Channel) -> int:
    """What a link to the file 77 answers: a problem, without a word of what the owner said."""
    answer = media.get(media.link("ours" if channel == "telegram" else channel, channel, "77"))
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert "secret words" not in answer.text
    return answer.status_code


@pytest.mark.parametrize(
    ("says", "expected"),
    [(401, 502), (403, 502), (404, 502), (409, 502), (429, 503), (500, 502), (502, 502), (503, 503)],
)
def test_what_telegram_says_of_a_file_becomes_a_problem(media: Media, owner: Owner, says: int, expected: int) -> None:
    owner.replies = {GET_FILE: Reply(says, b'{"ok": false, "description": "secret words"}')}

    assert status(media, "telegram") == expected


@pytest.mark.parametrize(("says", "expected"), [(404, 404), (410, 404), (401, 502), (302, 502), (500, 502), (503, 503)])
def test_what_telegram_answers_in_place_of_the_file_becomes_a_problem(
    media: Media, owner: Owner, says: int, expected: int
) -> None:
    owner.replies = {GET_FILE: FOUND, DOWNLOAD: Reply(says, b"secret words")}

    assert status(media, "telegram") == expected


@pytest.mark.parametrize(
    ("description", "expected"), [("Bad Request: file is too big", 413), ("Bad Request: invalid file_id", 404)]
)
def test_telegram_s_own_refusals_are_understood(media: Media, owner: Owner, description: str, expected: int) -> None:
    owner.replies = {GET_FILE: Reply(400, json.dumps({"ok": False, "description": description}).encode())}

    assert status(media, "telegram") == expected


@pytest.mark.parametrize(
    "path", ["../../getMe", "/var/lib/file", "a/../b", "a?x=1", "a#b", "a b", "", None, 7, "ж.pdf"]
)
def test_a_path_that_leads_elsewhere_is_not_followed(media: Media, owner: Owner, path: object) -> None:
    owner.replies = {GET_FILE: found(ok=True, result={"file_path": path}), DOWNLOAD: Reply(200, b"x")}

    assert status(media, "telegram") == 502
    assert len(owner.asked) == 1


@pytest.mark.parametrize(
    ("says", "body", "expected"),
    [
        (400, b'{"error": {"code": 100}}', 404),
        (400, b'{"error": {"code": 131}}', 502),
        (401, b'{"error": {"code": 190}}', 502),
        (429, b"", 503),
        (500, b"secret words", 502),
        (200, b"secret words", 502),
        (200, b"{}", 502),
    ],
)
def test_what_meta_says_of_a_file_becomes_a_problem(
    media: Media, owner: Owner, says: int, body: bytes, expected: int
) -> None:
    owner.replies = {META: Reply(says, body)}

    assert status(media, "whatsapp_cloud") == expected


def test_the_token_goes_where_the_configured_api_is(media: Media, owner: Owner) -> None:
    owner.replies = {META: found(url=f"{owner.url}/elsewhere/1"), "/elsewhere": Reply(200, b"x", "image/png")}

    assert status(media, "whatsapp_cloud") == 200
    assert owner.asked == [
        ("/v23.0/77?phone_number_id=100000000000001", f"Bearer {GATEWAY_TOKEN}"),
        ("/elsewhere/1", f"Bearer {GATEWAY_TOKEN}"),
    ]


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.1:{port}/file",
        "http://localhost:{own}/file",
        "{url}@127.0.0.1:{port}/file",
        "{url}.example.com/file",
        "http://lookaside.fbsbx.com@127.0.0.1:{port}/file",
        "https://fbsbx.com:{port}/file",
        "ftp://lookaside.fbsbx.com/file",
        "",
    ],
)
def test_the_token_goes_to_no_other_host(media: Media, owner: Owner, place: str) -> None:
    with misbehaving() as other:
        other.replies = {"/": Reply(200, b"x")}
        ports = {"port": other.url.rpartition(":")[2], "own": owner.url.rpartition(":")[2], "url": owner.url}
        owner.replies = {META: found(url=place.format(**ports)), "/file": Reply(200, b"x")}

        assert status(media, "whatsapp_cloud") == 502
        assert (len(owner.asked), other.asked) == (1, [])


@pytest.mark.parametrize(
    ("says", "body", "expected"),
    [
        (400, b'{"response": {"message": ["Message not found"]}}', 404),
        (400, b'{"response": {"message": ["secret words"]}}', 502),
        (401, b"", 502),
        (404, b'{"response": {"message": ["The instance does not exist"]}}', 502),
        (500, b"secret words", 502),
        (201, b"{}", 502),
        (201, b'{"base64": "secret words"}', 502),
        (201, b'{"base64": 7}', 502),
        (201, b"[]", 502),
    ],
)
def test_what_evolution_says_of_a_file_becomes_a_problem(
    media: Media, owner: Owner, says: int, body: bytes, expected: int
) -> None:
    owner.replies = {EVOLUTION: Reply(says, body)}

    assert status(media, "evolution") == expected


def test_a_type_that_is_no_type_is_not_repeated(media: Media, owner: Owner) -> None:
    owner.replies = {EVOLUTION: found(base64="eA==", mimetype="image/png\r\nset-cookie: a=b")}

    answer = media.get(media.link("evolution", "evolution", "77"))

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/octet-stream")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("hanging", [GET_FILE, DOWNLOAD])
def test_who_hangs_is_waited_for_no_longer_than_a_send_may_take(impatient: Media, owner: Owner, hanging: str) -> None:
    owner.replies = {DOWNLOAD: Reply(200, b"x"), GET_FILE: FOUND}
    owner.replies[hanging] = Reply(200, owner.replies[hanging].body, delay=20)
    began = time.monotonic()

    assert status(impatient, "telegram") == 503
    assert time.monotonic() - began < 15


def test_two_slow_answers_are_together_no_longer_than_one_send(impatient: Media, owner: Owner) -> None:
    owner.replies = {DOWNLOAD: Reply(200, b"x", delay=0.7), GET_FILE: Reply(200, FOUND.body, delay=0.7)}

    assert status(impatient, "telegram") == 503


def test_a_file_of_20_megabytes_passes(media: Media, owner: Owner) -> None:
    owner.replies = {DOWNLOAD: Reply(200, CHUNK, repeated=20 * MEGABYTE // len(CHUNK)), GET_FILE: FOUND}

    answer = media.get(media.link("ours", "telegram", "77"))

    assert (answer.status_code, len(answer.content)) == (200, 20 * MEGABYTE)


def test_a_file_without_end_is_cut_off(media: Media, owner: Owner) -> None:
    owner.replies = {DOWNLOAD: Reply(200, CHUNK, repeated=1_000_000), GET_FILE: FOUND}

    assert status(media, "telegram") == 413
    assert owner.sent < 40 * MEGABYTE


def test_base64_without_end_is_cut_off(media: Media, owner: Owner) -> None:
    owner.replies = {EVOLUTION: Reply(201, CHUNK, repeated=1_000_000)}

    assert status(media, "evolution") == 413
    assert owner.sent < 60 * MEGABYTE


def test_an_owner_that_is_away_is_a_problem_that_calling_again_mends(
    bots: dict[str, int], module_database_url: str, printed: Path
) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    settings = {"DATABASE_URL": module_database_url, "SECRETS_KEY": arrange.SECRETS_KEY, "TELEGRAM_API_URL": nobody}
    with serve_in_thread("serve_media", printed, **settings, WHATSAPP_CLOUD_API_URL=nobody) as served:
        media = Media(served.url, bots, served.output, nobody)

        assert [status(media, channel) for channel in ("telegram", "whatsapp_cloud")] == [503, 503]
        assert status(media, "evolution") == 502  # no address of one is set
