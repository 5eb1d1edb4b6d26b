"""Our names for what a lesson answer consists of; a source's field_map says how its sender calls them."""

FIELDS = (
    "event_date", "user_id", "user_email", "user_first_name", "user_last_name", "answer_id", "answer_training_id",
    "answer_lesson_id", "answer_teacher_id", "answer_type", "answer_status", "answer_text",
)  # fmt: skip
MAX_STATUS = 50  # characters of an answer_status; longer ones are cut
