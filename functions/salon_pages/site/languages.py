"""The language of whoever has chosen none."""

import re

from starlette.requests import Request

from shared.i18n.texts import DEFAULT_LANGUAGE, Language

_ASKED = re.compile(r"\s*(ru|be|kk|uk|en)\b", re.IGNORECASE)


def of_browser(request: Request) -> Language:
    """The first of the browser's languages that we have; who reads Kazakh, Ukrainian or Belarusian gets Russian."""
    for part in request.headers.get("accept-language", "")[:200].split(","):
        if found := _ASKED.match(part):
            return "en" if found[1].lower() == "en" else "ru"
    return DEFAULT_LANGUAGE
