"""Archives that are the same to the byte whenever and wherever their files are the same."""

from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # no date of a file says anything about its content
READABLE = 0o100644 << 16  # by everybody, as the platform's user is not ours


def write(archive: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write `files`, name and content, sorted by name; the archive's size in bytes."""
    with ZipFile(archive, "w") as made:
        for name, content in sorted(files):
            entry = ZipInfo(name, FIRST_DATE)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, READABLE
            made.writestr(entry, content)
    return archive.stat().st_size
