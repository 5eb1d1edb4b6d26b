"""AWS's signature, version 4, of a POST to `/`."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class Identity:
    """Who asks, where. The token is empty for a key that lasts."""

    key_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    region: str


def signed(
    headers: Mapping[str, str], content: bytes, identity: Identity, service: str, now: datetime
) -> dict[str, str]:
    """`headers`, Host among them, and those that prove who sends `content`. `now` is in UTC."""
    time, scope = f"{now:%Y%m%dT%H%M%SZ}", f"{now:%Y%m%d}/{identity.region}/{service}/aws4_request"
    known = {**headers, "X-Amz-Date": time}
    if identity.token:
        known["X-Amz-Security-Token"] = identity.token
    lines = sorted((name.lower(), value.strip()) for name, value in known.items())
    names = ";".join(name for name, _ in lines)
    request = "\n".join(
        ["POST", "/", "", *(f"{name}:{value}" for name, value in lines), "", names, hashlib.sha256(content).hexdigest()]
    )
    text = f"{ALGORITHM}\n{time}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"AWS4{identity.secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    proof = f"{ALGORITHM} Credential={identity.key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**known, "Authorization": proof}
