"""Files of each owner over real HTTP, and who does not get them."""

import base64
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from PIL import Image

from infra.sandbox.whatsapp.bodies import media_id
from infra.sandbox.whatsapp.models import ChatMessage, File
from shared.channels.media_links import LIFETIME
from shared.credentials.account import Channel
from tests.functions.serve_media.conftest import ADDRESSES, Media
from tests.helpers import canaries


def picture() -> bytes:
    """A JPEG that the stand-in for Telegram takes as a photo."""
    content = io.BytesIO()
    Image.effect_noise((120, 90), 64).save(content, "JPEG", quality=95)
    return content.getvalue()


PHOTO = picture()
MANAGER = {"bot": 7000000001, "chat_id": 700000001}
WORDS = canaries.CLIENT_WORDS


def said_in_telegram(media: Media, **file: Any) -> str:
    """The file_id that the update of a manager's file holds."""
    media.tell("say", **MANAGER, file=file)
    update = httpx.get(f"{media.sandbox}/bot{canaries.BOT_TOKEN}/getUpdates", trust_env=False, timeout=60).json()[
        "result"
    ][-1]
    found = update["message"][file["kind"]]
    file_id: str = (found[-1] if isinstance(found, list) else found)["file_id"]
    return file_id


def said_in_whatsapp(media: Media, gateway: Channel, content: bytes, **file: Any) -> str:
    """The id of the message in which a client sent a file."""
    attached = {"base64": base64.b64encode(content).decode(), **file}
    message = {"gateway": gateway, "account": ADDRESSES[gateway], "from": "77019990001", "media": attached}
    message_id: str = media.tell("whatsapp/say", **message)["id"]
    return message_id


def test_a_manager_s_photo_comes_in_its_largest_size(media: Media) -> None:
    file_id = said_in_telegram(media, kind="photo", base64=base64.b64encode(PHOTO).decode())

    answer = media.get(media.link("ours", "telegram", file_id, "photo.jpg"))

    assert (answer.status_code, answer.content) == (200, PHOTO)
    headers = {name: answer.headers[name] for name in ("content-type", "content-disposition", "cache-control")}
    assert headers == {
        "content-type": "image/jpeg",
        "content-disposition": "inline",
        "cache-control": "private, max-age=3600",
    }
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("document", "Прайс на ноябрь.pdf", "application/pdf"),
        ("document", "без расширения", "application/octet-stream"),
        ("voice", "", "audio/ogg"),
        ("video", "ролик.mp4", "video/mp4"),
    ],
)
def test_a_manager_s_file_has_the_type_that_its_name_tells(media: Media, kind: str, name: str, expected: str) -> None:
    file_id = said_in_telegram(media, kind=kind, name=name, text=WORDS)

    answer = media.get(media.link("ours", "telegram", file_id, name or "voice.ogg"))

    assert (answer.status_code, answer.content.decode()) == (200, WORDS)
    assert answer.headers["content-type"] == expected


@pytest.mark.parametrize("name", ["page.html", "logo.svg", "data.xml", "run.js"])
def test_what_a_browser_would_run_is_only_saved(media: Media, name: str) -> None:
    file_id = said_in_telegram(media, kind="document", name=name, text="<script>alert(1)</script>")

    answer = media.get(media.link("ours", "telegram", file_id, name))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"


def test_a_client_s_file_comes_from_the_cloud_api_by_its_media_id(media: Media) -> None:
    message_id = said_in_whatsapp(media, "whatsapp_cloud", PHOTO, kind="voice", mime="audio/ogg; codecs=opus")
    known_as = media_id(ChatMessage.model_construct(id=message_id, media=File(kind="voice")))

    answer = media.get(media.link("whatsapp_cloud", "whatsapp_cloud", known_as, "voice.ogg"))

    assert (answer.status_code, answer.content) == (200, PHOTO)
    assert answer.headers["content-type"] == "audio/ogg; codecs=opus"


def test_a_client_s_file_comes_from_evolution_by_its_message(media: Media) -> None:
    message_id = said_in_whatsapp(media, "evolution", PHOTO, kind="document", mime="application/pdf", file_name="к.pdf")

    answer = media.get(media.link("evolution", "evolution", message_id))

    assert (answer.status_code, answer.content) == (200, PHOTO)
    assert answer.headers["content-type"] == "application/pdf"


