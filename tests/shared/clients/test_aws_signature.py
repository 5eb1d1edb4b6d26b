"""Our signature is the one that AWS's own library makes."""

from datetime import UTC, datetime

import pytest
from botocore.auth import SigV4Auth  # type: ignore[import-untyped]
from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped]
from botocore.credentials import Credentials  # type: ignore[import-untyped]

from shared.clients import aws_signature
from shared.clients.aws_signature import Identity
from tests.helpers.queues import SECRET_KEY

HEADERS = {
    "Host": "sqs.eu-central-1.amazonaws.com",
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Target": "AmazonSQS.SendMessage",
}


@pytest.mark.parametrize("token", ["", "a/session+token=="])
@pytest.mark.parametrize("content", [b"", b"{}", '{"MessageBody": "Привет"}'.encode()])
def test_it_is_the_one_of_botocore(token: str, content: bytes) -> None:
    identity = Identity("AKIACANARY0123456789", SECRET_KEY, token, "eu-central-1")
    ours = aws_signature.signed(HEADERS, content, identity, "sqs", datetime(2026, 3, 2, 1, 4, 5, tzinfo=UTC))

    request = AWSRequest("POST", f"https://{HEADERS['Host']}/", data=content, headers=HEADERS)
    request.context["timestamp"] = "20260302T010405Z"
    theirs = SigV4Auth(Credentials(identity.key_id, SECRET_KEY, token or None), "sqs", identity.region)
    request.headers["X-Amz-Date"] = ours["X-Amz-Date"]
    if token:
        request.headers["X-Amz-Security-Token"] = token
    canonical = theirs.canonical_request(request)
    signature = theirs.signature(theirs.string_to_sign(request, canonical), request)
    assert ours["Authorization"].rpartition("Signature=")[2] == signature
    assert f"SignedHeaders={theirs.signed_headers(theirs.headers_to_sign(request))}," in ours["Authorization"]
    assert SECRET_KEY not in repr(identity) + ours["Authorization"]
