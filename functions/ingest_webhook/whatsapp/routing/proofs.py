"""Which sources prove their calls by the same secret: one may bring what is for the other's account."""

import hmac
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from functions.ingest_webhook.whatsapp.gateways.signing_secrets import SigningSecrets
from shared.credentials.webhook_sources import Source
from shared.database import sql
from shared.database.pool import Connection

Pair = tuple[int, int]  # the ids of the source that brings a record, and of the one whose account it names

_SQL = sql.load(__file__)


async def shared(
    connection: Connection, pairs: AbstractSet[Pair], sources: Mapping[int, Source], signing_secrets: SigningSecrets
) -> AbstractSet[Pair]:
    """Those of `pairs` whose sources prove themselves with one secret.

    All numbers of a Meta app come to one address, signed with the app's secret: whoever can sign for one can sign for
    all. At other gateways each source has a secret of its own, and its holder writes to no other desk.
    """
    by_app = {pair for pair in pairs if sources[pair[0]].gateway == "whatsapp_cloud"}
    proven = {
        (bringer, owner) for bringer, owner in by_app if _is_same_app(sources[bringer], sources[owner], signing_secrets)
    }
    if others := sorted(pairs - by_app):
        columns = {"bringers": [pair[0] for pair in others], "owners": [pair[1] for pair in others]}
        rows = await sql.fetch_all(connection, _SQL["shared_secrets"], columns)
        proven |= {(row["bringer"], row["owner"]) for row in rows}
    return proven


def _is_same_app(bringer: Source, owner: Source, signing_secrets: SigningSecrets) -> bool:
    if bringer.signing_secret_sealed is None or owner.signing_secret_sealed is None:
        return False
    known, other = signing_secrets.get(bringer), signing_secrets.get(owner)
    return bool(known) and hmac.compare_digest(known.encode(), other.encode())
