"""What a person pastes into a provider's settings, so that it calls us. Its secret is shown once."""

from dataclasses import dataclass
from urllib.parse import quote

from infra.cli.output import print_json, say


@dataclass(frozen=True)
class Address:
    """Where a source calls, and with which secret; `generated` is whether we made it."""

    provider: str
    gateway: str | None
    name: str
    secret: str
    generated: bool

    @property
    def by_token(self) -> bool:
        """Whether the secret is pasted beside the address: the Cloud API takes an address without a query."""
        return self.gateway == "whatsapp_cloud"

    @property
    def path(self) -> str:
        """What comes after the address of ingest_webhook."""
        path = f"/{self.provider}/{self.name}"
        if self.by_token:
            return path
        return f"{path}?secret={quote(self.secret, safe='') if self.generated else '<your secret>'}"


def show(address: Address, *, as_json: bool, done: str) -> None:
    """Print it, with the place where it belongs."""
    if as_json:
        shown = {"provider": address.provider, "name": address.name, "path": address.path}
        print_json({**shown, **({"secret": address.secret} if address.generated else {})})
        return
    say(done)
    say(f"\n  {address.path}\n", "bold")
    say("Put the address of ingest_webhook in front of it (https://…/ingest_webhook, or where it is deployed).")
    for line in _where(address):
        say(line)
    if address.generated:
        again = f"carillon sources rotate {address.name} --provider {address.provider}"
        say(f"The secret is shown this once; only its hash is kept. Lost? {again}", "yellow")


def _where(address: Address) -> list[str]:
    """Where to paste it."""
    if address.provider == "getcourse":
        return [
            "In GetCourse: Задачи → Процессы → your process → operation «Вызвать URL», method POST: paste it there.",
            "Or subscribe the account: POST https://ACCOUNT.getcourse.ru/pl/api/v1/set-uri with this address.",
        ]
    if address.gateway == "whatsapp_cloud":
        return [
            "In Meta's App Dashboard: WhatsApp → Configuration → Webhook: paste it as Callback URL,",
            f"as Verify token: {address.secret if address.generated else '<your secret>'}",
            "and subscribe to the field messages.",
        ]
    if address.gateway == "evolution":
        return ["In the Evolution API's manager: Events → Webhook: paste it there, with the event MESSAGES_UPSERT."]
    if address.gateway == "chatflow":
        return ["In ChatFlow: your instance → Webhook, method POST: paste it there."]
    return [
        "In YClients: Настройки → Webhook: paste it there, with the events of records;",
        'or POST /hooks_settings/COMPANY_ID {"urls": ["https://…"], "active": 1, "record": 1} to their API.',
    ]
