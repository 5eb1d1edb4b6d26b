"""An example of a screen, and what the people and things in it are called."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Example:
    """A screen by name, with the data that its view is given."""

    screen: str
    data: Any


@dataclass(frozen=True)
class Names:
    """Names and texts as a school writes them; tests take worse ones."""

    school: str
    people: tuple[str, ...]
    title: str  # of a session, an event, a material, an assignment
    place: str  # a stream, a cohort
    text: str
    consent: str

    def person(self, number: int = 0) -> str:
        """One of the people."""
        return self.people[number % len(self.people)]


INVENTED = Names(
    school="Академия Света",
    people=("Иванова Анна Сергеевна", "Петров Борис", "Сидорова Вера Павловна", "Ким Георгий", "O'Brien <Dina>"),
    title="ПТГ-2. Границы и опоры",
    place="Поток 2",
    text="Возьмите тетрадь и удобную одежду. Начинаем вовремя.",
    consent="Школа может присылать мне новости и приглашения. Отказаться можно в любой момент в разделе «Уведомления».",
)
