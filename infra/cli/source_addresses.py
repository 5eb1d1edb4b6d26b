"""What a person pastes into a provider's settings, so that it calls us. Its secret is shown once."""

from infra.admin.sources import CLOUD_FIELDS, EVOLUTION_EVENTS, Address
from infra.cli.output import print_json, say


def show(address: Address, *, done: str, as_json: bool = False, base: str = "") -> None:
    """Print it, with the place in the provider's settings where it belongs; `base` is ingest_webhook's, if known."""
    if as_json:
        shown = {"provider": address.provider, "name": address.name, "path": address.path}
        print_json({**shown, **({"secret": address.secret} if address.generated else {})})
        return
    say(done)
    say(f"\n  {base}{address.path}\n", "bold")
    if not base:
        say("Put the address of ingest_webhook in front of it (https://…/ingest_webhook, or where it is deployed).")
    for line in _where(address):
        say(line)
    if address.provider == "getcourse" or address.gateway == "evolution":
        say("It can send headers: better leave ?secret=… out, and let it send the secret as X-Webhook-Secret. Logs of")
        say("platforms and proxies keep addresses.")
    if address.generated:
        again = f"carillon sources rotate {address.name} --provider {address.provider}"
        say(f"The secret is shown this once; only its hash is kept. Lost? {again}", "yellow")


def _where(address: Address) -> list[str]:
    if address.provider == "getcourse":
        return [
            "In GetCourse: Задачи → Процессы → your process → operation «Вызвать URL», method POST: paste it there.",
            "Or subscribe the account: POST https://ACCOUNT.getcourse.ru/pl/api/v1/set-uri with this address.",
        ]
    if address.gateway == "whatsapp_cloud":
        return [
            "In Meta's App Dashboard: WhatsApp → Configuration → Webhook: paste it as Callback URL,",
            f"as Verify token: {address.secret if address.generated else '<your secret>'}",
            f"and subscribe to the fields {', '.join(CLOUD_FIELDS)} (those that your app has).",
            "Messages name the Phone number ID to which they came: the client's account has it as its --address.",
        ]
    if address.gateway == "evolution":
        return [
            "In the Evolution API's manager: Events → Webhook: paste it there, with the events",
            f"{', '.join(EVOLUTION_EVENTS)}.",
            "Messages name the instance to which they came: the client's account has that very name as its --address.",
        ]
    if address.gateway == "chatflow":
        return ["In ChatFlow: your instance → Webhook, method POST: paste it there."]
    return [
        "In YClients: Настройки → Webhook: paste it there, with the events of records;",
        'or POST /hooks_settings/COMPANY_ID {"urls": ["https://…"], "active": 1, "record": 1} to their API.',
    ]
