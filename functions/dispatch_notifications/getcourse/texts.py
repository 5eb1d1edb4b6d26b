"""What mentors and admins read: short, Russian first, with the next step. HTML as Telegram understands it."""

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from functions.dispatch_notifications.getcourse.lesson_answer import LessonAnswer
from shared.getcourse.texts import lesson_title, local, title

BEGINNING = 300  # characters of a single answer
BEGINNING_IN_LIST = 100
MAX_LISTED = 6
VERDICTS = ("accepted", "declined", "viewed")  # somebody has looked at it: not a new answer any more

_WORDS = {
    "ru": {
        "one": "📝 <b>{student}</b>: новый ответ на задание",
        "many": "📝 <b>{student}</b>: {count} {noun}",
        "changed": "📝 <b>{student}</b>: ответ {status}",
        "training": "Курс: {title}",
        "lesson": "Урок: {title}",
        "status": "Статус: {status}",
        "more": "… и ещё {count}. Все ответы ждут в GetCourse.",
        "open": "Открыть ответ",
        "open_numbered": "Открыть {number}",
        "no_text": "(без текста: смотрите вложение в GetCourse)",
        "lesson_unknown": "урок {id}",
        "lesson_none": "ответ",
        "nobody": "⚠️ <b>Ответы, о которых некому сообщить</b>",
        "nobody_line": "• {student}{training}: {reason} (ответ от {moment})",
        "nobody_training": ", курс {title}",
        "next_step": "Исправьте таблицы наставников и связей (valid_from не позже времени ответа). "
        "Сообщения уйдут сами, ничего не потеряно.",
        "unknown_student": "студента нет в таблице students",
        "no_mentor": "нет наставника в таблице mapping",
        "no_training": "в ответе не указан курс",
        "mentor_without_telegram": "у наставника не указан telegram_id",
        "new": "ждёт проверки",
        "accepted": "принят",
        "declined": "отклонён",
        "viewed": "просмотрен",
    },
    "en": {
        "one": "📝 <b>{student}</b>: a new answer",
        "many": "📝 <b>{student}</b>: {count} {noun}",
        "changed": "📝 <b>{student}</b>: answer {status}",
        "training": "Course: {title}",
        "lesson": "Lesson: {title}",
        "status": "Status: {status}",
        "more": "… and {count} more. All answers wait in GetCourse.",
        "open": "Open the answer",
        "open_numbered": "Open {number}",
        "no_text": "(no text: see the attachment in GetCourse)",
        "lesson_unknown": "lesson {id}",
        "lesson_none": "answer",
        "nobody": "⚠️ <b>Answers that nobody can be told of</b>",
        "nobody_line": "• {student}{training}: {reason} (answered {moment})",
        "nobody_training": ", course {title}",
        "next_step": "Mend the mentors and mapping tables (valid_from not after the answer). "
        "The messages will then go out by themselves; nothing is lost.",
        "unknown_student": "the student is not in students",
        "no_mentor": "no mentor in mapping",
        "no_training": "the answer names no course",
        "mentor_without_telegram": "the mentor has no telegram_id",
        "new": "to be checked",
        "accepted": "accepted",
        "declined": "declined",
        "viewed": "viewed",
    },
}


def message(group: Sequence[LessonAnswer]) -> dict[str, Any]:
    """The sendMessage parameters that tell a mentor of one or several answers of one student."""
    text = one_answer(group[0]) if len(group) == 1 else _several(group)
    buttons = _buttons(group)
    markup = {"reply_markup": {"inline_keyboard": [[button] for button in buttons]}} if buttons else {}
    return {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}, **markup}


def one_answer(answer: LessonAnswer) -> str:
    """Who, which training, module and lesson, status, and the beginning of the answer."""
    words = _WORDS[answer.language]
    student, status = title(answer.student_name), _status(answer, words)
    if answer.answer_status in VERDICTS:
        lines = [words["changed"].format(student=student, status=status), *_place(answer, words)]
    else:
        lines = [words["one"].format(student=student), *_place(answer, words)]
        lines += [words["status"].format(status=status)] if status else []
    return "\n".join([*lines, "", _quoted(answer, BEGINNING, words)])


