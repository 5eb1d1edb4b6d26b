-- System 4, learning tracks (source 4). Tables, columns and types are called as there. What is more here, and why:
-- - clients and their tokens: who calls. A user belongs to the client that brought them, and a device id is one user
--   per client: two apps cannot see each other's people by guessing an id.
-- - chat_threads.last_seq, chat_messages.seq: a total order without gaps per thread, given by the database.
-- - chat_templates.tab: three agents need three instructions; null is said to all of them.
-- - idempotency_keys, daily_usage: one answer per key, one budget per client.
-- - gen_random_uuid() is in Postgres itself: no pgcrypto.

create schema learning;

create type learning.template_scope as enum ('global', 'track', 'createTrack');
create type learning.chat_tab as enum ('chat', 'practice', 'simulation');
create type learning.message_role as enum ('user', 'assistant', 'tool');
create type learning.synopsis_origin as enum ('live', 'snapshot', 'imported');


-- Who calls -----------------------------------------------------------------------------------------

create table learning.clients (
    id bigint generated always as identity primary key,
    name text not null unique check (name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    is_public boolean not null default false,  -- its token is in a browser or an app: sessions open to their own device only
    daily_tokens bigint check (daily_tokens >= 0),  -- null: as many as they need
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create trigger clients_updated_at before update on learning.clients
    for each row execute function platform.touch_updated_at();

-- Two slots, as for webhook sources: during a rotation both tokens open the door, a third cannot exist.
create table learning.client_tokens (
    client_id bigint not null references learning.clients on delete cascade,
    slot smallint not null check (slot in (1, 2)),
    token_hash bytea not null unique check (octet_length(token_hash) = 32),
    created_at timestamptz not null default now(),
    valid_to timestamptz,
    primary key (client_id, slot)
);

-- Tokens of the language model: taken before a call, corrected after it, so that many calls at once stay inside.
create table learning.daily_usage (
    client_id bigint not null references learning.clients on delete cascade,
    day date not null,                         -- UTC
    tokens bigint not null check (tokens >= 0),
    calls bigint not null check (calls >= 0),
    primary key (client_id, day)
);

-- One answer per key. No answer yet: the attempt works on it until leased_until; an older attempt stores nothing more.
create table learning.idempotency_keys (
    client_id bigint not null references learning.clients on delete cascade,
    key text not null check (length(key) between 1 and 255),
    fingerprint bytea not null check (octet_length(fingerprint) = 32),  -- of what was asked
    attempt uuid not null,
    leased_until timestamptz not null,
    answer json,                               -- json keeps it as it was said
    created_at timestamptz not null default now(),
    primary key (client_id, key)
);
create index idempotency_keys_created on learning.idempotency_keys using brin (created_at) with (autosummarize = on);


-- What is taught ------------------------------------------------------------------------------------

create table learning.tracks (
    id uuid primary key default gen_random_uuid(),
    slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,99}$'),
    title text not null check (title <> ''),
    description text not null default '',
    goal text not null default '',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create trigger tracks_updated_at before update on learning.tracks
    for each row execute function platform.touch_updated_at();

create table learning.track_roadmap_items (
    id uuid primary key default gen_random_uuid(),
    track_id uuid not null references learning.tracks on delete cascade,
    position int not null check (position > 0),
    title text not null check (title <> ''),
    description text not null default '',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    -- Deferrable: items change places in one transaction.
    unique (track_id, position) deferrable initially immediate
);
create trigger track_roadmap_items_updated_at before update on learning.track_roadmap_items
    for each row execute function platform.touch_updated_at();

create table learning.chat_templates (
    id uuid primary key default gen_random_uuid(),
    scope learning.template_scope not null,
    track_id uuid references learning.tracks on delete cascade,
    tab learning.chat_tab,                     -- null: for all three agents
    version int not null check (version > 0),
    content text not null check (content <> ''),
    variables_json jsonb not null default '{}' check (jsonb_typeof(variables_json) = 'object'),  -- null: must be given
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    check ((scope = 'track') = (track_id is not null)),
    unique nulls not distinct (scope, track_id, tab, version)
);
create index chat_templates_track on learning.chat_templates (track_id);
-- What was replaced stays as history, and costs no reply anything.
create index chat_templates_active on learning.chat_templates (scope, track_id, tab, version desc) where is_active;


-- Who learns ----------------------------------------------------------------------------------------

create table learning.users (
    id uuid primary key default gen_random_uuid(),
    client_id bigint not null references learning.clients,
    device_id text not null check (length(device_id) between 1 and 200),
    settings_json jsonb not null default '{}' check (jsonb_typeof(settings_json) = 'object'),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (client_id, device_id)
);
create trigger users_updated_at before update on learning.users
    for each row execute function platform.touch_updated_at();

create table learning.track_sessions (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references learning.users on delete cascade,
    track_id uuid not null references learning.tracks,
    active_tab learning.chat_tab not null default 'chat',
    sidebar_visible boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (user_id, track_id)
);
create index track_sessions_track on learning.track_sessions (track_id);
create trigger track_sessions_updated_at before update on learning.track_sessions
    for each row execute function platform.touch_updated_at();

create table learning.chat_threads (
    id uuid primary key default gen_random_uuid(),
    session_id uuid not null references learning.track_sessions on delete cascade,
    tab learning.chat_tab not null,
    last_seq bigint not null default 0 check (last_seq >= 0),
    created_at timestamptz not null default now(),
    unique (session_id, tab)
);

create table learning.chat_messages (
    id uuid primary key default gen_random_uuid(),
    thread_id uuid not null references learning.chat_threads on delete cascade,
    seq bigint not null check (seq > 0),       -- 1, 2, 3, … within its thread
    role learning.message_role not null,
    content text not null,
    meta_json jsonb not null default '{}' check (jsonb_typeof(meta_json) = 'object'),
    created_at timestamptz not null default clock_timestamp(),
    unique (thread_id, seq)
);

-- Whoever adds a message, by hand or not, gets the thread's next number, and the others wait until that has committed:
-- a message that is rolled back leaves no gap, and nobody reads number 8 before number 7 can be seen.
create function learning.number_message() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    update learning.chat_threads set last_seq = last_seq + 1 where id = new.thread_id returning last_seq into new.seq;
    if not found then
        raise foreign_key_violation using message = 'there is no such thread', constraint = 'chat_messages_thread_id_fkey';
    end if;
    return new;
end $$;
revoke execute on function learning.number_message() from public;
create trigger chat_messages_number before insert on learning.chat_messages
    for each row execute function learning.number_message();

create table learning.synopses (
    id uuid primary key default gen_random_uuid(),
    session_id uuid not null references learning.track_sessions on delete cascade,
    origin learning.synopsis_origin not null,
    items_json jsonb not null default '[]' check (jsonb_typeof(items_json) = 'array'),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp()
);
create unique index synopses_one_live on learning.synopses (session_id) where origin = 'live';
create index synopses_session on learning.synopses (session_id, created_at desc);
create trigger synopses_updated_at before update on learning.synopses
    for each row execute function platform.touch_updated_at();


-- Roles -------------------------------------------------------------------------------------------

do $$
declare
    function_role text;
begin
    foreach function_role in array array['fn_agent_reply', 'fn_learning_api'] loop
        begin
            execute format('create role %I nologin', function_role);
        exception when duplicate_object or unique_violation then
            null;  -- roles belong to the whole cluster
        end;
    end loop;
end $$;

grant usage on schema learning to fn_agent_reply, fn_learning_api, fn_housekeeping;
grant select on learning.clients, learning.client_tokens, learning.users, learning.track_sessions, learning.tracks,
    learning.chat_threads, learning.chat_messages to fn_agent_reply, fn_learning_api;
grant insert on learning.chat_messages to fn_agent_reply, fn_learning_api;
grant update (last_seq) on learning.chat_threads to fn_agent_reply, fn_learning_api;
grant select, insert, update, delete on learning.idempotency_keys to fn_agent_reply, fn_learning_api;

grant select on learning.chat_templates, learning.track_roadmap_items to fn_agent_reply;
grant select, insert, update on learning.daily_usage to fn_agent_reply;

grant select on learning.track_roadmap_items to fn_learning_api;
grant insert on learning.users, learning.track_sessions, learning.chat_threads to fn_learning_api;
grant update (active_tab, sidebar_visible) on learning.track_sessions to fn_learning_api;
grant select, insert, update (origin) on learning.synopses to fn_learning_api;

grant select, delete on learning.idempotency_keys to fn_housekeeping;
