"""What was booked."""

from shared.i18n.texts import Text

TITLE = Text(ru="Услуги", en="Services")
BOOKED = Text(ru="Что бронировали", en="What was booked")
SERVICE = Text(ru="Услуга", en="Service")
BOOKINGS = Text(ru="Записи", en="Bookings")
REVENUE = Text(ru="Сумма", en="Amount")
DOCUMENTED = Text(ru="Сумма без деления", en="Amount, not shared")
NOT_NAMED = Text(ru="услуга не названа", en="no service named")
SHARED_NOTE = Text(
    ru="В одной записи бывает несколько услуг: тогда «Сумма» делит её стоимость поровну, поэтому столбец складывается "
    "в сумму записей. «Сумма без деления» приписывает каждой услуге всю стоимость записи, и складывать её нельзя.",
    en="A booking may have several services: “Amount” shares its price equally, so the column adds up to what was "
    "booked. “Amount, not shared” gives each service the whole price, and does not add up.",
)
