grant update, delete on dashboard.audits to dashboard_keeper, service_role;
drop trigger audits_keep_all on dashboard.audits;
drop trigger audits_keep on dashboard.audits;
drop trigger outbox_audits_keep_all on platform.outbox_audits;
drop trigger outbox_audits_keep on platform.outbox_audits;
drop function platform.keep_audit();

drop table platform.tenant_secrets;

drop policy backup on public.carillon_version;
alter table public.carillon_version disable row level security;

drop trigger chat_moves_bind on platform.chat_moves;
grant create on schema dashboard to dashboard_keeper;
set local role dashboard_keeper;
drop function dashboard.bind_chat_move();
create or replace function dashboard.follow_moved_chat() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update dashboard.tenant_settings set chat_id = new.new_chat_id where chat_id = new.old_chat_id;
    return new;
end $$;
reset role;
revoke create on schema dashboard from dashboard_keeper;
drop function platform.has_chat(bigint, bigint);

create or replace function platform.move_members() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
    insert into platform.members (bot_id, chat_id, telegram_id, seen_at)
    select bot_id, new.new_chat_id, telegram_id, seen_at from platform.members where chat_id = new.old_chat_id
    on conflict (bot_id, chat_id, telegram_id) do nothing;
    delete from platform.members where chat_id = new.old_chat_id;
    return new;
end $$;

create or replace function support.follow_moved_chat() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update support.client_settings set telegram_chat_id = new.new_chat_id::text
    where telegram_chat_id = new.old_chat_id::text;
    return new;
end $$;

create or replace function platform.follow_moved_chat() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update platform.webhook_sources set admin_chat_id = new.new_chat_id where admin_chat_id = new.old_chat_id;
    update platform.bots set alert_chat_id = new.new_chat_id where alert_chat_id = new.old_chat_id;
    delete from platform.topics t
    using platform.topics known
    where t.chat_id = new.old_chat_id and known.chat_id = new.new_chat_id and known.bot_id = t.bot_id
      and (known.key = t.key or known.thread_id = t.thread_id);
    update platform.topics set chat_id = new.new_chat_id where chat_id = new.old_chat_id;
    return new;
end $$;

-- Of the moves that several bots brought the first one stays.
alter table platform.chat_moves
    drop constraint chat_moves_pkey,
    drop constraint chat_moves_check,
    drop constraint chat_moves_old_check;
delete from platform.chat_moves m
using platform.chat_moves first
where first.chat_id = m.chat_id and (first.moved_at, first.bot_id) < (m.moved_at, m.bot_id);
update platform.chat_moves set old_chat_id = chat_id;
alter table platform.chat_moves
    drop constraint chat_moves_old_chat_id_key,
    drop column bot_id,
    drop column chat_id,
    alter column old_chat_id set not null,
    add constraint chat_moves_pkey primary key (old_chat_id),
    add constraint chat_moves_check check (new_chat_id <> old_chat_id);
comment on column platform.chat_moves.old_chat_id is null;
