"""What mentors and admins read: short, with the next step. HTML as Telegram understands it."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from functions.dispatch_notifications.getcourse import form
from functions.dispatch_notifications.getcourse.lesson_answer import LessonAnswer
from shared.getcourse.fields import MAX_STATUS
from shared.getcourse.texts import COURSE, LESSON, lesson_title, local, title
from shared.i18n.plural import Noun
from shared.i18n.shorten import ELLIPSIS, shorten_at_word
from shared.i18n.texts import Language, Text

MAX_QUOTED = 300  # characters of a single answer
MAX_QUOTED_IN_LIST = 100
MAX_FORM = 600  # of all fields of a form
MAX_LISTED = 6
VERDICTS = ("accepted", "declined", "viewed")  # somebody has looked at it: not a new answer any more

ONE_ANSWER = Text(ru="📝 <b>{student}</b>: новый ответ на задание", en="📝 <b>{student}</b>: a new answer")
NEW_ANSWERS = Noun(ru=("новый ответ", "новых ответа", "новых ответов"), en=("new answer", "new answers"))
CHANGED = Text(ru="📝 <b>{student}</b>: ответ {status}", en="📝 <b>{student}</b>: answer {status}")
STATUS = Text(ru="Статус: {status}", en="Status: {status}")
STATUSES: Mapping[str, Text] = {
    "new": Text(ru="ждёт проверки", en="to be checked"),
    "accepted": Text(ru="принят", en="accepted"),
    "declined": Text(ru="отклонён", en="declined"),
    "viewed": Text(ru="просмотрен", en="viewed"),
}
LESSON_UNKNOWN = Text(ru="урок {id}", en="lesson {id}")
NO_LESSON = Text(ru="ответ", en="answer")
NO_TEXT = Text(ru="(без текста: смотрите вложение в GetCourse)", en="(no text: see the attachment in GetCourse)")
MORE = Text(ru="… и ещё {count}. Все ответы ждут в GetCourse.", en="… and {count} more. All answers wait in GetCourse.")
OPEN = Text(ru="Открыть ответ", en="Open the answer")
OPEN_NUMBERED = Text(ru="Открыть {number}", en="Open {number}")

NOBODY = Text(ru="⚠️ <b>Ответы, о которых некому сообщить</b>", en="⚠️ <b>Answers that nobody can be told of</b>")
NOBODY_LINE = Text(
    ru="• {student}{course}: {reason} (ответ от {moment})", en="• {student}{course}: {reason} (answered {moment})"
)
NOBODY_COURSE = Text(ru=", курс {title}", en=", course {title}")
REASONS: Mapping[str | None, Text] = {
    "unknown_student": Text(ru="студента нет в таблице students", en="the student is not in students"),
    "no_mentor": Text(ru="нет наставника в таблице mapping", en="no mentor in mapping"),
    "no_training": Text(ru="в ответе не указан курс", en="the answer names no course"),
    "mentor_without_telegram": Text(ru="у наставника не указан telegram_id", en="the mentor has no telegram_id"),
}
NEXT_STEP = Text(
    ru="Исправьте таблицы наставников и связей (valid_from не позже времени ответа). "
    "Сообщения уйдут сами, ничего не потеряно.",
    en="Mend the mentors and mapping tables (valid_from not after the answer). "
    "The messages will then go out by themselves; nothing is lost.",
)


def message(group: Sequence[LessonAnswer], alone: str | None = None) -> dict[str, Any]:
    """The sendMessage parameters that tell a mentor of one or several answers of one student.

    `alone`: the text of the first one alone, where it is known already.
    """
    text = (alone or one_answer(group[0])) if len(group) == 1 else _several(group)
    buttons = _buttons(group)
    markup = {"reply_markup": {"inline_keyboard": [[button] for button in buttons]}} if buttons else {}
    return {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}, **markup}


def one_answer(answer: LessonAnswer) -> str:
    """Who, which training, module and lesson, status, and the beginning of the answer."""
    language = answer.language
    student, status = title(answer.student_name), _status(answer)
    if answer.answer_status in VERDICTS:
        lines = [CHANGED.in_(language).format(student=student, status=status), *_course_and_lesson(answer)]
    else:
        lines = [ONE_ANSWER.in_(language).format(student=student), *_course_and_lesson(answer)]
        lines += [STATUS.in_(language).format(status=status)] if status else []
    return "\n".join([*lines, "", *_contents(answer, MAX_QUOTED, MAX_FORM)])


def nobody_responsible(group: Sequence[LessonAnswer]) -> dict[str, Any]:
    """The sendMessage parameters that tell a school's admins of answers without a reachable mentor."""
    language = group[0].language
    lines = list(dict.fromkeys(_nobody_line(answer, language) for answer in group))
    more = [MORE.in_(language).format(count=len(lines) - MAX_LISTED)] if len(lines) > MAX_LISTED else []
    text = "\n".join([NOBODY.in_(language), "", *lines[:MAX_LISTED], *more, "", NEXT_STEP.in_(language)])
    return {"text": text, "parse_mode": "HTML"}


