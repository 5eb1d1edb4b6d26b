"""An OpenID Connect issuer of our own, as Telegram is one: keys, codes that are exchanged once, signed tokens."""

import base64
import hashlib
import json
import secrets
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "7000000009", "issuer-client-secret-canary"
KINDS: dict[str, Callable[[Any], Any]] = {
    "RS256": lambda parameters: RSAKey.generate_key(2048, parameters),
    "ES256": lambda parameters: ECKey.generate_key("P-256", parameters),
    "EdDSA": lambda parameters: OKPKey.generate_key("Ed25519", parameters),
    "Ed25519": lambda parameters: OKPKey.generate_key("Ed25519", parameters),
}


def new_key(algorithm: str) -> Any:
    """A key of its own name, to sign with."""
    return KINDS[algorithm]({"kid": secrets.token_hex(4), "use": "sig"})


class Issuer:
    """Who presses [Allow] is `person`; what else is signed stands in `claims`, what the token is like in `changes`."""

    def __init__(self) -> None:
        """With a key for RS256."""
        self.url = ""
        self.person = 0
        self.algorithm = "RS256"
        self.key: Any = new_key("RS256")
        self.changes: dict[str, Any] = {}  # of claims; None takes one away
        self.signed_by: Any = None  # another key than the one that is shown
        self.status = 200  # of the token's endpoint
        self.asked: list[str] = []  # paths
        self._codes: dict[str, dict[str, str]] = {}

    def use(self, algorithm: str) -> None:
        """Sign with a new key from now on."""
        self.algorithm, self.key = algorithm, new_key(algorithm)

    def allow(self, address: str) -> str:
        """What somebody's browser is sent back to who allows what `address` asks for."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (asked["client_id"], asked["response_type"]) == (CLIENT_ID, "code")
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchange(self, authorization: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The answer of the token's endpoint."""
        asked = self._codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if self.status != 200:
            return self.status, {"error": "server_error"}
        if authorization != f"Basic {basic}":
            return 401, {"error": "invalid_client"}
        if asked is None or (asked["code_challenge"], asked["redirect_uri"]) != (challenge, form.get("redirect_uri")):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self.token(asked["nonce"])}

    def token(self, nonce: str) -> str:
        """What it signs for whoever asked with `nonce`."""
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": CLIENT_ID, "sub": "1234567890123456789", "id": self.person, "name": "Анна",
            "iat": now, "exp": now + 300, "nonce": nonce, **self.changes,
        }  # fmt: skip
        kept = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)  # EdDSA is the old name of Ed25519
            return jwt.encode(header, kept, self.signed_by or self.key, algorithms=[self.algorithm])

    def keys(self) -> dict[str, Any]:
        """Those that it shows."""
        return dict(KeySet([self.key]).as_dict(private=False))


@contextmanager
def issuing() -> Iterator[Issuer]:
    """One that answers until the context ends."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            self._answer(200, issuer.keys())

        def do_POST(self) -> None:
            issuer.asked.append(self.path)
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*issuer.exchange(self.headers.get("authorization", ""), form))

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            sent = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield issuer
    server.shutdown()
    thread.join()
    server.server_close()
