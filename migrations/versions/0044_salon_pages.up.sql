-- The salon owner's pages (function salon_pages).
-- squawk-ignore-file constraint-missing-not-valid, ban-drop-not-null, require-concurrent-index-creation

-- The function asks as a viewer, by `set local role authenticated`, and so sees what row level security lets a viewer see. It
-- inherits nothing of that role: what it may do besides is granted below.
do $$
begin
    execute format('create role %I nologin noinherit', 'fn_salon_pages');
exception when duplicate_object or unique_violation then
    null;  -- roles belong to the whole cluster
end $$;
do $$
begin
    grant authenticated to fn_salon_pages;
exception when insufficient_privilege then  -- whose role it is, as on Supabase, has to do it
    raise warning 'salon_pages cannot become a viewer yet: let an administrator run: grant authenticated to fn_salon_pages';
end $$;


-- Users -----------------------------------------------------------------------------------------------------

-- Who comes by links needs neither an e-mail nor a password. There are few users: a handful per salon.
alter table dashboard.users
    alter email drop not null,
    alter encrypted_password drop not null,
    add telegram_id bigint check (telegram_id > 0),
    add language text check (language in ('ru', 'en')),          -- of the pages; null: the browser's
    -- The source document keeps the token; here it is the hash of one that is sent, for an hour and for one use.
    add constraint users_reset_token check (reset_password_token ~ '^[0-9a-f]{64}$');
create unique index users_reset on dashboard.users (reset_password_token) where reset_password_token is not null;
-- Somebody may own two salons: a user in each.
create unique index users_telegram on dashboard.users (telegram_id, tenant_id) where telegram_id is not null;
create index users_tenant on dashboard.users (tenant_id);


-- Signing in --------------------------------------------------------------------------------------------------

-- Who is signed in, in which browser. The cookie's value is compared by its hash.
create table dashboard.page_sessions (
    id_hash bytea primary key check (octet_length(id_hash) = 32),
    user_id bigint not null references dashboard.users on delete cascade,
    way text not null check (way in ('link', 'password', 'telegram')),
    created_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    expires_at timestamptz not null,           -- however much it is used
    ended_at timestamptz,
    ip_address text,
    user_agent text
);
create index page_sessions_user on dashboard.page_sessions (user_id, seen_at);
create index page_sessions_term on dashboard.page_sessions (expires_at);

-- Links that sign somebody in, once: from the bot, from an invitation.
create table dashboard.sign_in_links (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    user_id bigint not null references dashboard.users on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
);
create index sign_in_links_user on dashboard.sign_in_links (user_id, expires_at);
create index sign_in_links_term on dashboard.sign_in_links (expires_at);

-- How often somebody tried lately, by account or address (both hashed, existing or not), and when the next try is free.
create table dashboard.sign_in_attempts (
    key_hash bytea primary key check (octet_length(key_hash) = 32),
    tries int not null default 1,
    free_at timestamptz not null default '-infinity',
    tried_at timestamptz not null default now()
);
create index sign_in_attempts_term on dashboard.sign_in_attempts (tried_at);


-- Walls -------------------------------------------------------------------------------------------------------

-- The viewer among the users; null: nobody.
create function dashboard.viewers_user() returns bigint
language sql stable set search_path = pg_catalog, pg_temp as $$
    select case when u.id ~ '^[0-9]{1,18}$' then u.id::bigint end
    from (select dashboard.claims() ->> 'user_id' as id) u
$$;

do $$
declare
    found record;
begin
    for found in select unnest(array['page_sessions', 'sign_in_links', 'sign_in_attempts']) as name loop
        execute format('alter table dashboard.%I enable row level security', found.name);
        execute format('alter table dashboard.%I force row level security', found.name);
        execute format('create policy keepers on dashboard.%I to dashboard_keeper, fn_telegram_webhook using (true) with check (true)',
                       found.name);
        execute format('create policy housekeeping on dashboard.%I to fn_housekeeping using (true)', found.name);
        execute format('create policy backup on dashboard.%I for select to carillon_backup using (true)', found.name);
        execute format('create policy pages on dashboard.%I to fn_salon_pages using (true) with check (true)', found.name);
    end loop;
end $$;

-- Who signs in is nobody's viewer yet; what somebody changes, they change as who they are.
create policy pages on dashboard.users for select to fn_salon_pages using (true);
create policy pages_insert on dashboard.users for insert to fn_salon_pages with check (
    tenant_id between (select dashboard.first_managed()) and (select dashboard.last_managed()));
create policy pages_update on dashboard.users for update to fn_salon_pages
    using (id = (select dashboard.viewers_user())
           or tenant_id between (select dashboard.first_managed()) and (select dashboard.last_managed()))
    with check (id = (select dashboard.viewers_user())
                or tenant_id between (select dashboard.first_managed()) and (select dashboard.last_managed()));
create policy pages on dashboard.audits for insert to fn_salon_pages with check (true);
create policy pages on dashboard.alerts to fn_salon_pages
    using (tenant_id between (select dashboard.first_seen()) and (select dashboard.last_seen()))
    with check (tenant_id between (select dashboard.first_seen()) and (select dashboard.last_seen()));
