"""The lesson's page: one document without anything from elsewhere."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCRIPTS = ("client.js", "draw.js", "page.js")


def page(config: Mapping[str, str]) -> str:
    """The document. `config`: the functions' address and a public client's token; empty outside of a stack."""
    # A token in a page is no secret. That is why its client is public: it sees nothing but its own device's sessions.
    known = json.dumps(dict(config)).replace("<", "\\u003c")
    script = "\n".join(_read(name) for name in _SCRIPTS)
    parts = {"/*style*/": _read("page.css"), "/*config*/": f"const config = {known};", "/*script*/": script}
    document = _read("page.html")
    for place, text in parts.items():
        document = document.replace(place, text)
    return document


def _read(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")
