"""A stand-in for S3 (moto) in a process of its own, and a bucket in it."""

import gzip
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.session import Session  # type: ignore[import-untyped]

from tests.helpers.queues import CREDENTIALS
from tests.helpers.queues import sqs as moto  # any of its services


@dataclass(frozen=True)
class TestBucket:
    """A bucket, and what a function needs to reach it."""

    __test__ = False

    name: str
    environment: dict[str, str]
    client: Any

    def lines(self) -> dict[str, list[dict[str, Any]]]:
        """The rows in each file, by its name."""
        files = self.client.list_objects_v2(Bucket=self.name).get("Contents", [])
        return {file["Key"]: self._read(file["Key"]) for file in files}

    def _read(self, key: str) -> list[dict[str, Any]]:
        packed = self.client.get_object(Bucket=self.name, Key=key)["Body"].read()
        return [json.loads(line) for line in gzip.decompress(packed).decode().splitlines()]


@contextmanager
def bucket(printed: Path) -> Iterator[TestBucket]:
    """A new bucket in a stand-in of its own, until the context ends."""
    with moto(printed) as endpoint:
        client = Session().create_client(
            "s3", region_name="us-east-1", endpoint_url=endpoint, aws_access_key_id="test", aws_secret_access_key="test"
        )
        name = f"archive-{uuid.uuid4().hex[:8]}"
        client.create_bucket(Bucket=name)
        yield TestBucket(name, {**CREDENTIALS, "AWS_ENDPOINT_URL_S3": endpoint}, client)
