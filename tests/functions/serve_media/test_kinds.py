"""What a file is said to be."""

import pytest

from functions.serve_media import kinds

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("said", "names", "expected"),
    [
        ("image/jpeg", (), "image/jpeg"),
        ("audio/ogg; codecs=opus", (), "audio/ogg; codecs=opus"),
        (WORD, (), WORD),
        ("application/octet-stream", ("photos/file_1.jpg", "x.pdf"), "image/jpeg"),
        ("application/octet-stream", ("documents/file_1", "Прайс.PDF"), "application/pdf"),
        ("", ("voice/file_2.oga",), "audio/ogg"),
        ("", ("договор.docx",), WORD),
        ("", ("file",), "application/octet-stream"),
        ("", (), "application/octet-stream"),
    ],
)
def test_the_owner_s_type_counts_then_the_names(said: str, names: tuple[str, ...], expected: str) -> None:
    of_type = kinds.content_type(said, *names)

    assert of_type == expected
    assert kinds.disposition(of_type) == ("attachment" if expected == "application/octet-stream" else "inline")


@pytest.mark.parametrize(
    "said",
    [
        "text/html",
        "TEXT/HTML; charset=utf-8",
        "image/svg+xml",
        "application/xhtml+xml",
        "application/xml",
        "text/xml",
        "application/xml-dtd",
        "application/rss+xml",
        "text/javascript",
        "application/x-javascript",
        "text/css",
        "multipart/x-mixed-replace; boundary=x",
        "text/plain\r\nset-cookie: a=b",
        "text/plain; charset=ж",
        "nonsense",
    ],
)
def test_what_a_browser_would_run_is_only_bytes(said: str) -> None:
    assert kinds.content_type(said) == "application/octet-stream"


@pytest.mark.parametrize("name", ["page.html", "logo.svg", "feed.xml", "app.js", "app.mjs", "page.xhtml", "style.css"])
def test_neither_is_it_by_its_name(name: str) -> None:
    assert kinds.content_type("application/octet-stream", name) == "application/octet-stream"
