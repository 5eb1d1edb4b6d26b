"""What was deleted goes into a bucket of S3's kind: files of JSON lines, gzipped, by table and day.

Triggers keep the rows in a queue, in the transaction that deletes them (migration 0049); they leave it once the bucket
has them. So what was deleted is in one or the other. After a crash between the two a file may be there twice.
"""

import gzip
import hashlib
import time

from shared import logs
from shared.clients.s3 import Bucket, UploadFailed
from shared.database import sql
from shared.database.pool import Database

# Of the others, housekeeping deletes counts, links, logs and keys, which nobody would look for.
TABLES = frozenset({
    "dashboard.alerts", "dashboard.audits", "dashboard.bookings", "dashboard.conversations", "getcourse.account_events",
    "getcourse.notifications", "getcourse.webhook_events", "learning.chat_messages", "learning.track_sessions",
    "platform.inbox", "platform.outbox", "platform.outbox_audits", "support.conversations", "support.handovers",
    "support.messages",
})  # fmt: skip
MAX_BYTES = 4_000_000  # of a file before it is packed, but for the last row

_SQL = sql.load(__file__)


async def upload(database: Database, bucket: Bucket, ends_at: float, most_bytes: int = MAX_BYTES) -> int:
    """Upload what is queued until the monotonic time `ends_at`, a file at a time; how many rows left the queue."""
    done = 0
    while time.monotonic() < ends_at:
        async with database.connection() as connection:
            queued = await sql.fetch_all(connection, _SQL["next"], {"most_bytes": most_bytes})
        if not queued:
            break
        lines = "\n".join(row["lines"] for row in queued).encode() + b"\n"
        first = queued[0]
        # By its content, too: two that upload at once lose nothing.
        name = f"{first['id']}-{hashlib.sha256(lines).hexdigest()[:16]}.jsonl.gz"
        try:
            await bucket.put(f"{first['table_name']}/{first['day']}/{name}", gzip.compress(lines, mtime=0))
        except UploadFailed as error:
            logs.error("archive_failed", reason=str(error), next_step="see ARCHIVE_URL; tomorrow it is tried again")
            break
        async with database.connection() as connection:
            await connection.execute(_SQL["delete"], {"ids": [row["id"] for row in queued]})
        done += lines.count(b"\n")
    return done


async def waiting(database: Database, most: int) -> int:
    """How many entries of the queue are left, counted up to `most`."""
    async with database.connection() as connection:
        return int(await sql.fetch_value(connection, _SQL["waiting"], {"most": most}))
