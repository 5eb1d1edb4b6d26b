"""The state of an account at its gateway, without sending. As with Telegram, httpx's errors never leave this module."""

from typing import Any
from urllib.parse import quote

from infra.admin.errors import AdminError
from infra.admin.probes import leg
from infra.admin.probes.telegram import TIMEOUT_SECONDS
from infra.admin.sources import EVOLUTION_EVENTS
from shared import config
from shared.channels.whatsapp_cloud import VERSION
from shared.credentials.account import Account

UNCHECKABLE = "a ChatFlow account cannot be checked without sending"


def state(account: Account) -> str:
    """That the account can send, in words; empty when its gateway cannot be asked. Raises AdminError."""
    if account.channel == "evolution":
        return _evolution(account)
    if account.channel == "whatsapp_cloud":
        return _cloud(account)
    return ""


def missing_events(account: Account) -> list[str]:
    """What Evolution's webhook of the account does not bring though we need it; [] when it does not say."""
    if account.channel != "evolution":
        return []
    path = f"/webhook/find/{quote(account.address or '', safe='')}"
    try:
        url = config.load(names=("evolution_api_url",)).evolution_api_url
        webhook = _get(url + path, "evolution", {"apikey": account.token})
    except AdminError:  # the webhook of the whole server may bring them
        return []
    events = webhook.get("events")
    if webhook.get("enabled") is not True or not isinstance(events, list) or not events:
        return []
    return [event for event in EVOLUTION_EVENTS if event not in events]


def _evolution(account: Account) -> str:
    url = config.load(names=("evolution_api_url",)).evolution_api_url
    if not url:
        raise AdminError("EVOLUTION_API_URL is not set", "give the address of your Evolution API")
    path = f"/instance/connectionState/{quote(account.address or '', safe='')}"
    answer = _get(url + path, "evolution", {"apikey": account.token})
    instance = answer.get("instance")
    if not isinstance(instance, dict) or instance.get("state") != "open":
        raise AdminError("its instance is not connected to WhatsApp", "scan the QR code in the Evolution API's manager")
    _check_address(account, instance.get("instanceName"))
    return "its instance is connected to WhatsApp"


def _cloud(account: Account) -> str:
    url = config.load(names=("whatsapp_cloud_api_url",)).whatsapp_cloud_api_url
    path = f"/{VERSION}/{quote(account.address or '', safe='')}"
    answer = _get(url + path, "whatsapp_cloud", {"Authorization": f"Bearer {account.token}"})
    _check_address(account, answer.get("id"))
    if not answer.keys() & {"display_phone_number", "verified_name"}:
        raise AdminError("its address is no phone number id", "take the Phone number ID from the WhatsApp Manager")
    return "the Cloud API knows its number"


def _check_address(account: Account, named: Any) -> None:
    """What the gateway calls the account is what messages to it name: others are set aside."""
    if named is not None and str(named) != account.address:
        raise AdminError(f"its gateway calls it {named}, not {account.address}", f"give it --address '{named}'")


def _get(url: str, service: str, headers: dict[str, str]) -> dict[str, Any]:
    import httpx  # noqa: PLC0415 - a tenth of each command's start, and few commands call anybody

    try:
        with leg.client(service, TIMEOUT_SECONDS) as client:
            response = client.get(url, headers=headers)
            answer = response.json()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise leg.broken("its gateway", service, error, TIMEOUT_SECONDS) from None
    except ValueError:
        raise AdminError("what answered is not its gateway", f"check {service.upper()}_API_URL") from None
    if response.status_code in (401, 403):
        raise AdminError("its gateway does not know this token", "give it the right one: carillon bots add")
    if response.status_code != 200 or not isinstance(answer, dict):
        raise AdminError(f"its gateway does not know the account ({response.status_code})", "check its --address")
    return answer
