"""Gateways that call ingest_webhook for three desks, and what their calls left in the database."""

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import psycopg
from psycopg.rows import DictRow

from shared.credentials import secrets
from shared.credentials.cache import MIN_REFRESH_SECONDS
from shared.credentials.webhook_sources import signing_secret_associated_data
from tests.helpers import arrange, canaries
from tests.helpers.redelivery import TRIES, all_redelivered, redelivered
from tests.helpers.serving import Served
from tests.helpers.worlds.support import Desk, desk, insert

STORED = {"stored": 1, "duplicates": 0, "ignored": 0, "unparsed": 0}
DUPLICATE = {"stored": 0, "duplicates": 1, "ignored": 0, "unparsed": 0}
IGNORED = {"stored": 0, "duplicates": 0, "ignored": 1, "unparsed": 0}
UNPARSED = {"stored": 0, "duplicates": 0, "ignored": 0, "unparsed": 1}
JSON_TYPE = {"content-type": "application/json"}
SECRET = {"x-webhook-secret": canaries.SOURCE_SECRET}
PHOTO = {"type": "image", "mimetype": "image/jpeg", "url": "https://files.example/1.jpg", "caption": "Так хочу"}
_numbers = itertools.count(1)


def new_jid() -> str:
    """A customer whom no other test of this process knows."""
    return f"{canaries.CLIENT_PHONES}{next(_numbers):05}@s.whatsapp.net"


def new_id() -> str:
    """A message id that no other test of this process uses."""
    return f"3EB0{next(_numbers):016X}"


def chatflow(
    jid: str, text: str | None = canaries.CLIENT_WORDS, message_id: str = "", **changes: Any
) -> dict[str, Any]:
    """A message as ChatFlow brings it; `metadata` and other `changes` replace its own."""
    metadata = {
        "sender": canaries.CLIENT,
        "timestamp": int(time.time()),
        "messageId": message_id or new_id(),
        "remoteJid": jid,
        **changes.pop("metadata", {}),
    }
    return {"messageType": "text", "message": text, "metadata": metadata, "mediaData": None, **changes}


def photo(jid: str, **changes: Any) -> dict[str, Any]:
    """A photo as ChatFlow brings it."""
    return chatflow(jid, None, messageType="image", **{"mediaData": PHOTO, **changes})


def typed(jid: str, text: str, message_id: str = "") -> dict[str, Any]:
    """What ChatFlow brings of a message that was sent as the business."""
    return chatflow(jid, text, message_id, metadata={"fromMe": True})


def evolution(jid: str, message: Any = None, message_id: str = "", **key: Any) -> dict[str, Any]:
    """A message as Evolution brings it."""
    data = {
        "key": {"remoteJid": jid, "fromMe": False, "id": message_id or new_id(), **key},
        "pushName": canaries.CLIENT,
        "message": message or {"conversation": canaries.CLIENT_WORDS},
        "messageTimestamp": int(time.time()),
    }
    return {"event": "messages.upsert", "instance": "salon", "data": data}


def cloud(*messages: Any, **value: Any) -> dict[str, Any]:
    """Messages as Meta brings them, several in one call."""
    contacts = [
        {"profile": {"name": canaries.CLIENT}, "wa_id": message["from"]} for message in messages if "from" in message
    ]
    value = {"messaging_product": "whatsapp", "contacts": contacts, "messages": list(messages), **value}
    return {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]}


def cloud_text(jid: str, message_id: str = "", **changes: Any) -> dict[str, Any]:
    """One message of Meta's."""
    known = {"from": jid.partition("@")[0], "id": message_id or new_id(), "timestamp": str(int(time.time()))}
    return {**known, "type": "text", "text": {"body": canaries.CLIENT_WORDS}, **changes}


