"""Everything that is stored sealed: which key of SECRETS_KEY sealed it, and how it is sealed anew."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.admin.database import Connection, fetch
from infra.admin.errors import AdminError
from shared import config
from shared.credentials import secrets
from shared.credentials.account import token_associated_data
from shared.credentials.webhook_sources import signing_secret_associated_data
from shared.database import sql
from shared.errors import ConfigError
from shared.salon.tenant_secrets import associated_data as tenant_secret_associated_data

# What is sealed: its blocks find_… and store_… are in reseal.sql. What find_… returns beside `id` and `sealed` is
# what the value is bound to.
SEALED: Mapping[str, Callable[..., str]] = {
    "bot_tokens": token_associated_data,
    "signing_secrets": signing_secret_associated_data,
    "tenant_secrets": tenant_secret_associated_data,
}

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class SealedValue:
    """A sealed value, and the place that it is bound to, which names it."""

    kind: str
    id: Any
    place: str
    sealed: bytes = field(repr=False)


def reseal(connection: Connection) -> int:
    """Seal every stored value with the newest key, in one transaction; how many. Raises AdminError, ConfigError."""
    key = config.load(names=("secrets_key",)).secrets_key
    with connection.transaction():
        values = list(_values(connection))
        for value in values:
            anew = secrets.seal(key, _opened(key, value), value.place)
            parameters = {"id": value.id, "former": value.sealed, "sealed": anew}
            if connection.execute(_SQL[f"store_{value.kind}"], parameters).rowcount != 1:
                raise AdminError(f"{value.place} was changed meanwhile; nothing is sealed anew", "run it again")
    return len(values)


def sealed_by(connection: Connection) -> Counter[bytes | None]:
    """How many stored values each key sealed, by its fingerprint; None: a key that SECRETS_KEY lacks.

    Raises ConfigError.
    """
    key = config.load(names=("secrets_key",)).secrets_key
    with connection.transaction(force_rollback=True):  # whoever goes on in the same one has their policies again
        return Counter(secrets.sealed_by(key, value.sealed) for value in _values(connection))


def _opened(key: str, value: SealedValue) -> str:
    try:
        return secrets.unseal(key, value.sealed, value.place)
    except ConfigError:
        cause = f"SECRETS_KEY does not open {value.place}; nothing is sealed anew"
        step = (
            "set the key that sealed it, after a comma; if it is lost, give the value anew: carillon bots add, "
            "carillon sources rotate --signing-secret-stdin"
        )
        raise AdminError(cause, step) from None


def _values(connection: Connection) -> Iterator[SealedValue]:
    connection.execute(_SQL["see_every_row"])
    for kind, associated_data in SEALED.items():
        for row in fetch(connection, _SQL[f"find_{kind}"]):
            bound_to = {name: value for name, value in row.items() if name not in ("id", "sealed")}
            yield SealedValue(kind, row["id"], associated_data(**bound_to), row["sealed"])
