"""The WhatsApp Cloud API's routes."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.sandbox.whatsapp.cloud.content import FILES, shown
from infra.sandbox.whatsapp.cloud.errors import BAD_TOKEN, INVALID, Refusal, error, missing, no_object
from infra.sandbox.whatsapp.cloud.media import Media
from infra.sandbox.whatsapp.models import SendRequest
from infra.sandbox.whatsapp.replies import Reply, receive

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.whatsapp.state import WhatsApp

Json = dict[str, Any]
Endpoint = Callable[["Request"], Awaitable[Response]]
# A phone as people write it, a group, or the scoped id of somebody who hides their number.
_ADDRESS = re.compile(r"\+?[0-9 ()-]{5,25}|[A-Z]{2}\.[A-Za-z0-9.]+|[A-Za-z0-9_=-]{30,}|[0-9A-Za-z.:-]+@[a-z.]+")


class Cloud:
    """The endpoints of the Cloud API."""

    def __init__(self, whatsapp: WhatsApp) -> None:
        self._whatsapp = whatsapp
        self._media = Media(whatsapp)

    def routes(self) -> list[Route]:
        """The endpoints, relative to its address."""
        return [
            Route("/v{version}/{phone}/messages", _answering(self._send), methods=["POST"]),
            Route("/v{version}/{phone}/media", _answering(self._upload), methods=["POST"]),
            Route("/v{version}/{phone}/whatsapp_business_profile", _answering(self._profile)),
            Route("/v{version}/{node}", _answering(self._node)),
            Route("/v{version}/{node}", _answering(self._delete), methods=["DELETE"]),
            Route("/attachments/{phone}/{media}", self._download),
            Route("/{path:path}", _answering(_no_such_path), methods=["GET", "POST", "DELETE"]),
        ]

    async def _send(self, request: Request) -> Response:
        given, account = await _body(request), request.path_params["phone"]
        if given.get("messaging_product") != "whatsapp":
            raise Refusal(INVALID, "Invalid parameter: messaging_product")
        if given.get("status") == "read":
            return self._mark_as_read(request, given)
        kind = given.get("type", "text")
        to = given.get("to") or given.get("recipient")  # a phone, or an id of somebody who hides theirs
        if not isinstance(to, str) or not _ADDRESS.fullmatch(to):
            raise Refusal(INVALID, "Invalid parameter: to")
        content = _object(given.get(kind)) if isinstance(kind, str) else None
        text = shown(str(kind), content)
        about: Json = content if kind in FILES and isinstance(content, dict) else {}
        if about.get("id") and not self._media.has(account, str(about["id"])):
            raise no_object(str(about["id"]))
        url, name = about.get("link", ""), about.get("filename", "")
        send_request = SendRequest("whatsapp_cloud", account, to, str(kind), text, url, name)
        return await receive(self._whatsapp, send_request, _token(request), _respond)

    def _mark_as_read(self, request: Request, given: Json) -> Response:
        """A receipt for a person's message, perhaps with the sign that somebody is typing."""
        account, message_id = self._checked(request, "phone"), given.get("message_id")
        if not message_id:
            raise missing("message_id")
        row = self._whatsapp.conversation.get(("whatsapp_cloud", account, str(message_id)))
        if row is None or row["from_me"]:
            raise no_object(str(message_id))
        return JSONResponse({"success": True})

    async def _upload(self, request: Request) -> Response:
        account = self._checked(request, "phone")
        return JSONResponse({"id": self._media.take(account, await request.body(), request.headers["content-type"])})

    async def _node(self, request: Request) -> Response:
        """A phone number or a file: the API has the same address for both."""
        node, phones = request.path_params["node"], self._whatsapp.accounts("whatsapp_cloud")
        if phone := self._media.phone_of(node):
            return self._media.describe(request, phone, _token(request))
        if "phone_number_id" in request.query_params or (phones and node not in phones):  # or no phone of ours
            raise no_object(node)
        self._checked(request, "node")
        return JSONResponse({"verified_name": "Sandbox", "display_phone_number": "+7 701 000-00-09", "id": node})

    async def _delete(self, request: Request) -> Response:
        phone = self._media.phone_of(request.path_params["node"])
        if phone is None or not self._whatsapp.knows("whatsapp_cloud", phone, _token(request)):
            raise no_object(request.path_params["node"])
        self._media.forget(phone, request.path_params["node"])
        return JSONResponse({"success": True})

    async def _profile(self, request: Request) -> Response:
        self._checked(request, "phone")
        return JSONResponse({"data": [{"messaging_product": "whatsapp", "about": "Sandbox", "vertical": "OTHER"}]})

    async def _download(self, request: Request) -> Response:
        return self._media.download(request, _token(request))

    def _checked(self, request: Request, name: str) -> str:
        phone: str = request.path_params[name]
        if not self._whatsapp.knows("whatsapp_cloud", phone, _token(request)):
            raise Refusal(BAD_TOKEN, "Invalid OAuth access token")
        return phone


def _answering(endpoint: Endpoint) -> Endpoint:
    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Refusal as refusal:
            return JSONResponse(refusal.body, refusal.status)

    return answer


async def _no_such_path(request: Request) -> Response:
    raise no_object(request.url.path.rpartition("/")[2])


async def _body(request: Request) -> Json:
    try:
        given = json.loads(await request.body())
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Refusal(INVALID, "Invalid parameter: the body is no JSON object")
    return given


def _object(given: Any) -> Any:
    """Objects and arrays may come as JSON in a string, too, as everywhere in Meta's API."""
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        return None


def _respond(request: SendRequest, what: str, detail: int | str) -> Reply:
    if what == "refuse":
        return 401, error(BAD_TOKEN, "Invalid OAuth access token")
    if what == "limit":
        return 400, error(130429, "Rate limit hit")
    if what == "fail":
        return 400, error(int(detail), "Not sent")
    contacts = [{"input": request.to, "wa_id": request.to}]
    return 200, {"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": detail}]}


def _token(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")
