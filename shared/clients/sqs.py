"""A FIFO queue of AWS SQS. botocore comes with Lambda's Python; nothing of it has to be packaged."""

import asyncio
import re
import uuid

CONNECT_SECONDS = READ_SECONDS = 1.0
ATTEMPTS = 2  # the second for a connection that died while the process was frozen


class SendFailed(Exception):
    """The queue did not take a message. The text is the error's code, without an address or a key."""


class FifoQueue:
    """Sends messages to one queue. Content-based deduplication does not matter: each message has an id of its own."""

    def __init__(self, url: str) -> None:
        """`url` as AWS gives it, the region in its host. Credentials are botocore's business."""
        # Now and not with the first message: a starting Lambda has a whole CPU, a running one of 256 MB a seventh.
        from botocore.config import Config  # type: ignore[import-untyped]  # noqa: PLC0415 - not without a queue
        from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]  # noqa: PLC0415
        from botocore.session import Session  # type: ignore[import-untyped]  # noqa: PLC0415

        self._url = url
        self._refused, self._failed = ClientError, BotoCoreError
        self._client = Session().create_client(
            "sqs",
            region_name=region(url),
            config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            ),
        )

    async def send(self, group: str, body: str) -> None:
        """Return once the queue has the message. Raises NotSent."""
        await asyncio.to_thread(self._send, group, body)

    def _send(self, group: str, body: str) -> None:
        try:
            self._client.send_message(
                QueueUrl=self._url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=uuid.uuid4().hex
            )
        except self._refused as error:
            raise SendFailed(error.response["Error"]["Code"]) from None
        except self._failed as error:
            raise SendFailed(type(error).__name__) from None


def region(url: str) -> str | None:
    """Where the queue at `url` is: the name after "sqs" in its host."""
    found = re.search(r"\bsqs(?:-fips)?\.([\w-]+)\.", url)
    return found and found[1]
