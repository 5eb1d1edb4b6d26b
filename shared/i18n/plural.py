"""The form of a noun that goes with a number."""

from dataclasses import dataclass

from shared.i18n.texts import Language


@dataclass(frozen=True)
class Noun:
    """Its forms with 1, 2 and 5 in Russian, and with 1 and 2 in English."""

    ru: tuple[str, str, str]
    en: tuple[str, str]

    def form(self, count: int, language: Language) -> str:
        """The form that goes with `count`, a whole number."""
        if language == "en":
            return self.en[count != 1]
        one, few, many = self.ru
        if count % 10 == 1 and count % 100 != 11:
            return one
        return few if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else many

    def counted(self, count: int, language: Language, space: str = " ") -> str:
        """The number and the noun: «7 дней»."""
        return f"{count}{space}{self.form(count, language)}"