create policy pages on dashboard.tenant_settings for select to fn_salon_pages using (true);
create policy pages_insert on dashboard.tenant_settings for insert to fn_salon_pages
    with check (tenant_id between (select dashboard.first_managed()) and (select dashboard.last_managed()));
create policy pages_update on dashboard.tenant_settings for update to fn_salon_pages
    using (tenant_id between (select dashboard.first_managed()) and (select dashboard.last_managed()))
    with check (tenant_id between (select dashboard.first_managed()) and (select dashboard.last_managed()));

-- Where an act came from is for those who are of the same salon: an owner reads no operator's address.
revoke select on dashboard.audits from authenticated;
grant select (id, user_id, tenant_id, actor, action, description, metadata, created_at) on dashboard.audits to authenticated;
grant create on schema dashboard to dashboard_keeper;
set local role dashboard_keeper;
create function dashboard.audit_addresses(of_audits bigint[]) returns table (id bigint, ip_address text, user_agent text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select a.id, a.ip_address, a.user_agent
    from dashboard.audits a
    left join dashboard.users u on u.id = a.user_id
    where a.id = any(of_audits)
      and a.tenant_id between (select dashboard.first_managed()) and (select dashboard.last_managed())
      and (u.tenant_id = a.tenant_id or (select dashboard.sees_all()))
$$;
revoke execute on function dashboard.audit_addresses(bigint[]) from public;
grant execute on function dashboard.audit_addresses(bigint[]) to authenticated;
reset role;
revoke create on schema dashboard from dashboard_keeper;


-- Rights ------------------------------------------------------------------------------------------------------

grant select on dashboard.page_sessions, dashboard.sign_in_links, dashboard.sign_in_attempts to carillon_backup;
grant select, insert, update, delete on dashboard.page_sessions, dashboard.sign_in_links, dashboard.sign_in_attempts
    to dashboard_keeper;
grant select (telegram_id, language) on dashboard.users to authenticated;
grant select (username) on platform.bots to dashboard_keeper;  -- of invitations

-- Exactly what its statements use: a test takes each grant away and expects a statement to fail.
grant usage on schema dashboard, platform to fn_salon_pages;
grant select (id_hash, user_id, way, seen_at, expires_at, ended_at, ip_address, user_agent),
      insert (id_hash, user_id, way, expires_at, ip_address, user_agent),
      update (seen_at, ended_at) on dashboard.page_sessions to fn_salon_pages;
grant select (token_hash, user_id, expires_at, used_at), insert (token_hash, user_id, expires_at),
      update (used_at, expires_at)
      on dashboard.sign_in_links to fn_salon_pages;
grant select (key_hash, tries, free_at, tried_at), insert (key_hash), update (tries, free_at, tried_at), delete
    on dashboard.sign_in_attempts to fn_salon_pages;
grant insert (user_id, tenant_id, actor, action, description, metadata, ip_address, user_agent) on dashboard.audits to fn_salon_pages;
grant select (id, email, encrypted_password, reset_password_token, reset_password_sent_at, first_name, last_name, role, active,
              tenant_id, telegram_id, language),
      insert (email, role, tenant_id, first_name),
      update (encrypted_password, reset_password_token, reset_password_sent_at, role, active, language, updated_at)
      on dashboard.users to fn_salon_pages;
grant select (tenant_id, bot_id, chat_id, timezone, digest_hour, language, low_conversion, high_drop_off, error_spike, stale_hours,
              minimum_sample, quiet_from, quiet_until), insert (tenant_id),
      update (timezone, digest_hour, language, low_conversion, high_drop_off, error_spike, stale_hours, minimum_sample,
              quiet_from, quiet_until, updated_at)
      on dashboard.tenant_settings to fn_salon_pages;
grant select (id, tenant_id, kind, severity, description, acknowledged_at, outbox_id),
      update (acknowledged_at, acknowledged_by, updated_at) on dashboard.alerts to fn_salon_pages;

-- Links to new passwords go out by the salon's bot.
grant select (bot_id, chat_id) on platform.starts to fn_salon_pages;
grant select (id, username) on platform.bots to fn_salon_pages;
grant select (bot_id, chat_id, new_chat_id) on platform.chat_moves to fn_salon_pages;
grant select, insert, update on platform.lanes to fn_salon_pages;
grant select, insert on platform.outbox to fn_salon_pages;
grant select, insert on platform.topics to fn_salon_pages;

-- /dashboard in a private chat with a salon's bot.
grant select (id, telegram_id, tenant_id, active, language), insert (telegram_id, role, tenant_id, first_name),
      update (telegram_id, updated_at) on dashboard.users to fn_telegram_webhook;
grant select (token_hash, user_id, expires_at, used_at), insert (token_hash, user_id, expires_at), update (expires_at, used_at)
    on dashboard.sign_in_links to fn_telegram_webhook;

grant select (ctid, expires_at), delete on dashboard.page_sessions to fn_housekeeping;
grant select (ctid, expires_at), delete on dashboard.sign_in_links to fn_housekeeping;
grant select (ctid, tried_at), delete on dashboard.sign_in_attempts to fn_housekeeping;