def nobody_responsible(group: Sequence[LessonAnswer]) -> dict[str, Any]:
    """The sendMessage parameters that tell a school's admins of answers without a reachable mentor."""
    words = _WORDS[group[0].language]
    lines = list(dict.fromkeys(_nobody_line(answer, words) for answer in group))
    more = [words["more"].format(count=len(lines) - MAX_LISTED)] if len(lines) > MAX_LISTED else []
    text = "\n".join([words["nobody"], "", *lines[:MAX_LISTED], *more, "", words["next_step"]])
    return {"text": text, "parse_mode": "HTML"}


def _several(group: Sequence[LessonAnswer]) -> str:
    first = group[0]
    words = _WORDS[first.language]
    noun = plural(len(group), first.language)
    lines = [words["many"].format(student=title(first.student_name), count=len(group), noun=noun)]
    if first.training_title:
        lines.append(words["training"].format(title=title(first.training_title)))
    for number, answer in enumerate(group[:MAX_LISTED], start=1):
        status = f" ({_status(answer, words)})" if answer.answer_status else ""
        lines += ["", f"{number}) {_lesson(answer, words)}{status}", _quoted(answer, BEGINNING_IN_LIST, words)]
    if len(group) > MAX_LISTED:
        lines += ["", words["more"].format(count=len(group) - MAX_LISTED)]
    return "\n".join(lines)


def plural(count: int, language: str) -> str:
    """«Новых ответа», in the number that `count` asks for."""
    if language == "en":
        return "new answer" if count == 1 else "new answers"
    if count % 10 == 1 and count % 100 != 11:
        return "новый ответ"
    return "новых ответа" if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else "новых ответов"


def _place(answer: LessonAnswer, words: dict[str, str]) -> list[str]:
    lines = [words["training"].format(title=title(answer.training_title))] if answer.training_title else []
    if answer.lesson_id:
        lines.append(words["lesson"].format(title=_lesson(answer, words)))
    return lines


def _lesson(answer: LessonAnswer, words: dict[str, str]) -> str:
    if not answer.lesson_title:
        unknown = words["lesson_unknown"].format(id=answer.lesson_id) if answer.lesson_id else words["lesson_none"]
        return escape(unknown, quote=False)
    return lesson_title(answer.module_number, answer.module_title, answer.lesson_number, answer.lesson_title)


def _status(answer: LessonAnswer, words: dict[str, str]) -> str:
    status = answer.answer_status or ""
    return words.get(status, escape(status, quote=False))


def _quoted(answer: LessonAnswer, length: int, words: dict[str, str]) -> str:
    text = " ".join((answer.answer_text or "").split())
    if not text:
        return words["no_text"]
    if len(text) > length:
        text = text[:length].rsplit(" ", 1)[0].rstrip(".,;:") + "…"
    return f"<blockquote>{escape(text, quote=False)}</blockquote>"


def _nobody_line(answer: LessonAnswer, words: dict[str, str]) -> str:
    reason = words.get(answer.why_waiting or "", answer.why_waiting or "")
    known = answer.training_title or answer.training_id
    training = words["nobody_training"].format(title=title(known)) if known else ""
    moment = local(answer.event_date, answer.timezone)
    return words["nobody_line"].format(
        student=title(answer.student_name), training=training, reason=reason, moment=moment
    )


def _buttons(group: Sequence[LessonAnswer]) -> list[dict[str, str]]:
    words = _WORDS[group[0].language]
    links = [link for answer in group if (link := _link(answer))]
    if len(links) == 1:
        return [{"text": words["open"], "url": links[0]}]
    return [
        {"text": words["open_numbered"].format(number=number), "url": link}
        for number, link in enumerate(links[:MAX_LISTED], start=1)
    ]


def _link(answer: LessonAnswer) -> str | None:
    """The source's link template, filled in."""
    link = answer.link_template
    if not link:
        return None
    for name in ("answer_id", "user_id", "lesson_id", "training_id"):
        link = link.replace("{" + name + "}", quote(getattr(answer, name) or "", safe=""))
    return link
