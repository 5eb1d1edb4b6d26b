"""Archives that are the same to the byte whenever and wherever their files are the same.

zipfile would compress what functions share once for each of them, which is most of the work; so its few lines of format
stand here, and zipfile reads them in the tests.
"""

import struct
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

DEFLATED, VERSION, UNIX = 8, 20, 3 << 8
FIRST_DATE = 0x0021  # 1980-01-01: no date of a file says anything about its content
READABLE = 0o100644 << 16  # by everybody, as the platform's user is not ours

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


def writer(folder: Path) -> Callable[[Path, Iterable[Path]], int]:
    """What writes archives of the files of `folder`, named relative to it, and returns an archive's size in bytes."""

    @cache
    def compressed(name: Path) -> tuple[int, int, bytes]:
        content = (folder / name).read_bytes()
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        return zlib.crc32(content), len(content), packer.compress(content) + packer.flush()

    def write(archive: Path, names: Iterable[Path]) -> int:
        central = b""
        with archive.open("wb") as out:
            files = sorted(names)
            for path in files:
                checksum, size, content = compressed(path)
                name = path.as_posix().encode()
                common = (VERSION, 0, DEFLATED, 0, FIRST_DATE, checksum, len(content), size, len(name), 0)
                central += _CENTRAL.pack(b"PK\1\2", UNIX | VERSION, *common, 0, 0, 0, READABLE, out.tell()) + name
                out.write(_LOCAL.pack(b"PK\3\4", *common) + name + content)
            start = out.tell()
            out.write(central + _END.pack(b"PK\5\6", 0, 0, len(files), len(files), len(central), start, 0))
            return out.tell()

    return write
