"""The five tables as their CSV files show them: columns, their titles in two languages, what a cell must be."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "id", "email", "telegram", "number", "instant", "end_of_day", "person"]


@dataclass(frozen=True)
class Column:
    """A column: our name, other titles that people give it, what its cells are."""

    name: str
    kind: Kind
    titles: tuple[str, ...] = ()
    required: bool = False
    length: int = 255


@dataclass(frozen=True)
class Table:
    """A reference table; `stored` are the columns that make up a version."""

    name: str
    singular: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...]  # at least one of these is in every row

    @property
    def stored(self) -> tuple[str, ...]:
        """The columns that are compared and written."""
        return tuple(column.name for column in self.columns if column not in VALIDITY and column.kind != "person")

    def column(self, title: str) -> Column | None:
        """The column that `title` names."""
        wanted = normal(title)
        return next((c for c in self.columns if wanted in (normal(c.name), *map(normal, c.titles))), None)


def normal(title: str) -> str:
    """A title without the differences that do not matter."""
    return re.sub(r"[\s_\-.:*]+", " ", title.casefold().replace("ё", "е").replace("\ufeff", "")).strip()


VALIDITY = (
    Column("valid_from", "instant", ("действует с", "с", "дата начала", "начало действия", "from", "since")),
    Column("valid_to", "instant", ("действует до", "действует по", "до", "окончание действия", "until", "to")),
    Column("left", "text", ("ушел", "ушла", "выбыл", "уволен", "дата ухода", "left at", "left on", "покинул")),
)
_GETCOURSE_ID = ("id", "getcourse id", "id getcourse", "id геткурс", "геткурс id", "id пользователя", "user id", "ид")
_EMAIL = Column("email", "email", ("e-mail", "почта", "эл почта", "электронная почта", "емейл", "имейл", "mail"))
_FIRST = Column("first_name", "text", ("имя", "name", "first name"))
_LAST = Column("last_name", "text", ("фамилия", "surname", "last name"))
_TRAINING = ("training", "id тренинга", "тренинг id", "тренинг", "ид тренинга")
_TELEGRAM = ("telegram", "телеграм id", "телеграм", "id telegram", "id телеграм", "tg id", "chat id")
_LESSON = ("lesson id", "id урока", "урок id")
_TITLE = ("название", "наименование", "название тренинга", "training title")
_STUDENT = ("student id", "student getcourse id", "ученик", "студент", "id ученика", "id студента")
_STUDENT_EMAIL = ("email ученика", "почта ученика", "email студента", "почта студента")
_MENTOR = ("mentor id", "mentor getcourse id", "наставник", "ментор", "id наставника", "id ментора", "куратор")
_MENTOR_EMAIL = ("email наставника", "почта наставника", "email ментора", "почта ментора")

TABLES = {
    table.name: table
    for table in (
        Table("mentors", "mentor", (
            Column("getcourse_id", "id", _GETCOURSE_ID, length=50),
            Column("telegram_id", "telegram", _TELEGRAM),
            _EMAIL, _FIRST, _LAST,
            Column("username", "text", ("telegram username", "ник", "ник в телеграм", "логин", "юзернейм")),
            *VALIDITY,
        ), ("getcourse_id", "email")),
        Table("students", "student", (
            Column("getcourse_id", "id", _GETCOURSE_ID, length=50), _EMAIL, _FIRST, _LAST, *VALIDITY,
        ), ("getcourse_id", "email")),
        Table("trainings", "training", (
            Column("getcourse_id", "id", (*_GETCOURSE_ID, "training id", *_TRAINING), required=True, length=50),
            Column("title", "text", _TITLE, required=True, length=500),
            Column("starts_at", "instant", ("старт", "начало", "дата старта", "start", "starts")),
            Column("ends_at", "end_of_day", ("конец", "окончание", "завершение", "end", "ends")),
            *VALIDITY,
        ), ("getcourse_id",)),
        Table("lessons", "lesson", (
            Column("getcourse_id", "id", (*_GETCOURSE_ID, *_LESSON), required=True, length=50),
            Column("training_id", "id", _TRAINING, required=True, length=50),
            Column("module_number", "number", ("номер модуля", "модуль №", "№ модуля", "module")),
            Column("module_title", "text", ("модуль", "название модуля"), length=500),
            Column("lesson_number", "number", ("номер урока", "урок №", "№ урока", "number")),
            Column("lesson_title", "text", ("урок", "название урока", "название", "title"), required=True, length=500),
            Column("opens_at", "instant", ("открывается", "дата открытия", "открытие", "opens")),
            Column("deadline_at", "end_of_day", ("дедлайн", "срок", "срок сдачи", "deadline")),
            *VALIDITY,
        ), ("getcourse_id",)),
        Table("mapping", "mapping", (
            Column("student", "person", _STUDENT),
            Column("student_email", "person", _STUDENT_EMAIL),
            Column("mentor", "person", _MENTOR),
            Column("mentor_email", "person", _MENTOR_EMAIL),
            Column("training_id", "id", _TRAINING, required=True, length=50),
            *VALIDITY,
        ), ()),
    )
}  # fmt: skip
