"""WhatsApp's door, for three gateways (docs/protocols/whatsapp.md): who calls, what they say, store, answer."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from functions.ingest_webhook import request as ingest_webhook_request
from functions.ingest_webhook.whatsapp.gateways import chatflow, cloud, evolution, signatures
from functions.ingest_webhook.whatsapp.gateways.signing_secrets import SigningSecrets
from functions.ingest_webhook.whatsapp.inbound import ParsedRequest
from functions.ingest_webhook.whatsapp.message import Ignored, Inbound, Record, Unparsed
from functions.ingest_webhook.whatsapp.store import Writer
from shared import logs
from shared.config import Settings
from shared.credentials import secrets
from shared.credentials.webhook_sources import Source, Sources
from shared.database.group_commit import GroupCommit
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.errors import HttpProblem, Unauthenticated
from shared.http import requests, responses

MAX_BYTES = 3_000_000  # as much as the Cloud API puts into one call
SECRET_NAMES = ("secret", "webhook_secret")
SECRET_HEADER = "x-webhook-secret"  # noqa: S105 - its name
SIGNATURE_HEADER = "x-hub-signature-256"
PARSERS: Mapping[str | None, Callable[[Any], list[Record]]] = {
    "chatflow": chatflow.parse,
    "evolution": evolution.parse,
    "whatsapp_cloud": cloud.parse,
}


class WhatsappHandler:
    """Takes in what clients write, and what was written to them."""

    def __init__(self, database: Database, settings: Settings, poke: Poke, poke_answers: Poke) -> None:
        """`settings` open what gateways sign with; the pokes wake the dispatcher and the bot."""
        self._sources = Sources(database, "whatsapp")
        self._signing = SigningSecrets(settings.secrets_key)
        self._writer = GroupCommit(Writer(database, settings).write)
        self._poke, self._poke_answers = poke, poke_answers

    async def handle(self, request: Request, path: str) -> Response:
        """POST `/whatsapp/{name}`; Evolution may append its event, the Cloud API first GETs a challenge back."""
        if request.method == "GET" and "hub.mode" in request.query_params:
            return await self._verify(request, path)
        query, offered = ingest_webhook_request.split_query(requests.query(request), SECRET_NAMES)
        body = None
        if SIGNATURE_HEADER in request.headers:
            body = await _read_unauthenticated_body(request)
            source = await self._sources.recognise(path, partial(self._signed, request, body))
        else:
            name, _, event = path.partition("/")
            source = await self._sources.recognise(name, partial(self._knows, request, offered, event))
        requests.require_method(request, "POST")

        if body is None:
            body = await requests.read_body(request, MAX_BYTES)
        delivery = ingest_webhook_request.WebhookRequest(query, body, request.headers.get("content-type", ""))
        arrival, hostile = _parsed_request(source, delivery)
        stored = await self._writer.submit(arrival)
        logs.info("webhook_stored", source=source.name, **stored.tally)
        if stored.bot_id is not None:
            await self._poke(stored.bot_id)
        if stored.is_waiting:
            await self._poke_answers()
        return (
            responses.problem_response(400, "Not Readable", hostile)
            if hostile
            else responses.json_response(stored.tally)
        )

    async def _verify(self, request: Request, name: str) -> Response:
        answers: list[str] = []

        def proves(source: Source) -> bool:
            knows = partial(secrets.matches, hashes=source.secret_hashes)
            challenge = signatures.verification(request.query_params, knows)
            answers.append(challenge or "")
            return challenge is not None and source.gateway == "whatsapp_cloud"

        source = await self._sources.recognise(name, proves)
        logs.info("webhook_verified", source=source.name)
        return PlainTextResponse(answers[-1])

    def _signed(self, request: Request, body: bytes, source: Source) -> bool:
        """Whether the body is Meta's."""
        signing_secret = self._signing.of(source) if source.gateway == "whatsapp_cloud" else ""
        return signatures.has_meta_signature(body, request.headers[SIGNATURE_HEADER], signing_secret)

    def _knows(self, request: Request, offered: str, event: str, source: Source) -> bool:
        """Whether the caller has the secret of a gateway that does not sign, or Evolution's token."""
        known = secrets.matches(request.headers.get(SECRET_HEADER) or offered, source.secret_hashes)
        if source.gateway == "chatflow":
            return known and not event
        if source.gateway != "evolution" or "/" in event:
            return False
        authorization = request.headers.get("authorization", "")
        if not known and authorization and source.signing_secret_sealed is not None:
            known = signatures.has_evolution_token(authorization, self._signing.of(source), time.time())
        return known


async def _read_unauthenticated_body(request: Request) -> bytes:
    """The bytes that a signature is for. Who is not known yet is not told what is wrong with them."""
    try:
        return await requests.read_body(request, MAX_BYTES)
    except HttpProblem:
        raise Unauthenticated from None


def _parsed_request(
    source: Source, delivery: ingest_webhook_request.WebhookRequest
) -> tuple[ParsedRequest, str | None]:
    """What a delivery says, and why the caller is told 400 although everything was stored, or None."""
    assert source.gateway, "the table has no WhatsApp source without one"
    hostile = None
    try:
        records = PARSERS[source.gateway](ingest_webhook_request.read(delivery).content)
    except ingest_webhook_request.MalformedPayload as unreadable:
        records = [Unparsed(str(unreadable))]
        hostile = str(unreadable) if isinstance(unreadable, ingest_webhook_request.RejectedPayload) else None
    arrival = ParsedRequest(
        source_id=source.id,
        gateway=source.gateway,
        correlation_id=logs.correlation_id.get(),
        delivery=delivery,
        messages=[one for one in records if isinstance(one, Inbound)],
        unparsed=Counter(one.reason for one in records if isinstance(one, Unparsed)),
        ignored=sum(isinstance(one, Ignored) for one in records),
    )
    return arrival, hostile
