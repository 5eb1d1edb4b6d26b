"""What gateways sign with: sealed in the source's row, opened once."""

from shared import logs
from shared.credentials import secrets
from shared.credentials.webhook_sources import Source, signing_secret_associated_data
from shared.errors import ConfigError

_NEXT_STEP = "carillon sources rotate {} --provider whatsapp --signing-secret-stdin"


class SigningSecrets:
    """Opens and caches them: to open one costs more than to check a signature."""

    def __init__(self, secrets_key: str) -> None:
        """`secrets_key` is SECRETS_KEY."""
        self._secrets_key = secrets_key
        self._opened: dict[bytes, str] = {}

    def get(self, source: Source) -> str:
        """The source's signing secret; "", with which nobody can sign, when there is none or it cannot be opened."""
        sealed = source.signing_secret_sealed
        if sealed is None:
            logs.error("signing_secret_missing", source=source.name, next_step=_NEXT_STEP.format(source.name))
            return ""
        if sealed not in self._opened:
            try:
                opened = secrets.unseal(self._secrets_key, sealed, signing_secret_associated_data(source.name))
            except ConfigError as error:
                logs.error("signing_secret_not_opened", cause=error, source=source.name, next_step="carillon doctor")
                return ""
            self._opened[sealed] = opened
        return self._opened[sealed]
