"""The method of files: getFile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.sandbox.telegram.errors import bad_request
from infra.sandbox.telegram.methods.call import Call, method
from infra.sandbox.telegram.params import text

if TYPE_CHECKING:
    from infra.sandbox.telegram.state import Json

_MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024


@method("getFile")
def get_file(call: Call) -> Json:
    """Where the file can be downloaded. A file_id is valid for one bot only."""
    file_id = text(call.params, "file_id")
    if not file_id:
        reason = "file_id not specified"
        raise bad_request(reason)
    stored = call.telegram.files.get((call.bot.id, file_id))
    if stored is None:
        reason = "invalid file_id"
        raise bad_request(reason)
    if len(stored.content) > _MAX_DOWNLOAD_BYTES:
        reason = "file is too big"
        raise bad_request(reason)
    unique, size = f"AgAD{file_id[-10:]}", len(stored.content)
    return {"file_id": file_id, "file_unique_id": unique, "file_size": size, "file_path": stored.path}