def signature(body: bytes, secret: str = canaries.SIGNING_SECRET) -> dict[str, str]:
    """The header with which Meta signs."""
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def token(key: str = canaries.SIGNING_SECRET, **changes: Any) -> dict[str, str]:
    """The header with Evolution's token."""
    claims = {
        "iat": int(time.time()),
        "exp": int(time.time()) + 600,
        "app": "evolution",
        "action": "webhook",
        **changes,
    }
    signed = ".".join(_base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    mac = hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest()
    return {"authorization": f"Bearer {signed}.{_base64url(mac)}"}


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def add_desk(connection: psycopg.Connection[DictRow], name: str, gateway: str = "chatflow", **settings: Any) -> Desk:
    """A desk whose source is called `name`; a gateway that signs does so with the canary."""
    number = next(_numbers)
    added = desk(
        connection,
        name,
        -1001900000000 - number,
        f"{7100000000 + number}:{canaries.BOT_TOKEN.partition(':')[2]}",
        **settings,
    )
    sealed = secrets.seal(arrange.SECRETS_KEY, canaries.SIGNING_SECRET, signing_secret_associated_data(name))
    connection.execute(
        "update platform.webhook_sources set gateway = %s, signing_secret_sealed = %s where id = %s",
        (gateway, None if gateway == "chatflow" else sealed, added.source),
    )
    return added


@dataclass(frozen=True)
class World:
    """Calls the function and reads what it stored. The desks are called after their gateways."""

    served: Served
    connection: psycopg.Connection[DictRow]
    desks: Mapping[str, Desk]
    url: str = field(repr=False)  # of the database
    http: httpx.Client = field(repr=False)

    def call(
        self, method: str = "POST", path: str = "chatflow", content: Any = b"{}", headers: Any = None, query: str = ""
    ) -> httpx.Response:
        """One request as it is given."""
        url = f"{self.served.url}/whatsapp/{path}{query and '?'}{query}"
        given = {**JSON_TYPE, **(headers or {})}
        return redelivered(lambda: self.http.request(method, url, content=content, headers=given))

    def json(self, body: Any, path: str = "chatflow", **how: Any) -> httpx.Response:
        """POST a body with the secret in a header."""
        return self.call(path=path, content=json.dumps(body).encode(), headers=SECRET, **how)

    def signed(self, body: Any, path: str = "whatsapp_cloud") -> httpx.Response:
        """POST a body as Meta does."""
        content = json.dumps(body).encode()
        return self.call(path=path, content=content, headers=signature(content))

    def at_once(self, bodies: Sequence[Any], path: str = "chatflow") -> list[httpx.Response]:
        """POST all of `bodies` in parallel, each on a connection of its own."""
        return asyncio.run(at_once(self.served.url, bodies, path))

    def add_desk(self, name: str, gateway: str = "chatflow", **settings: Any) -> Desk:
        """Another desk, known to the function when this returns."""
        added = add_desk(self.connection, name, gateway, **settings)
        time.sleep(MIN_REFRESH_SECONDS + 0.05)
        return added

    def rows(self, query: str, *values: object) -> list[DictRow]:
        """All rows of a query."""
        return self.connection.execute(query.encode(), values).fetchall()

    def messages(self, jid: str, client: UUID | None = None) -> list[DictRow]:
        """What is stored of a customer's conversation, in order."""
        query = """select m.* from support.messages m join support.conversations c on c.id = m.conversation_id
                   join support.users u on u.id = c.user_id
                   where u.remote_jid = %s and (%s::uuid is null or u.client_id = %s::uuid) order by m.position"""
        return self.rows(query, jid, client, client)

    def conversation(self, jid: str) -> DictRow:
        """The one conversation with a customer, and who they are."""
        query = """select c.*, u.name, u.phone, u.last_active_at from support.conversations c
                   join support.users u on u.id = c.user_id where u.remote_jid = %s"""
        [row] = self.rows(query, jid)
        return row

    def in_topic(self, jid: str) -> list[DictRow]:
        """What goes into the customer's topic, in order."""
        query = """select o.* from platform.outbox o join support.users u on o.topic = 'support/user/' || u.id
                   where u.remote_jid = %s and o.kind = 'support/in-topic' order by o.id"""
        return self.rows(query, jid)

    def inbox(self, response: httpx.Response) -> list[DictRow]:
        """What a call left in the inbox."""
        correlation_id = response.headers["x-correlation-id"]
        return self.rows("select * from platform.inbox where correlation_id = %s", correlation_id)

    def begin_conversation(self, jid: str, **columns: Any) -> UUID:
        """A conversation of a customer with the desk of ChatFlow that has been going on."""
        client = self.desks["chatflow"].id
        phone = jid.partition("@")[0]
        user = insert(self.connection, "support.users", client_id=client, remote_jid=jid, phone=phone)
        return insert(self.connection, "support.conversations", client_id=client, user_id=user, **columns)

    def open_handover(self, conversation: UUID, **columns: Any) -> UUID:
        """An open handover of a conversation."""
        values = {"conversation_id": conversation, "trigger_type": "keyword", **columns}
        return insert(self.connection, "support.handovers", client_id=self.desks["chatflow"].id, **values)


async def at_once(
    url: str, bodies: Sequence[Any], path: str = "chatflow", *, redelivers: bool = True
) -> list[httpx.Response]:
    """POST all of `bodies` in parallel, each on a connection of its own; unless told otherwise, 503s come again."""
    limits = httpx.Limits(max_connections=len(bodies))
    async with httpx.AsyncClient(timeout=120, trust_env=False, limits=limits, headers=SECRET) as client:

        async def send(body: Any) -> httpx.Response:
            return await client.post(f"{url}/whatsapp/{path}", json=body)

        return await all_redelivered(send, bodies, TRIES if redelivers else 1)
