"""Addresses of links and buttons, judged as the real server judges them."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d)")
_HOST = re.compile(r"(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:@]*)")


def problem_of(url: str) -> str | None:
    """What is wrong with a web address; None: it can be opened."""
    rest = url.strip()
    scheme = _SCHEME.match(rest)
    if scheme:
        if scheme.group(1).lower() not in ("http", "https"):
            return "Unsupported URL protocol"
        rest = rest[scheme.end() :].removeprefix("//")
    found = _HOST.match(rest)
    host = found.group(1) if found else ""
    if not host:
        return "URL host is empty"
    if "." not in host and not host.startswith("["):
        return "Wrong HTTP URL"
    return None
