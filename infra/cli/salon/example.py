"""`carillon salon example`: an invented salon to rehearse with."""

from infra.admin.database import connect
from infra.admin.salon import example as salon_example
from infra.cli.output import say

EXAMPLES = "Example: carillon salon example"


def example() -> None:
    """Add an invented salon to rehearse with. Only where no salon's bot keeps its tables."""
    with connect() as connection:
        added = salon_example.add(connection)
    say(f"✓ the example salon {salon_example.SLUG} is there" + ("" if added else " already"))
