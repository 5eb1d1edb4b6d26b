"""What people read who sign in."""

from shared.i18n.texts import Text

SIGN_IN = Text(ru="Войти", en="Sign in")
ENTER_TITLE = Text(ru="Вход по ссылке", en="Sign in by the link")
ENTER_TEXT = Text(
    ru="Нажмите кнопку, чтобы войти. Ссылка сработает один раз.",
    en="Press the button to sign in. The link works once.",
)
OVER_TITLE = Text(ru="Ссылка больше не действует", en="The link is over")
OVER_TEXT = Text(
    ru="Она срабатывает один раз и живёт 15 минут. Чтобы получить новую, напишите боту салона /dashboard.",
    en="It works once and lives for 15 minutes. For a new one write /dashboard to the salon's bot.",
)
NO_COOKIE_TITLE = Text(ru="Браузер не вернул cookie", en="Your browser did not send the cookie back")
NO_COOKIE_TEXT = Text(
    ru="Вы вошли, но без cookie мы вас не узнаем. Разрешите cookie для этого сайта или возьмите другой браузер.",
    en="You signed in, but without the cookie we do not know you. Allow cookies for this site, or use another browser.",
)
NO_COOKIE_OPERATOR = Text(
    ru="Если так у всех: облако отрезает заголовок Cookie. Яндекс делает это с функциями: нужен API Gateway перед ней.",
    en="If it is so for everybody: the cloud takes the Cookie header away. Yandex does so with functions: "
    "put an API Gateway in front.",
)
EMAIL = Text(ru="Почта", en="E-mail")
PASSWORD = Text(ru="Пароль", en="Password")
AGAIN = Text(ru="Пароль ещё раз", en="The password again")
FORGOT = Text(ru="Забыли пароль?", en="Forgot the password?")
BY_BOT_TITLE = Text(ru="Проще всего через бота", en="Easiest by the bot")
BY_BOT_TEXT = Text(
    ru="Напишите боту салона в Telegram /dashboard: он пришлёт ссылку для входа. Пароль не нужен.",
    en="Write /dashboard to the salon's bot in Telegram: it sends a link that signs you in. No password is needed.",
)
BY_TELEGRAM = Text(ru="Войти через Telegram", en="Log in with Telegram")
TELEGRAM_FAILED_TITLE = Text(ru="Войти через Telegram не вышло", en="Telegram did not sign you in")
TELEGRAM_FAILED_TEXT = Text(
    ru="Вход начат в другом браузере, больше десяти минут назад или отменён. Попробуйте ещё раз.",
    en="It was begun in another browser, more than ten minutes ago, or cancelled. Try again.",
)
AGAIN_TITLE = Text(ru="Ещё раз", en="Try again")
OTHERWISE = Text(ru="Войти иначе", en="Sign in another way")
TELEGRAM_UNKNOWN_TITLE = Text(ru="Мы вас ещё не знаем", en="We do not know you yet")
TELEGRAM_UNKNOWN_TEXT = Text(
    ru="Ваш аккаунт Telegram не связан ни с одним салоном. Попросите у владельца салона ссылку «Для Telegram» "
    "или, если сводки салона приходят вам, напишите его боту /dashboard.",
    en="Your Telegram account belongs to no salon here. Ask the salon's owner for a link «For Telegram», or write "
    "/dashboard to the salon's bot, if its digests come to you.",
)
CHOICE_TITLE = Text(ru="Какой салон открыть?", en="Which salon to open?")
ALL_SALONS = Text(ru="Все салоны", en="All salons")
WRONG = Text(ru="Почта или пароль не подходят.", en="The e-mail or the password is wrong.")
WAIT = Text(
    ru="Слишком много попыток. Подождите {minutes} мин или войдите по ссылке от бота.",
    en="Too many tries. Wait {minutes} min, or sign in by a link of the bot.",
)
DONE = Text(ru="Новый пароль сохранён. Войдите с ним.", en="The new password is saved. Sign in with it.")
FORGOT_TITLE = Text(ru="Новый пароль", en="A new password")
FORGOT_TEXT = Text(
    ru="Ссылку на новый пароль пришлёт бот салона в Telegram, если он вас знает.",
    en="The salon's bot sends a link to a new password in Telegram, if it knows you.",
)
SEND = Text(ru="Прислать ссылку", en="Send the link")
SENT_TITLE = Text(ru="Проверьте Telegram", en="Look into Telegram")
SENT_TEXT = Text(
    ru="Если такая почта у нас есть и бот вас знает, ссылка придёт через несколько секунд. Она действует час.",
    en="If we have this e-mail and the bot knows you, the link arrives within seconds. It lives for an hour.",
)
SENT_ELSE = Text(
    ru="Ничего не пришло? Попросите владельца салона прислать вам ссылку для входа.",
    en="Nothing came? Ask the salon's owner for a link to sign in.",
)
RESET_MESSAGE = Text(
    ru="Новый пароль для страниц салона:\n{link}\n\nСсылка сработает один раз, в течение часа. Если это не вы, ничего"
    " не делайте.",
    en="A new password for the salon's pages:\n{link}\n\nThe link works once, within an hour. If it was not you, do"
    " nothing.",
)
PASSWORD_HINT = Text(
    ru="Не короче 12 знаков. Хорошо подходит фраза.", en="At least 12 characters. A sentence is a good one."
)
WEAK = Text(
    ru="Такой пароль легко угадать. Возьмите фразу не короче 12 знаков.",
    en="This password is easily guessed. Take a sentence of at least 12 characters.",
)
NOT_THE_SAME = Text(ru="Пароли не совпадают.", en="The passwords are not the same.")
RESET_OVER = Text(
    ru="Она срабатывает один раз и живёт час. Попросите новую.",
    en="It works once and lives for an hour. Ask for a new one.",
)