@pytest.mark.parametrize("gateway", ["evolution", "whatsapp_cloud"])
def test_telegram_fetches_a_client_s_photo_by_its_link(media: Media, gateway: Channel) -> None:
    message_id = said_in_whatsapp(media, gateway, PHOTO, kind="image", mime="image/jpeg")
    of_cloud = media_id(ChatMessage.model_construct(id=message_id, media=File(kind="image")))
    link = media.link(gateway, gateway, of_cloud if gateway == "whatsapp_cloud" else message_id, "photo.jpg")
    media.tell("settings", fetches_files=True)
    sending = f"{media.sandbox}/bot{canaries.BOT_TOKEN}/sendPhoto"

    sent, refused = (
        httpx.post(sending, json={"chat_id": MANAGER["chat_id"], "photo": url}, trust_env=False, timeout=60)
        for url in (link, link.replace("/photo", "x/photo"))
    )

    media.tell("settings", fetches_files=False)
    assert (sent.status_code, refused.status_code) == (200, 400)


def test_head_tells_everything_but_the_file(media: Media) -> None:
    file_id = said_in_telegram(media, kind="document", name="a.pdf", text="0123456789")
    link = media.link("ours", "telegram", file_id)

    full, head = media.get(link), media.get(link, "HEAD")

    told = ("content-type", "content-length", "content-disposition", "cache-control", "x-content-type-options")
    assert (head.status_code, head.content) == (200, b"")
    assert [head.headers[name] for name in told] == [full.headers[name] for name in told]
    assert head.headers["content-length"] == "10"


@pytest.mark.parametrize(
    "name", ["%2e%2e/%2e%2e/etc/passwd", "..%2f..%2fetc%2fpasswd", "a/b/c.pdf", "%00", "", "x?y=1"]
)
def test_the_name_in_the_path_finds_nothing(media: Media, name: str) -> None:
    file_id = said_in_telegram(media, kind="document", name="a.pdf", text="the same")
    link = media.link("ours", "telegram", file_id)

    answer = media.get(f"{link.rpartition('/')[0]}/{name}")

    assert (answer.status_code, answer.content) == (200, b"the same")


def test_strangers_and_late_comers_get_one_constant_answer(media: Media) -> None:
    file_id = said_in_telegram(media, kind="document", name="a.pdf", text="x")
    link = media.link("ours", "telegram", file_id)
    sealed = link.split("/")[3]
    expired = media.link("ours", "telegram", file_id, now=datetime.now(UTC) - LIFETIME - timedelta(seconds=1))
    middle = len(sealed) // 2
    changed = sealed[:middle] + chr(ord(sealed[middle]) ^ 1) + sealed[middle + 1 :]

    strange = [
        expired,
        link.replace(sealed, changed),
        link.replace(sealed, sealed[:-1]),
        link.replace(sealed, quote(file_id)),
        media.link("nobody", "telegram", file_id),
        media.link("evolution", "telegram", file_id),
        media.link("ours", "whatsapp_cloud", file_id),
        f"{media.url}/",
    ]
    answers = [media.get(address) for address in strange] + [media.get(strange[1], "POST")]

    assert media.get(link).status_code == 200
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_another_tenant_s_bot_does_not_open_the_file(media: Media) -> None:
    file_id = said_in_telegram(media, kind="document", name="a.pdf", text="ours alone")

    answer = media.get(media.link("theirs", "telegram", file_id))

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("channel", ["telegram", "evolution", "whatsapp_cloud"])
@pytest.mark.parametrize("file_id", ["1", "../../never/seen?x=1#y"])
def test_an_id_that_its_owner_does_not_know_is_not_found(media: Media, channel: Channel, file_id: str) -> None:
    answer = media.get(media.link("ours" if channel == "telegram" else channel, channel, file_id))

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_other_methods_are_refused_of_a_true_link(media: Media) -> None:
    link = media.link("ours", "telegram", "x")

    assert [media.get(link, method).status_code for method in ("POST", "PUT", "DELETE")] == [405] * 3


def test_nothing_of_a_file_or_its_link_is_in_the_log(media: Media) -> None:
    file_id = said_in_telegram(media, kind="document", name=f"{canaries.STUDENT}.pdf", text=WORDS)
    link = media.link("ours", "telegram", file_id, f"{canaries.STUDENT}.pdf")

    assert media.get(link).status_code == 200
    log = media.output.read_text(encoding="utf-8")

    assert '"event": "file_served"' in log
    sealed = link.split("/")[3]
    for secret in (sealed, file_id, WORDS, canaries.STUDENT, canaries.BOT_TOKEN):
        assert secret not in log
