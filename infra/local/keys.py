"""The secrets of a local stack: made once and kept in .carillon/, so that the next start opens what this one sealed."""

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from shared.credentials import secrets

GETCOURSE_BOT, SUPPORT_BOT, SALON_BOT, COURSES_BOT = range(7100000001, 7100000005)  # any token will do for the stand-in


@dataclass(frozen=True)
class Keys:
    """The secrets of a local stack; no use outside this machine."""

    secrets_key: str = field(repr=False, default_factory=secrets.new_key)
    cron_secret: str = field(repr=False, default_factory=secrets.new_secret)
    source_secret: str = field(repr=False, default_factory=secrets.new_secret)
    getcourse_token: str = field(repr=False, default_factory=lambda: f"{GETCOURSE_BOT}:{secrets.new_secret()[:35]}")
    support_token: str = field(repr=False, default_factory=lambda: f"{SUPPORT_BOT}:{secrets.new_secret()[:35]}")
    learning_token: str = field(repr=False, default_factory=secrets.new_secret)
    learning_server_token: str = field(repr=False, default_factory=secrets.new_secret)
    courses_token: str = field(repr=False, default_factory=lambda: f"{COURSES_BOT}:{secrets.new_secret()[:35]}")
    salon_token: str = field(repr=False, default_factory=lambda: f"{SALON_BOT}:{secrets.new_secret()[:35]}")


def load_or_create(home: Path) -> Keys:
    """The keys of `home`; those that are missing are made."""
    path = home / "keys.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    keys = Keys(**{key.name: known[key.name] for key in fields(Keys) if key.name in known})
    if asdict(keys) != known:
        home.mkdir(exist_ok=True)
        path.touch(0o600)
        path.write_text(json.dumps(asdict(keys)), encoding="utf-8")
    return keys
