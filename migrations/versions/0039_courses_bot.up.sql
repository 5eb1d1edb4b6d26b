-- The bot of the course CRM (function telegram_webhook, folder courses).

-- Where somebody is in the dialog with the bot. Locked while an update of theirs is processed, so that two devices take turns.
create table courses.dialogs (
    telegram_id bigint primary key check (telegram_id > 0),
    screen text not null default 'home',
    data jsonb not null default '{}' check (jsonb_typeof(data) = 'object'),  -- what of the screen is shown
    version int not null default 0,            -- how many screens were shown
    message_id bigint,                         -- the last message with a screen, once it was sent
    updated_at timestamptz not null default now()
);

-- Links by which a person of the school says who they are: t.me/<bot>?start=<token>. A token is compared by its hash.
create table courses.invitations (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    user_id bigint not null references courses.users on delete cascade,
    created_by bigint references courses.users on delete set null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
);
create index invitations_user on courses.invitations (user_id);
create index invitations_author on courses.invitations (created_by);


-- The bot speaks the school's language.
create or replace view platform.bot_languages with (security_invoker = true) as
select o.bot_id, case when bool_or(o.language = 'ru') then 'ru' else 'en' end as language
from (
    select coalesce(w.bot_id, (select min(b.id) from platform.bots b
                               where b.system = 'getcourse' and b.channel = 'telegram')) as bot_id,
           w.language
    from platform.webhook_sources w
    where w.provider = 'getcourse'
    union all
    select t.bot_id, t.language from dashboard.tenant_settings t
    union all
    select s.telegram_bot_id, s.language from support.client_settings s
    union all
    select k.bot_id, k.language from courses.school k) o
where o.bot_id is not null
group by o.bot_id;


-- Rights -----------------------------------------------------------------------------------------------

grant usage on schema courses to fn_dispatch_notifications, fn_telegram_webhook;

-- The language of alerts about the bot; which message shows the screen.
grant select (bot_id, language) on courses.school to fn_dispatch_notifications;
grant select (telegram_id, message_id), update (message_id) on courses.dialogs to fn_dispatch_notifications;

grant select (name, bot_id, language, timezone) on courses.school to fn_telegram_webhook;
grant select (telegram_id, screen, data, message_id), insert (telegram_id),
      update (screen, data, version, message_id, updated_at), select (version) on courses.dialogs to fn_telegram_webhook;
grant select (purpose, version, text_ru, text_en) on courses.consent_texts to fn_telegram_webhook;
grant select, insert (telegram_id, purpose, version, given_at, withdrawn_at), update (withdrawn_at)
      on courses.consents to fn_telegram_webhook;
grant select on courses.participants, courses.attendance, courses.attendance_history, courses.payments,
    courses.payments_history, courses.homework_delivery, courses.broadcast_recipients, courses.user_flags
    to fn_telegram_webhook;
grant select (id, start_date, end_date, start_time, topic_code, title, stream_id, cohort_id, cancelled_at)
      on courses.sessions to fn_telegram_webhook;
grant select (code, title) on courses.topics to fn_telegram_webhook;
grant select (title, start_date, end_date, start_time, note, cancelled_at) on courses.events to fn_telegram_webhook;
grant select (date, time_start, note, cancelled_at) on courses.healing_sessions to fn_telegram_webhook;
grant select (id, title, body, tg_file_id, created_at) on courses.materials to fn_telegram_webhook;
grant select (id, title, body, due_date, material_id) on courses.assignments to fn_telegram_webhook;
grant select (id, title) on courses.streams to fn_telegram_webhook;
grant select (id, name) on courses.cohorts to fn_telegram_webhook;
grant insert (user_id, session_id, status, minutes_late, noted_at, noted_by),
      update (status, minutes_late, noted_at, noted_by) on courses.attendance to fn_telegram_webhook;
grant insert (user_id, session_id, paid, noted_at, noted_by), update (paid, noted_at, noted_by)
      on courses.payments to fn_telegram_webhook;
grant insert (user_id, notify_enabled), update (notify_enabled) on courses.user_flags to fn_telegram_webhook;

-- Whoever leaves takes everything along but what was paid, without a name. The hash of a password is never read.
grant select (id, telegram_id, username, nickname, full_name, role, phone, email, cohort_id, created_at, updated_at),
      update (telegram_id, username, nickname, password, full_name, role, phone, email, cohort_id), delete
      on courses.users to fn_telegram_webhook;
grant delete on courses.participants, courses.attendance, courses.attendance_history, courses.homework_delivery,
    courses.broadcast_recipients, courses.user_flags to fn_telegram_webhook;
grant select (token_hash, user_id, expires_at, used_at), insert (token_hash, user_id, created_by, expires_at),
      update (expires_at, used_at) on courses.invitations to fn_telegram_webhook;

grant select on courses.dialogs, courses.invitations to carillon_backup;
