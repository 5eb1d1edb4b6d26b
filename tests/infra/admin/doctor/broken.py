"""What may be broken in an installation, and the line that is expected of doctor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.admin.doctor.finding import Status
from infra.admin.sources import EVOLUTION_EVENTS
from shared.credentials import secrets
from tests.helpers import arrange
from tests.helpers.worlds.support import CHAT as GROUP
from tests.infra.admin.doctor.installation import (
    ADMINS,
    ALERTS,
    DESK,
    EVENTS,
    MODELS,
    SALON,
    SCHOOL,
    STATE,
    hook,
)  # fmt: skip

MESSAGE = """
    insert into platform.lanes (bot_id, lane, head_due)
    select id, '5', case when '{state}' = 'queued' then now() - interval '{age}' end
    from platform.bots where name = 'school';
    insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy, state,
                                 error_class, finished_at)
    select id, 5, '5', 'getcourse/answer', 'sendMessage', '{{}}', 'k', 'c', 'at_least_once', '{state}', {error},
           case when '{state}' <> 'queued' then now() end
    from platform.bots where name = 'school'"""
EVENT = """
    insert into getcourse.webhook_events (source_id, event_date, user_id, answer_id, error_message, next_attempt_at)
    select id, now(), '1', '1', {reason}, now() {due} from platform.webhook_sources where name = 'school'"""
LATE = "update platform.job_runs set started_at = now() - interval '{age}' where function = '{function}'"
NOT_FOUND = (400, "Bad Request: chat not found")
FAILED = {"last_error_date": 1_800_000_000, "pending_update_count": 2}


@dataclass(frozen=True)
class Broken:
    """What is broken (in the database, outside, in the settings), and the line that is expected."""

    status: Status
    area: str
    message: str
    step: str
    sql: str = ""
    outside: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    alone: bool = True  # whether nothing else is reported

    @property
    def is_asked(self) -> bool:
        """Whether somebody outside has to be asked to find it."""
        return bool(self.outside) or any(name.endswith("_API_URL") for name in self.settings)


def message(state: str = "queued", error: str = "null", age: str = "0") -> str:
    return MESSAGE.format(state=state, error=error, age=age)


CASES = {
    # The database, the sources and what they send.
    "an old schema": Broken("problem", "migrations", "the schema is at 0001", "carillon db upgrade",
        "update public.carillon_version set version_num = '0001'"),
    "a source without a secret": Broken("problem", "sources", "getcourse/school has no valid secret",
        "carillon sources rotate school", "delete from platform.source_secrets where source_id ="
        " (select id from platform.webhook_sources where name = 'school')"),
    "a gateway that nobody answers by": Broken("problem", "sources", "whatsapp/romashka has no bot",
        "--whatsapp-bot", "update support.client_settings set whatsapp_bot_id = null", alone=False),
    "an event that nobody takes": Broken("problem", "events", "has waited 60 min", "dispatch_notifications",
        EVENT.format(reason="null", due="- interval '1 hour'")),
    "a student without a mentor": Broken("warning", "backlog", "1 events wait: no_mentor", "mapping.csv",
        EVENT.format(reason="'no_mentor'", due="+ interval '1 hour'")),
    "a body that was refused": Broken("warning", "refused", "getcourse/school was refused once", "send less",
        "insert into platform.refused_requests (source_id, status, reason)"
        " select id, 413, 'Too Large' from platform.webhook_sources where name = 'school'"),
    "a body that was not understood": Broken("warning", "unparsed", "1 deliveries were not understood: no JSON",
        "carillon replay", "insert into platform.inbox (source_id, reason, correlation_id, delivery_hash)"
        " select id, 'no JSON', 'c', sha256('x') from platform.webhook_sources where name = 'school'"),
    "an update that failed": Broken("warning", "updates", "1 of bot romashka-tg failed and were set aside", "trace c1",
        "insert into platform.failed_updates (bot_id, update_id, error, correlation_id, set_aside_at, body)"
        " select id, 7, 'KeyError at press.py:1', 'c1', now(), '{}' from platform.bots where name = 'romashka-tg'"),
    # The scheduler.
    "a scheduler that stopped": Broken("problem", "last run", "dispatch_notifications ran 10 min ago", "CRON_SECRET",
        LATE.format(age="10 minutes", function="dispatch_notifications")),
    "a sweep that was never called": Broken("warning", "last run", "handover_reminder_sweep has never run",
        "every 60 s", "delete from platform.job_runs where function = 'handover_reminder_sweep'"),
    "a digest that is not called": Broken("problem", "last run", "daily_metrics_digest ran 5 h ago", "every 900 s",
        LATE.format(age="5 hours", function="daily_metrics_digest")),
    "housekeeping that is not called": Broken("problem", "last run", "housekeeping ran 5 d ago", "every 86400 s",
        LATE.format(age="5 days", function="housekeeping")),
    # Messages.
    "a message that waits": Broken("problem", "outbox", "is due and has waited 20 min", "carillon trace outbox:",
        message(age="20 minutes")),
    "a dead message": Broken("warning", "dead letters", "1 became dead in the last 24 hours: blocked", "press Start",
        message("dead", "'blocked'")),
    "a message nobody knows the fate of": Broken("warning", "dead letters", "1 became unknown", "whether they arrived",
        message("unknown")),
    "a group without topics": Broken("problem", "groups", "1 messages wait for ", "Topics in the group's settings",
        message(error="'topics_off'", age="-1 minute")),
    # Bots, and who hears of them.
    "a bot that is paused": Broken("warning", "bots", "school is paused", "until its status is active",
        "update platform.bots set status = 'paused' where name = 'school'", alone=False),
    "a bot that was refused": Broken("problem", "bots", "school was refused and is parked", "bots check school",
        "update platform.bots set status = 'auth_failed' where name = 'school'", alone=False),
    "a token that SECRETS_KEY does not open": Broken("problem", "bots", "school: SECRETS_KEY", "",
        "update platform.bots set token_sealed = 'x' where name = 'school'", alone=False),
    "troubles that nobody hears of": Broken("warning", "alerts", "nobody hears of the troubles of bot romashka-wa",
        "--alerts", "update platform.bots set alert_chat_id = null;"
        "update platform.webhook_sources set admin_chat_id = null", alone=False),
    "a mentor without Start": Broken("warning", "people", "1 of 1 never pressed Start", "press Start",
        "delete from platform.starts"),
    # Desks, salons, learning.
    "a desk without a group": Broken("problem", "support", "romashka has no managers' group", "--chat",
        "update support.client_settings set telegram_chat_id = null"),
    "working hours that are none": Broken("problem", "support", "mon: '9' is no time", "carillon support settings",
        """update support.client_settings set working_hours = '{"mon": [["9", "18"]]}'"""),
    "a desk that answers by another gateway": Broken("warning", "support", "hears through chatflow and answers",
        "same number", "update platform.webhook_sources set gateway = 'chatflow' where name = 'romashka'"),
    "a model without a prompt": Broken("warning", "support", "no active classifier", "prompt classifier --example",
        "update support.prompts set is_active = false where name = 'classifier'"),
    "a salon's bot that is silent": Broken("warning", "salon", "more than 6 hours ago", "archives its sessions",
        "update public.conversation_sessions_v2 set started_at = now() - interval '1 day'"),
    "a salon that is not connected": Broken("warning", "salon", "Лотос is not connected", "carillon salon connect",
        "update dashboard.tenant_settings set bot_id = null, chat_id = null"),
    "bookings that nobody verifies": Broken("warning", "salon", "of Лотос, since 3 h", "verify_bookings is called",
        "insert into dashboard.bookings (tenant_id, external_id, client_id, look_at)"
        " select id, '1', '1', now() - interval '3 hours' from public.tenants_v2"),
    "a table of the bot without an index": Broken("warning", "salon", "no index by started_at", "index concurrently on",
        "drop index public.idx_sessions_started; update pg_class set reltuples = 20000"
        " where oid = 'public.conversation_sessions_v2'::regclass"),
    "an app whose token ended": Broken("problem", "learning", "has no valid token", "carillon learning rotate",
        "update learning.client_tokens set valid_to = now()"),
    "a track without a roadmap": Broken("warning", "learning", "has no roadmap", "carillon learning import",
        "delete from learning.track_roadmap_items"),
    "a tab in which the model is told nothing": Broken("problem", "learning", "is told nothing in practice", "--file",
        "update learning.chat_templates set tab = 'chat'", alone=False),
    "a placeholder that nothing fills in": Broken("problem", "learning", "which nothing fills in", "--variable",
        "update learning.chat_templates set content = 'Учи {{nothing}}.'"),
    "an app without tokens": Broken("warning", "learning", "no call fits into the 5 tokens a day", "--daily-tokens",
        "update learning.clients set daily_tokens = 5"),
    # Settings.
    "no CRON_SECRET": Broken("warning", "settings", "there is no CRON_SECRET", "long random text",
        settings={"CRON_SECRET": ""}),
    "a CRON_SECRET that is too short": Broken("problem", "settings", "CRON_SECRET has less than 24", "longer random",
        settings={"CRON_SECRET": "short"}),
    "a CRON_SECRET that is half changed": Broken("warning", "settings", "CRON_SECRET has two values", "take the second",
        settings={"CRON_SECRET": f"{'a' * 24},{'b' * 24}"}),
    "a key that is half changed": Broken("warning", "keys", "which is not the newest, sealed ",
        "carillon bots reseal", settings={"SECRETS_KEY": f"{secrets.new_key()},{arrange.SECRETS_KEY}"}, alone=False),
    "a webhook of an earlier release": Broken("warning", "keys", "where school, romashka-tg, salon-", "set-webhook",
        settings={"SECRETS_KEY": f"{secrets.new_key()},{arrange.SECRETS_KEY}"}, alone=False),
    "a key that is missing": Broken("problem", "keys", "1 stored values were sealed by a key that SECRETS_KEY lacks",
        "after a comma", "update platform.webhook_sources set signing_secret_sealed = 'x' where name = 'romashka'"),
    "a webhook that hangs on it": Broken("problem", "keys", "webhooks of romashka-tg hang on a key that SECRETS_KEY",
        "set-webhook NAME --rotate", "update platform.bots set webhook_key_id = 'x' where name = 'romashka-tg'"),
    "a poke that leads nowhere": Broken("problem", "settings", "POKE ", "",
        settings={"POKE": "somewhere"}),
    "a lease that is too short": Broken("problem", "settings", "LEASE_SECONDS is less than", "",
        settings={"LEASE_SECONDS": "10"}),
    "no SECRETS_KEY": Broken("problem", "bots", "school: SECRETS_KEY", "", settings={"SECRETS_KEY": ""}, alone=False),
    "no page may call": Broken("warning", "learning", "CORS_ORIGINS is empty", "https://app.example.com",
        "update learning.clients set is_public = true", settings={"CORS_ORIGINS": ""}),
    "no model for the agents": Broken("warning", "learning", "the agents answer 503", "LLM_API_URL",
        settings={"LLM_API_URL": ""}),
    # Telegram.
    "a token that was revoked": Broken("problem", "bots", "school: Telegram does not know this token", "@BotFather",
        outside={f"{SCHOOL}/getMe": (401, "Unauthorized")}),
    "buttons that nobody hears": Broken("warning", "bots", "but hears nothing: no webhook", "set-webhook romashka-tg",
        outside={f"{DESK}/getWebhookInfo": {"url": ""}}),
    "another's webhook": Broken("problem", "bots", "which is no address of romashka-tg", "set-webhook romashka-tg",
        outside={f"{DESK}/getWebhookInfo": hook("echo")}),
    "a webhook that is answered 404": Broken("problem", "bots", "404 Not Found", "set-webhook romashka-tg",
        outside={f"{DESK}/getWebhookInfo": hook("romashka-tg", last_error_message="404 Not Found", **FAILED)}),
    "a webhook that nobody serves": Broken("problem", "bots", "Connection refused", "it is served at f.example.com",
        outside={f"{DESK}/getWebhookInfo": hook("romashka-tg", last_error_message="Connection refused", **FAILED)}),
    "buttons that Telegram keeps": Broken("problem", "bots", "does not bring callback_query", "set-webhook romashka-tg",
        outside={f"{DESK}/getWebhookInfo": hook("romashka-tg", allowed_updates=["message"])}),
    "an alert chat that is not there": Broken("problem", "chats", f"alert chat {ALERTS} of school: bot school",
        "add bot school to the group", outside={f"{ALERTS}/getChat": NOT_FOUND}),
    "a bot that left the admins": Broken("problem", "chats", f"admin chat {ADMINS} of school: bot school is not in it",
        "make bot school an administrator", outside={f"{ADMINS}/getChatMember": {"status": "left"}}),
    "a chat where members may not write": Broken("problem", "chats", "only administrators may", "an administrator",
        outside={f"{ADMINS}/getChatMember": {"status": "member"},
                 f"{ADMINS}/getChat": {"type": "supergroup", "permissions": {"can_send_messages": False}}}),
    "a salon's chat that is closed": Broken("problem", "chats", f"chat {SALON} of Лотос", "add bot salon-",
        outside={f"{SALON}/getChat": (403, "Forbidden: bot was kicked from the supergroup chat")}),
    "a managers' group without topics": Broken("problem", "support", f"romashka: group {GROUP} has no topics",
        "turn on Topics", outside={f"{GROUP}/getChat": {"type": "supergroup"}}),
    "a managers' group that is not there": Broken("problem", "support", "chat not found", "correct its id",
        outside={f"{GROUP}/getChat": NOT_FOUND}),
    "a desk's bot without rights": Broken("problem", "support", "may not manage topics", "right to manage topics",
        outside={f"{GROUP}/getChatMember": {"status": "administrator"}}),
    "a desk's bot that is a member": Broken("problem", "support", "is no administrator", "an administrator",
        outside={f"{GROUP}/getChatMember": {"status": "member"}}),
    "Telegram cannot be reached": Broken("problem", "bots", "school: Telegram cannot be reached", "TELEGRAM_API_URL",
        settings={"TELEGRAM_API_URL": "http://127.0.0.1:1"}, alone=False),
    # WhatsApp and the model.
    "a telephone that is not connected": Broken("problem", "bots", "is not connected to WhatsApp", "QR code",
        outside={STATE: {"instance": {"state": "close"}}}, alone=False),
    "a key that the gateway refuses": Broken("problem", "bots", "does not know this token", "carillon bots add",
        outside={STATE: (401, "Unauthorized")}, alone=False),
    "an instance of another name": Broken("problem", "bots", "calls it Romashka, not romashka", "--address 'Romashka'",
        outside={STATE: {"instance": {"instanceName": "Romashka", "state": "open"}}}, alone=False),
    "events that the gateway keeps": Broken("warning", "support", "does not bring MESSAGES_UPDATE", "Events → Webhook",
        outside={EVENTS: {"enabled": True, "events": [event for event in EVOLUTION_EVENTS if "UPDATE" not in event]}}),
    "no address of the gateway": Broken("problem", "bots", "EVOLUTION_API_URL is not set", "give the address",
        settings={"EVOLUTION_API_URL": ""}, alone=False),
    "a key that the model refuses": Broken("problem", "support", "the model does not take our key", "LLM_API_KEY",
        outside={MODELS: (401, "Unauthorized")}, alone=False),
    "a model's server that fails": Broken("problem", "learning", "the model's server fails (500)", "try again later",
        outside={MODELS: (500, "Internal Server Error")}, alone=False),
    "a model that nobody has": Broken("warning", "learning", "does not list some-model", "correct LLM_MODEL",
        outside={MODELS: {"data": [{"id": "another"}]}}, alone=False),
}  # fmt: skip
