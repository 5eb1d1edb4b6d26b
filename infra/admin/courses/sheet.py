"""A cohort's attendance and payments as a spreadsheet."""

from datetime import datetime
from zoneinfo import ZoneInfo

from infra.admin.courses import school
from infra.admin.database import Connection, fetch
from infra.admin.errors import AdminError
from shared.courses import sheet
from shared.courses.sheet import SQL, Cohort


def make(connection: Connection, cohort: str) -> bytes:
    """The file of the cohort with this name or id, in the school's language. Raises AdminError."""
    settings = school.read(connection)
    found = [row for row in school.cohorts(connection) if cohort in (row["name"], str(row["id"]))]
    if len(found) != 1:
        raise AdminError(f"there is no cohort {cohort}", "carillon courses cohorts shows their names and ids")
    cohort_id, today = found[0]["id"], datetime.now(ZoneInfo(settings["timezone"])).date()
    people = fetch(connection, SQL["people"], cohort_id=cohort_id)
    sessions = fetch(connection, SQL["sessions"], cohort_id=cohort_id, today=today, most=sheet.MAX_SESSIONS)
    ids = {"people": [row["id"] for row in people], "sessions": [row["id"] for row in sessions]}
    notes = fetch(connection, SQL["notes"], **ids)
    return sheet.render(Cohort(people, sessions, notes), settings["language"])
