"""A FIFO queue of AWS SQS, by one request of its JSON protocol.

botocore would take a third of a starting Lambda's processor time, for this one request.
"""

import asyncio
import json
import os
import re
import ssl
import uuid
import weakref
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from shared.clients import aws_signature
from shared.clients.aws_signature import Identity
from shared.errors import ConfigError

TIMEOUT_SECONDS = 1.0  # to connect, and again for an answer
ATTEMPTS = 2  # the second for a connection that died while the process was frozen
TYPE, TARGET = "application/x-amz-json-1.0", "AmazonSQS.SendMessage"
CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


class SendFailed(Exception):
    """The queue did not take a message. The text is the error's code, without an address or a key."""


class FifoQueue:
    """Sends messages to one queue. Content-based deduplication does not matter: each message has an id of its own."""

    def __init__(self, url: str) -> None:
        """`url` as AWS gives it, the region in its host. A Lambda's variables say who sends. Raises ConfigError."""
        self._idle: list[HTTPConnection] = []
        weakref.finalize(self, _close, self._idle)
        if missing := [name for name in CREDENTIALS if not os.environ.get(name)]:
            raise ConfigError(f"a queue of SQS is set, and {missing[0]} is not: in a Lambda it is")
        key, secret = (os.environ[name] for name in CREDENTIALS)
        self._identity = Identity(key, secret, os.environ.get("AWS_SESSION_TOKEN", ""), region(url))
        self._url, self._place = url, urlsplit(os.environ.get("AWS_ENDPOINT_URL_SQS") or url)
        # Now and not with the first message: a starting Lambda has a whole CPU, a running one of 256 MB a seventh.
        self._tls = ssl.create_default_context()

    async def send(self, group: str, body: str) -> None:
        """Return once the queue has the message. Raises SendFailed."""
        message = {
            "QueueUrl": self._url, "MessageBody": body, "MessageGroupId": group,
            "MessageDeduplicationId": uuid.uuid4().hex,
        }  # fmt: skip
        await asyncio.to_thread(self._send, json.dumps(message).encode())

    def _send(self, content: bytes) -> None:
        reason = ""
        for _ in range(ATTEMPTS):
            try:
                answer, text = self._post(content)
            except (OSError, HTTPException) as error:
                reason = type(error).__name__
                _close(self._idle)  # the others died with it
                continue
            if answer.status == 200:
                return
            reason = _code(answer, text)
            if answer.status < 500:
                break
        raise SendFailed(reason)

    def _post(self, content: bytes) -> tuple[HTTPResponse, bytes]:
        """The queue's answer, on a connection that is kept. A connection serves one thread at a time."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connection()
        headers = {"Host": self._place.netloc, "Content-Type": TYPE, "X-Amz-Target": TARGET}
        signed = aws_signature.signed(headers, content, self._identity, "sqs", datetime.now(UTC))
        try:
            connection.request("POST", "/", content, signed)
            answer = connection.getresponse()
            text = answer.read()
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return answer, text

    def _connection(self) -> HTTPConnection:
        host, port = self._place.hostname or "", self._place.port
        if self._place.scheme == "https":
            return HTTPSConnection(host, port, timeout=TIMEOUT_SECONDS, context=self._tls)
        return HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)


def region(url: str) -> str:
    """Where the queue at `url` is: the name after "sqs" in its host. Empty when there is none."""
    found = re.search(r"\bsqs(?:-fips)?\.([\w-]+)\.", url)
    return found[1] if found else ""


def _close(idle: list[HTTPConnection]) -> None:
    while idle:
        idle.pop().close()


def _code(answer: HTTPResponse, text: bytes) -> str:
    """What AWS calls an error."""
    if named := answer.headers.get("x-amzn-query-error"):
        return named.partition(";")[0]
    try:
        return str(json.loads(text)["__type"]).rpartition("#")[2]
    except (ValueError, TypeError, KeyError):
        return f"HTTP {answer.status}"
