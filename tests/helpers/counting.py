"""A database that counts how often it is asked."""

from typing import Any

from shared.database.pool import Database


class Counting(Database):
    """`asked` is the number of connections that were taken."""

    asked = 0

    def connection(self) -> Any:
        """One more."""
        self.asked += 1
        return super().connection()
