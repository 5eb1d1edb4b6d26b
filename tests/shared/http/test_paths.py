"""A function sees the same path wherever it is served, with or without its own name in front."""

import pytest
from starlette.requests import Request

from shared.http import requests


@pytest.mark.parametrize(
    ("path", "root", "expected"),
    [
        ("/school", "", "/school"),
        ("/telegram_webhook/school", "", "/school"),
        ("/telegram_webhook/school", "/telegram_webhook", "/school"),
        ("/v1/telegram_webhook/school", "/v1", "/school"),
        ("/telegram_webhook/telegram_webhook", "", "/telegram_webhook"),  # a bot may be called so
        ("/telegram_webhook", "", "/telegram_webhook"),
        ("/telegram_webhooks/school", "", "/telegram_webhooks/school"),
        ("/telegram_webhook/", "", "/"),
        ("/", "", "/"),
    ],
)
def test_the_path_below_a_function(path: str, root: str, expected: str) -> None:
    request = Request({"type": "http", "path": path, "root_path": root, "method": "GET", "headers": []})

    assert requests.path(request, "telegram_webhook") == expected
