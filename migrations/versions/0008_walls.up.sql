-- System 2: the walls between tenants (source 2, section 6 and 7). Departures from the source document:
--   * The application's role is a claim of its own (app_metadata.app_role), never `role`, which Supabase reserves.
--   * Policies count for owners, too; malformed and missing claims are nobody's.

-- Who looks ---------------------------------------------------------------------------------------------

-- The claims of this transaction (set_config('request.jwt.claims', …, true)). Malformed ones are nobody's. Read here and
-- not by auth.jwt(): definer functions ask, too, and their owner may not enter Supabase's schema auth.
create function dashboard.claims() returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb -> 'app_metadata', '{}');
exception when data_exception then
    return '{}';
end $$;

-- super_admin, admin or staff; null: nobody. Only what the server signs counts (app_metadata), never Supabase's `role`.
create function dashboard.app_role() returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
    select r.role
    from (select dashboard.claims() ->> 'app_role' as role) r
    where r.role in ('super_admin', 'admin', 'staff')
$$;

create function dashboard.viewers_tenant() returns uuid
language sql stable set search_path = pg_catalog, pg_temp as $$
    select case when t.id ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then t.id::uuid end
    from (select dashboard.claims() ->> 'tenant_id' as id) t
$$;

-- Whose rows the viewer sees: everybody's, else those of one tenant, else nobody's. Policies and views ask by
-- (select …), once a statement: asked for each row, 100,000 sessions took five seconds.
create function dashboard.sees_all() returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(dashboard.app_role() = 'super_admin', false)
$$;

create function dashboard.seen_tenant() returns uuid
language sql stable set search_path = pg_catalog, pg_temp as $$
    select case when dashboard.app_role() in ('admin', 'staff') then dashboard.viewers_tenant() end
$$;

-- The tenant whose money, settings, users and audits the viewer sees, too: not for staff.
create function dashboard.managed_tenant() returns uuid
language sql stable set search_path = pg_catalog, pg_temp as $$
    select case when dashboard.app_role() = 'admin' then dashboard.viewers_tenant() end
$$;

-- Row level security ----------------------------------------------------------------------------------

-- `dashboard_keeper` sees and changes all rows: security definer functions and our commands act as it. Whoever migrates
-- may become it (set role), which is not to be it: the policies count for owners, too.
do $$
begin
    create role dashboard_keeper nologin;
exception when duplicate_object or unique_violation then
    null;
end $$;
do $$
declare
    one text;
begin
    foreach one in array array['dashboard_keeper', 'dashboard_reader'] loop
        execute format('grant %I to %I', one, current_user)
            || case when current_setting('server_version_num')::int >= 160000 then ' with inherit false, set true' else '' end;
    end loop;
end $$;

-- Policies where the tables are ours. Where the bot's tables were here before, nothing of theirs is touched, and views
-- that belong to dashboard_reader and look for themselves do the same work.
create function dashboard.ours(name text) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(obj_description(to_regclass('public.' || name), 'pg_class') = 'carillon: 0006_bot_tables', false)
$$;

do $$
declare
    one record;
begin
    for one in
        select * from (values
            ('users', 'managed'), ('tenant_settings', 'managed'), ('audits', 'managed'), ('metrics_dailies', 'seen'),
            ('alerts', 'seen'), ('conversations', 'seen'), ('bookings', 'seen')) as t (name, whose)
    loop
        execute format('alter table dashboard.%I enable row level security', one.name);
        execute format('alter table dashboard.%I force row level security', one.name);
        execute format('create policy viewers on dashboard.%I for select to authenticated '
                       'using ((select dashboard.sees_all()) or tenant_id = (select dashboard.%I()))',
                       one.name, one.whose || '_tenant');
        execute format('create policy keepers on dashboard.%I to dashboard_keeper, fn_daily_metrics_digest, '
                       'fn_verify_bookings, fn_dispatch_notifications, fn_telegram_webhook, fn_ingest_webhook '
                       'using (true) with check (true)', one.name);
    end loop;
    for one in
        select t.name from (values ('tenants_v2'), ('clients_v2'), ('conversation_sessions_v2'), ('recent_history_v2'),
                                   ('active_sessions_v2'), ('wishlist_v2'), ('user_ltm_v2')) as t (name)
        where dashboard.ours(t.name)
    loop
        execute format('alter table public.%I enable row level security', one.name);
        execute format('alter table public.%I force row level security', one.name);
        execute format('create policy viewers on public.%I for select to authenticated '
                       'using ((select dashboard.sees_all()) or %s = (select dashboard.seen_tenant()))',
                       one.name, case one.name when 'tenants_v2' then 'id' else 'tenant_id' end);
        execute format('create policy keepers on public.%I for select to dashboard_keeper, dashboard_reader, '
                       'fn_daily_metrics_digest, fn_verify_bookings, fn_ingest_webhook using (true)', one.name);
        execute format('create policy bots on public.%I to salon_bot using (true) with check (true)', one.name);
        execute format('grant select, insert, update, delete on public.%I to salon_bot', one.name);
    end loop;
