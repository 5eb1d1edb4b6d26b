"""A cohort's attendance and payments as a spreadsheet (.xlsx): people down, sessions across.

Every text is written as one, so that nothing that somebody is called becomes a formula.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from shared.database import sql
from shared.i18n.texts import Language, Text

SQL = sql.load(__file__)  # who asks in which way, the caller knows
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_SESSIONS = 10_000  # a sheet has 16,384 columns

ATTENDANCE = Text(ru="Посещаемость", en="Attendance")
PAYMENTS = Text(ru="Оплаты", en="Payments")
_NAME, _STREAM = Text(ru="Имя", en="Name"), Text(ru="Поток", en="Stream")
_STATUSES: Mapping[str, Text] = {
    "present": Text(ru="был(а)", en="present"),
    "late": Text(ru="опоздание", en="late"),
    "absent": Text(ru="не был(а)", en="absent"),
}
_MINUTES = Text(ru="{status}, {minutes} мин", en="{status}, {minutes} min")
_UNMARKED = Text(ru="не отмечено", en="not noted")
_PAID: Mapping[bool, Text] = {True: Text(ru="оплачено", en="paid"), False: Text(ru="не оплачено", en="not paid")}

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Cohort:
    """What the statements found: people in order, sessions the newest first, and a note per person and session.

    Without a note the session is not of this person; one without a status says that nobody has noted anything.
    """

    people: Sequence[Row]
    sessions: Sequence[Row]
    notes: Sequence[Row]


def render(cohort: Cohort, language: Language) -> bytes:
    """The file."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped] # noqa: PLC0415 - a tenth of a second, for whoever asks for a sheet

    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        styles = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "day": book.add_format({"bold": True, "num_format": "dd.mm.yyyy", "align": "left"}),
        }
        status_totals = [*(_STATUSES[status] for status in _STATUSES), _UNMARKED]
        _sheet(book.add_worksheet(ATTENDANCE.in_(language)), styles, cohort, language, _status, status_totals)
        _sheet(book.add_worksheet(PAYMENTS.in_(language)), styles, cohort, language, _paid, [_PAID[True], _PAID[False]])
    return file.getvalue()


# What a note says, and the total in which it counts.
Cell = tuple[str, Text | None]


def _status(note: Row, language: Language) -> Cell:
    if note["status"] is None:
        return "", _UNMARKED
    status = _STATUSES[note["status"]]
    if note["minutes_late"]:
        return _MINUTES.in_(language).format(status=status.in_(language), minutes=note["minutes_late"]), status
    return status.in_(language), status


def _paid(note: Row, language: Language) -> Cell:
    return ("", None) if note["paid"] is None else (_PAID[note["paid"]].in_(language), _PAID[note["paid"]])


def _sheet(
    sheet: Any,
    styles: Mapping[str, Any],
    cohort: Cohort,
    language: Language,
    cell: Callable[[Row, Language], Cell],
    totals: Sequence[Text],
) -> None:
    """Days and titles above, totals at the end of each line."""
    sessions = list(reversed(cohort.sessions))
    columns = {session["id"]: place + 2 for place, session in enumerate(sessions)}
    after = len(sessions) + 2
    for place, text in enumerate((_NAME, _STREAM)):
        sheet.write_string(1, place, text.in_(language), styles["head"])
    for session in sessions:
        day: date = session["day"]
        sheet.write_datetime(0, columns[session["id"]], day, styles["day"])
        sheet.write_string(1, columns[session["id"]], session["title"], styles["head"])
    for place, total in enumerate(totals):
        sheet.write_string(1, after + place, total.in_(language), styles["head"])
    lines = {person["id"]: number + 2 for number, person in enumerate(cohort.people)}
    counts = {person["id"]: dict.fromkeys(totals, 0) for person in cohort.people}
    for person in cohort.people:
        sheet.write_string(lines[person["id"]], 0, person["name"])
        sheet.write_string(lines[person["id"]], 1, person["stream"])
    for note in cohort.notes:
        words, counted = cell(note, language)
        if words:
            sheet.write_string(lines[note["user_id"]], columns[note["session_id"]], words)
        if counted is not None:
            counts[note["user_id"]][counted] += 1
    for person in cohort.people:
        for place, total in enumerate(totals):
            sheet.write_number(lines[person["id"]], after + place, counts[person["id"]][total])
    sheet.freeze_panes(2, 2)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, after + len(totals), 16)
