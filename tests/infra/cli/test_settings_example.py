""".env.example names every setting, and none that nobody reads."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from shared import config
from tests.helpers.serving import ROOT

WHOLE: dict[str, str] = {"SECRETS_KEY": "k", "MEDIA_URL": "https://m.example", "LLM_API_URL": "https://l.example/v1",
                         "LLM_MODEL": "m", "SALON_PAGES_URL": "https://p.example", "TELEGRAM_LOGIN_CLIENT_ID": "1",
                         "TELEGRAM_LOGIN_CLIENT_SECRET": "s"}  # fmt: skip
ADDRESSES: tuple[dict[str, str], ...] = (
    {"DATABASE_URL": "postgresql://u@h/d"},
    {"DB_HOST": "h", "DB_USER": "u", "DB_NAME": "d"},
    *({"SERVER_ENV": server, "POSTGRES_HOST_INTERNAL": "h", "POSTGRES_HOST_EXTERNAL": "h", "POSTGRES_USER": "u",
       "POSTGRES_DB": "d"} for server in ("dev", "prod")),
)  # fmt: skip


class Watched(Mapping[str, str]):
    """Settings that remember what they were asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values_, self.asked = values, set[str]()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self.values_[name]

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return self.values_.get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)


def test_the_example_and_the_settings_name_the_same() -> None:
    asked = set[str]()
    for address in ADDRESSES:
        environment = Watched({**WHOLE, **address})
        config.load(environment)
        asked |= environment.asked

    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", example, re.MULTILINE)) == sorted(asked)
