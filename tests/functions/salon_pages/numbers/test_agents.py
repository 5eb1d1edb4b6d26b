"""What a browser is called on the page of one's own sessions."""

import pytest

from functions.salon_pages.display import agents

LIKE = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) {} Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (LIKE.format("Windows NT 10.0; Win64; x64", "Chrome/140.0.0.0"), "Chrome, Windows"),
        (LIKE.format("Windows NT 10.0", "Chrome/138.0 YaBrowser/25.8.0"), "Yandex, Windows"),
        (LIKE.format("Macintosh; Intel Mac OS X 10_15_7", "Chrome/140.0 Edg/140.0"), "Edge, Mac"),
        (LIKE.format("Linux; Android 15; SM-S921B", "SamsungBrowser/28.0 Chrome/130.0 Mobile"), "Samsung, Android"),
        (LIKE.format("iPhone; CPU iPhone OS 18_6 like Mac OS X", "Version/18.6 Mobile/15E148"), "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0", "Firefox, Linux"),
        ("curl/8.14", "curl/8.14"),
        ("x" * 300, "x" * 40),
        ("", ""),
    ],
)
def test_a_browser_is_called_as_people_call_it(agent: str, name: str) -> None:
    assert agents.describe(agent) == name
