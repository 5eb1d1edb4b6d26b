"""Values that must never be printed: every test that needs a secret or a person uses these."""

from pathlib import Path

BOT_TOKEN = "7000000001:CANARYtokenCANARYtokenCANARYtoken12"
SOURCE_SECRET = "canary-source-secret-0123456789abcdef0123456"
CRON_SECRET = "canary-cron-secret-0123456789"
EMAIL = "canary.student@example.com"
STUDENT = "Канарейкина"
ANSWER = "Слова ученика, которых нет в журналах"
ALL = (BOT_TOKEN, SOURCE_SECRET, CRON_SECRET, EMAIL, STUDENT, ANSWER)


def found_in(folder: Path) -> list[str]:
    """Which file holds which canary (by number), under `folder`."""
    found = []
    for path in sorted(folder.rglob("*.log")):
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.name}: canary {number}" for number, canary in enumerate(ALL) if canary in text]
    return found
