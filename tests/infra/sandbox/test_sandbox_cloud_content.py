"""The Cloud API's stand-in takes each kind of message, with its limits, and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.infra.sandbox.receiving import receiving

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

PERSON = "77010000001"
HEADERS = {"Authorization": "Bearer token"}


def interactive(kind: str, action: Any, **more: Any) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": "well?"}, "action": action} | more}


def replies(*titles: str) -> dict[str, Any]:
    return {"buttons": [{"type": "reply", "reply": {"id": f"{n}", "title": title}} for n, title in enumerate(titles)]}


def rows(count: int, **more: Any) -> dict[str, Any]:
    found = [{"id": f"{n}", "title": f"R{n}"} | more for n in range(count)]
    return {"button": "Choose", "sections": [{"title": "S", "rows": found}]}


LINK = {"name": "cta_url", "parameters": {"display_text": "Open", "url": "https://example.com"}}
NAME = {"formatted_name": "Anna"}
LANGUAGE = {"code": "ru"}


async def post(client: Client, path: str = "messages", **body: Any) -> tuple[int, Any]:
    given = {"messaging_product": "whatsapp", "to": PERSON} | body
    answer = await client.http.post(f"/whatsapp_cloud/v23.0/1/{path}", json=given, headers=HEADERS)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (interactive("button", replies("Yes", "No"), footer={"text": "F"}), "well?\nF\n[Yes]\n[No]"),
        (interactive("list", rows(2)), "well?\n[R0]\n[R1]"),
        (interactive("cta_url", LINK), "well?\n[Open]"),
        (interactive("location_request_message", {"name": "send_location"}), "well?\n[📍]"),
        ({"type": "location", "location": {"latitude": 43.2, "longitude": 76.9, "name": "A"}}, "43.2, 76.9, A"),
        ({"type": "contacts", "contacts": [{"name": NAME}]}, "Anna"),
        ({"type": "contacts", "contacts": '[{"name": {"formatted_name": "Anna"}}]'}, "Anna"),
        ({"type": "reaction", "reaction": {"message_id": "wamid.1", "emoji": "👍"}}, "👍"),
        ({"type": "template", "template": {"name": "hello", "language": LANGUAGE}}, "hello (ru)"),
        ({"type": "sticker", "sticker": {"link": "https://example.com/a.webp"}}, ""),
    ],
)
async def test_it_takes_each_kind(client: Client, message: dict[str, Any], text: str) -> None:
    status, body = await post(client, **message)

    assert (status, body["messages"][0]["id"].startswith("wamid.")) == (200, True), body
    assert client.server.whatsapp.journal[-1]["text"] == text


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"type": "text", "text": {"body": "a" * 4097}}, 100),
        ({"type": "text", "text": {}}, 131008),
        ({"to": "not a number", "type": "text", "text": {"body": "a"}}, 100),
        ({"to": 5, "type": "text", "text": {"body": "a"}}, 100),
        ({"type": "image", "image": {"id": "41"}}, 100),
        ({"type": "image", "image": {}}, 131008),
        ({"type": "poll", "poll": {}}, 100),
        ({"type": ["text"]}, 100),
        (interactive("button", replies("1", "2", "3", "4")), 131009),
        (interactive("button", replies("a" * 21)), 100),
        (interactive("list", rows(11)), 131009),
        (interactive("list", rows(1, description="a" * 73)), 100),
        (interactive("cta_url", {"parameters": {"display_text": "a", "url": "example.com"}}), 131009),
        (interactive("flow", {}), 100),
        ({"type": "location", "location": {"latitude": 1}}, 131008),
        ({"type": "contacts", "contacts": [{}]}, 131008),
        ({"type": "template", "template": {"name": "hello"}}, 131008),
        ({"status": "read", "message_id": "wamid.nobody"}, 100),
    ],
)
async def test_it_refuses_what_meta_refuses(client: Client, message: dict[str, Any], code: int) -> None:
    status, body = await post(client, **message)

    assert (status, body["error"]["code"]) == (400, code)
    assert not client.server.whatsapp.journal


async def test_broken_json_and_unknown_paths_get_its_errors(client: Client) -> None:
    for path in ("v23.0/1/messages", "v23.0/1/flows", "elsewhere"):
        answer = await client.http.post(f"/whatsapp_cloud/{path}", content=b"{", headers=HEADERS)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, 100)


async def test_an_uploaded_file_is_sent_described_and_deleted(client: Client) -> None:
    files = {"file": ("a.jpg", b"bytes", "image/jpeg")}
    form = {"messaging_product": "whatsapp", "type": "image/jpeg"}
    address = "/whatsapp_cloud/v23.0"
    media = (await client.http.post(f"{address}/1/media", data=form, files=files, headers=HEADERS)).json()["id"]

    assert (await post(client, type="image", image={"id": media}))[0] == 200
    found = (await client.http.get(f"{address}/{media}", headers=HEADERS)).json()
    assert (found["file_size"], found["mime_type"], len(found["sha256"])) == (5, "image/jpeg", 64)
    assert (await client.http.get(found["url"], headers=HEADERS)).content == b"bytes"
    assert (await client.http.delete(f"{address}/{media}", headers=HEADERS)).json() == {"success": True}
    assert (await post(client, type="image", image={"id": media}))[0] == 400


async def test_a_persons_choice_comes_and_is_marked_as_read(client: Client) -> None:
    choice = {"type": "list_reply", "list_reply": {"id": "10", "title": "Ten"}}
    more = {"type": "interactive", "interactive": choice}
    async with receiving(client, "whatsapp_cloud", "1") as receiver:
        said = await client.control(
            "whatsapp/say", gateway="whatsapp_cloud", account="1", **{"from": PERSON}, more=more
        )

    message = receiver.got[0].body["entry"][0]["changes"][0]["value"]["messages"][0]
    assert (message["id"], message["interactive"]) == (said["id"], choice)
    seen = {"status": "read", "message_id": said["id"], "typing_indicator": {"type": "text"}}
    assert await post(client, **seen) == (200, {"success": True})
