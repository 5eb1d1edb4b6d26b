"""The Content-Type of a file: never one that a browser would run under our origin."""

import mimetypes
import re

UNKNOWN = "application/octet-stream"

# What WhatsApp and Telegram carry and Python's own table does not know, or not in every version.
_TYPES = {
    "webp": "image/webp",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "m4a": "audio/mp4",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_STANDARD = mimetypes.MimeTypes()  # without the machine's own files: the same everywhere
_SAFE = re.compile(r"((image|audio|video|application)/[\w.+-]+|text/(plain|csv))(;[\w =.+\"-]*)?", re.ASCII)
_ACTIVE = re.compile(r"/([\w.-]+\+)?xml|/xml|html|svg|script", re.ASCII)


def content_type(declared: str, *names: str) -> str:
    """The type that the file's owner declares, or else the first that an extension of `names` implies."""
    mime = declared.strip().lower()
    if mime.partition(";")[0] in ("", UNKNOWN, "binary/octet-stream"):
        mime = next(filter(None, map(_by_extension, names)), UNKNOWN)
    return mime if _SAFE.fullmatch(mime) and not _ACTIVE.search(mime) else UNKNOWN


def disposition(mime: str) -> str:
    """The Content-Disposition: whether a browser may show a file of this type."""
    return "attachment" if mime == UNKNOWN else "inline"


def _by_extension(name: str) -> str | None:
    extension = name.rpartition(".")[2].lower()
    return _TYPES.get(extension) or _STANDARD.guess_type(f"file.{extension}", strict=True)[0]
