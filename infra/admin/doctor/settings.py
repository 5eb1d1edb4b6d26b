"""Doctor: the settings, as they are where doctor runs, and what still hangs on keys that are being replaced."""

from collections.abc import Callable, Iterator, Sequence

from infra.admin.database import Connection
from infra.admin.doctor.finding import Finding
from infra.admin.rotation import reseal, telegram_webhook
from infra.admin.rotation.telegram_webhook import Registration
from shared import config
from shared.credentials import secrets
from shared.errors import ConfigError

AREA, KEYS = "settings", "keys"
_REGISTER = "carillon bots set-webhook NAME --rotate"
OF_OTHERS = ("database_url", "database_direct_url")  # whoever connects says what is wrong with them


def settings() -> list[Finding]:
    """Settings that cannot be read, each with its next step; and a CRON_SECRET that is missing or half changed."""
    unreadable = (finding for name in config.Settings.__annotations__ if (finding := _unreadable(name)))
    findings = list(dict.fromkeys(unreadable))
    if not any(finding.subject == "CRON_SECRET" for finding in findings):
        findings += _cron_secret()
    return findings or [Finding("ok", AREA, "all can be read")]


def _unreadable(name: str) -> Finding | None:
    if name in OF_OTHERS:
        return None
    try:
        config.load(names=(name,))
    except ConfigError as error:
        cause, _, step = str(error).partition(": ")
        step = step or "correct it where the functions run, and here"
        return Finding("problem", AREA, cause, step, cause.partition(" ")[0])
    return None


def _cron_secret() -> Iterator[Finding]:
    values = config.load(names=("cron_secrets",)).cron_secrets
    if values is None:  # the platform vouches
        return
    if not values:
        step = "set it to a long random text where the functions run, in the scheduler, and here"
        message = "there is no CRON_SECRET: no scheduled function starts without one"
        yield Finding("warning", AREA, message, step, "CRON_SECRET")
    elif len(values) > 1:
        step = "once the scheduler sends the first, take the second out where the functions run, and here"
        yield Finding("warning", AREA, "CRON_SECRET has two values, and both are accepted", step, "CRON_SECRET")


def keys(connection: Connection) -> list[Finding]:
    """Which keys of SECRETS_KEY sealed what is stored, and what each but the newest is still needed for."""
    secrets_key = config.load(names=("secrets_key",)).secrets_key
    if not secrets_key:
        return []  # the bots' lines say so
    newest, *older = secrets.key_ids(secrets_key)
    stored, webhooks = reseal.sealed_by(connection), telegram_webhook.registrations(connection)
    findings = []
    if stored[None]:
        message = f"{stored[None]} stored values were sealed by a key that SECRETS_KEY lacks"
        step = "add that key after a comma, then run: carillon bots reseal; if it is lost, give the values anew"
        findings.append(Finding("problem", KEYS, message, step))
    if lost := _on(webhooks, lambda key: key is not None and key not in (newest, *older)):
        message = f"the webhooks of {lost} hang on a key that SECRETS_KEY lacks"
        findings.append(Finding("problem", KEYS, message, f"for each run: {_REGISTER}"))
    for key in older:
        findings += _older(key, stored[key], webhooks, is_oldest=key == older[-1])
    return findings or [Finding("ok", KEYS, f"{newest.hex()} is the one key; it sealed {stored[newest]} stored values")]


def _older(key: bytes, stored: int, webhooks: Sequence[Registration], *, is_oldest: bool) -> Iterator[Finding]:
    subject = key.hex()
    if stored:
        message = f"key {subject}, which is not the newest, sealed {stored} stored values"
        yield Finding("warning", KEYS, message, "run: carillon bots reseal", subject)
    if on_it := _on(webhooks, lambda id_: id_ == key):
        message = f"the webhooks of {on_it} hang on key {subject}, which is not the newest"
        yield Finding("warning", KEYS, message, f"for each run: {_REGISTER}", subject)
    unknown = _on(webhooks, lambda id_: id_ is None) if is_oldest else ""
    if unknown:
        message = f"where {unknown} have a webhook, an earlier release registered it, and it hangs on key {subject}"
        step = f"for each that has one (carillon bots check) run: {_REGISTER}"
        yield Finding("warning", KEYS, message, step, subject)
    if not (stored or on_it or unknown):
        step = "take it out of SECRETS_KEY where the functions run, and here; links to files of two days end with it"
        yield Finding("warning", KEYS, f"nothing that is stored hangs on key {subject} any more", step, subject)


def _on(webhooks: Sequence[Registration], is_meant: Callable[[bytes | None], bool]) -> str:
    return ", ".join(webhook.bot for webhook in webhooks if is_meant(webhook.key_id))
