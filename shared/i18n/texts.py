"""What people read, in both languages at once: a text that stands in one language only does not type-check."""

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Language = Literal["ru", "en"]
DEFAULT_LANGUAGE: Language = "ru"

T = TypeVar("T")


@dataclass(frozen=True)
class Localized(Generic[T]):
    """The same thing in each language: `Text(ru="Урок", en="Lesson")`."""

    ru: T
    en: T

    def in_(self, language: Language) -> T:
        """The one for `language`."""
        return self.en if language == "en" else self.ru


Text = Localized[str]
