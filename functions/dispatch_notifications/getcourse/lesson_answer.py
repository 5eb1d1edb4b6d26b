"""One answer, together with one mentor who is responsible for it, if there is one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.i18n.texts import Language


@dataclass(frozen=True)
class LessonAnswer:
    """A row of `claim_answers`."""

    event_id: int
    source_id: int | None
    event_date: datetime
    user_id: str
    answer_id: str
    training_id: str | None
    lesson_id: str | None
    answer_status: str | None
    answer_text: str | None
    correlation_id: str
    created_at: datetime
    answer_hash: str
    source: str | None
    timezone: str
    language: Language
    link_template: str | None
    admin_chat_id: int | None
    bot_id: int | None
    student_id: int | None
    first_name: str | None
    last_name: str | None
    training_title: str | None
    module_number: int | None
    module_title: str | None
    lesson_number: int | None
    lesson_title: str | None
    mentor_id: int | None
    telegram_id: int | None
    admin_notified: bool
    additional_fields: Any = None  # as GetCourse sent them
    questionary: Any = None

    @property
    def why_waiting(self) -> str | None:
        """Why nobody can be notified of it yet, in one word; None when somebody can."""
        if self.student_id is None:
            return "unknown_student"
        if self.mentor_id is None:
            return "no_mentor" if self.training_id or self.training_title else "no_training"
        if self.telegram_id is None:
            return "mentor_without_telegram"
        if self.bot_id is None:
            return "no_bot"
        return None

    @property
    def student_name(self) -> str:
        """The student's name, or what GetCourse calls them."""
        name = " ".join(part for part in (self.first_name, self.last_name) if part)
        return name or f"GetCourse {self.user_id}"
