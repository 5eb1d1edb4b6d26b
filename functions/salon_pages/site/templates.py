"""Pages are Jinja2's, escaped by default; the words in them are texts in the visitor's language."""

import gzip
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from functions.salon_pages.site import files
from functions.salon_pages.texts import common
from shared.i18n.texts import Language, Localized

if TYPE_CHECKING:
    from functions.salon_pages.site.visit import Visit

FOLDER = Path(__file__).parents[1] / "templates"
MIN_COMPRESSED_BYTES = 600
COMPRESSION_LEVEL = 3  # half the time of 6, and a tenth more bytes

# Only our own files, and forms that come back here: no script, nothing inline or from elsewhere, in nobody's frame.
HEADERS: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "same-origin",  # with no-referrer a browser would send `Origin: null` with our own forms
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Texts:
    """A module of texts in one language: `t.SIGN_IN` in a template. Those of all pages are in it, too."""

    def __init__(self, module: ModuleType, language: Language) -> None:
        """`module` holds texts by their names."""
        self._module = module
        self._language: Language = language

    def __getattr__(self, name: str) -> Any:
        """Asked once for each name. Raises AttributeError: there is no such text."""
        found = getattr(self._module, name) if hasattr(self._module, name) else getattr(common, name)
        text = self.__dict__[name] = found.in_(self._language) if isinstance(found, Localized) else found
        return text


@cache
def texts_in(module: ModuleType, language: Language) -> Texts:
    """The texts of a module in a language."""
    return Texts(module, language)


class Templates:
    """The templates, compiled when a page first needs them."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, auto_reload=False,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip

    def page(self, template: str, texts: ModuleType, visit: "Visit", status: int = 200, **values: Any) -> Response:
        """A page for somebody who is signed in."""
        shown = {"visit": visit, "salon": getattr(visit, "salon", None), **values}
        return self.render(template, texts, visit.language, visit.around.base, visit.request, status, **shown)

    def render(
        self,
        template: str,
        texts: ModuleType,
        language: Language,
        base: str,
        request: Request,
        status: int = 200,
        **values: Any,
    ) -> Response:
        """A page for anybody."""
        shown: dict[str, Any] = {"visit": None, "salon": None, "section": "", **values}
        html = self._environment.get_template(template).render(
            t=texts_in(texts, language), language=language, base=base, asset=files.address,
            page=template.removesuffix(".html"), **shown,
        )  # fmt: skip
        return compressed(request, Response(html, status, HEADERS, "text/html"))


def compressed(request: Request, response: Response) -> Response:
    """`response`, compressed where it is worth it: function URLs do not do it."""
    accepts = "gzip" in request.headers.get("accept-encoding", "")
    body = bytes(response.body)
    response.headers["vary"] = "Accept-Encoding, Cookie"
    if accepts and len(body) >= MIN_COMPRESSED_BYTES:
        response.body = gzip.compress(body, COMPRESSION_LEVEL, mtime=0)
        response.headers["content-encoding"] = "gzip"
        response.headers["content-length"] = str(len(response.body))
    return response
