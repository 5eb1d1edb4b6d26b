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
