-- Walls between bots, around what lies in `public`, around the salons' tokens, and in front of what was written down.

-- Moves of groups -----------------------------------------------------------------------------------------

-- platform.chat_moves has some hundred rows: what is checked here under a lock is checked in a millisecond.
-- squawk-ignore-file constraint-missing-not-valid, adding-foreign-key-constraint, disallowed-unique-constraint
-- squawk-ignore-file adding-not-nullable-field, adding-serial-primary-key-field, ban-drop-constraint, ban-drop-not-null

-- A move counts for the bot that brings it, and only where that bot has a lane, a topic or a setting with the old chat;
-- each bot of a shared group brings its own. `chat_id` is the old id.
-- The code of before inserts (old_chat_id, new_chat_id): without a bot nothing is written, and nothing fails. The messages
-- that it moves itself arrive; settings and topics follow when the dispatcher of today is refused with the new id, or with
-- Telegram's next word. It reads `old_chat_id`, finds no move, and is told the new id with each message to the old one.
alter table platform.chat_moves
    add column bot_id bigint references platform.bots on delete cascade,
    add column chat_id bigint,
    drop constraint chat_moves_pkey,
    alter column old_chat_id drop not null,
    add constraint chat_moves_old_chat_id_key unique (old_chat_id);

-- What is known already counts for the bots that write to these chats.
alter table platform.chat_moves disable trigger user;
insert into platform.chat_moves (bot_id, chat_id, new_chat_id, moved_at)
select w.bot_id, m.old_chat_id, m.new_chat_id, m.moved_at
from platform.chat_moves m
cross join lateral (
    select l.bot_id from platform.lanes l
    where coalesce(l.chat, l.lane) in (m.old_chat_id::text, m.new_chat_id::text)
    union
    select t.bot_id from platform.topics t where t.chat_id = m.new_chat_id) w;
delete from platform.chat_moves where bot_id is null;
alter table platform.chat_moves enable trigger user;

alter table platform.chat_moves
    alter column bot_id set not null,
    alter column chat_id set not null,
    add constraint chat_moves_pkey primary key (bot_id, chat_id),
    drop constraint chat_moves_check,
    add constraint chat_moves_check check (new_chat_id <> chat_id),
    add constraint chat_moves_old_check check (old_chat_id is null);
comment on column platform.chat_moves.old_chat_id is 'of the code before 0027_walls; always null';

create function platform.has_chat(of_bot bigint, old_chat bigint) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from platform.lanes l where l.bot_id = of_bot and coalesce(l.chat, l.lane) = old_chat::text)
        or exists (select from platform.topics t where t.bot_id = of_bot and t.chat_id = old_chat)
        or exists (select from platform.bots b where b.id = of_bot and b.alert_chat_id = old_chat)
        or exists (
            select from platform.webhook_sources s
            where s.admin_chat_id = old_chat and of_bot = coalesce(s.bot_id, (
                select min(b.id) from platform.bots b where b.system = s.provider and b.channel = 'telegram')))
        or exists (
            select from support.client_settings s
            left join platform.bots a on a.id = s.whatsapp_bot_id
            where s.telegram_bot_id = of_bot and (s.telegram_chat_id = old_chat::text or a.alert_chat_id = old_chat))
$$;
revoke execute on function platform.has_chat(bigint, bigint) from public;
grant execute on function platform.has_chat(bigint, bigint) to dashboard_keeper;

-- In `dashboard`, and the keeper's: nobody else sees the salons' settings.
create function dashboard.bind_chat_move() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if platform.has_chat(new.bot_id, new.chat_id) or exists (
            select from dashboard.tenant_settings s where s.bot_id = new.bot_id and s.chat_id = new.chat_id) then
        return new;
    end if;
    return null;
end $$;
revoke execute on function dashboard.bind_chat_move() from public;
create trigger chat_moves_bind before insert on platform.chat_moves
    for each row execute function dashboard.bind_chat_move();

