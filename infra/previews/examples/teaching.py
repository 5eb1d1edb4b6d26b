"""What staff plan, hand out and get back, and where participants hand it in."""

from datetime import UTC, datetime, time

from functions.telegram_webhook.courses.data.homework import Homework
from functions.telegram_webhook.courses.data.submissions import Assignment, Author, Submission
from functions.telegram_webhook.courses.forms.card import Data
from functions.telegram_webhook.courses.forms.drafts import Draft
from functions.telegram_webhook.courses.forms.kinds import KINDS
from functions.telegram_webhook.courses.forms.records import Choice, Listed
from functions.telegram_webhook.courses.screens.participant import assignment
from functions.telegram_webhook.courses.screens.staff import sheets
from functions.telegram_webhook.courses.screens.teaching import records, submissions, teaching
from infra.previews.examples.example import Example, Names
from infra.previews.examples.participant import BIG, DAY

AT = datetime(2026, 3, 8, 9, 30, tzinfo=UTC)


def examples(names: Names) -> list[Example]:
    """Of forms, homework and submissions."""
    listed = [Listed(BIG + n, DAY, time(19), n == 1, names.title) for n in range(10)]
    given = Homework(BIG, names.title, DAY, "https://example.com/?a=1&b=2", 30, 20, 2, 3, 4, 4)
    return [
        Example("teaching", teaching.Data()),
        *(Example("records", records.Data(kind, listed, 1, has_next=True)) for kind in KINDS.values()),
        *_forms(names),
        Example("homework", given),
        Example("homework", Homework(BIG, None, DAY, None, 0, 0, 0, 0, 0, 0)),
        *_submissions(names),
        Example("sheets", sheets.Data([Choice(BIG + n, BIG + n, names.place) for n in range(20)], 1, has_next=True)),
        Example("sheets", sheets.Data([])),
    ]


def _forms(names: Names) -> list[Example]:
    record = {
        "id": BIG, "start_date": "2026-03-07", "end_date": "2026-03-08", "start_time": "19:00:00", "topic_code": "code",
        "title": names.title, "stream_id": BIG, "cohort_id": None, "annotation": names.text, "date": "2026-03-07",
        "time_start": "19:00:00", "topic_id": BIG, "code": names.title, "note": names.text, "capacity": 12,
        "body": names.text, "files": ["BQAC", "BQAD"], "due_date": "2026-03-07", "cancelled_at": None,
        "withdrawn_at": None,
    }  # fmt: skip
    streams = [Choice(BIG + n, BIG + n, names.place) for n in range(30)]
    choices = dict.fromkeys(("stream_id", "cohort_id", "topic_id"), streams)
    choices["topic_code"] = [Choice(BIG, "code", names.title)]
    ended = {**record, "cancelled_at": "2026-03-01T09:00:00Z", "withdrawn_at": "2026-03-01T09:00:00Z"}
    sessions = KINDS["sessions"]
    return [
        Example("form", Data(draft, shown, choices, DAY, "Europe/Moscow"))
        for draft, shown in [
            *((Draft(kind, BIG), {field.name: record[field.name] for field in kind.fields}) for kind in KINDS.values()),
            *((Draft(sessions, BIG).ask(field.name), record) for field in sessions.fields),
            (Draft(KINDS["materials"]).ask("files"), {}),
            (Draft(KINDS["healing"], BIG).ask("capacity"), record),
            (Draft(sessions, BIG).ask("stream_id", "1"), record),
            (Draft(sessions, BIG, {"title": names.title}), record),
            (Draft(sessions, BIG, is_ending=True), record),
            (Draft(sessions, BIG), ended),
            (Draft(sessions), {}),
        ]
    ]


def _submissions(names: Names) -> list[Example]:
    of = Assignment(BIG, names.title, names.text, DAY, BIG, is_withdrawn=False)
    work = Submission(BIG, names.person(), names.text, ["BQAC", "AgAC"], AT, AT.replace(hour=18))
    authors = [Author(BIG + n, names.person(n), AT) for n in range(20)]
    absent = [Author(BIG + n, names.person(n), None) for n in range(20)]
    return [
        Example("assignment", assignment.Data(of, None, "Etc/UTC", may_submit=True)),
        Example("assignment", assignment.Data(of, work, "Etc/UTC", may_submit=True)),
        Example("assignment", assignment.Data(of, None, "Etc/UTC", may_submit=True, is_submitting=True)),
        Example("submissions", submissions.Data(of, "Etc/UTC", 40, 23, authors, 1, has_next=True)),
        Example("submissions", submissions.Data(of, "Etc/UTC", 40, 23, absent, 0, is_missing=True)),
        Example("submissions", submissions.Data(of, "Etc/UTC", work=work)),
    ]
