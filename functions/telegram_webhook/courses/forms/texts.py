"""What staff read in forms."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.i18n.texts import Text


@dataclass(frozen=True)
class Ending:
    """How a record is ended: the button, the question, and what the record says then."""

    button: Text
    question: Text
    done: Text


@dataclass(frozen=True)
class OfKind:
    """What records of a kind are called, and how one is ended, if it can be."""

    plural: Text
    singular: Text
    new: Text
    ending: Ending | None = None


TEACHING = Text(ru="Что вы хотите назначить или выложить?", en="What do you want to plan or hand out?")
UNDO = Text(ru="↩️ Вернуть", en="↩️ Bring back")
NO_RECORDS = Text(ru="Здесь пока ничего нет.", en="There is nothing here yet.")
NEW_FROM_FILE = Text(
    ru="Пришлите файл — или нажмите «{new}».", en="Send a file, or press “{new}”."
)  # on the lists of what has files
UNSAVED = Text(ru="✏️ Ещё не сохранено.", en="✏️ Not saved yet.")
SAVE = Text(ru="💾 Сохранить", en="💾 Save")
CREATE = Text(ru="✅ Создать", en="✅ Create")
SAVED = Text(ru="Сохранено", en="Saved")
DISCARD = Text(ru="Не сохранять", en="Do not save")
CLEAR = Text(ru="Убрать", en="Remove")
YES = Text(ru="Да", en="Yes")
SHOW_FILE = Text(ru="📎 Показать файл", en="📎 Show the file")
HAS_FILE = Text(ru="есть", en="attached")
HAS_FILES = Text(ru="несколько: {count}", en="several: {count}")
CHOOSE_A_FIELD = Text(
    ru="Нажмите, что изменить, — тогда бот поймёт ваши слова.", en="Press what you want to change first."
)
MISSING = Text(ru="Сначала заполните: {label}.", en="Fill in first: {label}.")
TAKEN = Text(
    ru="Такая запись уже есть: измените её или выберите другое.",
    en="There is one already: change it, or choose another.",
)
TOO_LONG = Text(ru="Слишком длинно: не больше {most} знаков.", en="Too long: {most} characters at most.")
NO_DAY = Text(
    ru="Такой день выбрать нельзя. Нажмите день в календаре или напишите, например, 05.12.",
    en="This day cannot be chosen. Press one in the calendar, or write it like 05.12.",
)
CHOOSE_AGAIN = Text(ru="Этого больше нет в списке. Выберите снова.", en="This is in the list no more. Choose again.")
NO_TIME = Text(ru="Напишите время так: 19:00.", en="Write the time like 19:00.")
NO_COUNT = Text(ru="Напишите число от 1 до {most}.", en="Write a number from 1 to {most}.")
NO_FILE = Text(
    ru="Нужен файл: документ, фото, видео, аудио или голосовое.", en="Send a file: a document, photo, video or audio."
)
ALBUM_TAKEN = Text(
    ru="Это альбом: в записи будут все его файлы, до десяти.", en="An album: all of its files are taken, up to ten."
)

ASK: Mapping[str, Text] = {
    "words": Text(ru="{label}: напишите.", en="{label}: write it."),
    "day": Text(
        ru="{label}: нажмите день или напишите его, например 05.12.", en="{label}: press a day, or write it like 05.12."
    ),
    "time": Text(
        ru="{label}: нажмите или напишите, например 19:30. Время школы ({zone}).",
        en="{label}: press it, or write it like 19:30. The school's time ({zone}).",
    ),
    "count": Text(ru="{label}: напишите число.", en="{label}: write the number."),
    "choice": Text(ru="{label}: выберите.", en="{label}: choose."),
    "files": Text(ru="{label}: пришлите его или альбом сюда.", en="{label}: send it, or an album, here."),
}

LABELS: Mapping[str, Text] = {
    "annotation": Text(ru="Описание", en="Description"),
    "body": Text(ru="Текст", en="Text"),
    "capacity": Text(ru="Мест", en="Places"),
    "code": Text(ru="Код", en="Code"),
    "cohort_id": Text(ru="Когорта", en="Cohort"),
    "date": Text(ru="Дата", en="Date"),
    "due_date": Text(ru="Сдать до", en="Due"),
    "end_date": Text(ru="Последний день", en="Last day"),
    "note": Text(ru="Примечание", en="Note"),
    "start_date": Text(ru="Дата", en="Date"),
    "start_time": Text(ru="Время", en="Time"),
    "stream_id": Text(ru="Поток", en="Stream"),
    "files": Text(ru="Файл", en="File"),
    "time_start": Text(ru="Время", en="Time"),
    "title": Text(ru="Название", en="Title"),
    "topic_code": Text(ru="Тема", en="Topic"),
    "topic_id": Text(ru="Тема", en="Topic"),
}
# What an empty field of these means.
EMPTY: Mapping[str, Text] = {
    "capacity": Text(ru="без ограничения", en="no limit"),
    "cohort_id": Text(ru="все", en="all"),
    "stream_id": Text(ru="все", en="all"),
}

SESSIONS = OfKind(
    plural=Text(ru="Занятия", en="Sessions"),
    singular=Text(ru="Занятие", en="Session"),
    new=Text(ru="➕ Новое занятие", en="➕ New session"),
    ending=Ending(
        Text(ru="❌ Отменить занятие", en="❌ Cancel the session"),
        Text(
            ru="Отменить занятие? Отметки останутся, напоминаний не будет. Вернуть можно.",
            en="Cancel the session? What was noted stays, nobody is reminded. You can bring it back.",
        ),
        Text(ru="❌ Отменено", en="❌ Cancelled"),
    ),
)
DAYS = OfKind(
    plural=Text(ru="Дни занятий", en="Session days"),
    singular=Text(ru="День занятий", en="Session day"),
    new=Text(ru="➕ Новый день", en="➕ New day"),
    ending=Ending(
        Text(ru="🗑 Удалить день", en="🗑 Delete the day"),
        Text(ru="Удалить день из плана?", en="Delete the day from the plan?"),
        Text(ru="Удалено", en="Deleted"),
    ),
)
TOPICS = OfKind(
    plural=Text(ru="Темы", en="Topics"),
    singular=Text(ru="Тема", en="Topic"),
    new=Text(ru="➕ Новая тема", en="➕ New topic"),
)
EVENTS = OfKind(
    plural=Text(ru="События", en="Events"),
    singular=Text(ru="Событие", en="Event"),
    new=Text(ru="➕ Новое событие", en="➕ New event"),
    ending=Ending(
        Text(ru="❌ Отменить событие", en="❌ Cancel the event"),
        Text(
            ru="Отменить событие? Напоминаний не будет. Вернуть можно.",
            en="Cancel the event? Nobody is reminded. You can bring it back.",
        ),
        Text(ru="❌ Отменено", en="❌ Cancelled"),
    ),
)
HEALING = OfKind(
    plural=Text(ru="Сессии исцеления", en="Healing sessions"),
    singular=Text(ru="Сессия исцеления", en="Healing session"),
    new=Text(ru="➕ Новая сессия исцеления", en="➕ New healing session"),
    ending=Ending(
        Text(ru="❌ Отменить сессию", en="❌ Cancel the session"),
        Text(
            ru="Отменить сессию исцеления? Записи на неё закроются.",
            en="Cancel the healing session? Nobody is signed up for it any more.",
        ),
        Text(ru="❌ Отменено", en="❌ Cancelled"),
    ),
)
MATERIALS = OfKind(
    plural=Text(ru="Материалы", en="Materials"),
    singular=Text(ru="Материал", en="Material"),
    new=Text(ru="➕ Новый материал", en="➕ New material"),
    ending=Ending(
        Text(ru="🚫 Убрать из материалов", en="🚫 Withdraw"),
        Text(
            ru="Убрать материал? Участники его больше не увидят. Вернуть можно.",
            en="Withdraw the material? Participants see it no more. You can bring it back.",
        ),
        Text(ru="🚫 Участникам не показан", en="🚫 Withdrawn"),
    ),
)
ASSIGNMENTS = OfKind(
    plural=Text(ru="Задания", en="Assignments"),
    singular=Text(ru="Задание", en="Assignment"),
    new=Text(ru="➕ Новое задание", en="➕ New assignment"),
    ending=Ending(
        Text(ru="🚫 Убрать из заданий", en="🚫 Withdraw"),
        Text(
            ru="Убрать задание? Участники его больше не увидят, сданное останется. Вернуть можно.",
            en="Withdraw the assignment? Participants see it no more; what was handed in stays. You can bring it back.",
        ),
        Text(ru="🚫 Участникам не показано", en="🚫 Withdrawn"),
    ),
)
