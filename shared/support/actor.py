"""Whoever changes a conversation or acknowledges an alert."""

from dataclasses import dataclass

from shared.i18n.texts import Language, Text


@dataclass(frozen=True)
class Actor:
    """Who did it: a manager as Telegram names them, or what each language calls in its own way, as a phone."""

    name: str | Text
    telegram_id: int | None = None

    def name_in(self, language: Language) -> str:
        """What they are called in front of those who read `language`."""
        return self.name if isinstance(self.name, str) else self.name.in_(language)
