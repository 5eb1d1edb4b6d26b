"""Values that must never be printed: every test that needs a secret or a person uses these."""

from pathlib import Path

BOT_TOKEN = "7000000001:CANARYtokenCANARYtokenCANARYtoken12"
SOURCE_SECRET = "canary-source-secret-0123456789abcdef0123456"
CRON_SECRET = "canary-cron-secret-0123456789"
EMAIL = "canary.student@example.com"
STUDENT = "Канарейкина"
ANSWER = "Слова ученика, которых нет в журналах"
SIGNING_SECRET = "canary-signing-secret-0123456789"
CLIENT_PHONES = "7701999"  # how the phones of clients begin
CLIENT = "Канарейбек"
CLIENT_WORDS = "Слова клиента, которых нет в журналах"
CLIENT_TOKEN = "canary-client-token-"  # how the tokens of learning apps begin
LEARNER_WORDS = "Слова ученицы, которых нет в журналах"
REPLY_WORDS = "Слова наставника, которых нет в журналах"
OF_LEARNERS = (CLIENT_TOKEN, LEARNER_WORDS, REPLY_WORDS)
OF_CLIENTS = (SIGNING_SECRET, CLIENT_PHONES, CLIENT, CLIENT_WORDS)
ALL = (BOT_TOKEN, SOURCE_SECRET, CRON_SECRET, EMAIL, STUDENT, ANSWER, *OF_CLIENTS, *OF_LEARNERS)


def found_in(folder: Path) -> list[str]:
    """Which file holds which canary (by number), under `folder`."""
    found = []
    for path in sorted(folder.rglob("*.log")):
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.name}: canary {number}" for number, canary in enumerate(ALL) if canary in text]
    return found
