"""Who is shown a token to get a file. The fetching itself is tests/functions/serve_media's."""

import pytest

from shared.channels.files import may_have_token

API = "https://graph.facebook.com"


@pytest.mark.parametrize(
    "url",
    [
        "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=2&hash=AbC-_%2F",
        "https://scontent-fra3-1.xx.fbcdn.net/v/t1/x.jpg?a=b",
        "https://graph.facebook.com/v23.0/1",
    ],
)
def test_meta_s_own_hosts_may_have_it(url: str) -> None:
    assert may_have_token(url, API)


@pytest.mark.parametrize(
    "url",
    [
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com.example.com/x",
        "https://evilfbsbx.com/x",
        "https://lookaside.fbsbx.com@example.com/x",
        "https://lookaside.fbsbx.com:443@example.com/x",
        "https://example.com\\.fbsbx.com/x",
        "https://example.com/.fbsbx.com/x",
        "https://example.com?.fbsbx.com/x",
        "https://example.com#.fbsbx.com/x",
        "https://lookaside.fbsbx.com",
        "https://lookaside.fbsbx.com/\r\nx",
        "https://graph.facebook.com.example.com/x",
        "https://graph.facebook.com@example.com/x",
        "http://graph.facebook.com/x",
        "//lookaside.fbsbx.com/x",
        "",
    ],
)
def test_nobody_else_may(url: str) -> None:
    assert not may_have_token(url, API)
