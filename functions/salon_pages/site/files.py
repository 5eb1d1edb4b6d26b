"""Our own files: the stylesheet and the icon. Their address changes with their content."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response

from shared.errors import HttpProblem

FOLDER = Path(__file__).parents[1] / "static"
TYPES = {".css": "text/css", ".svg": "image/svg+xml"}
CACHED_SECONDS = 31_536_000


@cache
def _content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


@cache
def names() -> frozenset[str]:
    """The names of all files that are served."""
    return frozenset(path.name for path in FOLDER.iterdir() if path.suffix in TYPES)


@cache
def address(name: str) -> str:
    """The path of a file, with its version."""
    return f"/static/{name}?v={hashlib.sha256(_content(name)).hexdigest()[:8]}"


def respond(name: str) -> Response:
    """The file. Raises HttpProblem 404."""
    if name not in names():
        raise HttpProblem(404, "Not Found", "There is nothing here.")
    headers = {
        "cache-control": f"public, max-age={CACHED_SECONDS}, immutable",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'",
    }
    return Response(_content(name), headers=headers, media_type=TYPES[Path(name).suffix])