create or replace function platform.follow_moved_chat() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update platform.webhook_sources s set admin_chat_id = new.new_chat_id
    where s.admin_chat_id = new.chat_id and new.bot_id = coalesce(s.bot_id, (
        select min(b.id) from platform.bots b where b.system = s.provider and b.channel = 'telegram'));
    update platform.bots set alert_chat_id = new.new_chat_id where id = new.bot_id and alert_chat_id = new.chat_id;
    delete from platform.topics t
    using platform.topics known
    where t.bot_id = new.bot_id and t.chat_id = new.chat_id and known.bot_id = t.bot_id
      and known.chat_id = new.new_chat_id and (known.key = t.key or known.thread_id = t.thread_id);
    update platform.topics set chat_id = new.new_chat_id where bot_id = new.bot_id and chat_id = new.chat_id;
    return new;
end $$;

-- The alerts about a desk's account are written by the Telegram bot of the desk.
create or replace function support.follow_moved_chat() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update support.client_settings set telegram_chat_id = new.new_chat_id::text
    where telegram_bot_id = new.bot_id and telegram_chat_id = new.chat_id::text;
    update platform.bots a set alert_chat_id = new.new_chat_id
    from support.client_settings s
    where s.telegram_bot_id = new.bot_id and a.id = s.whatsapp_bot_id and a.alert_chat_id = new.chat_id;
    return new;
end $$;

create or replace function platform.move_members() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into platform.members (bot_id, chat_id, telegram_id, seen_at)
    select bot_id, new.new_chat_id, telegram_id, seen_at from platform.members
    where bot_id = new.bot_id and chat_id = new.chat_id
    on conflict (bot_id, chat_id, telegram_id) do nothing;
    delete from platform.members where bot_id = new.bot_id and chat_id = new.chat_id;
    return new;
end $$;

grant create on schema dashboard to dashboard_keeper;
alter function dashboard.bind_chat_move() owner to dashboard_keeper;
set local role dashboard_keeper;
create or replace function dashboard.follow_moved_chat() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update dashboard.tenant_settings set chat_id = new.new_chat_id
    where bot_id = new.bot_id and chat_id = new.chat_id;
    return new;
end $$;
reset role;
revoke create on schema dashboard from dashboard_keeper;


-- Alembic's table -------------------------------------------------------------------------------------------

-- PostgREST serves `public`, and older projects give each new table there to everybody. Whoever migrates owns the table,
-- and no policy holds its owner up. migrations/env.py takes away again what somebody gives later.
alter table public.carillon_version enable row level security;
revoke all on public.carillon_version from public, anon, authenticated, service_role;
create policy backup on public.carillon_version for select to carillon_backup using (true);


-- Salons' tokens --------------------------------------------------------------------------------------------

-- What a salon's bot keeps in clear in public.tenants_v2.metadata and a function of ours needs, sealed for
-- `platform.tenant_secrets.sealed/<tenant>|<name>`. Whoever migrates writes here; one function reads.
create table platform.tenant_secrets (
    tenant_id uuid not null references public.tenants_v2 on delete cascade,
    name text not null check (name in ('yclients_token')),
    sealed bytea not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, name)
);
create trigger tenant_secrets_updated_at before update on platform.tenant_secrets
    for each row execute function platform.touch_updated_at();
grant select (tenant_id, name, sealed) on platform.tenant_secrets to fn_verify_bookings;
grant select (tenant_id, name) on platform.tenant_secrets to dashboard_keeper;  -- doctor and connect: whose is there
grant select on platform.tenant_secrets to carillon_backup;


-- Audits ------------------------------------------------------------------------------------------------------

-- What was written down stays as it was, whoever asks, and leaves when housekeeping's term is over, not before. A restore
-- makes triggers after the rows. The arguments are the column that says when, and the term in days.
create function platform.keep_audit() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'DELETE' and (to_jsonb(old) ->> tg_argv[0])::timestamptz < now() - make_interval(days => tg_argv[1]::int) then
        return old;
    end if;
    raise exception 'rows of %.% are never changed, and stay for their term', tg_table_schema, tg_table_name
        using errcode = 'insufficient_privilege';
end $$;
revoke execute on function platform.keep_audit() from public;
create trigger outbox_audits_keep before update or delete on platform.outbox_audits
    for each row execute function platform.keep_audit('at', '365');
create trigger outbox_audits_keep_all before truncate on platform.outbox_audits
    for each statement execute function platform.keep_audit();
create trigger audits_keep before update or delete on dashboard.audits
    for each row execute function platform.keep_audit('created_at', '1095');
create trigger audits_keep_all before truncate on dashboard.audits
    for each statement execute function platform.keep_audit();
revoke update, delete on dashboard.audits from dashboard_keeper, service_role;
