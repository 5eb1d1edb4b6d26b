"""What a file is said to be: never something that a browser would run in our name."""

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
_PYTHONS = mimetypes.MimeTypes()  # without the machine's own files: the same everywhere
_SHOWN = re.compile(r"((image|audio|video|application)/[\w.+-]+|text/(plain|csv))(;[\w =.+\"-]*)?", re.ASCII)
_RUN = re.compile(r"/([\w.-]+\+)?xml|/xml|html|svg|script", re.ASCII)


def content_type(said: str, *names: str) -> str:
    """The type that the owner says, or, when that says nothing, the first that a name's extension tells."""
    said = said.strip().lower()
    if said.partition(";")[0] in ("", UNKNOWN, "binary/octet-stream"):
        said = next(filter(None, map(_by_extension, names)), UNKNOWN)
    return said if _SHOWN.fullmatch(said) and not _RUN.search(said) else UNKNOWN


def disposition(of_type: str) -> str:
    """Whether a browser may show it."""
    return "attachment" if of_type == UNKNOWN else "inline"


def _by_extension(name: str) -> str | None:
    extension = name.rpartition(".")[2].lower()
    return _TYPES.get(extension) or _PYTHONS.guess_type(f"file.{extension}", strict=True)[0]
