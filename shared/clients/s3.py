"""A bucket of AWS S3, or of what speaks like it (Yandex Object Storage, MinIO): AWS_ENDPOINT_URL_S3 names its address.

botocore comes with Lambda's Python, and reads its other variables itself: AWS_ACCESS_KEY_ID, AWS_DEFAULT_REGION.
"""

import asyncio
from urllib.parse import urlsplit

from shared.errors import ConfigError

SETTINGS = ("archive_url",)
CONNECT_SECONDS, READ_SECONDS = 3.0, 10.0
ATTEMPTS = 2


class UploadFailed(Exception):
    """The bucket did not take a file. The text is the error's code, without an address or a key."""


class Bucket:
    """Puts files into one bucket, below a prefix."""

    def __init__(self, url: str) -> None:
        """`url` is s3://bucket/prefix. Raises ConfigError."""
        try:
            from botocore.config import Config  # type: ignore[import-untyped]  # noqa: PLC0415 - not without an archive
            from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]  # noqa: PLC0415
            from botocore.session import Session  # type: ignore[import-untyped]  # noqa: PLC0415
        except ImportError:
            step = "install carillon[archive], make package EXTRAS=archive, or leave the setting out"
            raise ConfigError(f"ARCHIVE_URL is set, and botocore is not installed here: {step}") from None
        place = urlsplit(url)
        self._bucket, self._prefix = place.netloc, place.path.strip("/")
        self._refused, self._failed = ClientError, BotoCoreError
        session = Session()
        self._client = session.create_client(
            "s3",
            region_name=session.get_config_variable("region") or "us-east-1",
            config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
                request_checksum_calculation="when_required",  # others than AWS know no newer one
            ),
        )

    async def put(self, name: str, content: bytes) -> None:
        """Return once the bucket has the file. Raises UploadFailed."""
        key = f"{self._prefix}/{name}" if self._prefix else name
        await asyncio.to_thread(self._put, key, content)

    def _put(self, key: str, content: bytes) -> None:
        try:
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content)
        except self._refused as error:
            raise UploadFailed(error.response["Error"]["Code"]) from None
        except self._failed as error:
            raise UploadFailed(type(error).__name__) from None
