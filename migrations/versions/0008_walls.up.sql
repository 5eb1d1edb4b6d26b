-- System 2: the walls between tenants (source 2, section 6 and 7). Departures from the source document:
--   * The application's role is a claim of its own (app_metadata.app_role), never `role`, which Supabase reserves.
--   * Policies count for owners, too; malformed and missing claims are nobody's.
--   * Views are security_invoker; those of the document with wrong sums have corrected ones beside them (…_corrected).

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
        execute format('create policy keepers on dashboard.%I to dashboard_keeper, dashboard_reader, fn_daily_metrics_digest, fn_verify_bookings, '
                       'fn_dispatch_notifications, fn_telegram_webhook, fn_ingest_webhook '
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

create function dashboard.session_amounts() returns table (id bigint, amount numeric)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.id, s.booking_amount from public.conversation_sessions_v2 s
    where s.booking_amount is not null
      and ((select dashboard.sees_all()) or s.tenant_id = (select dashboard.managed_tenant()))
$$;

-- A zone that Postgres does not know would break the days of every tenant: the usual one stands in for it.
create function dashboard.known_zone(zone text) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    perform now() at time zone zone;
    return zone;
exception when invalid_parameter_value then
    return 'Asia/Almaty';
end $$;

-- Staff see no settings, but their days are the tenant's all the same.
create function dashboard.tenant_zones() returns table (tenant_id uuid, timezone text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.tenant_id, dashboard.known_zone(s.timezone) from dashboard.tenant_settings s
    where (select dashboard.sees_all()) or s.tenant_id = (select dashboard.seen_tenant())
$$;

-- Whoever is to own something here must be allowed to make it, for as long as this takes.
grant create on schema dashboard to dashboard_keeper, dashboard_reader;
alter function dashboard.session_amounts() owner to dashboard_keeper;
alter function dashboard.tenant_zones() owner to dashboard_keeper;

-- Views. Where the bot's tables are ours, with the viewer's own rights and under the policies; else with dashboard_reader's,
-- and only their own conditions stand between tenants.
do $$
declare
    ours boolean := (select bool_and(dashboard.ours(b.name)) from unnest(array[
        'tenants_v2', 'clients_v2', 'conversation_sessions_v2', 'recent_history_v2', 'wishlist_v2', 'user_ltm_v2']) as b (name));
    how text := case when ours then 'security_invoker = true' else 'security_barrier = true' end;
    one record;
begin
    -- The bot's tables as viewers may read them, whosever they are: without money, and without columns that we do not know.
    for one in
        select * from (values
            ('v_clients', 'clients_v2', 'id, tenant_id, telegram_chat_id, whatsapp_id, phone, yclients_client_id, full_name, meta,
                created_at, updated_at'),
            ('v_sessions', 'conversation_sessions_v2', 'id, session_id, tenant_id, user_id, channel, started_at, ended_at,
                duration_sec, final_status, final_intent, final_summary, booking_id, booking_source, booking_status,
                booking_datetime, messages_count, agent_messages_count, user_messages_count, meta, summary, created_at'),
            ('v_history', 'recent_history_v2', 'id, tenant_id, user_id, session_id, role, channel, message, meta, created_at'),
            ('v_wishlist', 'wishlist_v2', 'id, tenant_id, user_id, item_type, item_id, source, comment, status, meta, created_at,
                updated_at, processed_at'),
            ('v_memories', 'user_ltm_v2', 'id, tenant_id, user_id, preferred_staff_id, preferred_service_id, preferred_time,
                language, allow_notifications, ltm_data, created_at, updated_at')) as t (name, of, columns)
    loop
        execute format('create view dashboard.%I with (%s) as select %s from public.%I '
                       'where (select dashboard.sees_all()) or tenant_id = (select dashboard.seen_tenant())',
                       one.name, how, one.columns, one.of);
    end loop;
    execute format($v$
        create view dashboard.v_tenants with (%s) as
        select t.id as tenant_id, t.name, t.slug, t.is_active, coalesce(z.timezone, 'Asia/Almaty') as timezone
        from public.tenants_v2 t
        left join dashboard.tenant_zones() z on z.tenant_id = t.id
        where (select dashboard.sees_all()) or t.id = (select dashboard.seen_tenant()) $v$, how);
    -- As the document has it. `completed` counts whoever has no drop-off stage, whatever became of them, and days are those
    -- of the session's time zone: v_conversion_funnel_corrected is what you want.
    execute format($v$
        create view dashboard.v_conversion_funnel with (%s) as
        select tenant_id, date(started_at) as day, count(*) as total_sessions,
               count(*) filter (where meta ->> 'drop_off_stage' is null or final_status = 'done') as completed,
               count(*) filter (where meta ->> 'drop_off_stage' = 'service_selection') as dropped_at_service,
               count(*) filter (where meta ->> 'drop_off_stage' = 'staff_selection') as dropped_at_staff,
               count(*) filter (where meta ->> 'drop_off_stage' = 'date_selection') as dropped_at_date,
               count(*) filter (where meta ->> 'drop_off_stage' = 'time_selection') as dropped_at_time
        from public.conversation_sessions_v2
        where final_status is not null
          and ((select dashboard.sees_all()) or tenant_id = (select dashboard.seen_tenant()))
        group by tenant_id, date(started_at) $v$, how);
    execute format($v$
        create view dashboard.v_conversion_funnel_corrected with (%s) as
        select s.tenant_id, (s.started_at at time zone t.timezone)::date as day, count(*) as total_sessions,
               count(*) filter (where s.final_status = 'done') as completed,
               count(*) filter (where s.final_status = 'escalated') as escalated,
               count(*) filter (where s.final_status in ('dropped', 'abandoned', 'auto_closed')) as dropped,
               count(*) filter (where (s.final_status in ('done', 'escalated', 'dropped', 'abandoned', 'auto_closed')) is not true) as other,
               count(*) filter (where s.final_status is distinct from 'done' and s.meta ->> 'drop_off_stage' = 'service_selection') as dropped_at_service,
               count(*) filter (where s.final_status is distinct from 'done' and s.meta ->> 'drop_off_stage' = 'staff_selection') as dropped_at_staff,
               count(*) filter (where s.final_status is distinct from 'done' and s.meta ->> 'drop_off_stage' = 'date_selection') as dropped_at_date,
               count(*) filter (where s.final_status is distinct from 'done' and s.meta ->> 'drop_off_stage' = 'time_selection') as dropped_at_time
        from public.conversation_sessions_v2 s
        join dashboard.v_tenants t on t.tenant_id = s.tenant_id
        where (select dashboard.sees_all()) or s.tenant_id = (select dashboard.seen_tenant())
        group by s.tenant_id, (s.started_at at time zone t.timezone)::date $v$, how);
    -- As the document has it: a booking of three services counts its money three times. Staff see no money.
    execute format($v$
        create view dashboard.v_top_services with (%s) as
        select s.tenant_id, date(s.started_at) as day, service_name, count(*) as booking_count,
               sum(a.amount) as total_revenue
        from public.conversation_sessions_v2 s
        cross join jsonb_array_elements_text(
            case jsonb_typeof(s.meta -> 'services_mentioned') when 'array' then s.meta -> 'services_mentioned' end) as service_name
        left join dashboard.session_amounts() a on a.id = s.id
        where s.booking_id is not null
          and ((select dashboard.sees_all()) or s.tenant_id = (select dashboard.seen_tenant()))
        group by s.tenant_id, date(s.started_at), service_name
        order by booking_count desc $v$, how);
    -- Each service gets its share of a booking's money, so that the column adds up to what came in (but for bookings that
    -- mention no service).
    execute format($v$
        create view dashboard.v_top_services_corrected with (%s) as
        select s.tenant_id, (s.started_at at time zone t.timezone)::date as day, n.service_name, count(*) as booking_count,
               round(sum(a.amount / n.services), 2) as total_revenue
        from public.conversation_sessions_v2 s
        join dashboard.v_tenants t on t.tenant_id = s.tenant_id
        cross join lateral (
            select distinct e.service_name, count(*) over () as services
            from (select distinct j.service_name from jsonb_array_elements_text(
                case jsonb_typeof(s.meta -> 'services_mentioned') when 'array' then s.meta -> 'services_mentioned' end)
                as j (service_name)) e) n
        left join dashboard.session_amounts() a on a.id = s.id
        where s.booking_id is not null
          and ((select dashboard.sees_all()) or s.tenant_id = (select dashboard.seen_tenant()))
        group by s.tenant_id, (s.started_at at time zone t.timezone)::date, n.service_name $v$, how);
    execute format($v$
        create view dashboard.v_wishlist_pending with (%s) as
        select w.id, w.tenant_id, w.user_id, w.item_type, w.item_id, w.comment, w.meta ->> 'service_title' as service_title,
               w.meta ->> 'staff_name' as staff_name, w.meta ->> 'preferred_date' as preferred_date, w.created_at
        from public.wishlist_v2 w
        where w.status = 'pending'
          and ((select dashboard.sees_all()) or w.tenant_id = (select dashboard.seen_tenant())) $v$, how);
    for one in
        select c.relname as name from pg_class c where c.relnamespace = 'dashboard'::regnamespace and c.relkind = 'v'
    loop
        execute format('grant select on dashboard.%I to authenticated', one.name);
        if not ours then
            execute format('alter view dashboard.%I owner to dashboard_reader', one.name);
        end if;
    end loop;
end $$;
revoke create on schema dashboard from dashboard_keeper, dashboard_reader;
revoke execute on function dashboard.session_amounts(), dashboard.tenant_zones() from public;
grant execute on function dashboard.session_amounts(), dashboard.tenant_zones() to authenticated, dashboard_reader;

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
