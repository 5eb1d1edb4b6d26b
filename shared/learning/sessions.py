"""A person's session in a track, and who may see it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.requests import Request

from shared.credentials.api_clients import ApiClient
from shared.database import sql
from shared.database.pool import Connection
from shared.errors import HttpProblem
from shared.http.body import HEADER_SAFE
from shared.learning.tabs import Tab

DEVICE_HEADER = "x-device-id"
MAX_DEVICE_LENGTH = 200
_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Session:
    """One person in one track."""

    id: UUID
    user_id: UUID
    track_id: UUID
    track_slug: str
    active_tab: Tab
    sidebar_visible: bool
    created_at: datetime
    is_of_new_device: bool  # it came today (UTC)
    threads: Mapping[Tab, UUID]  # by tab; one that was deleted is missing


def is_device(text: str) -> bool:
    """Whether a device can be called so, and a header can carry it."""
    return len(text) <= MAX_DEVICE_LENGTH and re.fullmatch(HEADER_SAFE, text) is not None


def device_of(request: Request) -> str | None:
    """The device that the caller names. Raises HttpProblem 422 for what can be none."""
    device = request.headers.get(DEVICE_HEADER)
    if device is not None and not is_device(device):
        raise HttpProblem(422, "Bad Device", f"X-Device-Id has 1 to {MAX_DEVICE_LENGTH} printable ASCII characters.")
    return device


async def find(connection: Connection, client: ApiClient, request: Request, session_id: UUID) -> Session:
    """The session, if `client` may see it. With the header X-Device-Id only that device's.

    Raises HttpProblem: 404, the same for a session of somebody else and for none; 422 as device_of does, and when a
    public client names no device.
    """
    device = device_of(request)
    if device is None and client.is_public:
        raise HttpProblem(422, "No Device", "Send the header X-Device-Id: this client's sessions belong to devices.")
    return await get(connection, client, session_id, device)


async def get(connection: Connection, client: ApiClient, session_id: UUID, device: str | None) -> Session:
    """The session, if it is the client's, and the device's if there is one. Raises HttpProblem 404."""
    values = {"client": client.id, "session": session_id, "device": device}
    row = await sql.fetch_optional(connection, _SQL["find"], values)
    if row is None:
        raise HttpProblem(404, "Not Found", "There is no such session.")
    return Session(**{**row, "threads": {tab: UUID(thread) for tab, thread in row["threads"].items()}})
