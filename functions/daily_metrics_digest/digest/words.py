"""The digest's words in Russian and English, and how numbers and dates are written there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_NBSP = "\N{NO-BREAK SPACE}"
_MONTHS = {
    "ru": "января,февраля,марта,апреля,мая,июня,июля,августа,сентября,октября,ноября,декабря",
    "en": "January,February,March,April,May,June,July,August,September,October,November,December",
}
_SIGNS = {"KZT": "₸", "RUB": "₽", "USD": "$", "EUR": "€", "UAH": "₴"}


@dataclass(frozen=True)
class Words:
    """One language."""

    language: str
    head: str
    silent: str
    since: str
    never: str
    incomplete: str
    unknown: str
    nobody: str
    count: str
    names: tuple[str, str]  # dialogs, bookings
    conversion: str
    response: str
    seconds: str
    average: str
    usual: str
    week_conversion: str
    no_week: str
    revised: str
    before_yesterday: str
    forms: tuple[tuple[str, str, str], tuple[str, str, str]]  # one, two, five: dialogs, bookings
    lost: str
    stages: Mapping[str, str]
    top: str
    of: str
    waiting: str
    disagreement: str
    disagreements: tuple[str, str, str]  # cancelled, did not come, not confirmed
    alerts: str
    kinds: Mapping[str, str]

    def number(self, value: float, digits: int = 1) -> str:
        """«15,3», «12 000»: at most so many digits, no zeros at the end."""
        written = f"{value:,.{digits}f}"
        written = written.rstrip("0").rstrip(".") if "." in written else written
        return written.translate({ord(","): _NBSP, ord("."): ","}) if self.language == "ru" else written

    def percent(self, value: float, digits: int = 2) -> str:
        """«33,33 %»."""
        return f"{self.number(value, digits)}{_NBSP if self.language == 'ru' else ''}%"

    def days(self, count: int) -> str:
        """«7 дней»."""
        forms = ("день", "дня", "дней") if self.language == "ru" else ("day", "days", "days")
        return f"{count}{_NBSP}{self.form(count, forms)}"

    def date(self, day: date) -> str:
        """«20 ноября»."""
        return f"{day.day}{_NBSP}{_MONTHS[self.language].split(',')[day.month - 1]}"

    def money(self, amount: float, currency: str) -> str:
        """«12 000 ₸»."""
        return f"{self.number(amount, 0)}{_NBSP}{_SIGNS.get(currency, currency)}"

    def form(self, count: int, forms: tuple[str, str, str]) -> str:
        """The form of a word that goes with a number."""
        if self.language == "en":
            return forms[0] if count == 1 else forms[1]
        if count % 10 == 1 and count % 100 != 11:
            return forms[0]
        return forms[1] if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else forms[2]


RU = Words(
    language="ru",
    head="<b>{name}</b>: вчера, {day}",
    silent="⚠️ Похоже, бот молчит: таблицы бота не обновлялись {since}. Проверьте, работает ли он.",
    since="с {time}",
    never="ни разу",
    incomplete="Числа за вчера могут быть неполными.",
    unknown="Сколько людей писало вчера, неизвестно.",
    nobody="Вчера никто не писал: 0 диалогов{average}.",
    count="{name}: <b>{value}</b> ({average})",
    names=("Диалоги", "Записи"),
    conversion="Конверсия: <b>{value}</b>, {bookings} из {dialogs} ({average})",
    response="Бот отвечал за {value} ({average})",
    seconds="{value} с",
    average="в среднем за {days} {value}{change}",
    usual="в среднем {value}",
    week_conversion="за {days} {value}, {bookings} из {dialogs}",
    no_week="сравнить пока не с чем",
    revised="Дошли поздние диалоги, уточнено: {days}.",
    before_yesterday="позавчера",
    forms=(("диалог", "диалога", "диалогов"), ("запись", "записи", "записей")),
    lost="Где теряли клиентов (диалогов всего: {dialogs}): {stages}",
    stages={
        "service_selection": "выбор услуги",
        "staff_selection": "выбор мастера",
        "date_selection": "выбор даты",
        "time_selection": "выбор времени",
    },
    top="Чаще всего записывались: {services}",
    of="{count} из {total}",
    waiting="В листе ожидания сейчас: {count}",
    disagreement="YClients о записях за вчера ({total}): {what}",
    disagreements=("отменено {n}", "не пришли {n}", "не подтверждено {n}"),
    alerts="Открытые тревоги: {kinds}",
    kinds={
        "low_conversion": "низкая конверсия",
        "high_drop_off": "много потерь",
        "error_spike": "много ошибок",
        "data_stale": "нет новых данных",
    },
)

EN = Words(
    language="en",
    head="<b>{name}</b>: yesterday, {day}",
    silent="⚠️ The bot seems silent: its tables have not changed {since}. Please check that it runs.",
    since="since {time}",
    never="ever",
    incomplete="Yesterday's numbers may be incomplete.",
    unknown="How many people wrote yesterday is unknown.",
    nobody="Nobody wrote yesterday: 0 dialogs{average}.",
    count="{name}: <b>{value}</b> ({average})",
    names=("Dialogs", "Bookings"),
    conversion="Conversion: <b>{value}</b>, {bookings} of {dialogs} ({average})",
    response="The bot answered in {value} ({average})",
    seconds="{value} s",
    average="{days} average {value}{change}",
    usual="average {value}",
    week_conversion="over {days} {value}, {bookings} of {dialogs}",
    no_week="nothing to compare with yet",
    revised="Late dialogs came in, corrected: {days}.",
    before_yesterday="the day before yesterday",
    forms=(("dialog", "dialogs", "dialogs"), ("booking", "bookings", "bookings")),
    lost="Where clients were lost (dialogs in all: {dialogs}): {stages}",
    stages={
        "service_selection": "choosing a service",
        "staff_selection": "choosing a specialist",
        "date_selection": "choosing a date",
        "time_selection": "choosing a time",
    },
    top="Booked most: {services}",
    of="{count} of {total}",
    waiting="On the waiting list now: {count}",
    disagreement="YClients on yesterday's bookings ({total}): {what}",
    disagreements=("{n} cancelled", "{n} did not come", "{n} not confirmed"),
    alerts="Open alerts: {kinds}",
    kinds={
        "low_conversion": "low conversion",
        "high_drop_off": "many lost clients",
        "error_spike": "many errors",
        "data_stale": "no new data",
    },
)


def words(language: str) -> Words:
    """Russian, unless English is asked for."""
    return EN if language == "en" else RU