end $$;

-- What viewers read. Secrets in tenants_v2.metadata, passwords and tokens of users, and money (YClients' records have it,
-- too) are columns that nobody is given; money comes by session_amounts(), to those who manage.
grant usage on schema dashboard to authenticated, service_role, dashboard_reader, dashboard_keeper;
grant select (id, email, first_name, last_name, role, active, tenant_id, created_at, updated_at) on dashboard.users to authenticated;
grant select on dashboard.tenant_settings, dashboard.audits, dashboard.metrics_dailies, dashboard.alerts, dashboard.conversations
    to authenticated;
grant select (id, tenant_id, external_id, client_id, start_at, service_code, status, verified_at, yclients_attendance, created_at,
    updated_at) on dashboard.bookings to authenticated;
grant select, insert, update, delete on all tables in schema dashboard to dashboard_keeper, service_role;
grant select (id, name, slug, is_active, created_at, updated_at) on public.tenants_v2 to dashboard_reader;
grant select on public.tenants_v2 to dashboard_keeper;  -- `carillon dashboard connect` reads the bot's token there
grant usage on schema platform to dashboard_keeper;
grant select (id, name, system, channel, telegram_id) on platform.bots to dashboard_keeper;
grant select on public.conversation_sessions_v2 to dashboard_keeper;
grant select on public.conversation_sessions_v2, public.clients_v2, public.recent_history_v2, public.wishlist_v2, public.user_ltm_v2
    to dashboard_reader;

-- What viewers and the bot may do with those of the bot's tables that are ours, and the indexes that our queries use.
do $$
declare
    one record;
    counter regclass;
begin
    for one in
        select * from (values
            ('tenants_v2', '(id, name, slug, is_active, created_at, updated_at)'),
            ('clients_v2', ''),
            ('conversation_sessions_v2', '(id, session_id, tenant_id, user_id, channel, started_at, ended_at, duration_sec,
                final_status, final_intent, final_summary, booking_id, booking_source, booking_status, booking_datetime,
                messages_count, agent_messages_count, user_messages_count, meta, summary, created_at)'),
            ('recent_history_v2', ''), ('active_sessions_v2', ''), ('wishlist_v2', ''), ('user_ltm_v2', '')) as t (name, columns)
        where dashboard.ours(t.name)
    loop
        execute format('grant select %s on public.%I to authenticated', one.columns, one.name);
        for counter in
            select c.oid from pg_depend d join pg_class c on c.oid = d.objid
            where d.classid = 'pg_class'::regclass and d.refobjid = to_regclass('public.' || one.name) and c.relkind = 'S'
        loop
            execute format('grant usage on sequence %s to salon_bot', counter);
        end loop;
    end loop;
    for one in
        select * from (values
            ('clients_v2', 'idx_clients_tenant', '(tenant_id)'),
            ('conversation_sessions_v2', 'idx_sessions_started', '(started_at)'),
            ('conversation_sessions_v2', 'idx_sessions_tenant_status_date', '(tenant_id, final_status, started_at desc)'),
            ('conversation_sessions_v2', 'idx_sessions_booking_created', $i$(created_at) where booking_id is not null$i$),
            ('recent_history_v2', 'idx_history_session_created', '(session_id, created_at)'),
            ('wishlist_v2', 'idx_wishlist_tenant_pending', $i$(tenant_id) where status = 'pending'$i$)) as t (name, index, what)
        where dashboard.ours(t.name)
    loop
        execute format('create index %I on public.%I %s', one.index, one.name, one.what);
    end loop;
end $$;
