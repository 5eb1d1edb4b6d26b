"""Healing sessions of a test, and what people do with them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import TODAY, School, Somebody


@dataclass(frozen=True)
class Healing:
    """A healing session."""

    school: School
    id: int

    def press(self, by: Somebody, action: str) -> str:
        """Sign up, accept or leave."""
        return self.school.press(by, f"courses:healing:{action}:{self.id}")

    def states(self, *people: Somebody) -> list[str | None]:
        """What each has."""
        query = "select user_id, state::text from courses.healing_signups where healing_session_id = %s"
        found = {row["user_id"]: row["state"] for row in rows(self.school.connection, query, self.id)}
        return [found.get(somebody.user) for somebody in people]

    def offer(self, to: Somebody) -> dict[str, Any] | None:
        """The last offer that somebody got, if they got one."""
        offers = [message for message in self.school.messages(to) if message["kind"] == "courses/offer"]
        return offers[-1] if offers else None

    def end_offer(self, of: Somebody) -> None:
        """Its time is over."""
        self.school.connection.execute(
            """update courses.healing_signups set offer_until = now() - interval '1 second'
               where healing_session_id = %s and user_id = %s""",
            (self.id, of.user),
        )


def healing(school: School, capacity: int | None = None, days: int = 3, **columns: Any) -> Healing:
    values = {"date": TODAY + timedelta(days=days), "time_start": "18:00", "capacity": capacity, **columns}
    return Healing(school, school.insert("healing_sessions", **values))
