"""An installation of all four systems in which everything is in order, and what is outside of it."""

import json
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import psycopg
from psycopg.rows import DictRow

from infra.admin.rotation.telegram_webhook import UPDATES
from infra.admin.sources import EVOLUTION_EVENTS
from infra.local.schedules import read_schedules
from tests.helpers import arrange, canaries, learning
from tests.helpers.worlds import salon, support

Connection = psycopg.Connection[DictRow]

SCHOOL, DESK = 7_000_000_001, 7_000_000_002
ALERTS, ADMINS, SALON, MENTOR = -1_001_900_000_010, -1_001_900_000_020, -1_001_900_000_030, 7_300_000_001
DESK_TOKEN = canaries.BOT_TOKEN.replace(str(SCHOOL), str(DESK))
STATE, EVENTS = "/evolution/instance/connectionState/romashka", "/evolution/webhook/find/romashka"
MODELS = "/model/v1/models"


def hook(name: str, **changes: Any) -> dict[str, Any]:
    """What getWebhookInfo answers."""
    url = f"https://f.example.com/telegram_webhook/{name}"
    return {"url": url, "pending_update_count": 0, "allowed_updates": UPDATES, **changes}


HEALTHY: Mapping[str, Any] = {
    "getMe": {"username": "some_bot"},
    "getWebhookInfo": {"url": ""},
    f"{DESK}/getWebhookInfo": hook("romashka-tg"),
    "getChat": {"type": "supergroup", "title": "Дежурные", "is_forum": True},
    "getChatMember": {"status": "administrator", "can_manage_topics": True},
    STATE: {"instance": {"instanceName": "romashka", "state": "open"}},
    EVENTS: {"enabled": True, "events": list(EVOLUTION_EVENTS)},
    MODELS: {"data": [{"id": "some-model"}]},
}


class Outside(ThreadingHTTPServer):
    """Telegram, an Evolution API and a language model. An answer that is a number and a text is a refusal."""

    daemon_threads = True
    answers: Mapping[str, Any] = HEALTHY

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def settings(self, database_url: str) -> dict[str, str]:
        """The environment of the installation."""
        return {
            "DATABASE_URL": database_url,
            "SECRETS_KEY": arrange.SECRETS_KEY,
            "CRON_SECRET": canaries.CRON_SECRET,
            "CORS_ORIGINS": "https://app.example.com",
            "TELEGRAM_API_URL": self.url,
            "EVOLUTION_API_URL": f"{self.url}/evolution",
            "LLM_API_URL": f"{self.url}/model/v1",
            "LLM_MODEL": "some-model",
        }


class Handler(BaseHTTPRequestHandler):
    """Answers by the path, or by the bot and the method, the chat and the method, or the method alone."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        answer = self._answers()[self.path]
        self._send(*((answer[0], {"error": answer[1]}) if isinstance(answer, tuple) else (200, answer)))

    def do_POST(self) -> None:
        parameters = json.loads(self.rfile.read(int(self.headers["content-length"])))
        token, method = self.path.removeprefix("/bot").split("/")
        keys = (f"{token.split(':')[0]}/{method}", f"{parameters.get('chat_id')}/{method}", method)
        answer = next(self._answers()[key] for key in keys if key in self._answers())
        if isinstance(answer, tuple):
            self._send(answer[0], {"ok": False, "error_code": answer[0], "description": answer[1]})
        else:
            self._send(200, {"ok": True, "result": answer})

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answers(self) -> Mapping[str, Any]:
        assert isinstance(self.server, Outside)
        return self.server.answers

    def _send(self, status: int, answer: Any) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def install(connection: Connection) -> Mapping[str, Any]:
    """A school, a desk on the Evolution API, a salon and an app, all at work; what a healthy world answers."""
    school = arrange.bot(connection, alert_chat_id=ALERTS)
    arrange.source(connection, bot_id=school, admin_chat_id=ADMINS)
    arrange.mentor(connection, getcourse_id="1", telegram_id=MENTOR, first_name="Анна")
    connection.execute("insert into platform.starts (bot_id, chat_id) values (%s, %s)", (school, MENTOR))
    desk = support.desk(connection, "romashka", token=DESK_TOKEN)
    connection.execute(
        "update platform.bots set channel = 'evolution', address = 'romashka' where id = %s", (desk.whatsapp_bot,)
    )
    connection.execute("update platform.webhook_sources set gateway = 'evolution' where id = %s", (desk.source,))
    for name in ("system_prompt", "classifier"):
        support.insert(connection, "support.prompts", name=name, text="Отвечай коротко.")
    beauty = salon.salon(connection, "Лотос")
    beauty.settings(chat_id=SALON)
    beauty.session()
    learner = learning.learner(connection, daily_tokens=100_000)
    learning.insert(connection, "learning.track_roadmap_items", track_id=learner.track, position=1, title="Первый")
    learning.template(connection, "Учи.")
    connection.execute(  # however long the tests take
        "insert into platform.job_runs (function, started_at, finished_at)"
        " select unnest(%s::text[]), now() + interval '1 hour', now() + interval '1 hour'",
        ([schedule.function for schedule in read_schedules()],),
    )
    [row] = connection.execute("select telegram_id from platform.bots where id = %s", (beauty.bot,)).fetchall()
    return {**HEALTHY, f"{row['telegram_id']}/getWebhookInfo": hook(beauty.bot_name)}
