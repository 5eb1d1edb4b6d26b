-- System 2: the walls between tenants (source 2, section 6 and 7). Departures from the source document:
--   * The application's role is a claim of its own (app_metadata.app_role), never `role`, which Supabase reserves.
--   * Policies count for owners, too; malformed and missing claims are nobody's.
--   * Views are security_invoker; those of the document with wrong sums have corrected ones beside them (…_corrected).

-- Who looks ---------------------------------------------------------------------------------------------

-- The claims of this transaction (set_config('request.jwt.claims', …, true)). Malformed ones are nobody's.
create function dashboard.claims() returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    return coalesce(auth.jwt() -> 'app_metadata', '{}');
exception when others then
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

-- Whether a row of this tenant is the viewer's to see.
create function dashboard.sees(tenant uuid) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(dashboard.app_role() = 'super_admin'
                    or (dashboard.app_role() in ('admin', 'staff') and tenant = dashboard.viewers_tenant()), false)
$$;

-- Whether money and settings of this tenant are: not for staff.
create function dashboard.manages(tenant uuid) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(dashboard.app_role() = 'super_admin'
                    or (dashboard.app_role() = 'admin' and tenant = dashboard.viewers_tenant()), false)
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
begin
    execute format('grant dashboard_keeper to %I', current_user)
        || case when current_setting('server_version_num')::int >= 160000 then ' with inherit false, set true' else '' end;
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
            ('users', 'manages'), ('tenant_settings', 'manages'), ('audits', 'manages'), ('metrics_dailies', 'sees'),
            ('alerts', 'sees'), ('conversations', 'sees'), ('bookings', 'sees')) as t (name, rule)
    loop
        execute format('alter table dashboard.%I enable row level security', one.name);
        execute format('alter table dashboard.%I force row level security', one.name);
        execute format('create policy viewers on dashboard.%I for select to authenticated using (dashboard.%I(tenant_id))',
                       one.name, one.rule);
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
        execute format('create policy viewers on public.%I for select to authenticated using (dashboard.sees(%s))',
                       one.name, case one.name when 'tenants_v2' then 'id' else 'tenant_id' end);
        execute format('create policy keepers on public.%I for select to dashboard_keeper, dashboard_reader, '
                       'fn_daily_metrics_digest, fn_verify_bookings, fn_ingest_webhook using (true)', one.name);
        execute format('create policy bots on public.%I to salon_bot using (true) with check (true)', one.name);
        execute format('grant select, insert, update, delete on public.%I to salon_bot', one.name);
    end loop;
end $$;

-- What viewers read. Secrets in tenants_v2.metadata, passwords and tokens of users, and money are columns that nobody is
-- given; money comes by session_amounts(), to those who manage.
grant usage on schema dashboard to authenticated, service_role, dashboard_reader, dashboard_keeper;
grant create on schema dashboard to dashboard_keeper;
grant select (id, email, first_name, last_name, role, active, tenant_id, created_at, updated_at) on dashboard.users to authenticated;
grant select on dashboard.tenant_settings, dashboard.audits, dashboard.metrics_dailies, dashboard.alerts, dashboard.conversations,
    dashboard.bookings to authenticated;
grant select, insert, update, delete on all tables in schema dashboard to dashboard_keeper, service_role;
grant select on dashboard.tenant_settings to dashboard_reader;
grant usage on schema public to dashboard_reader, dashboard_keeper;
grant select (id, name, slug, is_active, created_at, updated_at) on public.tenants_v2 to dashboard_reader, dashboard_keeper;
grant select on public.conversation_sessions_v2, public.wishlist_v2 to dashboard_reader, dashboard_keeper;

create function dashboard.session_amounts() returns table (id bigint, amount numeric)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.id, s.booking_amount from public.conversation_sessions_v2 s
    where s.booking_amount is not null and dashboard.manages(s.tenant_id)
$$;
alter function dashboard.session_amounts() owner to dashboard_keeper;
revoke execute on function dashboard.session_amounts() from public;
grant execute on function dashboard.session_amounts() to authenticated, dashboard_reader;

-- Views. Where the bot's tables are ours, with the viewer's own rights and under the policies; else with dashboard_reader's,
-- and only dashboard.sees() stands between tenants.
do $$
declare
    ours boolean := dashboard.ours('conversation_sessions_v2') and dashboard.ours('tenants_v2');
    how text := case when ours then 'security_invoker = true' else 'security_barrier = true' end;
    one text;
