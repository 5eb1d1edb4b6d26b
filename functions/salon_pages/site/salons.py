"""The salons that somebody sees."""

from functions.salon_pages.reports.manage import salons
from functions.salon_pages.site.visit import Salon, Visit


async def find(visit: Visit, slug: str) -> Salon | None:
    """The salon that is called `slug`, or has it as its id, if the visitor may see it."""
    async with visit.reading() as connection:
        row = await salons.find(connection, slug)
    return Salon(**row) if row else None


async def all_of(visit: Visit) -> list[Salon]:
    """All that the visitor may see, by name."""
    async with visit.reading() as connection:
        return [Salon(**row) for row in await salons.list_all(connection)]
