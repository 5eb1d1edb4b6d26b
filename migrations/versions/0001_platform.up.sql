-- What all systems share: bots, webhook sources, the inbox, the outbox with its lanes, and job runs.

create schema platform;

create function platform.touch_updated_at() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    new.updated_at := now();
    return new;
end $$;


-- Bots ------------------------------------------------------------------------------------------

create table platform.bots (
    id bigint generated always as identity primary key,
    name text not null unique check (name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    system text not null check (system in ('courses', 'getcourse', 'salon', 'support', 'learning')),
    telegram_id bigint not null unique,  -- the public part of the token
    username text,
    token_sealed bytea not null,         -- shared/credentials/secrets.py: AES-GCM, bound to this row and column
    webhook_version int not null default 1,
    status text not null default 'active' check (status in ('active', 'paused', 'auth_failed')),
    -- Telegram's limits are unwritten and differ by bot, so they are settings (protocols: Limits).
    rate_per_second double precision not null default 25 check (rate_per_second > 0),
    burst int not null default 5 check (burst >= 1),
    private_pace interval not null default '1.05 seconds' check (private_pace >= '0'),
    group_pace interval not null default '3.1 seconds' check (group_pace >= '0'),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create trigger bots_updated_at before update on platform.bots
    for each row execute function platform.touch_updated_at();

-- The hot half of a bot: one small row that every sender of this bot updates (GCRA).
create table platform.bot_limits (
    bot_id bigint primary key references platform.bots on delete cascade,
    tat timestamptz not null default '-infinity',          -- theoretical arrival time
    paused_until timestamptz not null default '-infinity'  -- Telegram told the whole bot to wait
) with (fillfactor = 50);

create function platform.open_bot_limits() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    insert into platform.bot_limits (bot_id) values (new.id);
    return new;
end $$;
create trigger bots_open_limits after insert on platform.bots
    for each row execute function platform.open_bot_limits();


-- Webhook sources ---------------------------------------------------------------------------------

create table platform.webhook_sources (
    id bigint generated always as identity primary key,
    provider text not null check (provider in ('getcourse', 'whatsapp', 'yclients')),
    name text not null check (name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    bot_id bigint references platform.bots,  -- null: the first bot of the provider's system
    field_map jsonb not null default '{}' check (jsonb_typeof(field_map) = 'object'),
    admin_chat_id bigint,
    timezone text not null default 'Europe/Moscow',
    language text not null default 'ru' check (language in ('ru', 'en')),
    link_template text,                      -- https://school.example/answer/{answer_id}
    collapse_seconds int not null default 3 check (collapse_seconds between 0 and 3600),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (provider, name)
);
create trigger webhook_sources_updated_at before update on platform.webhook_sources
    for each row execute function platform.touch_updated_at();

-- Two slots: during a rotation both secrets open the door, a third cannot exist.
create table platform.source_secrets (
    source_id bigint not null references platform.webhook_sources on delete cascade,
    slot smallint not null check (slot in (1, 2)),
    secret_hash bytea not null check (octet_length(secret_hash) = 32),
    created_at timestamptz not null default now(),
    valid_to timestamptz,
    primary key (source_id, slot)
);

-- Deliveries that were authentic but could not be understood. Nothing is thrown away.
create table platform.inbox (
    id bigint generated always as identity primary key,
    source_id bigint not null references platform.webhook_sources,
    reason text not null,
    content_type text,
    query bytea not null default '',         -- without the secret
    body bytea not null default '',
    correlation_id text not null,
    delivery_hash bytea not null check (octet_length(delivery_hash) = 32),
    received_at timestamptz not null default now(),
    unique (source_id, delivery_hash)
);

create view platform.v_unparsed with (security_invoker = true) as
select i.id, s.provider, s.name as source, i.reason, i.content_type, i.received_at, i.correlation_id,
       octet_length(i.query) + octet_length(i.body) as bytes
from platform.inbox i
join platform.webhook_sources s on s.id = i.source_id;


-- Outbox and lanes ----------------------------------------------------------------------------------

create table platform.outbox (
    id bigint generated always as identity primary key,
    bot_id bigint not null references platform.bots,
    chat_id bigint not null,
    lane text not null,
    kind text not null,
    method text not null,
    payload jsonb not null,
    dedup_key text not null unique,
    correlation_id text not null,
    policy text not null check (policy in ('at_least_once', 'at_most_once', 'idempotent')),
    state text not null default 'queued'
        check (state in ('queued', 'sending', 'sent', 'unknown', 'dead', 'cancelled')),
    attempt int not null default 0,
    due_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz,
    attempt_id uuid,                         -- the fence: only this attempt may finish the row
    send_started_at timestamptz,
    finished_at timestamptz,
    message_id bigint,                       -- Telegram's, once sent
    maybe_duplicate boolean not null default false,
    error_class text,
    error_code int,
    created_at timestamptz not null default clock_timestamp(),
    check ((state in ('queued', 'sending')) = (finished_at is null)),
    check (state <> 'sending' or (attempt_id is not null and send_started_at is not null))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
create index outbox_live on platform.outbox (bot_id, lane, created_at, id) where state in ('queued', 'sending');
create index outbox_correlation on platform.outbox (correlation_id);

-- One row per bot and chat (or thread, or kind): the unit of order, pacing, pause, lease and fairness.
create table platform.lanes (
    bot_id bigint not null references platform.bots on delete cascade,
    lane text not null,
    head_due timestamptz,                    -- when the oldest live row is due; null: the lane is empty
    next_at timestamptz not null default '-infinity',
    leased_until timestamptz not null default '-infinity',
    lease uuid,                              -- the attempt that holds the lane
    primary key (bot_id, lane)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
create index lanes_due on platform.lanes (bot_id, greatest(head_due, next_at, leased_until))
    where head_due is not null;

-- Append-only: the evidence for every "maybe a duplicate".
create table platform.outbox_attempts (
    attempt_id uuid primary key,
    outbox_id bigint not null references platform.outbox on delete cascade,
    started_at timestamptz not null,
    ended_at timestamptz not null default clock_timestamp(),
    outcome text not null,
    http_status int,
    retry_after double precision
);
create index outbox_attempts_outbox on platform.outbox_attempts (outbox_id);
create index outbox_attempts_refused on platform.outbox_attempts (ended_at) where outcome = 'rate_limited';

create view platform.v_dead_letters with (security_invoker = true) as
select o.id, b.name as bot, o.kind, o.state, o.error_class, o.error_code, o.attempt, o.maybe_duplicate,
       o.created_at, o.finished_at, o.correlation_id
from platform.outbox o
join platform.bots b on b.id = o.bot_id
where o.state in ('dead', 'unknown');


-- Job runs ----------------------------------------------------------------------------------------

-- The last run of each scheduled function: what `carillon doctor` and a missed tick are judged by.
create table platform.job_runs (
    function text primary key,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    report jsonb not null default '{}'
) with (fillfactor = 50);


-- Roles -------------------------------------------------------------------------------------------

-- Roles belong to the whole cluster, so another database of ours may have made them already.
do $$
declare
    function_role text;
begin
    foreach function_role in array array['fn_ingest_webhook', 'fn_dispatch_notifications', 'fn_housekeeping', 'fn_remind_courses'] loop
        begin
            execute format('create role %I nologin', function_role);
        exception when duplicate_object or unique_violation then
            null;
        end;
        execute format('grant usage on schema platform to %I', function_role);
    end loop;
end $$;

grant select on platform.webhook_sources, platform.source_secrets to fn_ingest_webhook;
grant insert, select (source_id, delivery_hash) on platform.inbox to fn_ingest_webhook;

grant select on platform.bots, platform.webhook_sources to fn_dispatch_notifications;
grant update (status) on platform.bots to fn_dispatch_notifications;
grant select, update on platform.bot_limits to fn_dispatch_notifications;
grant select, insert, update on platform.outbox, platform.lanes to fn_dispatch_notifications;
grant select, insert on platform.outbox_attempts to fn_dispatch_notifications;
grant select, insert, update on platform.job_runs to fn_dispatch_notifications;

grant select, insert, update on platform.job_runs to fn_housekeeping;

grant select on platform.bots, platform.webhook_sources to fn_remind_courses;
grant select, insert, update on platform.lanes, platform.job_runs to fn_remind_courses;
grant select, insert on platform.outbox to fn_remind_courses;