def _several(group: Sequence[LessonAnswer]) -> str:
    first, language = group[0], group[0].language
    lines = [f"📝 <b>{title(first.student_name)}</b>: {NEW_ANSWERS.counted(len(group), language)}"]
    if first.training_title:
        lines.append(COURSE.in_(language).format(title=title(first.training_title)))
    for number, answer in enumerate(group[:MAX_LISTED], start=1):
        status = f" ({_status(answer)})" if answer.answer_status else ""
        contents = _contents(answer, MAX_QUOTED_IN_LIST, MAX_QUOTED_IN_LIST)
        lines += ["", f"{number}) {_lesson(answer)}{status}", *contents]
    if len(group) > MAX_LISTED:
        lines += ["", MORE.in_(language).format(count=len(group) - MAX_LISTED)]
    return "\n".join(lines)


def _course_and_lesson(answer: LessonAnswer) -> list[str]:
    language = answer.language
    lines = [COURSE.in_(language).format(title=title(answer.training_title))] if answer.training_title else []
    return [*lines, LESSON.in_(language).format(title=_lesson(answer))] if answer.lesson_id else lines


def _lesson(answer: LessonAnswer) -> str:
    if answer.lesson_title:
        return lesson_title(answer.module_number, answer.module_title, answer.lesson_number, answer.lesson_title)
    if not answer.lesson_id:
        return NO_LESSON.in_(answer.language)
    return LESSON_UNKNOWN.in_(answer.language).format(id=escape(answer.lesson_id, quote=False))


def _status(answer: LessonAnswer) -> str:
    """A status that GetCourse adds one day is shown as it came, with an ellipsis if it filled its column."""
    status = answer.answer_status or ""
    if status in STATUSES:
        return STATUSES[status].in_(answer.language)
    return escape(status, quote=False) + (ELLIPSIS if len(status) == MAX_STATUS else "")


def _contents(answer: LessonAnswer, max_text: int, max_form: int) -> list[str]:
    """What the student wrote, in the text and in the form's fields, and the result of the lesson's test."""
    text = form.one_line(answer.answer_text or "")
    fields = "\n".join(form.answers(answer.additional_fields))
    parts = (shorten_at_word(text, max_text), shorten_at_word(fields, max_form))
    quoted = "\n".join(escape(part, quote=False) for part in parts if part)
    test = form.test_result(answer.questionary, answer.language)
    lines = [*([f"<blockquote>{quoted}</blockquote>"] if quoted else []), *([test] if test else [])]
    return lines or [NO_TEXT.in_(answer.language)]


def _nobody_line(answer: LessonAnswer, language: Language) -> str:
    reason = REASONS.get(answer.why_waiting)
    course = answer.training_title or answer.training_id
    return NOBODY_LINE.in_(language).format(
        student=title(answer.student_name),
        course=NOBODY_COURSE.in_(language).format(title=title(course)) if course else "",
        reason=reason.in_(language) if reason else answer.why_waiting or "",
        moment=local(answer.event_date, answer.timezone, language),
    )


def _buttons(group: Sequence[LessonAnswer]) -> list[dict[str, str]]:
    language = group[0].language
    links = [link for answer in group if (link := _link(answer))]
    if len(links) == 1:
        return [{"text": OPEN.in_(language), "url": links[0]}]
    return [
        {"text": OPEN_NUMBERED.in_(language).format(number=number), "url": link}
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
