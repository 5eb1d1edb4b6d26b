"""A student's answer as it is sent."""

from datetime import UTC, datetime
from typing import Any

from infra.demo.getcourse.example import FIELDS_OF_THE_PROCESS, PRODUCING, RINGING, Student

FIRST_LESSON = {PRODUCING: "940101", RINGING: "940201"}


def answer(student: Student, answer_id: str, text: str, **fields: Any) -> dict[str, Any]:
    """A lesson answer with our own field names, as the n8n flow sends it; by default to the first lesson."""
    training = fields.get("answer_training_id", PRODUCING)
    return {
        "event_date": datetime.now(UTC).isoformat(),
        "user_id": student.getcourse_id,
        "user_email": student.email,
        "answer_id": answer_id,
        "answer_training_id": training,
        "answer_lesson_id": FIRST_LESSON[training],
        "answer_status": "new",
        "answer_text": text,
        **fields,
    }


def as_the_process_names_it(fields: dict[str, Any]) -> dict[str, Any]:
    """The same under the names that an administrator typed into the process."""
    return {FIELDS_OF_THE_PROCESS.get(name, name): value for name, value in fields.items()}
