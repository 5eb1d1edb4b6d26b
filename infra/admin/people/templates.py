"""CSV files to fill in: every column of a table, and rows of an invented school that can be imported as they are."""

import csv
import io

from infra.admin.people.tables import TABLES

# They belong together: import trainings, lessons, mentors, students, then the mapping.
_ROWS: dict[str, tuple[dict[str, str], ...]] = {
    "trainings": ({"getcourse_id": "301", "title": "Baking", "starts_at": "2026-01-12", "ends_at": "2026-03-31"},),
    "lessons": (
        {"getcourse_id": "401", "training_id": "301", "module_number": "1", "module_title": "Flour and water",
         "lesson_number": "1", "lesson_title": "The first loaf", "deadline_at": "2026-01-19 21:00"},
        {"getcourse_id": "402", "training_id": "301", "module_number": "1", "module_title": "Flour and water",
         "lesson_number": "2", "lesson_title": "Sourdough"},
    ),
    "mentors": (
        {"getcourse_id": "101", "telegram_id": "700000101", "email": "maya@example.com", "first_name": "Maya",
         "last_name": "Baker", "username": "maya_baker"},
        {"getcourse_id": "102", "telegram_id": "700000102", "email": "leo@example.com", "first_name": "Leo",
         "last_name": "Miller"},
    ),
    "students": (
        {"getcourse_id": "201", "email": "ann@example.com", "first_name": "Ann", "last_name": "Rye"},
        {"getcourse_id": "202", "email": "ben@example.com", "first_name": "Ben", "last_name": "Oats"},
    ),
    "mapping": (
        {"student": "201", "mentor": "101", "training_id": "301"},
        {"student_email": "ben@example.com", "mentor_email": "leo@example.com", "training_id": "301"},
    ),
}  # fmt: skip


def template(table: str) -> str:
    """The CSV text of `table`: a header with all of its columns, and the example's rows."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [column.name for column in TABLES[table].columns], lineterminator="\n")
    writer.writeheader()
    writer.writerows(_ROWS[table])
    return text.getvalue()
