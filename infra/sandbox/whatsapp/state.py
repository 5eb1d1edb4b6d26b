"""What arrived, the accounts' tokens, and the faults that wait."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Gateway = Literal["chatflow", "evolution", "whatsapp_cloud"]
KEPT = 10_000


class Fault(BaseModel):
    """What happens to the next `times` messages, of one gateway or of all.

    `refuse`: the token is not theirs; `limit`: too many; `fail`: not sent, in the gateway's own way (the Cloud API's
    `code` says why); `break`: a proxy's 502; `drop`: no answer. `deliver` lets the last two arrive all the same.
    """

    model_config = ConfigDict(extra="forbid")

    does: Literal["refuse", "limit", "fail", "break", "drop"]
    gateway: Gateway | None = None
    times: int = 1
    code: int = 131026
    deliver: bool = False


@dataclass(frozen=True)
class Arrived:
    """A message as a gateway got it, without the token."""

    gateway: Gateway
    account: str
    to: str
    kind: str
    text: str
    url: str = ""
    file_name: str = ""


class WhatsApp:
    """The state behind the three gateways."""

    def __init__(self) -> None:
        self.journal: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.faults: list[Fault] = []
        self._tokens: dict[tuple[Gateway, str], str] = {}
        self._count = 0

    def knows(self, gateway: Gateway, account: str, token: str) -> bool:
        """Whether the token is the account's: the first that it comes with is, from then on."""
        return bool(token) and self._tokens.setdefault((gateway, account), token) == token

    def fault(self, gateway: Gateway) -> Fault | None:
        """The oldest fault that meets a message of `gateway`, used up by one."""
        for fault in self.faults:
            if fault.gateway in (None, gateway):
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    def note(self, message: Arrived, status: int | None, *, delivered: bool) -> None:
        """Write a message down; without a status it got no answer."""
        row = {"unix": time.time(), "status": status, "delivered": delivered}
        self.journal.append(asdict(message) | row)

    def new_id(self) -> str:
        """The id of a new message."""
        self._count += 1
        return f"{self._count:020X}"
