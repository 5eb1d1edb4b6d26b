"""WhatsApp's webhooks, from three gateways: who calls, parse, store, answer (docs/protocols/whatsapp.md)."""

import time
from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from functions.ingest_webhook import inbox, inline_files
from functions.ingest_webhook.large_requests import RequestWriter
from functions.ingest_webhook.refusals import Refusals
from functions.ingest_webhook.request import WebhookRequest, split_query
from functions.ingest_webhook.unauthenticated_bodies import UnauthenticatedBodies
from functions.ingest_webhook.whatsapp.gateways import signatures
from functions.ingest_webhook.whatsapp.gateways.signing_secrets import SigningSecrets
from functions.ingest_webhook.whatsapp.message import Ignored
from functions.ingest_webhook.whatsapp.parse import parse
from functions.ingest_webhook.whatsapp.store import Writer, total
from shared import logs
from shared.config import Settings
from shared.credentials import secrets
from shared.credentials.webhook_sources import MIN_SECRET_LENGTH, Source, Sources
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.errors import Unauthenticated
from shared.http import requests
from shared.http.large_bodies import LargeBodies

MAX_BYTES = 3_000_000  # as much as the Cloud API puts into one call
SECRET_NAMES = ("secret", "webhook_secret")
SECRET_HEADER = "x-webhook-secret"  # noqa: S105 - its name
SIGNATURE_HEADER = "x-hub-signature-256"


class WhatsappHandler:
    """Stores what customers write, and what was written to them."""

    def __init__(self, database: Database, settings: Settings, poke: Poke, poke_answers: Poke) -> None:
        """`settings` open what gateways sign with; the pokes wake the dispatcher and the bot."""
        self._sources = Sources(database, "whatsapp")
        self._signing_secrets = SigningSecrets(settings.secrets_key)
        self._unauthenticated_bodies = UnauthenticatedBodies()
        self._bodies = LargeBodies()
        self._refusals = Refusals(database)
        self._writer = RequestWriter(Writer(database, settings).write)
        self._poke, self._poke_answers = poke, poke_answers

    async def handle(self, request: Request, path: str) -> Response:
        """POST `/whatsapp/{name}`; Evolution may append its event, the Cloud API first GETs a challenge back."""
        if request.method == "GET" and "hub.mode" in request.query_params:
            return await self._verify(request, path)
        query, secret = split_query(requests.query(request), SECRET_NAMES)
        body = None
        if SIGNATURE_HEADER in request.headers:
            source, body = await self._authenticate_signed(request, path)
        else:
            source = await self._authenticate(request, request.headers.get(SECRET_HEADER) or secret, path)
        return await self._refusals.counted(source.id, self._store(request, source, query, body))

    async def _authenticate_signed(self, request: Request, name: str) -> tuple[Source, bytes]:
        """The source and its body, if Meta signed that. Nothing is read where nobody can have signed."""
        if not signatures.may_be_metas(request.headers[SIGNATURE_HEADER]):
            raise Unauthenticated
        await self._sources.authenticate_any(name, lambda source: source.gateway == "whatsapp_cloud")
        body = await self._unauthenticated_bodies.read(request, MAX_BYTES)
        source = await self._sources.authenticate_any(name, partial(self._has_valid_signature, request, body))
        return source, body

    async def _authenticate(self, request: Request, secret: str, path: str) -> Source:
        """The source of a gateway that does not sign, which has a secret, or Evolution's token."""
        authorization = request.headers.get("authorization", "")
        if len(secret) < MIN_SECRET_LENGTH and not signatures.may_be_evolutions(authorization):
            raise Unauthenticated
        name, _, event = path.partition("/")
        return await self._sources.authenticate_any(name, partial(self._has_secret, authorization, secret, event))

    async def _store(self, request: Request, source: Source, query: str, body: bytes | None) -> Response:
        """Answers what was stored; `body` if it was read before. Raises HttpProblem 400 as `inbox.response`."""
        requests.require_method(request, "POST")
        if body is None:
            body = await self._bodies.read(request, MAX_BYTES, source.id, inline_files.read_body)
        webhook = WebhookRequest(query, body, request.headers.get("content-type", ""))
        pieces, records = await self._writer.store(parse, webhook, source)
        stored = total(pieces)
        ignored = sorted({record.reason for record in records if isinstance(record, Ignored)})
        logs.info("webhook_stored", source=source.name, **stored.counts, **({"because": ignored} if ignored else {}))
        if stored.bot_id is not None:
            await self._poke(stored.bot_id)
        if stored.is_answer_due:
            await self._poke_answers()
        return inbox.response(records, stored.counts)

    async def _verify(self, request: Request, name: str) -> Response:
        """The Cloud API's first call: the source's verify token earns the challenge."""
        if len(request.query_params.get("hub.verify_token", "")) < MIN_SECRET_LENGTH:
            raise Unauthenticated
        challenges: list[str] = []

        def is_valid(source: Source) -> bool:
            is_token = partial(secrets.matches, hashes=source.secret_hashes)
            challenge = signatures.verified_challenge(request.query_params, is_token)
            challenges.append(challenge or "")
            return challenge is not None and source.gateway == "whatsapp_cloud"

        source = await self._sources.authenticate_any(name, is_valid)
        logs.info("webhook_verified", source=source.name)
        return PlainTextResponse(challenges[-1])

    def _has_valid_signature(self, request: Request, body: bytes, source: Source) -> bool:
        """Whether the body is Meta's."""
        signing_secret = self._signing_secrets.get(source) if source.gateway == "whatsapp_cloud" else ""
        return signatures.has_meta_signature(body, request.headers[SIGNATURE_HEADER], signing_secret)

    def _has_secret(self, authorization: str, secret: str, event: str, source: Source) -> bool:
        """Whether the caller has the secret of a gateway that does not sign, or Evolution's token."""
        matches = secrets.matches(secret, source.secret_hashes)
        if source.gateway == "chatflow":
            return matches and not event
        if source.gateway != "evolution" or "/" in event:
            return False
        if not matches and authorization and source.signing_secret_sealed is not None:
            return signatures.has_evolution_token(authorization, self._signing_secrets.get(source), time.time())
        return matches
