"""A GetCourse webhook of 1.2 kB, as n8n or a process operation sends it."""

import json

BYTES = 1200

_FIELDS = {
    "event_date": "2026-01-15 14:36:58",
    "user_id": "512478330",
    "user_email": "student@example.com",
    "answer_id": "",
    "answer_training_id": "911254806",
    "answer_lesson_id": "334892017",
    "answer_status": "new",
    "answer_text": "",
}


def body(answer_id: str, **fields: str) -> str:
    """The body of one answer, about BYTES long in UTF-8."""
    payload = {**_FIELDS, **fields, "answer_id": answer_id}
    room = BYTES - len(json.dumps(payload).encode())
    payload["answer_text"] = ("Выполнил задание. " * BYTES).encode()[:room].decode(errors="ignore").strip()
    return json.dumps(payload, ensure_ascii=False)
