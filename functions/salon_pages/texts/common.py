"""What stands on every page."""

from shared.i18n.texts import Text

APP = Text(ru="Салон", en="Salon")
SIGN_OUT = Text(ru="Выйти", en="Sign out")
SALONS = Text(ru="Салоны", en="Salons")
NO_SALONS = Text(ru="Здесь пока нет ни одного салона.", en="There is no salon here yet.")
SKIP = Text(ru="К содержанию", en="Skip to content")
MENU = Text(ru="Разделы", en="Sections")
TODAY = Text(ru="Сегодня", en="Today")
FUNNEL = Text(ru="Воронка", en="Funnel")
SERVICES = Text(ru="Услуги", en="Services")
SESSIONS = Text(ru="Диалоги", en="Dialogs")
BOOKINGS = Text(ru="Записи", en="Bookings")
WAITING = Text(ru="Лист ожидания", en="Waiting list")
ALERTS = Text(ru="Тревоги", en="Alerts")
SETTINGS = Text(ru="Настройки", en="Settings")
PEOPLE = Text(ru="Люди", en="People")
AUDIT = Text(ru="Журнал", en="Audit")
ME = Text(ru="Мой вход", en="My sign-in")
CSV = Text(ru="Скачать CSV", en="Download CSV")
SAVE = Text(ru="Сохранить", en="Save")
BACK = Text(ru="Назад", en="Back")
TO_START = Text(ru="На главную", en="To the start page")
NUMBER = Text(ru="Номер для поддержки", en="Number for support")

_BROKEN = (
    Text(ru="Что-то сломалось", en="Something broke"),
    Text(
        ru="Мы записали ошибку. Попробуйте ещё раз через минуту.",
        en="We have recorded the error. Try again in a minute.",
    ),
)
PROBLEMS = {
    400: (
        Text(ru="Запрос не понят", en="The request is not understood"),
        Text(ru="Вернитесь на страницу и повторите.", en="Go back to the page and try again."),
    ),
    401: (
        Text(ru="Нужно войти заново", en="Sign in again"),
        Text(
            ru="Сессия закончилась, изменение не сохранено. Войдите и повторите.",
            en="Your session is over and nothing was changed. Sign in and try again.",
        ),
    ),
    403: (
        Text(ru="Форма пришла не с этого сайта", en="The form came from another site"),
        Text(
            ru="Ничего не изменено. Откройте страницу заново и отправьте форму с неё.",
            en="Nothing was changed. Open the page again and send the form from there.",
        ),
    ),
    404: (
        Text(ru="Здесь ничего нет", en="There is nothing here"),
        Text(ru="Такой страницы нет, или она не для вас.", en="There is no such page, or it is not for you."),
    ),
    405: (
        Text(ru="Так эту страницу не открыть", en="This page is not opened this way"),
        Text(ru="Вернитесь на страницу и нажмите кнопку на ней.", en="Go back to the page and use its button."),
    ),
    429: (
        Text(ru="Слишком много попыток", en="Too many tries"),
        Text(ru="Подождите немного и попробуйте снова.", en="Wait a little and try again."),
    ),
    500: _BROKEN,
    503: (
        Text(ru="Сейчас недоступно", en="Not available now"),
        Text(ru="Попробуйте ещё раз через минуту.", en="Try again in a minute."),
    ),
}
REASONS = {  # what to mend, where we know it
    "bad_date": Text(ru="Выберите дни в календаре.", en="Choose the days in the calendar."),
    "bad_period": Text(
        ru="Первый день должен быть не позже последнего, последний — не дальше года вперёд.",
        en="The first day is not after the last one, and that one is within a year from now.",
    ),
    "long_period": Text(ru="Выберите не больше года.", en="Choose a year at most."),
    "long_file": Text(
        ru="Столько строк в файл не поместится: выберите меньше дней.",
        en="A file has no room for so many rows: choose fewer days.",
    ),
}
