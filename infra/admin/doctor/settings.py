"""Doctor: the settings, as they are where doctor runs."""

from infra.admin.doctor.finding import Finding
from shared import config
from shared.errors import ConfigError

AREA = "settings"
OF_OTHERS = ("database_url", "database_direct_url")  # whoever connects says what is wrong with them


def settings() -> list[Finding]:
    """Settings that cannot be read, each with its next step; and a missing CRON_SECRET."""
    findings = [finding for name in config.Settings.__annotations__ if (finding := _unreadable(name))]
    if not any(finding.subject == "CRON_SECRET" for finding in findings) and not _cron_secret():
        step = "set it to a long random text where the functions run, in the scheduler, and here"
        message = "there is no CRON_SECRET: whoever knows the address of a scheduled function can call it"
        findings.append(Finding("warning", AREA, message, step, "CRON_SECRET"))
    return findings or [Finding("ok", AREA, "all can be read")]


def _unreadable(name: str) -> Finding | None:
    if name in OF_OTHERS:
        return None
    try:
        config.load(names=(name,))
    except ConfigError as error:
        cause, _, step = str(error).partition(": ")
        return Finding("problem", AREA, cause, step or "correct it where the functions run, and here", name.upper())
    return None


def _cron_secret() -> str:
    return config.load(names=("cron_secret",)).cron_secret