begin
    -- Every tenant with its settings, or the usual ones.
    execute format($v$
        create view dashboard.v_tenants with (%s) as
        select t.id as tenant_id, t.name, t.slug, t.is_active,
               coalesce(s.timezone, 'Asia/Almaty') as timezone, coalesce(s.digest_hour, 9) as digest_hour,
               coalesce(s.language, 'ru') as language
        from public.tenants_v2 t
        left join dashboard.tenant_settings s on s.tenant_id = t.id
        where dashboard.sees(t.id) $v$, how);
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
        where final_status is not null and dashboard.sees(tenant_id)
        group by tenant_id, date(started_at) $v$, how);
    execute format($v$
        create view dashboard.v_conversion_funnel_corrected with (%s) as
        select s.tenant_id, (s.started_at at time zone t.timezone)::date as day, count(*) as total_sessions,
               count(*) filter (where s.final_status = 'done') as completed,
               count(*) filter (where s.final_status = 'escalated') as escalated,
               count(*) filter (where s.final_status in ('dropped', 'abandoned', 'auto_closed')) as dropped,
               count(*) filter (where s.final_status not in ('done', 'escalated', 'dropped', 'abandoned', 'auto_closed')) as other,
               count(*) filter (where s.final_status <> 'done' and s.meta ->> 'drop_off_stage' = 'service_selection') as dropped_at_service,
               count(*) filter (where s.final_status <> 'done' and s.meta ->> 'drop_off_stage' = 'staff_selection') as dropped_at_staff,
               count(*) filter (where s.final_status <> 'done' and s.meta ->> 'drop_off_stage' = 'date_selection') as dropped_at_date,
               count(*) filter (where s.final_status <> 'done' and s.meta ->> 'drop_off_stage' = 'time_selection') as dropped_at_time
        from public.conversation_sessions_v2 s
        join dashboard.v_tenants t on t.tenant_id = s.tenant_id
        where dashboard.sees(s.tenant_id)
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
        where s.booking_id is not null and dashboard.sees(s.tenant_id)
        group by s.tenant_id, date(s.started_at), service_name
        order by booking_count desc $v$, how);
    -- Each service gets its share of a booking's money, so that the column adds up to what came in.
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
        where s.booking_id is not null and dashboard.sees(s.tenant_id)
        group by s.tenant_id, (s.started_at at time zone t.timezone)::date, n.service_name $v$, how);
    execute format($v$
        create view dashboard.v_wishlist_pending with (%s) as
        select w.id, w.tenant_id, w.user_id, w.item_type, w.item_id, w.comment, w.meta ->> 'service_title' as service_title,
               w.meta ->> 'staff_name' as staff_name, w.meta ->> 'preferred_date' as preferred_date, w.created_at
        from public.wishlist_v2 w
        where w.status = 'pending' and dashboard.sees(w.tenant_id) $v$, how);
    foreach one in array array['v_tenants', 'v_conversion_funnel', 'v_conversion_funnel_corrected', 'v_top_services',
                               'v_top_services_corrected', 'v_wishlist_pending'] loop
        execute format('grant select on dashboard.%I to authenticated', one);
        if not ours then
            execute format('alter view dashboard.%I owner to dashboard_reader', one);
        end if;
    end loop;
    if ours then
        grant usage on schema public to authenticated;
        grant select (id, name, slug, is_active, created_at, updated_at) on public.tenants_v2 to authenticated;
        grant select (id, session_id, tenant_id, user_id, channel, started_at, ended_at, duration_sec, final_status, final_intent,
            final_summary, booking_id, booking_source, booking_status, booking_datetime, messages_count, agent_messages_count,
            user_messages_count, meta, summary, created_at) on public.conversation_sessions_v2 to authenticated;
        grant select on public.clients_v2, public.recent_history_v2, public.active_sessions_v2, public.wishlist_v2, public.user_ltm_v2
            to authenticated;
        create index if not exists idx_clients_tenant on public.clients_v2 (tenant_id);
        create index if not exists idx_sessions_started on public.conversation_sessions_v2 (started_at);
        create index if not exists idx_sessions_tenant_status_date
            on public.conversation_sessions_v2 (tenant_id, final_status, started_at desc);
        create index if not exists idx_history_session_created on public.recent_history_v2 (session_id, created_at);
        create index if not exists idx_wishlist_tenant_pending on public.wishlist_v2 (tenant_id) where status = 'pending';
    end if;
end $$;
